"""How late a customer usually pays, and how likely a debt is paid by a day. Pure.

A customer's usual delay is the mean of his own settled debts, the recent ones weighing more, drawn towards the house's
mean by one debt's weight: whoever has paid three bills is not yet known by them. How far a payment may stray from the
usual is taken from the whole house: the spread of all settled debts about their own customer's mean, each reckoned
without itself. Nothing is fitted beyond these two numbers, and both were chosen on the year 2012 of a real ledger and
tried on 2013 (handbook: how good the judgement is).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

#: Days after which a settled debt counts half.
HALF_LIFE = 365
#: The house's mean weighs as much as so many settled debts of the customer.
HOUSE_WEIGHT = 1.0
#: Below so many settled debts the house knows too little to give any probability.
LEAST = 30
#: Delays beyond these days from the usual count as these.
_EARLIEST, _LATEST = -120, 720


@dataclass(frozen=True, slots=True)
class Settled:
    """A debt that was paid whole."""

    due_on: date
    paid_on: date

    @property
    def delay(self) -> int:
        """Days after the due date; negative: before it."""
        return (self.paid_on - self.due_on).days


@dataclass(frozen=True, slots=True)
class Habit:
    """How a customer pays. ``usual_days`` after the due date; ``settled``: how many debts it is known from."""

    usual_days: float
    settled: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How the house's customers pay: their mean delay, and how far payments stray from their customer's usual.

    ``days``: (days from the usual, weight), ascending.
    """

    as_of: date
    usual_days: float
    settled: int
    days: tuple[tuple[int, float], ...]

    def beyond(self, stray: float) -> float:
        """The share of payments that come later than ``stray`` days from the usual; never quite 0 or 1."""
        total, sums = _sums(self.days)
        at = bisect_right(self.days, (stray, float("inf")))
        return (total - (sums[at - 1] if at else 0.0) + 0.5) / (total + 1)


def _sums(days: tuple[tuple[int, float], ...]) -> tuple[float, Sequence[float]]:
    sums = list(accumulate(weight for _, weight in days))
    return (sums[-1] if sums else 0.0), sums


def weight(paid_on: date, today: date) -> float:
    """What a settled debt still counts for."""
    return float(0.5 ** (max(0, (today - paid_on).days) / HALF_LIFE))


def habit_of(settled: Iterable[Settled], house_days: float, today: date) -> Habit:
    """A customer's usual delay, in days."""
    weights = total = 0.0
    count = 0
    for one in settled:
        share = weight(one.paid_on, today)
        weights, total, count = weights + share, total + share * one.delay, count + 1
    return Habit((total + HOUSE_WEIGHT * house_days) / (weights + HOUSE_WEIGHT), count)


def spread_of(book: Mapping[str, Sequence[Settled]], today: date) -> Spread | None:
    """The house's spread from the settled debts of every customer; None while it knows fewer than ``LEAST``."""
    sums: dict[str, tuple[float, float]] = {}
    for customer_id, settled in book.items():
        shares = [weight(one.paid_on, today) for one in settled]
        sums[customer_id] = sum(shares), sum(s * one.delay for s, one in zip(shares, settled, strict=True))
    count, weights = sum(map(len, book.values())), sum(w for w, _ in sums.values())
    if count < LEAST or not weights:
        return None
    house = sum(total for _, total in sums.values()) / weights
    strays: dict[int, float] = {}
    for customer_id, settled in book.items():
        weights, total = sums[customer_id]
        for one in settled:
            share = weight(one.paid_on, today)
            # without itself: its own payment must not make a customer look steadier than he is
            usual = (total - share * one.delay + HOUSE_WEIGHT * house) / (weights - share + HOUSE_WEIGHT)
            stray = max(_EARLIEST, min(_LATEST, round(one.delay - usual)))
            strays[stray] = strays.get(stray, 0.0) + share
    return Spread(today, house, count, tuple(sorted((day, round(share, 3)) for day, share in strays.items())))


def unpaid_after(habit: Habit, spread: Spread, days: int, now: int) -> float:
    """The probability that a debt open today, ``now`` days after its due date, is still open ``days`` after it.

    Both may be negative: before the due date. Never rises with ``days``; 1 for what is past already.
    """
    if days < now:
        return 1.0
    return spread.beyond(days - habit.usual_days) / spread.beyond(now - 1 - habit.usual_days)


def late(habit: Habit, spread: Spread, now: int) -> float:
    """The probability that a debt open today will not be paid by its due date."""
    return unpaid_after(habit, spread, 0, now)


def paid_within(habit: Habit, spread: Spread, now: int, within: int) -> float:
    """The probability that a debt open today is paid within so many days."""
    return 1.0 - unpaid_after(habit, spread, now + within, now)
