"""Finding customers: the index answers what LIKE answers, on both engines; lists are walked by key."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, update

from fieldsales.customers import lists
from fieldsales.customers.lists import Wanted, like, list_customers, offered
from fieldsales.customers.models import Customer
from fieldsales.customers.search import search_words, split_words, terms
from fieldsales.people.rules import Scope, scope_of
from fieldsales.store import Store
from fieldsales.store.base import table_of
from tests import cast

ALL = Scope("all", "", None)
_customers = table_of(Customer)
_SIGNS = "海港五金建材单曾重庆有限公司ab1 2c9-.%_'\"*É𬭎の"
_names = st.text(alphabet=_SIGNS, min_size=1, max_size=8)


def add(connection: Connection, n: int, name: str, *, code: str = "", phone: str = "", **more: Any) -> str:
    """A customer as the service writes it."""
    code = code or f"Z-{n:04d}"
    connection.execute(insert(_customers).values(
        id=cast.an_id(0x1000 + n), code=code, name=name, phone=phone, created_at=cast.NOON,
        search_text=search_words(name, code, (phone,)), **{"owner_id": cast.REP.user_id, "team_id": cast.TEAM} | more))
    return cast.an_id(0x1000 + n)


def found(connection: Connection, question: str, scope: Scope = ALL) -> set[str]:
    return {row.name for row in list_customers(connection, scope, Wanted(question)).rows}


@pytest.mark.parametrize("question", ["海港", "港五", "haigang", "hgwj", "gwj", "C-77", "c77", "0077", "8888", "海 金"])
def test_search_characters_pinyin_initials_code_and_phone_find_the_customer(any_store: Store, question: str) -> None:
    with any_store.writing() as connection:
        add(connection, 1, "新海港五金行", code="C-77-0077", phone="138 0000 8888")
        add(connection, 2, "江边建材", code="D-12")
        assert found(connection, question) == {"新海港五金行"}


@pytest.mark.parametrize("question", ["港海", "aigang", "%", "_", "海%", "--"])
def test_search_what_is_not_there_finds_nothing(any_store: Store, question: str) -> None:
    with any_store.writing() as connection:
        add(connection, 1, "海港五金行")
        assert found(connection, question) == ({"海港五金行"} if question == "海%" else set())


def test_search_surname_with_several_readings_is_found_by_each(any_store: Store) -> None:
    with any_store.writing() as connection:
        add(connection, 1, "单记粮油")
        assert found(connection, "shanji") == found(connection, "danji") == {"单记粮油"}


def test_search_changed_and_removed_names_are_followed_by_the_index(any_store: Store) -> None:
    with any_store.writing() as connection:
        one = add(connection, 1, "旧名商行")
        connection.execute(update(_customers).where(_customers.c.id == one).values(
            name="新名商行", search_text=search_words("新名商行")))
        assert (found(connection, "旧名"), found(connection, "新名")) == (set(), {"新名商行"})
        connection.execute(_customers.delete().where(_customers.c.id == one))
        assert connection.scalars(offered(connection, "新名")).all() == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(_names, min_size=1, max_size=6), question=_names)
def test_search_index_answers_exactly_what_like_answers(any_store: Store, names: list[str], question: str) -> None:
    with any_store.engine.connect().execution_options(fieldsales_writing=True) as connection:
        for n, name in enumerate(names):
            add(connection, n, name)
        if terms(question):
            scanned = set(connection.scalars(select(_customers.c.id).where(like(question))))
            listed = {row.id for row in list_customers(connection, ALL, Wanted(question)).rows}
            assert listed == scanned
            assert set(connection.scalars(offered(connection, question))) >= scanned
        connection.rollback()


def test_search_too_common_a_question_walks_the_list(any_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COMMON", 2)
    with any_store.writing() as connection:
        for n in range(5):
            add(connection, n, f"海港{n}号店", overdue_minor=n)
        page = list_customers(connection, ALL, Wanted("海港"), limit=3)
        assert [row.overdue_minor for row in page.rows] == [4, 3, 2]


def test_words_levels_width_case_and_accents() -> None:
    assert split_words("ＡBc－É１2海") == ["abc", "e12", "海"]


def test_list_walked_by_key_shows_every_customer_once_in_order(any_store: Store) -> None:
    with any_store.writing() as connection:
        for n in range(25):
            add(connection, n, f"店{n}", overdue_minor=(n % 4) * 100)
        seen, key = [], None
        for _ in range(10):
            page = list_customers(connection, ALL, Wanted(), key, limit=4)
            seen += [(row.overdue_minor, row.id) for row in page.rows]
            key = page.following
            if key is None:
                break
    assert len(seen) == 27
    assert seen == sorted(set(seen), reverse=True)


@pytest.mark.parametrize("key", ["", "x", "1.", "nonsense.id", "9" * 40 + "x.id"])
def test_list_unreadable_key_starts_over(any_store: Store, key: str) -> None:
    with any_store.reading() as connection:
        assert len(list_customers(connection, ALL, Wanted(), key).rows) == 2


def test_list_each_scope_sees_its_own(any_store: Store) -> None:
    with any_store.reading() as connection:
        seen = {who: {row.id for row in list_customers(connection, scope_of(actor), Wanted()).rows}
                for who, actor in cast.PEOPLE.items()}
    assert seen["rep"] == seen["helper_rep"] == seen["manager"] == {cast.HARBOUR}
    assert seen["other_rep"] == seen["other_manager"] == {cast.RIVER}
    assert seen["former_rep"] == set()
    assert seen["finance"] == seen["legal"] == seen["admin"] == {cast.HARBOUR, cast.RIVER}


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_one_query_and_two_with_a_question(any_store: Store, count_queries: Any, rows: int) -> None:
    with any_store.writing() as connection:
        for n in range(rows):
            add(connection, n, f"海港{n}", overdue_minor=n)
    with any_store.reading() as connection:
        with count_queries(any_store.engine) as seen:
            list_customers(connection, ALL, Wanted())
        assert len(seen) == 1
        with count_queries(any_store.engine) as seen:
            list_customers(connection, ALL, Wanted("海港"))
        assert len(seen) == 2
