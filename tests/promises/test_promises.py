"""Promises on record, measured against confirmed money, with every reaction in place."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from fieldsales.collection.models import Task
from fieldsales.config import as_set
from fieldsales.documents.models import Attachment
from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Envelope
from fieldsales.promises.models import Promise, PromiseOutcome
from fieldsales.promises.queries import due_for_settling
from fieldsales.receivables.models import Interruption
from fieldsales.store.base import table_of
from tests import cast
from tests.promises.conftest import promise, settle, state
from tests.receivables.conftest import Ledger


def test_confirmed_money_keeps_a_promise_the_moment_it_is_posted(ledger: Ledger) -> None:
    one = promise(ledger)
    ledger.pay(40_00)
    assert state(ledger, one) == ("open", 40_00)
    ledger.pay(60_00)
    assert state(ledger, one) == ("kept", 100_00)


def test_a_registered_receipt_keeps_no_promise_until_finance_confirms(ledger: Ledger) -> None:
    one, receipt = promise(ledger), uuid7()
    ledger.perform("receivables.register_receipt", cast.REP, receipt_id=receipt, number="SJ1", amount_minor=100_00,
                   method="cash", received_at=cast.NOON)
    assert state(ledger, one) == ("open", 0)
    ledger.perform("receivables.confirm_receipt", receipt_id=receipt, payment_id=uuid7(), received_on=cast.TODAY)
    assert state(ledger, one) == ("kept", 100_00)


def test_a_reversed_payment_takes_its_kept_promise_back(ledger: Ledger) -> None:
    one = promise(ledger)
    payment = ledger.pay(100_00)
    ledger.perform("receivables.reverse_payment", reversal_id=uuid7(), payment_id=payment, reason="退票")
    assert state(ledger, one) == ("open", 0)
    assert ledger.rows(PromiseOutcome, "state") == ["kept", "open"]


def test_a_promise_breaks_when_its_day_and_grace_are_over(ledger: Ledger) -> None:
    one = promise(ledger, days=0)
    settle(ledger, as_set().promise_grace_days)
    assert state(ledger, one) == ("open", 0)
    settle(ledger, as_set().promise_grace_days + 1)
    assert state(ledger, one) == ("broken", 0)


def test_some_money_makes_it_partly_kept(ledger: Ledger) -> None:
    one = promise(ledger, days=0)
    ledger.pay(40_00)
    settle(ledger, 9)
    assert state(ledger, one) == ("partly", 40_00)


def test_two_payments_of_one_batch_are_both_seen(ledger: Ledger) -> None:
    one = promise(ledger)
    payments = [{"payment_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": 50_00, "received_on": cast.TODAY}
                for _ in range(2)]
    ledger.dispatcher.perform(cast.FINANCE, "receivables.record_payments", {"payments": payments})
    assert state(ledger, one) == ("kept", 100_00)


def test_a_promise_and_its_payment_in_one_batch(ledger: Ledger) -> None:
    one = uuid7()
    answers = ledger.dispatcher.perform_batch(cast.FINANCE, [
        Envelope(uuid7(), "promises.make_promise", {"promise_id": one, "customer_id": cast.HARBOUR,
                                                    "amount_minor": 5, "due_on": cast.TODAY.isoformat()}),
        Envelope(uuid7(), "receivables.record_payments", {"payments": [
            {"payment_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": 5,
             "received_on": cast.TODAY.isoformat()}]}),
    ])
    assert [answer.status for answer in answers] == ["applied", "applied"]
    assert state(ledger, one) == ("kept", 5)


def test_a_new_promise_replaces_the_one_it_names(ledger: Ledger) -> None:
    old = promise(ledger)
    new = promise(ledger, 80_00, 9, supersedes=[old])
    ledger.pay(80_00)
    assert state(ledger, old) == ("superseded", 0)
    assert state(ledger, new) == ("kept", 80_00)


def test_a_promise_of_another_customer_is_not_replaced(ledger: Ledger) -> None:
    with pytest.raises(RuleBroken, match="not_theirs"):
        promise(ledger, supersedes=[uuid7()])
    assert ledger.rows(Promise, "id") == []


def test_a_signed_plan_replaces_the_debtors_open_promises(ledger: Ledger) -> None:
    theirs = promise(ledger, debtor_id=cast.HARBOUR_DEBTOR)
    other = promise(ledger, debtor_id=cast.HARBOUR_OWNER_AS_PERSON)
    ledger.perform("promises.supersede_promises", SYSTEM, debtor_id=cast.HARBOUR_DEBTOR, on=cast.TODAY)
    assert (state(ledger, theirs)[0], state(ledger, other)[0]) == ("superseded", "open")


@pytest.mark.parametrize("operation", ["promises.settle_promises", "promises.supersede_promises"])
def test_only_the_program_settles(ledger: Ledger, operation: str) -> None:
    when = {"as_of": cast.TODAY} if "settle" in operation else {"on": cast.TODAY}
    with pytest.raises(NotAllowed):
        ledger.perform(operation, cast.MANAGER, **when)


def test_a_promise_for_a_customer_out_of_sight_is_refused(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ledger.perform("promises.make_promise", cast.OTHER_REP, promise_id=uuid7(), amount_minor=1, due_on=cast.TODAY)


def test_the_replys_screenshot_is_kept_as_proof(ledger: Ledger) -> None:
    one = promise(ledger, proof_sha256=["ab" * 32])
    with ledger.dispatcher.store.reading() as connection:
        kept = connection.execute(select(table_of(Attachment))).one()
    assert (kept.subject_kind, kept.subject_id, kept.slot) == ("promise", one, "reply")


def test_a_promise_restarts_the_period_of_its_own_debtor_and_never_on_a_day_to_come(ledger: Ledger) -> None:
    ahead = Envelope(uuid7(), "promises.make_promise", {
        "promise_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": 1, "due_on": cast.TODAY.isoformat(),
        "debtor_id": cast.HARBOUR_DEBTOR}, made_at=cast.NOON + timedelta(days=900))
    assert ledger.dispatcher.perform_batch(cast.REP, [ahead])[0].status == "applied"
    assert ledger.rows(Interruption, "ground", "debtor_id", "occurred_on") == [
        ("agreement", cast.HARBOUR_DEBTOR, cast.TODAY)]


def test_a_payment_is_an_interruption_of_its_day(ledger: Ledger) -> None:
    ledger.pay(1, on=cast.TODAY - timedelta(days=3))
    assert ledger.rows(Interruption, "ground", "grade", "occurred_on") == [
        ("part_payment", "B", cast.TODAY - timedelta(days=3))]


def test_the_night_asks_for_customers_whose_promise_has_passed(ledger: Ledger) -> None:
    promise(ledger, days=0)
    with ledger.dispatcher.store.reading() as connection:
        due = [due_for_settling(connection, cast.TODAY + timedelta(days=days)) for days in (0, 1, 2)]
    assert due == [[], [], [cast.HARBOUR]]


def test_a_settled_promise_leaves_no_task_behind(ledger: Ledger) -> None:
    one = promise(ledger, days=0)
    settle(ledger, 5)
    assert ledger.rows(Task, "kind", "done_at") == [("promise_broken", None), ("promise_due", cast.NOON)]
    ledger.pay(100_00)
    assert state(ledger, one)[0] == "kept"
    assert ledger.rows(Task, "done_at") == [cast.NOON, cast.NOON]
