"""Who is contacted how often, and what came in (S55: 谁催的勤,谁可能先得), on the house's own figures. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fieldsales.collection.cadence import Debt, due_on, interval

#: Contacts in the period that make a group: none, one, two to three, four to seven, eight and more.
GROUPS = ((0, 0), (1, 1), (2, 3), (4, 7), (8, None))
#: From so many whole major units (元) a debt counts as large.
LARGE = 30_000


@dataclass(frozen=True, slots=True)
class Followed:
    """An owing customer over a period. Sums in minor units of one currency; ``debt`` as cadence sees it."""

    customer_id: str
    name: str
    owner_name: str
    overdue_minor: int
    contacts: int
    paid_minor: int
    last_on: date | None
    debt: Debt


@dataclass(frozen=True, slots=True)
class Group:
    """Customers contacted about as often. ``to``: None without end. ``paying``: those of whom money came."""

    from_: int
    to: int | None
    customers: int
    paying: int
    overdue_minor: int
    paid_minor: int

    @property
    def cleared_bp(self) -> int:
        """What came in, as a share of that and what is still overdue, in basis points."""
        whole = self.paid_minor + self.overdue_minor
        return self.paid_minor * 10_000 // whole if whole > 0 else 0


@dataclass(frozen=True, slots=True)
class Neglected:
    """A large debt whose next contact was due before today. ``days``: the interval that fits it."""

    customer_id: str
    name: str
    owner_name: str
    overdue_minor: int
    last_on: date | None
    days: int
    since: date


def grouped(followed: Iterable[Followed]) -> tuple[Group, ...]:
    """The groups by number of contacts, each with its customers, their money in and what is overdue still."""
    every = list(followed)
    groups = []
    for low, high in GROUPS:
        of = [one for one in every if low <= one.contacts and (high is None or one.contacts <= high)]
        groups.append(Group(low, high, len(of), sum(one.paid_minor > 0 for one in of),
                            sum(one.overdue_minor for one in of), sum(one.paid_minor for one in of)))
    return tuple(groups)


def neglected(followed: Iterable[Followed], today: date, per_week: int, large: int = LARGE) -> list[Neglected]:
    """Large debts nobody has asked for in time, the largest first. Who has not been contacted at all is due at once."""
    found = []
    for one in followed:
        if one.debt.overdue < large:
            continue
        days = interval(one.debt, per_week)
        due = due_on(one.last_on, days, today)
        if one.last_on is None or due < today:
            found.append(Neglected(one.customer_id, one.name, one.owner_name, one.overdue_minor, one.last_on, days,
                                   due))
    return sorted(found, key=lambda one: (-one.overdue_minor, one.customer_id))
