"""Pull: everything in sight at first, then what changed; what goes out of sight is said to go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from fieldsales.customers.models import Customer, Helper, Ownership
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.operation import Actor
from fieldsales.store import Store, table_of
from fieldsales.store.models import Change
from fieldsales.sync.rules import Cursor
from fieldsales.sync.service import Page, Sources, epoch, new_epoch, pull
from tests import cast
from tests.cast import FINANCE, FORMER_REP, HARBOUR, HELPER_REP, MANAGER, OTHER_MANAGER, OTHER_REP, REP, RIVER, an_id

customers, changes = table_of(Customer), table_of(Change)
small: dict[str, dict[str, Any]] = {"me": {"name": "x"}}


def dossiers(connection: Connection, ids: list[str]) -> Mapping[str, dict[str, Any]]:
    rows = connection.execute(select(customers).where(customers.c.id.in_(ids)))
    return {row.id: {"id": row.id, "name": row.name, "note": row.note} for row in rows}


SOURCES = Sources(dossiers, lambda _connection: small)


def page_of(store: Store, actor: Actor, cursor: str = "0", limit: int = 200) -> Page:
    with store.reading() as connection:
        return pull(connection, actor, Cursor.parse(cursor), limit, SOURCES)


def ids(page: Page) -> list[tuple[str, str, str | None]]:
    return [(change["kind"], change["id"], change.get("removed")) for change in page.changes]


@contextmanager
def changing(store: Store, *customer_ids: str) -> Iterator[Connection]:
    """Change something of customers as the dispatcher does: with a change row each."""
    with store.writing() as connection:
        yield connection
        last = connection.execute(select(changes.c.seq).order_by(changes.c.seq.desc()).limit(1)).scalar() or 0
        for n, customer_id in enumerate(customer_ids, 1):
            moved = update(customers).values(version=customers.c.version + 1)
            connection.execute(moved.where(customers.c.id == customer_id))
            connection.execute(insert(changes).values(seq=last + n, kind="customer", entity_id=customer_id,
                                                      customer_id=customer_id, at=cast.NOON))


def test_first_pull_carries_everything_in_sight_and_nothing_else(any_store: Store) -> None:
    seen = {actor.name: [i for kind, i, _ in ids(page_of(any_store, actor)) if kind == "customer"]
            for actor in (REP, HELPER_REP, OTHER_REP, FORMER_REP, MANAGER, OTHER_MANAGER, FINANCE)}
    assert seen == {REP.name: [HARBOUR], HELPER_REP.name: [HARBOUR], OTHER_REP.name: [RIVER], FORMER_REP.name: [],
                    MANAGER.name: [HARBOUR], OTHER_MANAGER.name: [RIVER], FINANCE.name: [HARBOUR, RIVER]}


def test_first_pull_comes_in_pages_and_ends_where_changes_go_on(store: Store) -> None:
    with store.writing() as connection:
        for n in range(7):
            connection.execute(insert(customers).values(
                id=an_id(0x1000 + n), code=f"N{n}", name=f"客户{n}", owner_id=REP.user_id, created_at=cast.NOON,
                version=1, search_text="", pinyin="", phone="", address="", region="", credit_grade="B", tier="",
                overdue_minor=0, note=""))
    cursor, found, resets, pages = "0", [], [], 0
    while True:
        page = page_of(store, REP, cursor, limit=3)
        found += [i for kind, i, _ in ids(page) if kind == "customer"]
        resets.append(page.reset)
        cursor, pages = str(page.cursor), pages + 1
        if not page.more:
            break
    assert len(found) == len(set(found)) == 8
    assert resets == [True, False, False]
    assert page_of(store, REP, cursor).changes == []


def test_change_during_the_first_pull_is_not_missed(store: Store) -> None:
    with changing(store, HARBOUR):
        pass
    first = page_of(store, FINANCE, limit=1)
    assert first.more
    with changing(store, ids(first)[0][1]) as connection:
        connection.execute(update(customers).values(note="changed meanwhile"))
    second = page_of(store, FINANCE, str(first.cursor), limit=1)
    third = page_of(store, FINANCE, str(second.cursor), limit=10)
    fourth = page_of(store, FINANCE, str(third.cursor))
    later = [change for change in (*third.changes, *fourth.changes) if change["kind"] == "customer"]
    assert ids(first)[0][1] in [change["id"] for change in later]
    assert all(change["doc"]["note"] == "changed meanwhile" for change in later)


def test_later_pull_carries_only_what_changed_in_sight(any_store: Store) -> None:
    cursor = str(page_of(any_store, REP).cursor)
    assert page_of(any_store, REP, cursor).changes == []
    with changing(any_store, HARBOUR, RIVER, HARBOUR):
        pass
    page = page_of(any_store, REP, cursor)
    assert ids(page) == [("customer", HARBOUR, None)]
    assert page.changes[0]["rev"] == 3
    assert page_of(any_store, REP, str(page.cursor)).changes == []


def test_customer_given_away_is_removed_from_the_former_owners_phone_only(any_store: Store) -> None:
    people = (REP, OTHER_REP, HELPER_REP, FINANCE)
    cursors = {actor.name: str(page_of(any_store, actor).cursor) for actor in people}
    with changing(any_store, HARBOUR) as connection:
        connection.execute(update(customers).where(customers.c.id == HARBOUR).values(
            owner_id=OTHER_REP.user_id, team_id=OTHER_REP.team_id))
        connection.execute(update(table_of(Helper)).values(ended_at=cast.NOON))
        owned = table_of(Ownership)
        if not connection.execute(select(owned).where(owned.c.user_id == REP.user_id)).first():
            connection.execute(insert(owned).values(
                id=an_id(0x999), customer_id=HARBOUR, user_id=REP.user_id, from_at=cast.NOON))
    told = {actor.name: ids(page_of(any_store, actor, cursors[actor.name])) for actor in people}
    assert told == {
        REP.name: [("customer", HARBOUR, "scope")], HELPER_REP.name: [("customer", HARBOUR, "scope")],
        OTHER_REP.name: [("customer", HARBOUR, None)], FINANCE.name: [("customer", HARBOUR, None)],
    }


def test_cursor_older_than_the_changes_kept_starts_over(store: Store) -> None:
    with changing(store, HARBOUR):
        pass
    cursor = str(page_of(store, REP).cursor)
    with changing(store, *[HARBOUR] * 5):
        pass
    with store.writing() as connection:
        connection.execute(delete(changes).where(changes.c.seq <= 3))
    page = page_of(store, REP, cursor)
    assert page.reset
    assert ("customer", HARBOUR, None) in ids(page)


def test_cursor_from_the_future_starts_over(store: Store) -> None:
    """The database was restored from a backup: the phone has seen what is no more."""
    cursor = str(page_of(store, REP).cursor).replace("0.", "900.", 1)
    assert page_of(store, REP, cursor).reset


@pytest.mark.parametrize("text", ["", "x", "-1", "1e9", "0~", "9" * 30, "0." + "m" * 200, "٣"])
def test_cursor_that_cannot_be_read_is_a_fresh_start(store: Store, text: str) -> None:
    assert page_of(store, REP, text).reset


def test_another_role_starts_over(store: Store) -> None:
    cursor = str(page_of(store, REP).cursor)
    promoted = Actor(REP.user_id, REP.name, "manager", REP.team_id)
    page = page_of(store, promoted, cursor)
    assert page.reset


def test_small_documents_come_when_they_differ_and_only_then(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = page_of(store, REP)
    assert ("me", "me", None) in ids(first)
    assert page_of(store, REP, str(first.cursor)).changes == []
    monkeypatch.setitem(small, "me", {"name": "y"})
    assert ids(page_of(store, REP, str(first.cursor))) == [("me", "me", None)]


def test_epoch_stays_until_a_new_one_begins(any_store: Store, clock: FixedClock) -> None:
    dispatcher = Dispatcher(any_store, clock)
    first = epoch(dispatcher)
    assert first == epoch(dispatcher)
    assert new_epoch(dispatcher) != first
    assert epoch(dispatcher) != first
