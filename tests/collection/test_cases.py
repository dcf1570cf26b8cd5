"""Cases on the books, on both engines: opened by the night, closed and reopened by money, decided by people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldsales.audit.cases import cases_follow_the_books
from fieldsales.collection.case_models import Case, CaseEvent
from fieldsales.collection.cases import cases_of, due_for_reckoning
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from fieldsales.workday.night import run_night
from tests import cast
from tests.collection.conftest import invoice, rows

Enter = Callable[[str], FlaskClient]
TODAY = cast.TODAY


def with_dues(program: Program) -> Program:
    """¥1,000 that falls due on the 20th and ¥500 of ten days later."""
    program.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        invoice("XS-1", 1_000_00, date(2026, 3, 1), date(2026, 3, 20)),
        invoice("XS-2", 500_00, date(2026, 3, 1), date(2026, 3, 30)),
    ]})  # fmt: skip
    return program


@pytest.fixture
def house(make_app: Callable[..., Flask], any_url: str) -> Program:
    """The program with these debts, on either engine."""
    return with_dues(make_app(any_url).extensions["fieldsales"])


@pytest.fixture
def near(program: Program) -> Program:
    """The same on the usual engine."""
    return with_dues(program)


def night(program: Program, day: date) -> dict[str, int]:
    """The night run of a day, branch time."""
    clock: Any = program.clock
    clock.at = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    figures = run_night(program.dispatcher)
    assert figures["refused"] == 0
    with program.store.reading() as connection:
        found = cases_follow_the_books(connection)
    assert found.holds, found.breaches
    return figures


def pay(program: Program, minor: int, **more: Any) -> str:
    payment_id = uuid7()
    program.dispatcher.perform(cast.FINANCE, "receivables.record_payments", {"payments": [{
        "payment_id": payment_id, "customer_id": cast.HARBOUR, "amount_minor": minor, "method": "transfer",
        "received_on": program.clock.now().date(), "debtor_id": cast.HARBOUR_DEBTOR, "seller_id": cast.SELLER} | more]})
    return payment_id


def only(program: Program) -> dict[str, Any]:
    (case,) = rows(program, Case)
    return case


def history(program: Program) -> list[str]:
    return [f"{row['kind']} {row['stage']}" for row in sorted(rows(program, CaseEvent), key=lambda row: row["n"])]


def test_case_from_the_first_overdue_day_to_the_last_cent(house: Program) -> None:
    assert night(house, date(2026, 3, 20))["cases"] == 0
    assert rows(house, Case) == []
    night(house, date(2026, 3, 21))
    case = only(house)
    assert (case["stage"], case["opened_on"], case["oldest_on"], case["collectable_minor"], case["owner_id"]) == (
        "reminder", date(2026, 3, 21), date(2026, 3, 20), 1_000_00, cast.REP.user_id)
    assert night(house, date(2026, 3, 22))["cases"] == 0  # nothing to do until the next day that changes something
    night(house, date(2026, 4, 4))  # the second instalment fell due, and fifteen days have passed
    assert (only(house)["stage"], only(house)["collectable_minor"]) == ("firm", 1_500_00)
    pay(house, 1_200_00)  # part paid: it stays where it is on the ladder
    assert (only(house)["stage"], only(house)["collectable_minor"], only(house)["oldest_on"]) == (
        "firm", 300_00, date(2026, 3, 30))
    payment_id = pay(house, 300_00)
    assert only(house)["closed_on"] == date(2026, 4, 4)
    night(house, date(2026, 4, 10))
    house.dispatcher.perform(cast.FINANCE, "receivables.reverse_payment", {
        "reversal_id": uuid7(), "payment_id": payment_id, "customer_id": cast.HARBOUR, "reason": "退票"})
    assert (only(house)["closed_on"], only(house)["stage"]) == (None, "firm")
    assert history(house) == ["opened reminder", "stage firm", "closed firm", "reopened firm"]
    with house.store.reading() as connection:
        assert due_for_reckoning(connection, date(2026, 4, 10)) == []
        assert cases_of(connection, [cast.HARBOUR, cast.RIVER])[cast.HARBOUR].stage == "firm"


def test_credit_notes_and_cash_in_hand_count_and_a_disputed_part_is_set_apart(house: Program) -> None:
    night(house, date(2026, 3, 21))
    xs1 = next(row for row in _invoices(house) if row["number"] == "XS-1")
    house.dispatcher.perform(cast.REP, "disputes.open_dispute", {
        "dispute_id": uuid7(), "customer_id": cast.HARBOUR, "invoice_id": xs1["id"], "kind": "quality",
        "amount_minor": 300_00, "words": "三箱受潮"})
    case = only(house)
    assert (case["overdue_minor"], case["contested_minor"], case["collectable_minor"]) == (1_000_00, 300_00, 700_00)
    pay(house, 100_00, debtor_id=None, seller_id=cast.OTHER_SELLER)  # for the other company: in hand, not allocated
    assert only(house)["collectable_minor"] == 600_00
    house.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        invoice("HC-1", -700_00, date(2026, 3, 20), date(2026, 3, 20))]})
    case = only(house)
    assert case["closed_on"] is None
    assert case["collectable_minor"] == 0
    night(house, date(2026, 3, 22))


def _invoices(program: Program) -> list[dict[str, Any]]:
    from fieldsales.receivables.models import Invoice

    return rows(program, Invoice)


def test_promise_holds_the_ladder_until_it_is_broken(near: Program) -> None:
    night(near, date(2026, 3, 30))
    near.dispatcher.perform(cast.REP, "promises.make_promise", {
        "promise_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": 1_000_00, "due_on": date(2026, 4, 6),
        "promisor_name": "林海港", "words": "六号一定付", "pay_by": "transfer"})
    covered = only(near)["covered_until"]
    assert covered in (None, date(2026, 4, 7))
    night(near, date(2026, 4, 8))
    assert only(near)["covered_until"] is None
    assert only(near)["stage"] == "final"  # nineteen days late, and a step for the broken promise


def test_every_debtor_has_a_case_of_his_own_and_what_names_none_is_the_firsts(near: Program) -> None:
    near.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        invoice("P-1", 70_00, date(2026, 2, 1), date(2026, 3, 1), debtor_id=cast.HARBOUR_OWNER_AS_PERSON),
        invoice("P-2", 30_00, date(2026, 2, 1), date(2026, 3, 1), debtor_id=None)]})
    found = {row["debtor_id"]: row["collectable_minor"] for row in rows(near, Case)}
    assert found == {cast.HARBOUR_OWNER_AS_PERSON: 70_00, cast.HARBOUR_DEBTOR: 30_00}
    night(near, date(2026, 3, 13))


def decide(program: Program, actor: Any, stage: str, **more: Any) -> None:
    program.dispatcher.perform(actor, "collection.decide_stage", {
        "case_id": only(program)["id"], "customer_id": cast.HARBOUR, "stage": stage, "reason": "试一试"} | more)


def test_stage_and_owner_are_decided_by_people_with_a_reason(house: Program) -> None:
    night(house, date(2026, 4, 10))
    for who in (cast.REP, cast.FINANCE):
        with pytest.raises(NotAllowed):
            decide(house, who, "legal")
    with pytest.raises(NotFound):
        decide(house, cast.OTHER_MANAGER, "legal")
    decide(house, cast.MANAGER, "reminder", until_on=date(2026, 4, 12))
    assert night(house, date(2026, 4, 12))["cases"] == 0
    assert only(house)["stage"] == "reminder"
    assert night(house, date(2026, 4, 13))["cases"] == 1  # by this day alone: no summary has changed
    assert only(house)["stage"] == "firm"
    decide(house, cast.LEGAL, "legal")
    assign = {"case_id": only(house)["id"], "customer_id": cast.HARBOUR, "reason": "转法务"}
    house.dispatcher.perform(cast.MANAGER, "collection.assign_case", assign | {"owner_id": cast.LEGAL.user_id})
    night(house, date(2026, 6, 1))
    assert (only(house)["stage"], only(house)["owner_id"]) == ("legal", cast.LEGAL.user_id)
    house.dispatcher.perform(cast.MANAGER, "collection.assign_case", assign)
    assert only(house)["owner_id"] == cast.REP.user_id
    house.dispatcher.perform(cast.ADMIN, "customers.assign_owner", {
        "customer_id": cast.HARBOUR, "owner_id": cast.HELPER_REP.user_id})
    assert only(house)["owner_id"] == cast.HELPER_REP.user_id
    pay(house, 1_500_00)
    with pytest.raises(RuleBroken):
        decide(house, cast.MANAGER, "reminder")
    night(house, date(2026, 6, 2))


def test_only_the_night_asks_for_a_reckoning(near: Program) -> None:
    with pytest.raises(NotAllowed):
        near.dispatcher.perform(cast.ADMIN, "collection.reckon_cases", {"customer_ids": [cast.HARBOUR]})


def test_audit_finds_a_case_that_does_not_follow_the_books(near: Program) -> None:
    night(near, date(2026, 4, 10))
    wrong = {"stage": "legal", "collectable_minor": 1, "owner_id": "x", "closed_on": date(2026, 4, 10), "events": 9}
    table, as_it_was = table_of(Case), only(near)
    for column, value in wrong.items():
        with near.store.writing() as connection:
            connection.execute(table.update().values({column: value}))
        with near.store.reading() as connection:
            assert not cases_follow_the_books(connection).holds, column
        with near.store.writing() as connection:
            connection.execute(table.update().values({column: as_it_was[column]}))
    with near.store.writing() as connection:
        connection.execute(table_of(CaseEvent).delete())
        connection.execute(table.delete())
    with near.store.reading() as connection:
        assert cases_follow_the_books(connection).breaches == (f"{cast.HARBOUR_DEBTOR} missing",)


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_cases_costs_the_same_with_one_row_and_three(
    app: Flask, program: Program, log_in: Enter, count_queries: Any, count: int,
) -> None:
    owing = [cast.HARBOUR_DEBTOR, cast.HARBOUR_OWNER_AS_PERSON]
    program.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        *(invoice(f"X-{n}", 100_00 + n, date(2025, 1, 1), date(2025, 2, 1), debtor_id=debtor)
          for n, debtor in enumerate(owing[:count])),
        *([invoice("R-1", 9_00, date(2025, 1, 1), date(2026, 3, 1), customer_id=cast.RIVER,
                   debtor_id=cast.RIVER_DEBTOR)] if count == 3 else [])]})
    client = log_in("admin")
    with count_queries(program.store.engine) as seen:
        listed = client.get("/cases").get_data(as_text=True)
    assert listed.count("/cases/019") == count
    # session, cases, their owners; receipts and disputes waiting in the rail
    assert len(seen) == 9, [one[:90] for one in seen]


def test_pages_of_cases_filter_show_and_decide(app: Flask, program: Program, log_in: Enter, clock: FixedClock) -> None:
    program.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        invoice("X-1", 100_00, date(2025, 1, 1), date(2026, 3, 2)),
        invoice("R-1", 9_00, date(2025, 1, 1), date(2025, 3, 1), customer_id=cast.RIVER, debtor_id=cast.RIVER_DEBTOR)]})
    admin = log_in("admin")
    for query, harbour, river in (("", True, True), ("?stage=reminder", True, False), ("?late=60", False, True),
                                  (f"?owner={cast.REP.user_id}", True, False), ("?show=closed", False, False),
                                  ("?show=covered", False, False), ("?show=mine", False, False)):
        text = admin.get(f"/cases{query}").get_data(as_text=True)
        assert (cast.HARBOUR_NAME in text.split("<tbody>")[-1], cast.RIVER_NAME in text.split("<tbody>")[-1]) == (
            harbour, river), query
    assert "待决定是否走法律程序" in admin.get("/cases").get_data(as_text=True)
    manager, case_id = log_in("manager"), next(r["id"] for r in rows(program, Case) if r["customer_id"] == cast.HARBOUR)
    form = {"command_id": uuid7(), "stage": "final", "reason": "老板要求提前"}
    assert manager.post(f"/cases/{case_id}/stage", data=form).status_code == 303
    shown = manager.get(f"/cases/{case_id}").get_data(as_text=True)
    for words in ("人工定为：最后催告", "老板要求提前", "陈主管", "立案：有一期款项逾期", "X-1", "10 天"):
        assert words in shown, words
    assert "最后催告" in manager.get(f"/customers/{cast.HARBOUR}").get_data(as_text=True)
    assert log_in("rep").get(f"/cases/{case_id}").status_code == 200
    assert log_in("other_rep").get(f"/cases/{case_id}").status_code == 404


def test_state_is_frozen() -> None:
    """What other rules are shown of a case cannot be changed by them."""
    from fieldsales.collection.case_rules import CaseState

    case = CaseState("a", "b", "c", "firm", TODAY)
    assert replace(case, closed_on=TODAY + timedelta(days=1)).is_open is False
    assert case.is_open
