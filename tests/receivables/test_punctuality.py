"""How late customers usually pay, and how likely a debt is paid by a day: cases, properties, the real ledger."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.handbook.views import FOLDER
from fieldsales.receivables.habits import newest_spread, note_spread, settled_debts
from fieldsales.receivables.models import PaymentSpread
from fieldsales.receivables.punctuality import (
    LEAST,
    Habit,
    Settled,
    Spread,
    habit_of,
    late,
    paid_within,
    spread_of,
    unpaid_after,
)
from fieldsales.workday.outlook import read_outlook
from tests import cast
from tests.receivables import replay
from tests.receivables.conftest import Ledger

TODAY = cast.TODAY


def settled(*delays: int, ago: int = 0) -> list[Settled]:
    paid_on = TODAY - timedelta(days=ago)
    return [Settled(paid_on - timedelta(days=delay), paid_on) for delay in delays]


@pytest.mark.parametrize(("delays", "house", "usual"), [
    ((), 4.0, 4.0),  # nobody knows him: as the house
    ((10,), 0.0, 5.0),  # one bill weighs as much as the house
    ((10, 10, 10), 2.0, 8.0),
    ((-5, 5), 0.0, 0.0),
])
def test_usual_delay_is_drawn_to_the_house(delays: tuple[int, ...], house: float, usual: float) -> None:
    found = habit_of(settled(*delays), house, TODAY)
    assert (round(found.usual_days, 6), found.settled) == (usual, len(delays))


def test_what_was_paid_a_year_ago_counts_half() -> None:
    mixed = [*settled(0, ago=365), *settled(12)]
    assert habit_of(mixed, 0.0, TODAY).usual_days == pytest.approx(12 / 2.5)


def test_too_few_debts_give_no_spread() -> None:
    assert spread_of({"a": settled(*range(LEAST - 1))}, TODAY) is None
    assert spread_of({"a": settled(*range(LEAST))}, TODAY) is not None


def test_three_debtors_three_probabilities() -> None:
    delays = {"early": [-6, -4, -5], "wavering": [-6, 6, 0], "late": [9, 11, 10]}
    book = {name: settled(*some * 6) for name, some in delays.items()}
    spread = spread_of(book, TODAY)
    assert spread is not None
    chances = {name: late(habit_of(debts, spread.usual_days, TODAY), spread, -30) for name, debts in book.items()}
    assert chances["early"] < 0.2 < chances["wavering"] < 0.7 < chances["late"]
    slow = habit_of(book["late"], spread.usual_days, TODAY)
    assert paid_within(slow, spread, 5, 14) > 0.8 > 0.2 > paid_within(slow, spread, -5, 5)


DELAYS = st.lists(st.integers(-60, 400), min_size=LEAST, max_size=60)


@given(DELAYS, st.floats(-60, 200), st.integers(-60, 300), st.integers(0, 200), st.integers(0, 200))
def test_probability_lies_in_0_1_and_more_days_never_leave_more_unpaid(
    delays: list[int], usual: float, now: int, sooner: int, more: int
) -> None:
    spread = spread_of({str(n % 7): settled(*delays[n % 7::7]) for n in range(7)}, TODAY)
    assert isinstance(spread, Spread)
    habit = Habit(usual, 5)
    first, then = (unpaid_after(habit, spread, now + days, now) for days in (sooner, sooner + more))
    assert 0.0 <= then <= first <= 1.0
    worse = Habit(usual + 1, 5)
    assert late(habit, spread, -400) <= late(worse, spread, -400)


def test_books_give_settled_debts_without_credits_and_reversals(ledger: Ledger) -> None:
    ledger.invoice("paid late", 100_00, late=20)
    ledger.invoice("paid by a credit note", 50_00, late=18)
    ledger.invoice("paid, and the payment taken back", 70_00, late=10)
    ledger.invoice("open", 30_00, late=5)
    ledger.pay(60_00, "paid late", on=TODAY - timedelta(days=19))
    ledger.pay(40_00, "paid late", on=TODAY - timedelta(days=8))
    ledger.invoice("credit", -50_00, late=0)
    gone = ledger.pay(70_00, "paid, and the payment taken back")
    ledger.perform("receivables.reverse_payment", payment_id=gone, reversal_id="019c0000-0000-7000-8000-0000000000aa",
                   reason="bounced")
    with ledger.dispatcher.store.reading() as connection:
        found = settled_debts(connection, TODAY)
        assert settled_debts(connection, TODAY, ["nobody"]) == {}
        assert settled_debts(connection, TODAY + timedelta(days=2000)) == {}
    assert found == {cast.HARBOUR: [Settled(TODAY - timedelta(days=20), TODAY - timedelta(days=8))]}


def test_night_leaves_the_spread_and_the_dossier_says_what_it_means(ledger: Ledger) -> None:
    with ledger.dispatcher.store.reading() as connection:
        assert read_outlook(connection, [cast.HARBOUR], TODAY) == {}
    for n in range(LEAST):
        ledger.invoice(f"P{n}", 100, late=60)
        ledger.pay(100, f"P{n}", on=TODAY - timedelta(days=54))
    open_id = ledger.invoice("O", 900_000, late=3)
    for _ in range(2):  # the second night takes the place of the first
        with ledger.dispatcher.store.writing() as connection:
            note_spread(connection, TODAY)
    assert len(ledger.rows(PaymentSpread, "as_of")) == 1
    with ledger.dispatcher.store.reading() as connection:
        spread = newest_spread(connection)
        (found,) = read_outlook(connection, [cast.HARBOUR, "nobody"], TODAY).values()
    assert spread is not None
    assert (spread.settled, round(spread.usual_days, 1)) == (LEAST, 6.0)
    assert (found["usual_days"], found["settled"], found["late"]) == (6, LEAST, {open_id: 100})
    assert 800_000 < found["coming_minor"] <= 900_000
    coming = found["coming_minor"] // 100
    assert found["text_zh"] == f"通常到期后 6 天付款（已付 30 笔）；按以往，30 天内大约可收 ¥{coming:,}。"


needs_ledger = pytest.mark.skipif(not replay.LEDGER.exists(), reason="the real ledger is not on this machine")


@needs_ledger
def test_replay_knows_nothing_of_the_day_and_after() -> None:
    day = date(2013, 6, 3)
    known = replay.desk(day)
    assert max(one.paid_on for many in known.book.values() for one in many) < day
    assert all(bill.issued_on < day <= bill.paid_on for bill in known.open_bills)


@needs_ledger
def test_handbook_says_what_the_replay_found() -> None:
    """The figures and the plot of the handbook are those of this very code, and no better than they are."""
    assert replay.PLOT.read_text(encoding="utf-8") == replay.drawn()
    for language in ("zh", "en"):
        text = (FOLDER / f"judgement.{language}.md").read_text(encoding="utf-8")
        for question in replay.answers():
            found = replay.figures(question)
            row = " | ".join(f"{found[name]:.3f}" for name in ("auc", "auc_mean_delay", "auc_past_due", "brier", "off"))
            assert f"| {found['said']:.0f} | {row} |" in text, row
