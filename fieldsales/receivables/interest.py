"""Late interest and damages (逾期付款违约金): by the contract's rate, else by the one-year LPR plus a markup. Pure.

Sources: 买卖合同解释 art. 18 ¶4 (the contract's own penalty first; where it is silent, the one-year LPR of the
day of the breach plus 30–50 %; before 20 August 2019 another rule, which is not reckoned here), 民法典 585.
Rates come from the house's own table: nothing is invented, and what no rate applies to is left out and said.
Not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from fieldsales.documents.contents import InterestLine, InterestShown

#: Policy of 2019-08-20 (买卖合同解释 18 ¶4): the least a court adds to the LPR, in per cent, and the first day of it.
LPR_MARKUP = 30
LPR_SINCE = date(2019, 8, 20)
#: A yearly rate is turned into a daily one by this, and the formula printed says so.
YEAR_DAYS = 365
#: A rate is kept in 1/100 of a basis point: 3.45 % is 34,500.
_WHOLE = 1_000_000
_MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate from a day on. ``kind``: ``contract`` (per day, one customer's) or ``lpr_1y`` (per year)."""

    kind: str
    from_on: date
    rate_bp100: int
    source: str


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum due, in minor units; negative: a credit note, which is taken off the oldest sums first."""

    number: str
    due_on: date
    minor: int


def late_sums(sums: Iterable[Sum], to_on: date) -> list[Sum]:
    """What is overdue on ``to_on``, oldest first, credit notes taken off (in the debtor's favour)."""
    listed = sorted(sums, key=lambda one: (one.due_on, one.number))
    credit = -sum(one.minor for one in listed if one.minor < 0)
    late = []
    for one in listed:
        if one.minor <= 0:
            continue
        used = min(credit, one.minor)
        credit -= used
        if one.minor > used and one.due_on < to_on:
            late.append(Sum(one.number, one.due_on, one.minor - used))
    return late


def amount(principal_minor: int, rate_bp100: int, days: int, per: str, markup_percent: int = 0) -> int:
    """Interest in minor units, half a unit rounded up: principal × rate × (1 + markup) × days (÷ 365 a year)."""
    value = Decimal(principal_minor) * rate_bp100 * days * (100 + markup_percent) / (100 * _WHOLE)
    return int((value / YEAR_DAYS if per == "year" else value).quantize(Decimal(1), ROUND_HALF_UP))


def _spans(since: date, to_on: date, rates: Sequence[Rate]) -> list[tuple[date, date, Rate]]:
    """(first day, last day, rate) of each stretch; days before the first rate belong to none."""
    starts = [max(rate.from_on, since) for rate in rates] + [to_on + timedelta(days=1)]
    return [
        (first, min(after - timedelta(days=1), to_on), rate)
        for (first, after), rate in zip(pairwise(starts), rates, strict=True)
        if first < after and first <= to_on
    ]


def _by_contract(late: Sum, to_on: date, rates: Sequence[Rate]) -> list[tuple[InterestLine, Rate]]:
    since = late.due_on + timedelta(days=1)
    if not rates or rates[0].from_on > since:
        return []  # a part of the time without a rate: left out whole rather than stated too low
    return [
        (_line(late, first, last, rate.rate_bp100, "day"), rate) for first, last, rate in _spans(since, to_on, rates)
    ]


def _by_lpr(late: Sum, to_on: date, rates: Sequence[Rate]) -> list[tuple[InterestLine, Rate]]:
    """At the rate of the day of the breach, the first day late."""
    since = late.due_on + timedelta(days=1)
    rate = next((one for one in reversed(rates) if one.from_on <= since), None)
    return [(_line(late, since, to_on, rate.rate_bp100, "year"), rate)] if rate and since >= LPR_SINCE else []


def _line(late: Sum, first: date, last: date, rate_bp100: int, per: str) -> InterestLine:
    days, markup = (last - first).days + 1, LPR_MARKUP if per == "year" else 0
    return InterestLine.model_validate({
        "number": late.number, "principal_minor": late.minor, "from_on": first, "to_on": last, "days": days,
        "rate_bp100": rate_bp100, "per": per, "amount_minor": amount(late.minor, rate_bp100, days, per, markup),
    })  # fmt: skip


def reckon(sums: Iterable[Sum], to_on: date, rates: Iterable[Rate], *, contract_only: bool = False
           ) -> InterestShown | None:
    """Late interest to ``to_on`` (that day included), or None when no rate on record applies to any sum.

    The contract's rate goes before the LPR for the whole paper. ``contract_only``: for a payment order, which
    is refused for interest that no paper stipulates (民诉解释 428(2)).
    """
    ordered = sorted(rates, key=lambda one: one.from_on)
    contract = [one for one in ordered if one.kind == "contract"]
    lpr = [one for one in ordered if one.kind == "lpr_1y"]
    if contract_only and not contract:
        return None
    late = late_sums(sums, to_on)
    found = [_by_contract(one, to_on, contract) if contract else _by_lpr(one, to_on, lpr) for one in late]
    pairs = [pair for lines in found for pair in lines]
    total = sum(line.amount_minor for line, _ in pairs)
    if total <= 0 or len(pairs) > _MOST_LINES:
        return None
    sources = dict.fromkeys(rate.source for _, rate in pairs)
    return InterestShown(
        basis="contract" if contract else "lpr", to_on=to_on, markup_percent=0 if contract else LPR_MARKUP,
        source="；".join(sources)[:120], lines=[line for line, _ in pairs], total_minor=total,
        unreckoned=sum(not lines for lines in found),
    )  # fmt: skip
