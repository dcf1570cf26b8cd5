"""Targets set, split, proposed and decided; plans with steps; measures and support: through the dispatcher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from fieldsales.collection.models import Task
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import Scope, scope_of
from fieldsales.targets import month as months
from fieldsales.targets.dossier import QUERIES, read_targets
from fieldsales.targets.models import Target, TargetVersion
from fieldsales.targets.month import customer_lines, read_month
from fieldsales.web.here import Program
from fieldsales.workday.queries import me_doc
from tests import cast
from tests.receivables.conftest import Ledger

MONTH = date(2026, 3, 1)
ALL = Scope("all", "", None)
WAN = 10_000_00


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def target(ledger: Ledger, actor: Actor, level: str, subject: str, arrears: int, cash: int, **more: Any) -> None:
    ledger.dispatcher.perform(actor, "targets.set_target", {
        "month": MONTH, "level": level, "subject_id": subject, "arrears_minor": arrears, "cash_minor": cash, **more})


def split(ledger: Ledger, actor: Actor, level: str, subject: str = "") -> dict[str, Any]:
    return ledger.dispatcher.perform(actor, "targets.split_target",
                                     {"month": MONTH, "level": level, "subject_id": subject})


def propose(ledger: Ledger, actor: Actor, arrears: int, cash: int, **more: Any) -> None:
    ledger.perform("targets.propose_target", actor, month=MONTH, arrears_minor=arrears, cash_minor=cash, **more)


def heads(ledger: Ledger) -> dict[tuple[str, str], tuple[int, int]]:
    rows = ledger.rows(Target, "level", "subject_id", "arrears_minor", "cash_minor")
    return {(level, subject): (arrears, cash) for level, subject, arrears, cash in rows}


def doc(program: Program, customer_id: str = cast.HARBOUR) -> dict[str, Any]:
    with program.store.reading() as connection:
        return read_targets(connection, [customer_id], program.today)[customer_id]


# -- setting and splitting ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "level", "subject", "error"),
    [
        (cast.REP, "rep", cast.REP.user_id, NotAllowed), (cast.FINANCE, "company", "", NotAllowed),
        (cast.MANAGER, "company", "", NotAllowed), (cast.OTHER_MANAGER, "team", cast.TEAM, NotFound),
        (cast.OTHER_MANAGER, "rep", cast.REP.user_id, NotFound),
        (cast.ADMIN, "rep", "019c0000-0000-7000-8000-00000000dead", NotFound),
        (cast.ADMIN, "company", cast.TEAM, Invalid),
    ],
)
def test_only_who_leads_sets_a_target(
    ledger: Ledger, actor: Actor, level: str, subject: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        target(ledger, actor, level, subject, 0, 10)
    assert heads(ledger) == {}


def test_a_changed_target_needs_its_reason_and_every_version_is_kept(ledger: Ledger, clock: FixedClock) -> None:
    target(ledger, cast.MANAGER, "team", cast.TEAM, 5, 10)
    with pytest.raises(Invalid, match="reason"):
        target(ledger, cast.MANAGER, "team", cast.TEAM, 5, 8)
    clock.at = cast.NOON + timedelta(days=15)
    target(ledger, cast.MANAGER, "team", cast.TEAM, 5, 8, reason="两家客户停业")
    assert heads(ledger) == {("team", cast.TEAM): (5, 8)}
    kept = ledger.rows(TargetVersion, "version", "cash_minor", "reason", "late_discount")
    assert kept == [(1, 10, "", False), (2, 8, "两家客户停业", True)]


def test_one_tap_splits_the_company_to_every_customer_and_each_level_adds_up(ledger: Ledger) -> None:
    ledger.invoice("A", 60_000_00, late=5)
    ledger.invoice("B", 20_000_00, late=5, customer_id=cast.RIVER)
    ledger.invoice("C", 90_000_00, late=-40)  # not due this month: no arrears
    target(ledger, cast.ADMIN, "company", "", 40_000_00, 80_000_00)
    assert split(ledger, cast.ADMIN, "company") == {"customers": 2, "unplaced_minor": 0}
    found = heads(ledger)
    assert found["customer", cast.HARBOUR][0] == 30_000_00
    assert found["customer", cast.RIVER][0] == 10_000_00
    for level in ("team", "rep", "customer"):
        assert [sum(parts) for parts in zip(*(v for (at, _), v in found.items() if at == level), strict=True)] == [
            40_000_00, 80_000_00]
    before = len(ledger.rows(TargetVersion, "id"))
    split(ledger, cast.ADMIN, "company")  # again: nothing changes, nothing is written
    assert len(ledger.rows(TargetVersion, "id")) == before


def test_what_nobody_owes_is_told_and_an_empty_target_is_not_split(ledger: Ledger) -> None:
    with pytest.raises(RuleBroken, match="nothing_to_split"):
        split(ledger, cast.MANAGER, "team", cast.TEAM)
    target(ledger, cast.MANAGER, "rep", cast.REP.user_id, 10_00, 10_00)
    with pytest.raises(RuleBroken, match="nobody"):
        split(ledger, cast.MANAGER, "rep", cast.REP.user_id)
    ledger.invoice("A", 4_00, late=5)
    assert split(ledger, cast.MANAGER, "rep", cast.REP.user_id)["unplaced_minor"] == 6_00
    assert heads(ledger)["customer", cast.HARBOUR] == (4_00, 10_00)


# -- a customer's numbers ----------------------------------------------------------------------------


def test_a_reps_numbers_wait_for_the_manager(ledger: Ledger, program: Program) -> None:
    ledger.invoice("A", 20_00, late=5)
    propose(ledger, cast.MANAGER, 10_00, 10_00)
    propose(ledger, cast.REP, 5_00, 30_00, reason="要进新货，预付")
    [month] = doc(program)["months"]
    assert (month["cash_minor"], month["proposed_cash_minor"]) == (10_00, 30_00)
    told = ledger.rows(Task, "assignee_id", "outcome", kind="target_proposed")
    assert told == [(cast.MANAGER.user_id, "")]
    with pytest.raises(NotAllowed):
        ledger.perform("targets.decide_target", cast.REP, month=MONTH, approve=True)
    ledger.perform("targets.decide_target", cast.MANAGER, month=MONTH, approve=True)
    assert heads(ledger)["customer", cast.HARBOUR] == (5_00, 30_00)
    assert ledger.rows(Task, "outcome", kind="target_proposed") == ["done"]
    with pytest.raises(RuleBroken, match="nothing_proposed"):
        ledger.perform("targets.decide_target", cast.MANAGER, month=MONTH, approve=True)


def test_declined_numbers_leave_the_old_ones(ledger: Ledger) -> None:
    propose(ledger, cast.MANAGER, 0, 10_00)
    propose(ledger, cast.REP, 0, 1_00, reason="太难")
    ledger.perform("targets.decide_target", cast.MANAGER, month=MONTH, approve=False, reason="先去谈")
    assert heads(ledger)["customer", cast.HARBOUR] == (0, 10_00)
    assert [state for _, state in ledger.rows(TargetVersion, "version", "state")] == ["set", "proposed", "declined"]


def test_arrears_above_the_balance_are_refused_cash_is_not(ledger: Ledger) -> None:
    ledger.invoice("A", 20_00, late=5)
    with pytest.raises(RuleBroken, match="above_balance"):
        propose(ledger, cast.REP, 20_01, 30_00)
    ledger.pay(5_00)  # what was cleared this month still counts for the month's claim
    propose(ledger, cast.REP, 20_00, 500_00)


# -- where one stands --------------------------------------------------------------------------------


def test_thirty_against_a_sure_twenty_leaves_ten(ledger: Ledger, program: Program) -> None:
    """The seeds' example, live: what has come counts whole, a promise by its probability."""
    ledger.invoice("A", 40 * WAN, late=20)
    propose(ledger, cast.MANAGER, 30 * WAN, 30 * WAN)
    ledger.perform("targets.write_plan", cast.REP, month=MONTH, theirs_minor=20 * WAN)
    ledger.pay(20 * WAN)
    [month] = doc(program)["months"]
    assert (month["theirs_minor"], month["gap_minor"], month["cleared_minor"]) == (20 * WAN, 10 * WAN, 20 * WAN)


