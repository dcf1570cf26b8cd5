"""Money a rep was given breaks no promise while finance looks; what came before the word does not count for it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert

from fieldsales.collection.models import Task
from fieldsales.kernel.ids import uuid7
from fieldsales.plans import rules as plans
from fieldsales.promises.models import Promise
from fieldsales.promises.queries import load_books
from fieldsales.promises.rules import Promised, settle
from fieldsales.receivables.models import Payment, PaymentReceipt
from fieldsales.receivables.rules import MoneyIn
from fieldsales.store import Store
from fieldsales.store.base import table_of
from tests import cast
from tests.promises.conftest import promise, state
from tests.promises.conftest import settle as night
from tests.receivables.conftest import Ledger

MADE, DUE = date(2026, 11, 10), date(2026, 11, 20)
LATER, DAY = date(2026, 12, 31), timedelta(days=1)
OVER = 9  # days after which every grace is over
TEN = datetime.combine(MADE, time(10), UTC)
WORD = Promised("p", 100, "CNY", MADE, DUE, made_at=TEN, visit_id="v")


def given(minor: int, day: date = DUE) -> MoneyIn:
    return MoneyIn(minor, "CNY", day, taken_at=datetime.combine(day, time(11), UTC))


@pytest.mark.parametrize(("confirmed", "waiting", "as_of", "becomes"), [
    ([], [given(100)], LATER, "open"),
    ([], [given(40)], LATER, "open"),
    ([given(60)], [given(40)], LATER, "open"),
    ([given(100)], [given(100)], LATER, "kept"),
    ([], [given(100, DUE + DAY)], LATER, "broken"),  # given too late
    ([], [MoneyIn(100, "USD", DUE)], LATER, "broken"),
    ([given(60)], [], LATER, "partly"),
])
def test_what_waits_for_finance_lets_no_promise_be_called_broken(
        confirmed: list[MoneyIn], waiting: list[MoneyIn], as_of: date, becomes: str) -> None:
    (verdict,) = settle([WORD], confirmed, as_of, 0, waiting)
    assert (verdict.state, verdict.kept_minor) == (becomes, sum(one.amount_minor for one in confirmed))


@pytest.mark.parametrize(("taken_at", "visit", "due_on", "counts"), [
    (TEN - timedelta(minutes=5), None, DUE, False),  # here is 20,000, and the rest on Friday
    (TEN - timedelta(minutes=5), None, MADE, False),
    (TEN + timedelta(hours=3), None, DUE, True),
    (TEN + timedelta(minutes=5), "v", DUE, False),  # the same visit
    (TEN + timedelta(minutes=5), "v", MADE, True),  # promised for today, and there it is
    (None, None, DUE, True),  # from the bank: the day alone is known
])
def test_money_that_lay_on_the_table_when_the_word_was_given_does_not_count_for_it(
        taken_at: datetime | None, visit: str | None, due_on: date, counts: bool) -> None:
    word = Promised("p", 100, "CNY", MADE, due_on, made_at=TEN, visit_id="v")
    (verdict,) = settle([word], [MoneyIn(100, "CNY", MADE, taken_at=taken_at, visit_id=visit)], MADE)
    assert verdict.kept_minor == (100 if counts else 0)


@pytest.mark.parametrize(("confirmed", "waiting", "becomes"), [
    ([], [given(100)], "open"), ([given(30)], [], "partly"), ([], [given(100, DUE + DAY)], "broken"),
])
def test_an_instalment_waits_for_finance_as_well(confirmed: list[MoneyIn], waiting: list[MoneyIn], becomes: str
                                                 ) -> None:
    part = plans.Part("i", "plan", 1, DUE, 100, "CNY", MADE, "")
    assert plans.settle([part], confirmed, LATER, 0, waiting)[0].state == becomes


def register(ledger: Ledger, minor: int, at: datetime) -> str:
    receipt = uuid7()
    ledger.perform("receivables.register_receipt", cast.REP, receipt_id=receipt, number=f"SJ{minor}",
                   amount_minor=minor, method="cash", received_at=at)
    return receipt


def asked_after(ledger: Ledger) -> int:
    """Open tasks that say a promise was broken."""
    return len(ledger.rows(Task, "id", kind="promise_broken", done_at=None))


def test_cash_told_of_late_takes_a_broken_promise_back_and_finance_decides(ledger: Ledger) -> None:
    one = promise(ledger, days=0)
    night(ledger, OVER)
    assert (state(ledger, one), asked_after(ledger)) == (("broken", 0), 1)
    receipt = register(ledger, 100_00, cast.NOON)  # the phone had no network until now
    night(ledger, OVER)
    assert (state(ledger, one), asked_after(ledger)) == (("open", 0), 0)
    ledger.perform("receivables.reject_receipt", receipt_id=receipt, reason="没收到")
    night(ledger, OVER)
    assert state(ledger, one) == ("broken", 0)


def test_cash_confirmed_with_its_day_keeps_the_promise(ledger: Ledger) -> None:
    one = promise(ledger, days=0)
    receipt = register(ledger, 100_00, cast.NOON)
    night(ledger, OVER)
    assert state(ledger, one) == ("open", 0)
    ledger.perform("receivables.confirm_receipt", receipt_id=receipt, payment_id=uuid7(), received_on=cast.TODAY)
    assert state(ledger, one) == ("kept", 100_00)


def test_cash_of_the_morning_is_no_part_of_what_was_promised_after_it(ledger: Ledger) -> None:
    receipt = register(ledger, 40_00, cast.NOON - timedelta(hours=1))
    one = promise(ledger)
    ledger.perform("receivables.confirm_receipt", receipt_id=receipt, payment_id=uuid7(), received_on=cast.TODAY)
    assert state(ledger, one) == ("open", 0)


def test_the_book_holds_what_waits_and_when_it_was_given(any_store: Store) -> None:
    with any_store.writing() as connection:
        row = {"customer_id": cast.HARBOUR, "amount_minor": 100_00, "by_id": cast.REP.user_id, "made_at": cast.NOON,
               "made_on": cast.TODAY, "due_on": cast.TODAY, "received_at": cast.NOON, "words": "", "state": "open"}
        connection.execute(insert(table_of(Promise)), [{"id": cast.an_id(0x7A0), **row}])
        slip = {"customer_id": cast.HARBOUR, "method": "cash", "received_at": cast.NOON, "registered_at": cast.NOON,
                "collector_id": cast.REP.user_id}
        connection.execute(insert(table_of(PaymentReceipt)), [
            {"id": cast.an_id(0x7A1), "number": "1", "amount_minor": 5, "state": "pending", **slip},
            {"id": cast.an_id(0x7A2), "number": "2", "amount_minor": 6, "state": "confirmed", **slip},
            {"id": cast.an_id(0x7A3), "number": "3", "amount_minor": 7, "state": "rejected", **slip}])
        connection.execute(insert(table_of(Payment)), [
            {"id": cast.an_id(0x7A4), "customer_id": cast.HARBOUR, "amount_minor": 6, "unapplied_minor": 0,
             "received_on": cast.TODAY, "posted_at": cast.NOON, "receipt_id": cast.an_id(0x7A2)}])
    with any_store.reading() as connection:
        book = load_books(connection, [cast.HARBOUR])[cast.HARBOUR]
    assert [(one.amount_minor, one.taken_at) for one in book.money] == [(6, cast.NOON)]
    assert {key: (one.amount_minor, one.received_on) for key, one in book.waiting.items()} == {
        cast.an_id(0x7A1): (5, cast.TODAY)}
    assert book.promises[0].made_at == cast.NOON
