"""The next step read from a real database: three debtors, what changes it, and how many queries it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import fieldsales.collection.service
from fieldsales.collection.measuring import effects_now, newest_effects, note_effects
from fieldsales.collection.models import Action, Claim
from fieldsales.customers.models import Customer
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import Plugins
from fieldsales.workday.queries import dossiers, today_list
from fieldsales.workday.stepreads import QUERIES as STEP_QUERIES
from tests import cast
from tests.receivables.conftest import Ledger
from tests.workday.conftest import fill, promise, third_customer, visit

Put = Callable[..., str]
assert fieldsales.collection.service


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    """The shipped methods."""
    return Plugins.load(data_dir("plugins"), None)


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
    assert found["why_zh"] == "还没试过无效的方式里最省的一种。"
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


def test_ways_are_climbed_and_a_letter_needs_the_managers_yes(ledger: Ledger, put: Put, plugins: Plugins) -> None:
    ledger.invoice("A", 50_000_00, late=40)
    used(put, "email", 40, 2)
    used(put, "phone", 30, 2)
    assert (step(ledger, plugins)["method"], step(ledger, plugins)["screen"]) == ("visit", "visit")
    used(put, "visit", 20, 2)
    found = step(ledger, plugins)
    assert (found["kind"], found["method"], found["needs_approval"]) == ("approval", "letter", True)
    assert found["why_en"] == "6 × without money: the next way needs the manager's yes."
    ledger.perform("collection.ask_step", cast.REP, answer_id=uuid7(), method="letter", words="试过六次")
    assert step(ledger, plugins)["why_zh"] == "“信函”已请示主管；等答复期间保持联系。"
    ledger.perform("collection.decide_step", cast.MANAGER, answer_id=uuid7(), method="letter", yes=True, reason="可以")
    assert (step(ledger, plugins)["kind"], step(ledger, plugins)["method"]) == ("contact", "letter")
    ledger.perform("collection.decide_step", cast.MANAGER, answer_id=uuid7(), method="letter", yes=False, reason="再等")
    assert step(ledger, plugins)["kind"] == "manager"
    ledger.pay(1_00)  # money: the ladder begins anew
    assert step(ledger, plugins)["method"] == "email"


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
    promise(ledger, 1_00, -1)
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


def test_what_methods_brought_is_measured_and_the_newest_night_counts(ledger: Ledger, put: Put) -> None:
    ledger.invoice("A", 50_000_00, late=80)
    used(put, "phone", 40)
    used(put, "email", 30)
    ledger.pay(500_00, on=cast.TODAY - timedelta(days=28))
    store = ledger.dispatcher.store
    with store.writing() as connection:
        for night in (cast.TODAY - timedelta(days=1), cast.TODAY, cast.TODAY):
            note_effects(connection, night, "Asia/Shanghai", "CNY")
        kept = newest_effects(connection)
        assert kept == effects_now(connection, cast.TODAY, "Asia/Shanghai", "CNY")
    assert [(one.method, one.uses, one.worked, one.brought_minor) for one in kept] == [
        ("email", 1, 1, 500_00), ("phone", 1, 1, 0)]


def test_the_next_step_costs_seventeen_queries_for_one_and_for_many(
    ledger: Ledger, put: Put, plugins: Plugins, count_queries: Callable[[Any], Any]
) -> None:
    store = ledger.dispatcher.store
    fill(ledger, put)
    others = [put(Customer, code=f"X{n}", name="x", version=1, search_text="", created_at=cast.NOON, tier="A",
                  owner_id=cast.REP.user_id, overdue_minor=0, credit_grade="B") for n in range(3)]
    ledger.invoice("B", 5_00, late=3, customer_id=others[0])
    for ids in ([cast.HARBOUR], [cast.HARBOUR, *others]):
        counts = []
        for given in (plugins, None):
            with store.reading() as connection, count_queries(store.engine) as seen:
                dossiers(connection, ids, cast.TODAY, plugins=given)
            counts.append(len(seen))
        assert counts[0] - counts[1] == 17 == STEP_QUERIES
    for _ in range(2):
        with store.reading() as connection, count_queries(store.engine) as seen:
            today_list(connection, cast.REP, cast.TODAY, plugins=plugins)
        assert len(seen) == 23
        ledger.invoice(uuid7(), 7_00, late=5, customer_id=others[1])
