"""What a rep earns of money cleared, by how late it came: a dated policy of the house. Pure.

Only money that was confirmed and allocated to a principal counts, instalment by instalment: so much of it, so many days
past its due date when it was received, at the rate of the policy in force that day. Costs, claimed interest, credit
notes and money not yet allocated earn nothing. A reversal takes back exactly what its payment had earned, in the month
it is reversed. Rounded to the cent line by line, half a cent away from nothing, so that a reversal cancels to the cent.
The program brings no rates: the house enters its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from fieldsales.kernel.errors import N_, Invalid

#: More than this share of the money cleared is a slip of the pen: 50 %.
HIGHEST_BP = 5_000


@dataclass(frozen=True, slots=True)
class Policy:
    """From ``from_on``: (days past due up to which, basis points), ascending; the last without an end."""

    from_on: date
    steps: tuple[tuple[int | None, int], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """Money cleared against one instalment. ``counts_on``: the day it counts, for a reversal the day it was taken back.

    ``minor`` is negative for a reversal; ``received_on`` and ``due_on`` are those of the payment it takes back.
    """

    rep_id: str
    customer_id: str
    number: str
    received_on: date
    due_on: date
    counts_on: date
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Earned:
    """What one such sum earned: its days late, the rate, the commission in minor units."""

    cleared: Cleared
    days: int
    step: int
    rate_bp: int
    minor: int


def policy_on(policies: Iterable[Policy], on: date) -> Policy | None:
    """The policy of a day; of several from the same day the one entered last; None before the first."""
    found = None
    for one in sorted(policies, key=lambda each: each.from_on):
        found = one if one.from_on <= on else found
    return found


def step_of(policy: Policy, days: int) -> tuple[int, int]:
    """(which step, basis points) for money so many days past due; early money counts as on time."""
    for n, (up_to, rate) in enumerate(policy.steps):
        if up_to is None or max(0, days) <= up_to:
            return n, rate
    return len(policy.steps), 0


def share(minor: int, rate_bp: int) -> int:
    """The commission of a sum, half a cent away from nothing."""
    return int((Decimal(minor) * rate_bp / 10_000).quantize(Decimal(1), ROUND_HALF_UP))


def earned(rows: Iterable[Cleared], policies: Sequence[Policy]) -> tuple[Earned, ...]:
    """What each sum earned; days before the first policy earn nothing."""
    found = []
    for row in rows:
        policy, days = policy_on(policies, row.received_on), (row.received_on - row.due_on).days
        step, rate = step_of(policy, days) if policy else (0, 0)
        found.append(Earned(row, days, step, rate, share(row.minor, rate)))
    return tuple(found)


def check_steps(steps: Sequence[tuple[int | None, int]]) -> None:
    """Refuse steps that do not ascend, do not end, or pay more than could be meant."""
    ends = [up_to for up_to, _ in steps]
    known = [up_to for up_to in ends[:-1] if up_to is not None]
    ascending = len(known) == len(ends) - 1 and known == sorted(set(known)) and all(day >= 0 for day in known)
    if not steps or ends[-1] is not None or not ascending:
        raise Invalid("commission.steps", N_("The steps must ascend by days, and the last has no end."), field="steps")
    if any(not 0 <= rate <= HIGHEST_BP for _, rate in steps):
        raise Invalid("commission.rate", N_("Check the rates: none may be above 50 %%."), field="steps")