def test_a_weak_promise_counts_once_it_is_helped(ledger: Ledger, program: Program) -> None:
    promise = uuid7()
    ledger.perform("promises.make_promise", cast.REP, promise_id=promise, amount_minor=10_00, words="再说吧",
                   due_on=cast.TODAY + timedelta(days=5))
    propose(ledger, cast.MANAGER, 0, 20_00)
    [month] = doc(program)["months"]
    assert (month["open_minor"], month["weighted_minor"], month["held_back_minor"]) == (10_00, 0, 10_00)
    assert month["gap_minor"] == 20_00
    with pytest.raises(RuleBroken, match="not_theirs"):
        ledger.dispatcher.perform(cast.ADMIN, "targets.support_promise", {
            "support_id": uuid7(), "customer_id": cast.RIVER, "promise_id": promise, "text": "x",
            "due_on": cast.TODAY})
    support = uuid7()
    ledger.perform("targets.support_promise", cast.REP, support_id=support, promise_id=promise, text="帮他做促销",
                   due_on=cast.TODAY + timedelta(days=2))
    [month] = doc(program)["months"]
    assert 0 < month["weighted_minor"] < 10_00
    assert month["gap_minor"] == 20_00 - month["weighted_minor"]
    ledger.perform("targets.finish_support", cast.REP, support_id=support)
    assert doc(program)["months"][0]["promised"][0]["support"][0]["done_on"] == "2026-03-12"
    assert ledger.rows(Task, "outcome", kind="support") == ["done"]


