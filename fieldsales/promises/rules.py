"""What becomes of a promise to pay (付款承诺): kept, partly kept or broken. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from fieldsales.kernel.errors import N_, Invalid
from fieldsales.receivables.rules import MoneyIn

#: States a promise ends in. ``superseded``: replaced by another promise or by a signed plan.
SETTLED = frozenset({"kept", "partly", "broken"})
#: Days after the promised date before silence counts as a broken promise; the company may set another.
DEFAULT_GRACE_DAYS = 0
#: Nobody promises further ahead than this; a slip of the year is caught here.
FURTHEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as the settling sees it. Amounts in minor units; dates in the branch's zone."""

    id: str
    amount_minor: int
    currency: str
    made_on: date
    due_on: date
    state: str = "open"
    kept_minor: int = 0
    debtor_id: str | None = None
    superseded_on: date | None = None
    """The day it was superseded; money of that day and later is not counted for it."""
    plan_id: str | None = None
    """The signed plan whose instalments it repeats: its money is the plan's as well."""
    put_off: int = 0
    made_at: datetime | None = None
    visit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a promise has become."""

    promise_id: str
    state: str
    kept_minor: int


def check_due(due_on: date, today: date) -> None:
    """Refuse a promised date no one can mean. A date in the past is taken: the phone may come late."""
    if abs((due_on - today).days) > FURTHEST_DAYS:
        raise Invalid("promises.due_absurd", N_("Check the year of the promised date."), field="due_on")


def times_put_off(promises: Sequence[Promised], replaced: Iterable[str]) -> int:
    """How often the day of this sum has been moved, when it replaces earlier promises still open."""
    ids = set(replaced)
    moved = [promise.put_off + 1 for promise in promises if promise.id in ids and promise.state == "open"]
    return max(moved, default=0)


def state_of(amount_minor: int, kept_minor: int, due_on: date, as_of: date, grace_days: int) -> str:
    """The state from the figures alone.

    Kept as soon as the whole amount is there; before the day (and its grace) is over a promise is
    open whatever came; after it, something is partly kept and nothing is broken.
    """
    if kept_minor >= amount_minor:
        return "kept"
    if as_of <= due_on + timedelta(days=grace_days):
        return "open"
    return "partly" if kept_minor else "broken"


def settle(
    promises: Sequence[Promised], money: Sequence[MoneyIn], as_of: date, grace_days: int = DEFAULT_GRACE_DAYS,
    waiting: Sequence[MoneyIn] = (),
) -> list[Verdict]:
    """What every promise has become by ``as_of``, reckoned anew from the money that came in.

    Money counts for a promise when it came on or after the day it was made and not after the promised
    day plus grace, from the promised debtor (or unnamed), in its currency. Each sum counts once, for
    the promise that falls due first. Late money settles the debt but does not unbreak the promise.
    Superseded promises stay so, yet keep the money that came while they stood.

    ``waiting``: money a rep was given and finance has not confirmed. It keeps no promise, but nobody who has
    handed money over in time is called a breaker of his word meanwhile: the promise stays open.
    """
    kept = _kept(promises, money, grace_days)
    hoped = _kept(promises, [*money, *waiting], grace_days) if waiting else kept
    return [_verdict(one, kept[one.id], hoped[one.id], as_of, grace_days) for one in promises]


def _verdict(promise: Promised, kept_minor: int, hoped_minor: int, as_of: date, grace_days: int) -> Verdict:
    if promise.state == "superseded":
        return Verdict(promise.id, "superseded", kept_minor)
    state = state_of(promise.amount_minor, kept_minor, promise.due_on, as_of, grace_days)
    if state in {"partly", "broken"} and hoped_minor > kept_minor:
        state = "open"
    return Verdict(promise.id, state, kept_minor)


def _kept(promises: Sequence[Promised], money: Iterable[MoneyIn], grace_days: int) -> dict[str, int]:
    """What of the money counts for each promise, by its id."""
    kept = {promise.id: 0 for promise in promises}
    for promise, _payment, part in _shares(promises, money, grace_days):
        kept[promise.id] += part
    return kept


def spoken_for(promises: Sequence[Promised], money: Iterable[MoneyIn], grace_days: int = DEFAULT_GRACE_DAYS
               ) -> list[MoneyIn]:
    """The money that counts for promises of its own, which no signed plan may count again.

    A promise that repeats a plan's instalment claims none: there the same money keeps both.
    """
    return [
        replace(payment, amount_minor=part)
        for promise, payment, part in _shares(promises, money, grace_days) if promise.plan_id is None and part
    ]


def _shares(promises: Sequence[Promised], money: Iterable[MoneyIn], grace_days: int
            ) -> Iterator[tuple[Promised, MoneyIn, int]]:
    """(promise, payment, what of it counts for the promise), each sum once, for the promise that falls due first."""
    kept = {promise.id: 0 for promise in promises}
    queue = sorted(promises, key=lambda promise: (promise.due_on, promise.made_on, promise.id))
    for payment in sorted(money, key=lambda each: (each.received_on, -each.amount_minor)):
        left = payment.amount_minor
        for promise in queue:
            if left > 0 and _counts(payment, promise, grace_days):
                part = min(left, promise.amount_minor - kept[promise.id])
                kept[promise.id] += part
                left -= part
                yield promise, payment, part


def _counts(payment: MoneyIn, promise: Promised, grace_days: int) -> bool:
    last = promise.due_on + timedelta(days=grace_days)
    if promise.superseded_on is not None:
        # that day's money counts for what took its place
        last = min(last, promise.superseded_on - timedelta(days=1))
    if _was_there(payment, promise):
        return False
    same_debtor = not payment.debtor_id or not promise.debtor_id or payment.debtor_id == promise.debtor_id
    return payment.currency == promise.currency and same_debtor and promise.made_on <= payment.received_on <= last


def _was_there(payment: MoneyIn, promise: Promised) -> bool:
    """Whether the money was on the table when the word was given: “here is 20,000, the rest on Friday”.

    Known only of money a rep registered; of any other the day alone counts.
    """
    if payment.taken_at is None or promise.made_at is None:
        return False
    same_visit = payment.visit_id is not None and payment.visit_id == promise.visit_id
    return payment.taken_at < promise.made_at or (same_visit and promise.due_on > promise.made_on)


def kept_rate(kept: int, settled: int) -> float | None:
    """Promises kept in full, as a share of those that are settled; None when none is settled yet."""
    return round(kept / settled, 4) if settled else None
