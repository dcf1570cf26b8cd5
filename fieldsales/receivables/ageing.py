"""Ageing (账龄): how long past its due date each open part of the debt is.

Always by days past due, instalment by instalment, never by the invoice's own date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: The names of the five buckets, in order: not due, 1–30, 31–60, 61–90, 91 days and more past due.
BUCKETS = ("not_due", "d1_30", "d31_60", "d61_90", "d91p")
#: The last day past due of every bucket but the last.
EDGES = (0, 30, 60, 90)

Buckets = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class OpenDue:
    """What is still open of one instalment of one invoice, in minor units (a credit note: negative)."""

    due_on: date
    open_minor: int
    disputed_minor: int = 0


@dataclass(frozen=True, slots=True)
class Ageing:
    """Open money of one currency, by how late it is. Amounts in minor units.

    ``buckets`` sum to ``open_minor``; unapplied credit notes stand in them as negatives, in the
    bucket of their own date. ``overdue_minor`` is everything past due, less credit notes past their date,
    never below nothing. ``disputed`` holds the disputed part of each bucket (it is inside the bucket,
    not beside it). ``oldest_due_on`` is of the oldest open debt, None when nothing is owed.
    """

    buckets: Buckets
    disputed: Buckets
    open_minor: int
    overdue_minor: int
    disputed_minor: int
    oldest_due_on: date | None
    days_past_due: int


def days_past_due(due_on: date, today: date) -> int:
    """Whole days since the due date; 0 on the due date itself and before it."""
    return max(0, (today - due_on).days)


def bucket_of(days: int) -> int:
    """The index in ``BUCKETS`` for a number of days past due (0 and less: not due)."""
    for index, edge in enumerate(EDGES):
        if days <= edge:
            return index
    return len(EDGES)


def age(dues: Iterable[OpenDue], today: date) -> Ageing:
    """The ageing of open dues of one currency on a day."""
    buckets, disputed = [0] * 5, [0] * 5
    oldest: date | None = None
    for due in dues:
        index = bucket_of((today - due.due_on).days)
        buckets[index] += due.open_minor
        disputed[index] += min(due.disputed_minor, max(0, due.open_minor))
        if due.open_minor > 0 and (oldest is None or due.due_on < oldest):
            oldest = due.due_on
    return Ageing(
        buckets=_five(buckets),
        disputed=_five(disputed),
        open_minor=sum(buckets),
        overdue_minor=max(0, sum(buckets[1:])),
        disputed_minor=sum(disputed),
        oldest_due_on=oldest,
        days_past_due=days_past_due(oldest, today) if oldest else 0,
    )


def _five(values: list[int]) -> Buckets:
    not_due, first, second, third, rest = values
    return not_due, first, second, third, rest
