"""Repayment plans (还款计划): schedules that sum exactly, what may be signed, and what becomes of it. Pure.

The phone's schedule is ``static/js/plans/schedule.js``; ``tests/plans/schedule_cases.json`` holds what
both must give.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from fieldsales.kernel.clock import DEFAULT_ZONE, on_date
from fieldsales.kernel.errors import N_, Invalid, RuleBroken
from fieldsales.kernel.ids import paper_number
from fieldsales.kernel.money import Money
from fieldsales.kernel.operation import Actor
from fieldsales.plans.messages import PlanPayload
from fieldsales.receivables.rules import MoneyIn

#: More instalments make no paper a debtor reads (2,000 took 25 s to set).
MOST_INSTALMENTS = 120
PREFIX = "HK"
#: Nobody signs further ahead than this; a slip of the year is caught here.
FURTHEST = timedelta(days=3660)
Rhythm = Literal["daily", "weekly", "half_monthly", "monthly"]
#: States an instalment ends in.
SETTLED = frozenset({"kept", "partly", "broken", "superseded", "void"})
#: States that end an instalment whatever comes in afterwards.
ENDED = ("superseded", "void")


def _months_on(first: date, months: int) -> date:
    """The same day some months on, or that month's last."""
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    return date(year, month, min(first.day, calendar.monthrange(year, month)[1]))