def test_arrears_and_cash_are_two_numbers(ledger: Ledger, program: Program) -> None:
    """A prepayment, or money for what is due later, is cash and clears no arrears; a reversed payment is neither."""
    ledger.invoice("A", 10_00, late=5)
    ledger.invoice("B", 10_00, late=-60)
    ledger.pay(4_00, "A")
    ledger.pay(7_00, "B")
    back = ledger.pay(2_00, "A")
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=back, reason="退票")
    with program.store.reading() as connection:
        found = read_month(connection, scope_of(cast.MANAGER), MONTH, cast.TODAY, "CNY")
    standing = found.standing("rep", cast.REP.user_id)
    assert (standing.cleared_minor, standing.received_minor) == (4_00, 11_00)
    assert found.standing("company").received_minor == 11_00
    assert found.standing("team", cast.OTHER_TEAM).received_minor == 0


@pytest.mark.parametrize(
    ("actor", "received"),
    [(cast.REP, 5_00), (cast.MANAGER, 5_00), (cast.ADMIN, 12_00), (cast.OTHER_REP, 7_00), (cast.OTHER_MANAGER, 7_00)],
)
def test_everybody_sees_his_own_month(ledger: Ledger, program: Program, actor: Actor, received: int) -> None:
    ledger.pay(5_00)
    ledger.pay(7_00, customer_id=cast.RIVER)
    with program.store.reading() as connection:
        found = read_month(connection, scope_of(actor), MONTH, cast.TODAY, "CNY")
    assert found.standing("company").received_minor == received
    assert sum(found.received.values()) == received


def test_a_phone_carries_its_reps_own_month(ledger: Ledger, program: Program) -> None:
    target(ledger, cast.MANAGER, "rep", cast.REP.user_id, 5_00, 30_00)
    ledger.invoice("A", 20_00, late=5)
    ledger.pay(20_00)
    back = ledger.pay(3_00, customer_id=cast.HARBOUR)
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=back, reason="退票")
    with program.store.reading() as connection:
        mine, others = (me_doc(connection, who, cast.TODAY, cast.NOON) for who in (cast.REP, cast.OTHER_REP))
    assert mine["targets"]["gap_minor"] == 10_00
    assert (mine["target_minor"], mine["received_month_minor"], mine["targets"]["cleared_minor"]) == (
        30_00, 20_00, 20_00)
    assert (others["target_minor"], others["received_month_minor"]) == (None, 0)


# -- how many questions ------------------------------------------------------------------------------


@pytest.mark.parametrize("customers", [1, 3])
def test_the_month_costs_the_same_for_one_customer_and_for_three(
    ledger: Ledger, program: Program, count_queries: Callable[[Any], Any], customers: int
) -> None:
    ids = [cast.HARBOUR, cast.RIVER][:customers]
    for customer in ids:
        ledger.invoice(f"A{customer[-2:]}", 10_00, late=5, customer_id=customer)
        ledger.pay(3_00, customer_id=customer)
        ledger.dispatcher.perform(cast.ADMIN, "promises.make_promise", {
            "promise_id": uuid7(), "customer_id": customer, "amount_minor": 5, "due_on": cast.TODAY})
    with program.store.reading() as connection, count_queries(program.store.engine) as seen:
        read_targets(connection, ids, cast.TODAY)
    assert len(seen) == QUERIES == 19
    with program.store.reading() as connection, count_queries(program.store.engine) as seen:
        found = read_month(connection, ALL, MONTH, cast.TODAY, "CNY")
    assert len(seen) == months.QUERIES == 10
    with program.store.reading() as connection, count_queries(program.store.engine) as seen:
        assert len(customer_lines(connection, ALL, MONTH, "CNY", cast.REP.user_id, found)) == 1
    assert len(seen) == 2
