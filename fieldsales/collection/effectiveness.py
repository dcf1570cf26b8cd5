"""What each way of asking brings: money within 14 days after it, by class and grade of the customer. Pure.

It is what followed, not what was caused: who would have paid anyway counts too, and the tables say so. Few uses say
little, so a share is drawn towards the wider group's until there are enough (``PRIOR``): first to the method's own
share over all customers, and that to the house's over all methods.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fieldsales.collection.ladder import Measured

#: Days after a use in which money counts as its effect (S43).
WITHIN = timedelta(days=14)
#: How many uses the wider group's share is worth: with fewer of its own, a group's share is mostly the wider one's.
PRIOR = 20
#: With fewer uses a share is not shown as a figure of its own.
FEW = 10
#: What is assumed of a house that has measured nothing yet, in basis points.
FIRST_GUESS_BP = 2_000


@dataclass(frozen=True, slots=True)
class Use:
    """A method used on a customer."""

    customer_id: str
    method: str
    on: date
    faith: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Cash:
    """Confirmed money that came in and was not reversed, in minor units of the house currency."""

    customer_id: str
    on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a method did with one group of customers. ``brought_minor``: each sum counts for the last use before it."""

    method: str
    faith: str
    grade: str
    uses: int
    worked: int
    brought_minor: int


def reckon(uses: Iterable[Use], cash: Iterable[Cash], as_of: date) -> list[Effect]:
    """The effect of every method by class and grade, from uses whose 14 days are over by ``as_of``.

    A use worked when money came on its day or within 14 days after it. A sum that came after several uses is counted
    once in ``brought_minor``, for the last of them, so that the sums add up to no more than what came in.
    """
    money: dict[str, list[Cash]] = {}
    for sum_ in sorted(cash, key=lambda one: one.on):
        money.setdefault(sum_.customer_id, []).append(sum_)
    by_customer: dict[str, list[Use]] = {}
    for use in uses:
        if use.on + WITHIN < as_of:
            by_customer.setdefault(use.customer_id, []).append(use)
    totals: dict[tuple[str, str, str], list[int]] = {}
    for customer_id, used in by_customer.items():
        used.sort(key=lambda one: one.on)
        came = money.get(customer_id, [])
        for use, brought in zip(used, _credited(used, came), strict=True):
            total = totals.setdefault((use.method, use.faith, use.grade), [0, 0, 0])
            total[0] += 1
            total[1] += any(use.on <= one.on <= use.on + WITHIN for one in came)
            total[2] += brought
    return [Effect(*key, *total) for key, total in sorted(totals.items())]


def _credited(used: Sequence[Use], came: Sequence[Cash]) -> list[int]:
    """What each use (in order of days) is credited with: the sums for which it was the last one before."""
    brought = [0] * len(used)
    for one in came:
        last = next((n for n in range(len(used) - 1, -1, -1) if used[n].on <= one.on), None)
        if last is not None and one.on <= used[last].on + WITHIN:
            brought[last] += one.minor
    return brought


def shrunk_bp(worked: int, uses: int, wider_bp: int, prior: int = PRIOR) -> int:
    """A share in basis points, drawn towards the wider group's as if that stood for ``prior`` uses more.

    >>> shrunk_bp(3, 3, 2_000), shrunk_bp(300, 1_000, 2_000)
    (3043, 2980)
    """
    return (worked * 10_000 + prior * wider_bp) // (uses + prior)


def measured_for(effects: Iterable[Effect], faith: str, grade: str) -> dict[str, Measured]:
    """What the chooser goes by for customers of a class and grade: every method that was used at all, shrunk.

    ``uses`` are those with customers of that very class and grade.
    """
    every = list(effects)
    by_method = totals_of(every)
    worked = sum(one.worked for one in by_method.values())
    uses = sum(one.uses for one in by_method.values())
    house_bp = shrunk_bp(worked, uses, FIRST_GUESS_BP)
    found = {}
    for method, total in by_method.items():
        group = [one for one in every if (one.method, one.faith, one.grade) == (method, faith, grade)]
        group_uses, group_worked = sum(one.uses for one in group), sum(one.worked for one in group)
        # the wider share leaves the group out: three lucky uses must not vouch for themselves
        others_bp = shrunk_bp(total.worked - group_worked, total.uses - group_uses, house_bp)
        found[method] = Measured(shrunk_bp(group_worked, group_uses, others_bp), group_uses)
    return found


def totals_of(effects: Iterable[Effect]) -> Mapping[str, Effect]:
    """By method over all customers."""
    found: dict[str, Effect] = {}
    for one in effects:
        so_far = found.get(one.method, Effect(one.method, "", "", 0, 0, 0))
        found[one.method] = Effect(one.method, "", "", so_far.uses + one.uses, so_far.worked + one.worked,
                                   so_far.brought_minor + one.brought_minor)
    return found
