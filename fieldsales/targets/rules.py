"""The month's two numbers, how they are split, and the gap that is left. Pure: no database, no clock.

清欠 (arrears) is money that falls due by the month's last day: what is claimed as debt, so never more than the
balance. 回款任务 (cash) is all money in, prepayments for new stock included: nothing caps it. The arrears cleared
are part of the cash.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fieldsales.kernel.errors import N_, Invalid, RuleBroken
from fieldsales.kernel.money import Money

#: From the whole company down to one customer.
LEVELS = ("company", "team", "rep", "customer")
#: Lowering a target in the month's last days is how a month is talked down (到了月底就不由自主地大打折扣).
LATE_DAYS = 10
#: A promise weaker than this, or of a weak class, counts only with a support action (seed rule of the gap).
WEAK_BELOW_BP = 5_000
WEAK_CLASSES = frozenset({"impossible", "evasive"})
#: Cash targets are dealt out in whole hundreds, as people say them; what is left over goes to the largest share.
GRAIN_MAJOR = 100


def month_of(day: date) -> date:
    """The first day of the month of ``day``: how a month is named everywhere."""
    return day.replace(day=1)


def month_end(month: date) -> date:
    """The last day of the month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def next_month(month: date) -> date:
    """The first day of the month after."""
    return month_end(month) + timedelta(days=1)


def last_month(month: date) -> date:
    """The first day of the month before."""
    return month_of(month.replace(day=1) - timedelta(days=1))


def check_numbers(arrears_minor: int, cash_minor: int) -> None:
    """Refuse two numbers that cannot both be meant. Minor units."""
    if cash_minor < arrears_minor:
        raise Invalid("targets.cash_below_arrears", N_("Arrears cleared are cash too: the cash target cannot be less "
                                                       "than the arrears to clear."), field="cash_minor")


def check_claim(arrears_minor: int, due_minor: int, currency: str) -> None:
    """Refuse to plan more arrears than the customer owes by the month's end: the claim never exceeds the balance."""
    if arrears_minor > due_minor:
        raise RuleBroken("targets.above_balance", N_(
            "Only %(amount)s falls due by the month's end. What goes beyond it belongs in the cash target."),
            field="arrears_minor", amount=str(Money(max(0, due_minor), currency)))


def gap_of(target_minor: int, received_minor: int, weighted_minor: int) -> int:
    """Target − (received + promises weighted by their probability): 30 against a sure 20 leaves 10.

    Negative: ahead of the target by so much.
    """
    return target_minor - received_minor - weighted_minor


@dataclass(frozen=True, slots=True)
class Word:
    """An open promise as the forecast sees it: what of it is still to come, how likely, and whether it is helped."""

    id: str
    open_minor: int
    probability_bp: int
    klass: str = ""
    is_supported: bool = False
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Promises of a month together: said, counted by probability, and weak ones that do not count yet."""

    open_minor: int = 0
    weighted_minor: int = 0
    held_back_minor: int = 0
    held_back: int = 0

    def __add__(self, other: Forecast) -> Forecast:
        return Forecast(self.open_minor + other.open_minor, self.weighted_minor + other.weighted_minor,
                        self.held_back_minor + other.held_back_minor, self.held_back + other.held_back)


def is_weak(word: Word) -> bool:
    """Whether a promise needs a support action before it counts: unlikely, or of a class that seldom comes."""
    return word.klass in WEAK_CLASSES or word.probability_bp < WEAK_BELOW_BP


def counted_minor(word: Word) -> int:
    """What of a promise counts in the forecast: nothing while it is weak and nobody helps it; else by probability.

    Rounded down to the minor unit.
    """
    if is_weak(word) and not word.is_supported:
        return 0
    return word.open_minor * max(0, min(10_000, word.probability_bp)) // 10_000


def forecast(words: Iterable[Word]) -> Forecast:
    """The promises of a month, counted."""
    total = Forecast()
    for word in words:
        held = is_weak(word) and not word.is_supported
        total += Forecast(word.open_minor, counted_minor(word), word.open_minor if held else 0, int(held))
    return total


@dataclass(frozen=True, slots=True)
class Share:
    """A customer as the split sees it. ``due_minor``: open and due by the month's end; ``paid_minor``: what he paid
    in an average month of the last half year; ``cleared_minor``: arrears he has cleared this month already."""

    customer_id: str
    rep_id: str
    team_id: str
    due_minor: int
    paid_minor: int
    cleared_minor: int = 0

    @property
    def claim_minor(self) -> int:
        """The most that may be asked of him as arrears this month."""
        return max(0, self.due_minor) + max(0, self.cleared_minor)


@dataclass(frozen=True, slots=True)
class Part:
    """One customer's share of both numbers."""

    arrears_minor: int
    cash_minor: int