def due_day(first: date, n: int, rhythm: Rhythm) -> date:
    """The day of the instalment ``n`` steps after the first.

    Monthly keeps to the first one's day of the month, or the month's last (31 Jan, 28 Feb, 31 Mar);
    half-monthly sets another fifteen days after each of those.
    """
    if rhythm == "daily":
        return first + timedelta(days=n)
    if rhythm == "weekly":
        return first + timedelta(days=7 * n)
    if rhythm == "monthly":
        return _months_on(first, n)
    return _months_on(first, n // 2) + timedelta(days=15 * (n % 2))


def schedule(total: Money, count: int, rhythm: Rhythm, first: date) -> list[tuple[int, date, int]]:
    """(number, due date, minor units) of ``count`` instalments that sum to ``total`` exactly.

    Raises Invalid when there are none, too many, or more than there are minor units to share out.
    """
    if not 1 <= count <= MOST_INSTALMENTS:
        raise Invalid("plans.count", N_("A plan has 1 to %(most)s instalments."), field="instalments",
                      most=MOST_INSTALMENTS)  # fmt: skip
    if total.minor < count:
        raise Invalid("plans.too_small", N_("The sum is too small for so many instalments."), field="instalments")
    shares = total.split(count)
    return [(n + 1, due_day(first, n, rhythm), share.minor) for n, share in enumerate(shares)]


def check_instalments(instalments: Sequence[tuple[int, date, int]], total_minor: int) -> None:
    """Refuse instalments that do not add up, run backwards or are not numbered from one."""
    if [n for n, _, _ in instalments] != list(range(1, len(instalments) + 1)):
        raise Invalid("plans.numbering", N_("The instalments must be numbered from 1 on."), field="instalments")
    days = [due_on for _, due_on, _ in instalments]
    if days != sorted(days):
        raise Invalid("plans.order", N_("The instalments' dates must run on."), field="instalments")
    difference = sum(amount for _, _, amount in instalments) - total_minor
    if difference:
        raise Invalid(
            "plans.sum", N_("The instalments do not add up to the total: %(difference)s too much or too little."),
            field="instalments", difference=Money(abs(difference)).plain(),
        )  # fmt: skip


def check_payload(payload: PlanPayload, zone: str = DEFAULT_ZONE) -> None:
    """Refuse a plan that contradicts itself: sums, dates, its own number."""
    check_instalments([(one.n, one.due_on, one.amount_minor) for one in payload.instalments], payload.total_minor)
    numbers = {paper_number(PREFIX, payload.plan_id, day)
               for day in (payload.acknowledged_on, on_date(payload.made_at, zone))}  # fmt: skip
    if payload.number not in numbers:
        raise RuleBroken("plans.number", N_("The plan's number does not belong to it."), field="number")
    if payload.instalments[0].due_on < payload.acknowledged_on:
        raise Invalid("plans.past", N_("An instalment cannot fall due before the plan is signed."), field="instalments")
    if payload.instalments[-1].due_on - payload.acknowledged_on > FURTHEST:
        raise Invalid("plans.too_far", N_("Check the year of the last instalment."), field="instalments")


def may_void(actor: Actor) -> bool:
    """Whether a role may declare a plan void; whose customers is the scope's business."""
    return actor.role in ("manager", "legal", "admin")


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment as the settling sees it. Amounts in minor units."""

    id: str
    plan_id: str
    n: int
    due_on: date
    amount_minor: int
    currency: str
    signed_on: date
    debtor_id: str
    state: str = "open"
    kept_minor: int = 0
    ended_on: date | None = None
    """The day a later plan took its place, or it was voided: money that came afterwards is not its own."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an instalment has become."""

    part_id: str
    state: str
    kept_minor: int


def settle(parts: Sequence[Part], money: Iterable[MoneyIn], as_of: date, grace_days: int = 0,
           waiting: Iterable[MoneyIn] = ()) -> list[Verdict]:
    """What every instalment has become by ``as_of``, reckoned anew from the money that came in.

    Money counts from the day of signing on, for the debtor who signed (or when it names none), in the
    plan's currency, each sum once, for the instalment that falls due first. An instalment is kept when
    all of it was there by its day and grace; late money fills it up (``kept_minor``) and does not
    unbreak it.

    ``waiting``: money a rep was given in time and finance has not confirmed. It keeps no instalment, and
    lets none be called broken meanwhile: it stays open.
    """
    known, given = [*money], [*waiting]
    kept, in_time = _filled(parts, known, grace_days)
    hoped = _filled(parts, [*known, *given], grace_days)[1] if given else in_time
    return [
        Verdict(
            part.id,
            part.state if part.state in ENDED else _state(part, in_time[part.id], hoped[part.id], as_of, grace_days),
            kept[part.id],
        )
        for part in parts
    ]


def _filled(parts: Sequence[Part], money: Sequence[MoneyIn], grace_days: int) -> tuple[dict[str, int], dict[str, int]]:
    """What came for each instalment, and what of it in time, by id."""
    queue = sorted(parts, key=lambda part: (part.due_on, part.signed_on, part.plan_id, part.n))
    kept = {part.id: 0 for part in parts}
    in_time = dict(kept)
    for payment in sorted(money, key=lambda each: (each.received_on, -each.amount_minor)):
        left = payment.amount_minor
        for part in queue:
            if left > 0 and _counts(payment, part):
                share = min(left, part.amount_minor - kept[part.id])
                kept[part.id] += share
                left -= share
                if payment.received_on <= part.due_on + timedelta(days=grace_days):
                    in_time[part.id] += share
    return kept, in_time


def _state(part: Part, in_time_minor: int, hoped_minor: int, as_of: date, grace_days: int) -> str:
    if in_time_minor >= part.amount_minor:
        return "kept"
    if as_of <= part.due_on + timedelta(days=grace_days) or hoped_minor > in_time_minor:
        return "open"
    return "partly" if in_time_minor else "broken"


def _counts(payment: MoneyIn, part: Part) -> bool:
    same_debtor = not payment.debtor_id or payment.debtor_id == part.debtor_id
    before_end = part.ended_on is None or payment.received_on < part.ended_on
    return payment.currency == part.currency and same_debtor and part.signed_on <= payment.received_on and before_end


def state_of(parts: Iterable[tuple[str, int, int]]) -> str:
    """A plan's state from its instalments' (state, amount, kept): void, superseded, broken, open, late, kept.

    ``late``: all of it came, but not all in time.
    """
    listed = list(parts)
    for ended in ("void", "superseded"):
        if any(state == ended for state, _, _ in listed):
            return ended
    if any(state in ("broken", "partly") and kept < amount for state, amount, kept in listed):
        return "broken"
    if any(state == "open" for state, _, _ in listed):
        return "open"
    return "kept" if all(state == "kept" for state, _, _ in listed) else "late"
