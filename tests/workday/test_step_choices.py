"""The next step chosen from a real database: three debtors, and what changes it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import fieldsales.collection.service
from fieldsales.collection.models import Action, Claim
from fieldsales.customers.models import Customer
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.places import data_dir
from fieldsales.plugin_api.loading import in_folder
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store import Store
from fieldsales.workday.queries import dossiers, today_list
from tests import cast
from tests.collection.conftest import need_plugin
from tests.receivables.conftest import Ledger
from tests.workday.conftest import promise, said, third_customer, visit

Put = Callable[..., str]
assert fieldsales.collection.service


@pytest.fixture
def ledger(store: Store, clock: FixedClock) -> Ledger:
    """The ledger on one engine: what differs between two is tested in ``test_steps``."""
    return Ledger(Dispatcher(store, clock))


WAYS = {"phone", "visit", "letter", "email"}


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    """Four of the shipped methods; what another one costs or needs changes no choice here."""
    for name in WAYS:
        need_plugin(name)
    others = {found.name for found in in_folder(data_dir("plugins"), "built-in")} - WAYS
    return Plugins.load(data_dir("plugins"), with_installed=False, without=others)


def step(ledger: Ledger, plugins: Plugins, customer_id: str = cast.HARBOUR) -> dict[str, Any]:
    with ledger.dispatcher.store.reading() as connection:
        found: dict[str, Any] = dossiers(connection, [customer_id], cast.TODAY, plugins=plugins)[customer_id]
    return found["next_step"]


def used(put: Put, method: str, days_ago: int, times: int = 1) -> None:
    for n in range(times):
        put(Action, method=method, occurred_at=cast.NOON - timedelta(days=days_ago, hours=n), received_at=cast.NOON,
            fields={}, by_id=cast.REP.user_id)


def test_the_forgetful_one_is_written_to(ledger: Ledger, put: Put, plugins: Plugins) -> None:
    ledger.invoice("A", 50_000_00, late=8)
    found = step(ledger, plugins)
    assert (found["kind"], found["method"], found["screen"]) == ("contact", "email", "method/email")
    assert found["on"] == cast.TODAY.isoformat()
    assert found["why_zh"] == "先用最省的办法，没有效果再换下一种。"
    assert found["change_en"] == "Money, a promise or a dispute; after 2 more without effect the next way."
    assert found["ask_zh"] == "开口要全部逾期款，问清哪天付、钱从哪来。"


def test_a_reason_nobody_checked_comes_first_and_a_true_one_leads_to_instalments(
    ledger: Ledger, put: Put, plugins: Plugins
) -> None:
    ledger.invoice("A", 50_000_00, late=40)
    put(Claim, code="cash_tight", words="账上没钱", state="unverified", at=cast.NOON, by_id=cast.REP.user_id)
    found = step(ledger, plugins)
    assert (found["kind"], found["why_zh"]) == ("verify", "“资金周转不灵”还没核实：先核实，谈的时候才有依据。")
    put(Claim, code="downstream", words="", state="true", at=cast.NOON, by_id=cast.REP.user_id)
    put(Claim, code="boss_away", words="", state="true", at=cast.NOON, by_id=cast.REP.user_id)
    decline(ledger, "verify", "not_now")
    assert (step(ledger, plugins)["kind"], step(ledger, plugins)["screen"]) == ("plan", "plan")


def decline(ledger: Ledger, kind: str, reason: str, method: str = "", actor: Actor = cast.REP) -> None:
    ledger.perform("collection.decline_step", actor, answer_id=uuid7(), step=kind, method=method, reason=reason)


def test_a_contact_a_promise_and_a_decline_move_it(ledger: Ledger, put: Put, plugins: Plugins) -> None:
    ledger.invoice("A", 50_000_00, late=8)
    decline(ledger, "contact", "no_use", "email")
    assert step(ledger, plugins)["method"] == "phone"
    visit(ledger, outcome="refused")
    found = step(ledger, plugins)
    assert (found["kind"], found["on"], found["days"]) == ("wait", (cast.TODAY + timedelta(days=14)).isoformat(), 14)
    assert found["why_zh"] == "3月12日刚联系过：这家 14 天联系一次就够。"
    promise(ledger, 10_00, 0)
    assert step(ledger, plugins)["why_zh"] == "3月12日承诺付¥10：先查到账没有，再开口。"


def test_money_with_finance_and_bills_in_hand_are_not_asked_for_again(ledger: Ledger, plugins: Plugins) -> None:
    ledger.invoice("A", 50_000_00, late=8)
    for number, minor, how in (("SJ1", 20_000_00, {"method": "cash"}), ("SJ2", 30_000_00, {
            "method": "bill", "bill_number": "1", "bill_acceptor": "工商银行",
            "bill_matures_on": (cast.TODAY + timedelta(days=90)).isoformat()})):
        assert step(ledger, plugins)["kind"] == "contact"
        ledger.perform("receivables.register_receipt", cast.REP, receipt_id=uuid7(), number=number, amount_minor=minor,
                       received_at=cast.NOON, **how)
    found = step(ledger, plugins)
    assert (found["kind"], found["on"]) == ("wait", (cast.TODAY + timedelta(days=90)).isoformat())
    assert found["why_zh"] == "¥50,000已在手上，其中承兑汇票最晚6月10日到期：到期前不用再催。"


def test_a_word_given_or_refused_is_a_contact_and_answers_for_the_broken_one(
        ledger: Ledger, put: Put, plugins: Plugins) -> None:
    ledger.invoice("A", 50_000_00, late=40)
    said(put, 9_00, -1, state="broken")
    assert "没有兑现" in step(ledger, plugins)["why_zh"]
    assert today(ledger, plugins)["items"][0]["step"]["kind"] == "contact"
    promise(ledger, 8_00, 9)
    found = step(ledger, plugins)
    assert (found["kind"], found["on"] > cast.TODAY.isoformat()) == ("wait", True)
    assert "没有兑现" not in found["why_zh"]


def test_a_decline_is_the_reps_own_and_rests_longer_each_time(ledger: Ledger, plugins: Plugins) -> None:
    ledger.invoice("A", 50_000_00, late=8)
    with pytest.raises(Exception, match="not yours to see"):
        decline(ledger, "contact", "not_now", "email", cast.OTHER_REP)
    answers = [ledger.perform("collection.decline_step", cast.REP, answer_id=uuid7(), step="contact", method="email",
                              reason="not_now")["until_on"] for _ in range(3)]
    assert answers == [(cast.TODAY + timedelta(days=days)).isoformat() for days in (7, 14, 28)]
    with pytest.raises(Exception, match="Only a manager"):
        ledger.perform("collection.decide_step", cast.REP, answer_id=uuid7(), method="letter", yes=True, reason="x")


def test_today_leaves_out_whoever_has_his_next_step_another_day(ledger: Ledger, put: Put, plugins: Plugins) -> None:
    third = third_customer(put)
    for customer_id in (cast.HARBOUR, third):
        ledger.invoice(f"A{customer_id}", 50_000_00, late=8, customer_id=customer_id)
    used(put, "phone", 2)
    doc = today(ledger, plugins)
    assert [(one["customer_id"], one["step"]["kind"]) for one in doc["items"]] == [(third, "manager")]
    said(put, 1_00, -1)
    doc = today(ledger, plugins)
    assert {(one["customer_id"], one["step"]["kind"]) for one in doc["items"]} == {
        (third, "manager"), (cast.HARBOUR, "check_money")}


def today(ledger: Ledger, plugins: Plugins) -> dict[str, Any]:
    with ledger.dispatcher.store.reading() as connection:
        return today_list(connection, cast.REP, cast.TODAY, plugins=plugins)


def test_visits_that_lie_together_are_bundled(ledger: Ledger, put: Put, plugins: Plugins) -> None:
    beside = put(Customer, code="C009", name="隔壁五金", version=1, search_text="", created_at=cast.NOON, phone="1",
                 owner_id=cast.REP.user_id, team_id=cast.TEAM, overdue_minor=0, credit_grade="B", address="宁波市",
                 lat="29.871000", lon="121.544000")
    far = put(Customer, code="C010", name="外地五金", version=1, search_text="", created_at=cast.NOON, phone="1",
              owner_id=cast.REP.user_id, team_id=cast.TEAM, overdue_minor=0, credit_grade="B", address="杭州市",
              lat="30.271000", lon="120.150000")
    for customer_id in (cast.HARBOUR, beside, far):
        ledger.invoice(f"A{customer_id}", 50_000_00, late=40, customer_id=customer_id)
    used(put, "email", 40, 2)
    used(put, "phone", 30, 2)
    trips = today(ledger, plugins)["trips"]
    assert trips == [{"district": "宁波市", "customer_ids": [cast.HARBOUR, beside], "metres": 300}]