@dataclass(frozen=True, slots=True)
class Split:
    """A target dealt out to customers. ``unplaced_minor``: arrears beyond what all of them owe: nobody's claim."""

    parts: Mapping[str, Part]
    unplaced_minor: int


def _dealt(total: int, weights: Sequence[int], caps: Sequence[int], currency: str) -> list[int]:
    left, parts = min(total, sum(caps)), [0] * len(caps)
    while left > 0:
        free = [weight if part < cap else 0 for weight, part, cap in zip(weights, parts, caps, strict=True)]
        if not any(free):
            free = [int(part < cap) for part, cap in zip(parts, caps, strict=True)]
        for index, offered in enumerate(Money(left, currency).split(free)):
            taken = min(offered.minor, caps[index] - parts[index])
            parts[index] += taken
            left -= taken
    return parts


def split_capped(total_minor: int, weights: Sequence[int], caps: Sequence[int], currency: str) -> list[int]:
    """Deal a sum out by weight in whole hundreds, nobody above his cap; what a cap turns away goes to the others.

    Sums exactly to the total, or to all caps together where that is less; what makes no hundred goes to whoever has
    most room.
    """
    grain = Money.of(GRAIN_MAJOR, currency).minor
    parts = [part * grain for part in _dealt(total_minor // grain, weights, [cap // grain for cap in caps], currency)]
    left = min(total_minor, sum(caps)) - sum(parts)
    for index in sorted(range(len(caps)), key=lambda index: parts[index] - caps[index]):
        taken = min(left, caps[index] - parts[index])
        parts[index] += taken
        left -= taken
    return parts


def split_cash(total_minor: int, weights: Sequence[int], currency: str) -> list[int]:
    """Deal a sum out by weight in whole hundreds; what is left over goes to the largest share. Sums exactly."""
    if not weights:
        return []
    grain = Money.of(GRAIN_MAJOR, currency).minor
    even = list(weights) if any(weights) else [1] * len(weights)
    parts = [share.minor * grain for share in Money(total_minor // grain, currency).split(even)]
    parts[max(range(len(parts)), key=lambda index: (parts[index], even[index]))] += total_minor % grain
    return parts


def split_target(arrears_minor: int, cash_minor: int, shares: Sequence[Share], currency: str) -> Split:
    """Split both numbers to customers: arrears by what is due, the rest of the cash by what each usually pays.

    Arrears stop at what each owes; the cash above the arrears (prepayments, money for new stock) follows the half
    year's history, and what is due where there is none. Cash sums exactly to ``cash_minor``.
    """
    arrears = split_capped(arrears_minor, [one.claim_minor for one in shares], [one.claim_minor for one in shares],
                           currency)
    placed = sum(arrears)
    weights = [max(0, one.paid_minor) for one in shares]
    if not any(weights):
        weights = [one.claim_minor for one in shares]
    rest = split_cash(max(0, cash_minor - placed), weights, currency)
    parts = {one.customer_id: Part(debt, debt + more)
             for one, debt, more in zip(shares, arrears, rest, strict=True)}
    return Split(parts, arrears_minor - placed)


def summed(split: Split, shares: Sequence[Share], level: str) -> dict[str, Part]:
    """What each rep or team is left with: the sum of the customers', so that every level adds up."""
    found: dict[str, Part] = {}
    for one in shares:
        key = one.rep_id if level == "rep" else one.team_id
        mine, old = split.parts[one.customer_id], found.get(key, Part(0, 0))
        found[key] = Part(old.arrears_minor + mine.arrears_minor, old.cash_minor + mine.cash_minor)
    return found


def is_late_discount(was_minor: int, now_minor: int, month: date, on: date) -> bool:
    """Whether a target was lowered in the last days of its month, or after it: shown in the month's review."""
    return now_minor < was_minor and on > month_end(month) - timedelta(days=LATE_DAYS)


def check_publishable(steps: int) -> None:
    """Refuse to publish a plan without a dated step: a number without a way to it is a wish."""
    if not steps:
        raise RuleBroken("targets.no_steps", N_("A plan without steps cannot be published. Add at least one step with "
                                                "its day and who does it."))


def check_month(month: date, today: date) -> None:
    """Refuse a month no one can mean: not its first day, or more than a year away."""
    if month.day != 1 or abs((month - today).days) > 400:
        raise Invalid("targets.month", N_("Choose a month within a year of today."), field="month")
