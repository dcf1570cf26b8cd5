"""Today's list, oneself and the settings, read from a real database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from fieldsales.config import Settings
from fieldsales.customers.models import Customer
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor
from fieldsales.plans.models import PlanInstalment
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.base import table_of
from fieldsales.workday.queries import dossiers, me_doc, settings_doc, today_list
from fieldsales.workday.today import QUERIES
from tests import cast
from tests.receivables.conftest import Ledger
from tests.workday.conftest import fill, said, sign, slip, third_customer, visit

Put = Callable[..., str]


def today(ledger: Ledger, actor: Actor = cast.REP) -> list[dict[str, Any]]:
    with ledger.dispatcher.store.reading() as connection:
        items: list[dict[str, Any]] = today_list(connection, actor, cast.TODAY)["items"]
    return items


def test_todays_list_names_who_why_how_much_and_how_far(ledger: Ledger, put: Put) -> None:
    third = third_customer(put)
    ledger.invoice("A", 182_300_00, late=46)
    ledger.invoice("B", 500_00, late=3, customer_id=third)
    visit(ledger, customer_id=third, place={"lat": "29.878300", "lon": "121.544000", "accuracy_m": 10})
    items = today(ledger)
    assert [(one["customer_id"], one["rank"]) for one in items] == [(cast.HARBOUR, 1)]
    first = items[0]
    assert first["overdue_minor"] == 182_300_00
    assert first["distance_m"] == 1112
    assert first["why_zh"] == "还没有联系过。"
    assert [reason["code"] for reason in first["reasons"]] == ["overdue", "never", "near"]


def test_a_promise_of_today_and_one_past_its_day_are_reasons(ledger: Ledger, put: Put) -> None:
    said(put, 10_00, 0)
    assert [one["code"] for one in today(ledger)[0]["reasons"]] == ["due_today"]
    said(put, 20_00, -1)
    first = today(ledger)[0]
    assert [one["code"] for one in first["reasons"]] == ["awaited", "due_today"]
    # nobody has called it broken yet
    assert first["why_zh"] == "3月11日承诺的¥20还没到账，承诺今天付¥10。"


def test_what_a_manager_was_given_stands_on_his_desk_and_not_on_the_reps_list(ledger: Ledger) -> None:
    for kind, person in (("threat", cast.MANAGER), ("contact_stopped", cast.LEGAL), ("support", cast.HELPER_REP)):
        ledger.perform("collection.add_task", SYSTEM, task_id=uuid7(), kind=kind, title="", due_on=cast.TODAY,
                       assignee_id=person.user_id)
    with ledger.dispatcher.store.reading() as connection:
        doc = dossiers(connection, [cast.HARBOUR], cast.TODAY)[cast.HARBOUR]
    assert [one["kind"] for one in doc["tasks"]] == ["support"]
    assert today(ledger)[0]["why_zh"].startswith("有1项待办到期")
    with ledger.dispatcher.store.writing() as connection:
        connection.execute(update(table_of(Customer)).values(owner_id=cast.MANAGER.user_id))
    with ledger.dispatcher.store.reading() as connection:
        doc = dossiers(connection, [cast.HARBOUR], cast.TODAY)[cast.HARBOUR]
    assert {one["kind"] for one in doc["tasks"]} == {"support", "threat"}  # the customer is his own


def test_promises_are_said_in_their_own_currency_and_never_added_up(ledger: Ledger, put: Put) -> None:
    ledger.invoice("A", 100_00, late=3)
    said(put, 10_00, 0)
    said(put, 20_00, 0, currency="USD")
    said(put, 30_00, -1, currency="USD")
    assert today(ledger)[0]["why_en"] == "$30 promised for 11 Mar has not come yet; ¥10 is promised for today."


def test_an_instalment_of_a_plan_counts_as_a_promise(ledger: Ledger, put: Put) -> None:
    plan = sign(put)
    put(PlanInstalment, plan_id=plan, n=3, due_on=cast.TODAY - timedelta(days=1), amount_minor=50_00, currency="CNY",
        state="broken", kept_minor=20_00)
    first = today(ledger)[0]
    assert first["why_en"] == "A promise of ¥30 for 11 Mar was not kept; nobody has been in touch yet."


def test_a_claim_about_to_lapse_is_a_reason_unless_it_was_restarted(ledger: Ledger) -> None:
    ledger.invoice("A", 1_00, late=3 * 365 - 10)
    assert "limitation" in [one["code"] for one in today(ledger)[0]["reasons"]]
    act = {"ground": "demand", "proof_kind": "mail", "proof_id": "x"}
    ledger.perform("receivables.interrupt", cast.REP, interruption_id=uuid7(), occurred_on=cast.TODAY, grade="C", **act)
    assert "limitation" in [one["code"] for one in today(ledger)[0]["reasons"]]
    ledger.perform("receivables.interrupt", cast.REP, interruption_id=uuid7(), occurred_on=cast.TODAY, grade="B", **act)
    assert "limitation" not in [one["code"] for one in today(ledger)[0]["reasons"]]


@pytest.mark.parametrize(
    ("debtor_id", "is_warned"),
    [(None, False), (cast.HARBOUR_DEBTOR, True)],  # the other debtor's debt goes on lapsing
)
def test_an_act_of_one_of_several_debtors_does_not_hide_that_a_claim_lapses(
    ledger: Ledger, debtor_id: str | None, is_warned: bool
) -> None:
    ledger.invoice("A", 1_00, late=3 * 365 - 10)
    ledger.perform("receivables.interrupt", cast.REP, interruption_id=uuid7(), occurred_on=cast.TODAY, grade="A",
                   ground="acknowledgement", proof_kind="plan", proof_id="x", debtor_id=debtor_id)
    assert ("limitation" in [one["code"] for one in today(ledger)[0]["reasons"]]) == is_warned


def test_an_act_of_the_only_debtor_counts(ledger: Ledger) -> None:
    ledger.invoice("A", 1_00, late=3 * 365 - 10, customer_id=cast.RIVER)
    ledger.perform("receivables.interrupt", cast.OTHER_REP, interruption_id=uuid7(), occurred_on=cast.TODAY, grade="A",
                   ground="acknowledgement", proof_kind="plan", proof_id="x", debtor_id=cast.RIVER_DEBTOR,
                   customer_id=cast.RIVER)
    assert "limitation" not in [one["code"] for one in today(ledger, cast.OTHER_REP)[0]["reasons"]]


@pytest.mark.parametrize(
    ("actor", "seen"),
    [(cast.REP, 1), (cast.HELPER_REP, 1), (cast.OTHER_REP, 0), (cast.FORMER_REP, 0), (cast.MANAGER, 1),
     (cast.FINANCE, 1)],
)
def test_everybody_sees_only_customers_of_his_own(ledger: Ledger, actor: Actor, seen: int) -> None:
    ledger.invoice("A", 100_00, late=10)
    assert len(today(ledger, actor)) == seen


def test_todays_list_costs_six_queries_for_one_and_for_many(
    ledger: Ledger, put: Put, count_queries: Callable[[Any], Any]
) -> None:
    store = ledger.dispatcher.store
    fill(ledger, put)
    with store.reading() as connection, count_queries(store.engine) as seen:
        today_list(connection, cast.REP, cast.TODAY)
    assert len(seen) == 6 == QUERIES
    with store.writing() as connection:
        connection.execute(insert(table_of(Customer)), [
            {"id": uuid7(), "code": f"X{n}", "name": "x", "version": 1, "search_text": "", "created_at": cast.NOON,
             "owner_id": cast.REP.user_id, "overdue_minor": 0, "credit_grade": "B"} for n in range(20)])
    with store.reading() as connection, count_queries(store.engine) as seen:
        today_list(connection, cast.REP, cast.TODAY)
    assert len(seen) == 6


def me(ledger: Ledger, actor: Actor = cast.REP) -> dict[str, Any]:
    with ledger.dispatcher.store.reading() as connection:
        return me_doc(connection, actor, cast.TODAY, cast.NOON)


def test_oneself_sees_the_months_money_and_what_waits(ledger: Ledger) -> None:
    ledger.pay(100_00)
    ledger.pay(70_00, on=cast.TODAY.replace(day=1) - timedelta(days=1))
    kept, waits = uuid7(), uuid7()
    for receipt, hours in ((kept, 2), (waits, 30)):
        ledger.perform("receivables.register_receipt", cast.REP, receipt_id=receipt, number=slip(receipt),
                       amount_minor=9_00, method="cash", received_at=cast.NOON - timedelta(hours=hours))
    ledger.perform("receivables.confirm_receipt", receipt_id=kept, payment_id=uuid7(), received_on=cast.TODAY)
    doc = me(ledger)
    assert doc["received_month_minor"] == 109_00
    assert (doc["pending_receipts_minor"], doc["confirmed_receipts_minor"]) == (9_00, 9_00)
    assert [(one["id"], one["late"], one["state"]) for one in doc["pending"]] == [(waits, True, "pending")]
    assert (doc["name"], doc["role"], doc["team"], doc["locale"]) == ("王小明", "rep", "城东组", "zh")


def test_another_currency_is_not_added_to_ones_own_sums(ledger: Ledger) -> None:
    for currency, amount in (("CNY", 9_00), ("USD", 50_00)):
        for state in ("pending", "confirmed"):
            receipt = uuid7()
            ledger.perform("receivables.register_receipt", cast.REP, receipt_id=receipt, number=slip(receipt),
                           method="qr", amount_minor=amount, currency=currency, received_at=cast.NOON)
            if state == "confirmed":
                ledger.perform("receivables.confirm_receipt", receipt_id=receipt, payment_id=uuid7(),
                               received_on=cast.TODAY)
    doc = me(ledger)
    sums = ("received_month_minor", "pending_receipts_minor", "confirmed_receipts_minor")
    assert [doc[name] for name in sums] == [9_00, 9_00, 9_00]
    assert {one["currency"] for one in doc["pending"]} == {"CNY", "USD"}


def test_money_counts_for_the_owner_though_a_helper_collected_it(ledger: Ledger) -> None:
    receipt = uuid7()
    ledger.perform("receivables.register_receipt", cast.HELPER_REP, receipt_id=receipt, number=slip(receipt),
                   amount_minor=9_00, method="qr", received_at=cast.NOON)
    ledger.perform("receivables.confirm_receipt", receipt_id=receipt, payment_id=uuid7(), received_on=cast.TODAY)
    owner, helper = me(ledger), me(ledger, cast.HELPER_REP)
    assert (owner["received_month_minor"], owner["confirmed_receipts_minor"]) == (9_00, 0)
    assert (helper["received_month_minor"], helper["confirmed_receipts_minor"]) == (0, 9_00)


def test_settings_carry_accounts_excuses_and_locked_clauses(ledger: Ledger) -> None:
    with ledger.dispatcher.store.reading() as connection:
        doc = settings_doc(connection, Settings(), Plugins())
    assert doc["sellers"][0]["account"] == "示例银行宁波分行 6200 0000 0000 0001"
    codes = {one["code"]: one for one in doc["excuses"]}
    assert codes["quality"]["effect"] == "dispute"
    assert {"version", "zh", "en"} <= doc["clauses"]["plan"].keys()
    assert {"code": "collect", "zh": "收款拜访", "en": "Visit to collect"} in doc["purposes"]
    assert len(doc["outcomes"]) == 8
