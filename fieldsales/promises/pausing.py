"""Which open promises keep new demands back, and for how much. Pure.

Whoever has given his word for a day is not sent another demand for that sum before the day is over. Everything else
goes on: the reminders of the promise itself, and demands for what is owed beyond it. A demand letter, when one is
sent, still states the whole debt (民法典 579, 509: the debt is owed whatever was promised); to pause means not to
send a new one while the promised sum covers what is overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: A promise further away than this pauses nothing: it would be a respite nobody granted.
LONGEST_DAYS = 45
#: Days before the promised day on which it is asked after; −1 is the day after it.
FOLLOWED = (3, 1, 0, -1)
#: The same where credit is poor or the promise weak (信誉差的客户就要跟紧一点).
FOLLOWED_CLOSELY = (7, 5, 3, 2, 1, 0, -1)
#: Credit grades followed closely.
POOR_GRADES = frozenset({"C", "D"})
#: Classes that are no reason to wait.
WEAK = frozenset({"evasive", "impossible"})


@dataclass(frozen=True, slots=True)
class StandingPromise:
    """An open promise: what of it has not come, in minor units, its day, and its class as judged today."""

    left_minor: int
    due_on: date
    klass: str


def paused(promise: StandingPromise, as_of: date, grace_days: int = 0) -> int:
    """The sum a promise keeps new demands back for (minor units); 0 when it does not.

    It does until its day and grace are over, if it is firm and possible and not too far away.
    """
    if promise.klass in WEAK or promise.left_minor <= 0:
        return 0
    if as_of > promise.due_on + timedelta(days=grace_days):
        return 0
    return promise.left_minor if promise.due_on - as_of <= timedelta(days=LONGEST_DAYS) else 0


def covers(overdue_minor: int, paused_minor: int) -> bool:
    """Whether what is promised leaves nothing to demand anew."""
    return overdue_minor > 0 and paused_minor >= overdue_minor


def is_closely_followed(credit_grade: str, klass: str) -> bool:
    """Whether a promise is asked after more often."""
    return credit_grade.strip().upper() in POOR_GRADES or klass in WEAK


def days_followed(credit_grade: str, klass: str) -> tuple[int, ...]:
    """The days before the promised day on which it is asked after."""
    return FOLLOWED_CLOSELY if is_closely_followed(credit_grade, klass) else FOLLOWED
