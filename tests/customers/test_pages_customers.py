"""Office pages of customers: the list, the dossier, a new customer, a handover."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.customers.models import Contact, Customer
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from fieldsales.workday.queries import QUERIES as DOSSIER
from fieldsales.workday.steps import QUERIES as STEPS
from tests import cast
from tests.receivables.conftest import Ledger

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_list_shows_own_customers_with_overdue_money_and_nobody_elses(ledger: Ledger, log_in: Enter) -> None:
    ledger.invoice("A-1", 1_234_567_89, late=37)
    shown = text_of(log_in("rep"), "/customers")
    assert cast.HARBOUR_NAME in shown
    assert "¥1,234,567.89" in shown
    assert "逾期 37 天" in shown
    assert cast.RIVER_NAME not in shown
    assert cast.HARBOUR_NAME not in text_of(log_in("other_rep"), "/customers")


@pytest.mark.parametrize(("query", "is_there"), [
    ("show=overdue", True), ("show=over90", False), ("show=stopped", False), ("team=" + cast.TEAM, True),
    ("team=" + cast.OTHER_TEAM, False), ("owner=" + cast.REP.user_id, True), ("show=nonsense", True),
    ("q=%27%3B+drop+table", False), ("after=rubbish", True), ("owner=nobody", False),
])
def test_list_filters_narrow_it(ledger: Ledger, log_in: Enter, query: str, is_there: bool) -> None:
    ledger.invoice("A-1", 100_00, late=37)
    assert (cast.HARBOUR_NAME in text_of(log_in("finance"), f"/customers?{query}")) is is_there


def test_customers_nobody_looks_after_are_found_on_every_list_and_offered_to_who_sees_them(
    ledger: Ledger, program: Program, log_in: Enter
) -> None:
    ledger.invoice("A-1", 100_00, late=37)
    program.dispatcher.perform(cast.FINANCE, "customers.add_customer", {
        "customer_id": (mine := uuid7()), "code": "N-1", "name": "无主五金"})
    ledger.invoice("N-1", 50_00, late=3, customer_id=mine)
    finance = log_in("finance")
    for path in ("/customers", "/reports/ageing", "/export/customers"):
        shown = text_of(finance, f"{path}?owner=nobody&format=csv")
        assert "无主五金" in shown
        assert cast.HARBOUR_NAME not in shown
    assert "无人负责" in text_of(finance, "/customers")
    assert "无人负责" not in text_of(log_in("manager"), "/customers")


def test_dossier_draws_a_hundred_invoices_at_once_and_the_rest_when_asked(ledger: Ledger, log_in: Enter) -> None:
    ledger.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        {"invoice_id": uuid7(), "customer_id": cast.HARBOUR, "number": f"A-{n:03}", "issued_on": cast.TODAY,
         "due_on": cast.TODAY + timedelta(days=n), "total_minor": 1_00} for n in range(103)]})
    client = log_in("rep")
    some, every = (text_of(client, f"/customers/{cast.HARBOUR}{query}") for query in ("", "?invoices=all"))
    assert ("A-099" in some, "A-100" in some, "显示全部 103 笔应收单" in some) == (True, False, True)
    assert ("A-102" in every, "显示全部" in every) == (True, False)


@pytest.mark.parametrize("query", ["owner=%00", "q=a%00b", "%00=1"])
def test_list_asked_with_a_nul_refuses_in_words(log_in: Enter, query: str) -> None:
    answer = log_in("finance").get(f"/customers?{query}")
    assert answer.status_code == 422
    assert "U+0000" in answer.get_data(as_text=True)


def test_list_in_english_names_amounts_and_days(ledger: Ledger, log_in: Enter, program: Program) -> None:
    ledger.invoice("A-1", 100_00, late=1)
    program.dispatcher.perform(cast.REP, "people.choose_language", {"locale": "en"})
    shown = text_of(log_in("rep"), "/customers")
    assert "1 day overdue" in shown
    assert 'lang="en"' in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_list_page_costs_the_same_with_one_row_and_three(
    ledger: Ledger, program: Program, log_in: Enter, count_queries: Any, rows: int
) -> None:
    client = log_in("manager")
    for n in range(rows - 1):
        program.dispatcher.perform(cast.REP, "customers.add_customer", {
            "customer_id": cast.an_id(0x900 + n), "code": f"N-{n}", "name": f"新店{n}"})
    with count_queries(program.store.engine) as seen:
        text_of(client, "/customers")
    # session, customers, money, supply stops, owners, teams; five counts of what waits in the rail
    assert len(seen) == 12


def test_list_name_with_markup_is_shown_as_text(program: Program, log_in: Enter) -> None:
    program.dispatcher.perform(cast.REP, "customers.add_customer", {
        "customer_id": uuid7(), "code": "X-1", "name": "<script>alert(1)</script>"})
    shown = text_of(log_in("rep"), "/customers")
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown


def test_dossier_has_invoices_payments_and_why_they_went_where(ledger: Ledger, log_in: Enter) -> None:
    ledger.invoice("A-1", 300_00, late=100)
    ledger.invoice("A-2", 200_00, late=-20)
    ledger.pay(120_00)
    shown = text_of(log_in("rep"), f"/customers/{cast.HARBOUR}")
    for words in ("A-1", "A-2", "¥180.00", "¥200.00", "逾期 100 天", "还有 20 天", "民法典", "林海港",
                  "tel:13800000001",
                  "uri.amap.com", "宁波海港五金商行有限公司"):
        assert words in shown, words
    assert "style=" not in shown


@pytest.mark.parametrize("login", ["other_rep", "former_rep", "other_manager"])
@pytest.mark.parametrize("path", ["", "/panel", "/papers", "/actions/phone"])
def test_dossier_of_anothers_customer_is_not_there(log_in: Enter, login: str, path: str) -> None:
    shown = text_of(log_in(login), f"/customers/{cast.HARBOUR}{path}", 404)
    assert cast.HARBOUR_NAME not in shown


def test_panel_is_the_dossier_in_short_without_the_frame(ledger: Ledger, log_in: Enter) -> None:
    ledger.invoice("A-1", 300_00, late=3)
    shown = text_of(log_in("rep"), f"/customers/{cast.HARBOUR}/panel")
    assert "A-1" in shown
    assert "<html" not in shown


@pytest.mark.parametrize("history", [1, 60])
def test_dossier_page_costs_the_same_whatever_the_history(
    ledger: Ledger, program: Program, log_in: Enter, count_queries: Any, history: int
) -> None:
    client = log_in("finance")
    ledger.invoice("A-1", 300_00, late=3)
    for n in range(history):
        ledger.perform("visits.add_note", cast.REP, note_id=cast.an_id(0x5000 + n), text=f"第{n}次")
    with count_queries(program.store.engine) as seen:
        text_of(client, f"/customers/{cast.HARBOUR}")
    # the dossier, the next step; session, whether it is seen, and what waits in the rail
    assert len(seen) <= DOSSIER + STEPS + 9


def test_new_customer_is_added_once_however_often_it_is_sent(program: Program, log_in: Enter) -> None:
    client, form = log_in("rep"), {"command_id": uuid7(), "code": "N-1", "name": "新客户", "debtor_kind": "company"}
    first = client.post("/customers/new", data=form)
    again = client.post("/customers/new", data=form)
    assert (first.status_code, again.status_code) == (303, 303)
    with program.store.reading() as connection:
        table = table_of(Customer)
        found = connection.execute(table.select().where(table.c.code == "N-1")).all()
    assert [row.owner_id for row in found] == [cast.REP.user_id]


@pytest.mark.parametrize(("wrong", "field"), [
    ({"name": ""}, "name"), ({"name": "长" * 121}, "name"), ({"code": "C001"}, "code"), ({"name": "a\u202eb"}, "name"),
    ({"debtor_kind": "ghost"}, "debtor_kind"),
])
def test_new_customer_wrong_field_is_told_at_the_field_and_nothing_typed_is_lost(
    log_in: Enter, wrong: dict[str, str], field: str
) -> None:
    form = {"command_id": uuid7(), "code": "N-2", "name": "新客户", "debtor_kind": "company", "address": "海港路 9 号"}
    answer = log_in("rep").post("/customers/new", data=form | wrong)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in shown
    assert "海港路 9 号" in shown


def test_contact_is_added_and_a_nameless_one_is_not(program: Program, log_in: Enter) -> None:
    client = log_in("rep")
    client.post(f"/customers/{cast.HARBOUR}/contacts", data={"command_id": uuid7(), "name": "会计小周", "phone": "139"})
    client.post(f"/customers/{cast.HARBOUR}/contacts", data={"command_id": uuid7(), "name": ""})
    with program.store.reading() as connection:
        table = table_of(Contact)
        names = {row.name for row in connection.execute(table.select().where(table.c.customer_id == cast.HARBOUR))}
    assert names == {"林海港", "会计小周"}


def test_handover_moves_the_customers_and_drafts_the_notice(program: Program, log_in: Enter) -> None:
    client = log_in("manager")
    assert cast.REP.name in text_of(client, "/handover")
    answer = client.post("/handover", data={
        "command_id": uuid7(), "from_user_id": cast.REP.user_id, "to_user_id": cast.HELPER_REP.user_id, "disable": "1"})
    assert answer.status_code == 303
    assert "不再代表本公司" in text_of(client, "/handover")
    assert cast.HARBOUR_NAME in text_of(log_in("helper_rep"), "/customers")


def test_handover_to_oneself_is_told_at_the_field(log_in: Enter) -> None:
    answer = log_in("manager").post("/handover", data={
        "command_id": uuid7(), "from_user_id": cast.REP.user_id, "to_user_id": cast.REP.user_id})
    assert answer.status_code == 422
    assert "to_user_id-error" in answer.get_data(as_text=True)


def test_form_from_another_site_is_refused(log_in: Enter) -> None:
    answer = log_in("rep").post("/customers/new", data={"code": "N-9", "name": "x"},
                                headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_pages_say_when_things_happened_in_the_branchs_zone(ledger: Ledger, log_in: Enter) -> None:
    ledger.perform("visits.log_visit", cast.REP, visit_id=uuid7(), outcome="refused",
                   arrived_at=(cast.NOON - timedelta(hours=2)).isoformat())
    assert "今天 1" in text_of(log_in("rep"), f"/customers/{cast.HARBOUR}")


def test_customers_given_to_another_at_once_and_given_back(ledger: Ledger, program: Program, log_in: Enter) -> None:
    client = log_in("manager")
    answer = client.post("/customers/assign", data={
        "command_id": uuid7(), "ids": [cast.HARBOUR], "owner_id": cast.HELPER_REP.user_id})
    shown = answer.get_data(as_text=True)
    assert f"{cast.REP.name} → <strong>{cast.HELPER_REP.name}" in shown
    assert owner_of(program) == cast.HELPER_REP.user_id
    pair = shown.split('name="pairs" value="')[1].split('"')[0]
    client.post("/customers/assign/undo", data={"command_id": uuid7(), "pairs": [pair]})
    assert owner_of(program) == cast.REP.user_id


@pytest.mark.parametrize("form", [
    {}, {"ids": cast.HARBOUR}, {"owner_id": cast.REP.user_id}, {"ids": cast.RIVER, "owner_id": cast.REP.user_id},
    {"ids": "x" * 5000, "owner_id": cast.REP.user_id}, {"ids": cast.HARBOUR, "owner_id": "nobody"},
])
def test_customers_given_without_a_customer_or_a_taker_stay(
    program: Program, log_in: Enter, form: dict[str, str]
) -> None:
    client = log_in("manager")
    assert client.post("/customers/assign", data=form, follow_redirects=True).status_code == 200
    client.post("/customers/assign/undo", data={"pairs": f"{cast.RIVER} {cast.REP.user_id}"})
    assert (owner_of(program), owner_of(program, cast.RIVER)) == (cast.REP.user_id, cast.OTHER_REP.user_id)


def owner_of(program: Program, customer_id: str = cast.HARBOUR) -> str:
    with program.store.reading() as connection:
        table = table_of(Customer)
        owner = table.select().with_only_columns(table.c.owner_id).where(table.c.id == customer_id)
        return str(connection.scalar(owner))
