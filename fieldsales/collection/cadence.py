"""How often a customer is contacted about money (S54): worse credit, larger and older debts follow closer. Pure.

A table by credit grade gives the days between two contacts; what is known of the debt shortens or lengthens them, by
whole ratios. The result never goes beyond what the house allows: it is never so short that following it would make
more demands in seven days than the cap, and never longer than ``LONGEST``. A worse grade never gives a longer interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

#: Days between two contacts by credit grade; who has no grade is followed as B.
BY_GRADE = {"A": 21, "B": 14, "C": 7, "D": 4, "E": 3}
NO_GRADE = "B"
#: Ratio by what is overdue, from so many major units (元) up.
BY_AMOUNT = ((300_000, Fraction(1, 2)), (100_000, Fraction(3, 4)), (3_000, Fraction(1)), (0, Fraction(3, 2)))
#: Ratio by the days past due of the oldest debt, above so many; nothing overdue is followed half as often.
BY_DAYS = ((90, Fraction(1, 2)), (30, Fraction(3, 4)), (0, Fraction(1)))
NOT_OVERDUE = Fraction(2)
#: An approved bad-faith class is followed close (the seed: 粘住他), a freshly broken promise likewise.
BAD_FAITH, BROKEN = Fraction(1, 2), Fraction(1, 2)
LONGEST = 30
#: Nobody is contacted day after day, but where a manager has approved the class that calls for it.
USUAL, DAILY = 2, 1
#: Proven self-payers (S35): a statement once a month, nothing between.
LIGHT = 30
WEEK = 7


@dataclass(frozen=True, slots=True)
class Debt:
    """What the interval depends on. ``overdue``: whole major units. ``faith``: approved class or empty."""

    grade: str
    overdue: int
    days_past_due: int
    faith: str = ""
    has_broken: bool = False
    is_self_payer: bool = False


def interval(debt: Debt, per_week: int = 0) -> int:
    """Days between two contacts, at least 1. ``per_week``: demands allowed within seven days; 0: no cap.

    >>> interval(Debt("A", 50_000, 10)), interval(Debt("D", 50_000, 10)), interval(Debt("D", 500_000, 120))
    (21, 4, 2)
    """
    if debt.is_self_payer:
        return max(LIGHT, shortest(per_week))
    days = Fraction(BY_GRADE.get(debt.grade.upper()[:1], BY_GRADE[NO_GRADE]))
    days *= next(ratio for floor, ratio in BY_AMOUNT if max(0, debt.overdue) >= floor)
    days *= next((ratio for floor, ratio in BY_DAYS if debt.days_past_due > floor), NOT_OVERDUE)
    if debt.faith == "bad_faith":
        days *= BAD_FAITH
    if debt.has_broken:
        days *= BROKEN
    least = DAILY if debt.faith == "bad_faith" else USUAL
    return max(shortest(per_week), least, min(LONGEST, int(days)))


def shortest(per_week: int) -> int:
    """The least days between two contacts so that no seven days hold more than ``per_week``; 0: no cap, a day."""
    return max(1, -(-WEEK // per_week)) if per_week else 1


def due_on(last_on: date | None, days: int, today: date, not_before: date | None = None) -> date:
    """The day the next contact is due: today when nobody has been in touch yet, and never before ``not_before``."""
    due = today if last_on is None else last_on + timedelta(days=days)
    return max(due, not_before) if not_before else due
