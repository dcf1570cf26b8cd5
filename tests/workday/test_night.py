"""The night run: what the date alone changes, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fieldsales.collection.models import Task
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.promises.models import Promise
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.models import Beat, Change
from fieldsales.web.here import Program
from fieldsales.workday.night import last_night, run_night
from fieldsales.worker import night_if_due
from tests import cast
from tests.receivables.conftest import Ledger

NOTHING: dict[str, int] = {}


def a_night(ledger: Ledger) -> dict[str, int]:
    """What a night did, without what it found nothing to do for."""
    return {name: count for name, count in run_night(ledger.dispatcher).items() if count and name != "cases"}


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def test_a_quiet_night_changes_nothing_and_leaves_its_mark(ledger: Ledger) -> None:
    ledger.invoice("A", 100_00, late=5)
    assert a_night(ledger) == NOTHING
    figures = run_night(ledger.dispatcher)
    assert ledger.rows(Beat, "name", "note") == [("night", " ".join(f"{key}=0" for key in figures))]
    with ledger.dispatcher.store.reading() as connection:
        assert last_night(connection) == cast.NOON


def test_a_promise_breaks_and_its_task_is_there_in_the_morning(ledger: Ledger, clock: FixedClock) -> None:
    ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=100, due_on=cast.TODAY)
    clock.at += timedelta(days=2)
    assert a_night(ledger) == NOTHING | {"promises": 1}
    assert ledger.rows(Promise, "state") == ["broken"]
    assert "promise_broken" in ledger.rows(Task, "kind")
    assert a_night(ledger) == NOTHING


def test_summaries_age_and_only_those_that_change_are_told_to_phones(ledger: Ledger, clock: FixedClock) -> None:
    ledger.invoice("A", 100_00, late=0)
    ledger.invoice("B", 100_00, late=300, customer_id=cast.RIVER)
    assert ledger.summary()["overdue_minor"] == 0
    clock.at += timedelta(days=1)
    with ledger.dispatcher.store.reading() as connection:
        before = connection.execute(select(Change.__table__.c.seq)).all()
    assert a_night(ledger) == NOTHING | {"summaries": 1, "rolled": 1}
    assert ledger.summary()["overdue_minor"] == 100_00
    assert len(ledger.rows(Change, "seq")) == len(before) + 1
    assert ledger.rows(CustomerMoney, "as_of") == [cast.TODAY, cast.TODAY + timedelta(days=1)]


def test_a_claim_is_called_out_at_twelve_and_six_months_once_each(ledger: Ledger, clock: FixedClock) -> None:
    ledger.invoice("A", 100_00, late=0)
    due = clock.at
    for days, made in ((700, 0), (731, 1), (800, 0), (915, 1)):
        clock.at = due + timedelta(days=days)
        assert a_night(ledger).get("limitation_alerts", 0) == made
        assert a_night(ledger) == NOTHING
    assert ledger.rows(Task, "source_id", kind="limitation") == ["2029-03-12 12", "2029-03-12 6"]


def test_the_worker_runs_the_night_once_a_calendar_day(program: Program, clock: FixedClock) -> None:
    assert night_if_due(program)
    clock.at += timedelta(hours=11, minutes=59)
    assert not night_if_due(program)
    clock.at += timedelta(minutes=1)  # midnight in Shanghai
    assert night_if_due(program)


def test_cash_kept_for_a_day_alerts_finance_once(ledger: Ledger, clock: FixedClock) -> None:
    receipt = uuid7()
    ledger.perform("receivables.register_receipt", cast.REP, receipt_id=receipt, number="SJ1", amount_minor=100,
                   method="cash", received_at=cast.NOON)
    clock.at += timedelta(hours=24)
    assert a_night(ledger) == NOTHING
    clock.at += timedelta(minutes=1)
    assert a_night(ledger) == NOTHING | {"cash_alerts": 1}
    assert ledger.rows(Task, "assignee_id", "source_id", kind="cash_late") == [(cast.FINANCE.user_id, receipt)]
    assert a_night(ledger) == NOTHING
    ledger.perform("receivables.hand_in_cash", cast.REP, receipt_id=receipt)
    assert ledger.rows(Task, "done_at", kind="cash_late") == [clock.at]
