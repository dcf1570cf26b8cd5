"""Set-offs of returns and rebates: asked, approved within limits by somebody else, closed by a credit note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from fieldsales.audit.evidence import states_follow_events
from fieldsales.collection.models import Task
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken, TradeError
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.moneymodels import SetOff, SetOffStep
from fieldsales.receivables.setoffrules import WINDOW, SetOffFact, check_decision, lately, may_approve
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

LIMIT = 5_000_00


@pytest.fixture
def ledger(program: Program) -> Ledger:
    return Ledger(program.dispatcher)


def ask(ledger: Ledger, minor: int = 300_00, who: Any = cast.REP, **more: Any) -> str:
    asked = uuid7()
    ledger.perform("receivables.request_set_off", who, set_off_id=asked, kind="rebate", amount_minor=minor,
                   words="去年返利", **more)
    return asked


def decide(ledger: Ledger, asked: str, minor: int = 300_00, who: Any = cast.MANAGER, approve: bool = True) -> None:
    ledger.perform("receivables.decide_set_off", who, step_id=uuid7(), set_off_id=asked, approve=approve,
                   amount_minor=minor if approve else 0, reason="合同第六条")


@pytest.mark.parametrize(("who", "minor", "may"), [
    (cast.MANAGER, LIMIT, True), (cast.MANAGER, LIMIT + 1, False), (cast.FINANCE, 10**9, True), (cast.ADMIN, 1, True),
    (cast.REP, 1, False), (cast.LEGAL, 1, False),
])  # fmt: skip
def test_limits_of_approval(who: Any, minor: int, may: bool) -> None:
    assert may_approve(who, minor, LIMIT) is may


@pytest.mark.parametrize(("state", "who", "approve", "minor", "wrong"), [
    ("asked", cast.MANAGER, True, 300_00, None), ("asked", cast.MANAGER, False, 0, None),
    ("approved", cast.MANAGER, True, 300_00, RuleBroken), ("asked", cast.REP, True, 300_00, NotAllowed),
    ("asked", cast.MANAGER, True, 300_01, Invalid), ("asked", cast.MANAGER, True, 0, Invalid),
])  # fmt: skip
def test_a_decision_is_checked(state: str, who: Any, approve: bool, minor: int, wrong: type[TradeError] | None) -> None:
    request = SetOffFact("s", cast.HARBOUR, "rebate", 300_00, "CNY", state, cast.REP.user_id)
    if wrong is None:
        check_decision(who, request, approve, minor, LIMIT)
        return
    with pytest.raises(wrong):
        check_decision(who, request, approve, minor, LIMIT)


def test_a_manager_does_not_approve_what_he_asked_for_himself() -> None:
    request = SetOffFact("s", cast.HARBOUR, "rebate", 300_00, "CNY", "asked", cast.MANAGER.user_id)
    with pytest.raises(NotAllowed):
        check_decision(cast.MANAGER, request, True, 300_00, LIMIT)


def test_asked_approved_credited_and_no_balance_moves_before_the_credit_note(ledger: Ledger) -> None:
    ledger.invoice("A", 1_000_00, late=10)
    asked = ask(ledger)
    assert ledger.rows(Task, "assignee_id", kind="decide_set_off") == [cast.MANAGER.user_id]
    decide(ledger, asked, 250_00)
    assert ledger.rows(Task, "done_at", kind="decide_set_off") != [None]
    assert ledger.summary()["open_minor"] == 1_000_00
    ledger.invoice("HZ-1", -250_00)
    ledger.perform("receivables.credit_set_off", cast.FINANCE, step_id=uuid7(), set_off_id=asked, number="HZ-1")
    assert ledger.rows(SetOff, "state") == ["credited"]
    assert ledger.summary()["open_minor"] == 750_00
    assert ledger.rows(SetOffStep, "kind", "amount_minor") == [("approved", 250_00), ("credited", 250_00)]
    with pytest.raises(RuleBroken):
        decide(ledger, asked)


def test_above_the_managers_limit_finance_is_asked(ledger: Ledger) -> None:
    asked = ask(ledger, LIMIT + 1)
    assert ledger.rows(Task, "assignee_id", kind="decide_set_off") == [cast.FINANCE.user_id]
    with pytest.raises(NotAllowed):
        decide(ledger, asked, LIMIT + 1)
    decide(ledger, asked, LIMIT + 1, cast.FINANCE)


def test_a_large_sum_is_not_passed_in_slices(ledger: Ledger) -> None:
    """What managers approved for a customer within thirty days counts together; finance's approvals do not."""
    large = ask(ledger, LIMIT)
    decide(ledger, large, LIMIT, cast.FINANCE)
    slices = [ask(ledger, LIMIT // 2), ask(ledger, LIMIT // 2), ask(ledger, 1)]
    decide(ledger, slices[0], LIMIT // 2)
    decide(ledger, slices[1], LIMIT // 2)
    with pytest.raises(NotAllowed, match=r"set_offs\.limit"):
        decide(ledger, slices[2], 1)
    told = ask(ledger, 2)
    assert ledger.rows(Task, "assignee_id", source_id=told) == [cast.FINANCE.user_id]
    decide(ledger, slices[2], 1, cast.FINANCE)
    decide(ledger, told, approve=False)


def test_only_approvals_within_thirty_days_count() -> None:
    approved = [("CNY", cast.NOON - WINDOW, 7), ("CNY", cast.NOON - WINDOW + timedelta(seconds=1), 20),
                ("CNY", cast.NOON, 100), ("USD", cast.NOON, 1000)]
    assert lately(approved, "CNY", cast.NOON) == 120


@pytest.mark.parametrize(("number", "total"), [("NONE", 0), ("A", 0), ("HZ-2", -300_01), ("HZ-1", -100_00)])
def test_only_a_credit_note_of_the_customer_not_too_large_and_not_used_closes_it(
    ledger: Ledger, number: str, total: int
) -> None:
    ledger.invoice("A", 1_000_00, late=10)
    first, second = ask(ledger), ask(ledger)
    decide(ledger, first)
    decide(ledger, second)
    ledger.invoice("HZ-1", -100_00)
    if total and number != "HZ-1":
        ledger.invoice(number, total)
    credit = {"step_id": uuid7(), "set_off_id": first, "number": "HZ-1"}
    ledger.perform("receivables.credit_set_off", cast.FINANCE, **credit)
    with pytest.raises((Invalid, RuleBroken)):
        ledger.perform("receivables.credit_set_off", cast.FINANCE, step_id=uuid7(), set_off_id=second, number=number)
    assert sorted(ledger.rows(SetOff, "state")) == ["approved", "credited"]


def test_a_granted_dispute_about_a_rebate_becomes_a_request_for_finance(ledger: Ledger) -> None:
    dispute = uuid7()
    ledger.perform("disputes.open_dispute", cast.REP, dispute_id=dispute, kind="rebate", amount_minor=30_00,
                   words="返利")
    ledger.perform("disputes.decide_dispute", cast.MANAGER, dispute_id=dispute, decision="granted")
    assert ledger.rows(SetOff, "kind", "amount_minor", "source_id") == [("rebate", 30_00, dispute)]
    [asked] = ledger.rows(SetOff, "id")
    with pytest.raises(NotAllowed):
        decide(ledger, asked, 30_00)  # the manager who granted it has asked for it
    decide(ledger, asked, 30_00, cast.FINANCE)


def test_a_stranger_asks_and_decides_nothing(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ask(ledger, who=cast.OTHER_REP)
    asked = ask(ledger)
    with pytest.raises(NotFound):
        decide(ledger, asked, who=cast.OTHER_MANAGER)


def test_page_approves_denies_and_closes(ledger: Ledger, log_in: Callable[[str], FlaskClient], count_queries: Any,
                                         program: Program) -> None:
    asked, other = ask(ledger), ask(ledger, 100_00)
    client = log_in("manager")
    with count_queries(program.store.engine) as first:
        assert "去年返利" in client.get("/set-offs").get_data(as_text=True)
    path = f"/customers/{cast.HARBOUR}/set-offs"
    client.post(f"{path}/{asked}/decide", data={"command_id": uuid7(), "approve": "1", "amount": "200",
                                                "reason": "已核对"})
    client.post(f"{path}/{other}/decide", data={"command_id": uuid7(), "approve": "0", "reason": "没有约定"})
    ledger.invoice("HZ-9", -200_00)
    ask(ledger)
    with count_queries(program.store.engine) as second:
        assert "已核对" in client.get("/set-offs").get_data(as_text=True)
    assert len(first) == len(second)
    assert "没有约定" in client.get("/set-offs?show=ended").get_data(as_text=True)
    log_in("finance").post(f"{path}/{asked}/credit", data={"command_id": uuid7(), "number": "HZ-9"})
    assert "HZ-9" in client.get("/set-offs?show=ended").get_data(as_text=True)
    assert "去年返利" not in log_in("other_manager").get("/set-offs").get_data(as_text=True)


def test_audit_finds_a_request_that_does_not_stand_where_its_steps_put_it(ledger: Ledger) -> None:
    asked = ask(ledger)
    decide(ledger, asked)
    table = table_of(SetOff)
    store = ledger.dispatcher.store
    with store.reading() as connection:
        assert states_follow_events(connection).holds
    with store.writing() as connection:
        connection.execute(update(table).where(table.c.id == asked).values(state="credited"))
    with store.reading() as connection:
        assert states_follow_events(connection).breaches == (asked,)
