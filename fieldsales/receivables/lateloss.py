"""What late payment costs the debtor, by the rule that applies: contract, small-business rule, EU, or LPR. Pure.

Order: the contract's own rate; else, for a debtor under EU law, the reference rate of each half-year plus eight points
and 40 euro for each late payment (Directive 2011/7/EU arts. 3, 6; C-78/22: for each payment); else, where we are a
small business and the buyer is a large one or a public body, 0.05 % a day (保障中小企业款项支付条例); else the one-year
LPR of the first day late plus 30 % (买卖合同解释 18 ¶4). Reference rates come from the house's own table alone. What no
rate on record applies to is named, not guessed.

Days are counted from the day after the due date to the last day, both included, every calendar day as one; a yearly
rate is divided by 365 whatever the year; each line is rounded to the cent, half a cent up, and then added. Interest is
not charged on interest nor on costs. Not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from fieldsales.kernel.errors import N_
from fieldsales.receivables.interest import LPR_MARKUP, LPR_SINCE, Rate, amount

Basis = Literal["contract", "eu", "sme", "lpr"]
#: 保障中小企业款项支付条例: since when, 1/100 basis points a day, the article. The regulation of 2020 (State Council
#: order 728, art. 15) and its revision (order 802, art. 17, in force from 2025-06-01), both read in LawRefBook/Laws.
SME_POLICIES = (
    (date(2020, 9, 1), 500, "保障中小企业款项支付条例(2020)第十五条：日万分之五"),
    (date(2025, 6, 1), 500, "保障中小企业款项支付条例(2025)第十七条：日万分之五"),
)
SME_BUYERS = frozenset({"large", "public"})
#: Directive 2011/7/EU: points above the reference rate (art. 2(6)), the lump sum (art. 6(1)), since when.
EU_POINTS_BP100, EU_LUMP_MINOR, EU_SINCE = 80_000, 40_00, date(2013, 3, 16)
EU_SOURCE = "Directive 2011/7/EU arts. 3, 6"
BASIS_WORDS = {
    "contract": N_("Contract rate"), "eu": N_("EU: reference rate + 8 points"),
    "sme": N_("Small business rule: 0.05%% a day"), "lpr": N_("LPR of the first day late + 30%%"),
    "lump": N_("EU: 40 euro for each late payment"),
}
COUNTING = N_("Days: every calendar day from the day after the due date to the last day, both included. A yearly rate "
              "is divided by 365. Each line is rounded to the cent, half a cent up.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the principal that was late until ``until`` (None: still is). Minor units."""

    minor: int
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LateDebt:
    """One instalment. ``size`` and ``market``: of its debtor (``moneymodels.DebtorProfile``)."""

    number: str
    n: int
    due_on: date
    currency: str
    pieces: tuple[Piece, ...]
    size: str = ""
    market: str = "CN"


@dataclass(frozen=True, slots=True)
class LossLine:
    """One line of the reckoning: so much, for so many days, at such a rate. ``basis`` a key of ``BASIS_WORDS``."""

    number: str
    n: int
    basis: str
    principal_minor: int
    first: date
    last: date
    days: int
    rate_bp100: int
    per: str
    markup: int
    amount_minor: int
    currency: str
    source: str


@dataclass(frozen=True, slots=True)
class Loss:
    """The lines, their sums by currency, and the debts no rate on record applies to."""

    lines: tuple[LossLine, ...]
    totals: dict[str, int] = field(default_factory=dict)
    unreckoned: tuple[str, ...] = ()
    below_lpr: bool = False


def basis_of(debt: LateDebt, contract: Sequence[Rate], *, creditor_sme: bool) -> Basis:
    """Which rule a debt falls under."""
    if contract:
        return "contract"
    if debt.market == "EU":
        return "eu"
    since = debt.due_on + timedelta(days=1)
    if creditor_sme and debt.size in SME_BUYERS and since >= SME_POLICIES[0][0]:
        return "sme"
    return "lpr"


def late_loss(debts: Iterable[LateDebt], to_on: date, rates: Iterable[Rate], *, creditor_sme: bool = False) -> Loss:
    """Late loss of every debt to ``to_on``, that day included."""
    ordered = sorted(rates, key=lambda one: one.from_on)
    by_kind = {kind: [one for one in ordered if one.kind == kind] for kind in ("contract", "lpr_1y", "ecb_ref")}
    lines: list[LossLine] = []
    missing: list[str] = []
    below = False
    for debt in debts:
        if debt.due_on >= to_on:
            continue
        basis = basis_of(debt, by_kind["contract"], creditor_sme=creditor_sme)
        found = [line for piece in debt.pieces for line in _piece(debt, piece, basis, to_on, by_kind)]
        if found and basis == "eu" and debt.currency == "EUR":
            found.append(_lump(debt, to_on))
        if not found:
            missing.append(debt.number)
        lines += found
        small = creditor_sme and debt.size in SME_BUYERS
        below = below or (small and basis == "contract" and _below_lpr(debt, by_kind))
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.currency] = totals.get(line.currency, 0) + line.amount_minor
    return Loss(tuple(lines), totals, tuple(dict.fromkeys(missing)), below)


def _piece(debt: LateDebt, piece: Piece, basis: Basis, to_on: date, rates: dict[str, list[Rate]]) -> list[LossLine]:
    first, last = debt.due_on + timedelta(days=1), min(piece.until or to_on, to_on)
    if last < first or piece.minor <= 0:
        return []
    if basis == "lpr":
        rate = next((one for one in reversed(rates["lpr_1y"]) if one.from_on <= first), None)
        if rate is None or first < LPR_SINCE:
            return []
        return [_line(debt, piece, basis, first, last, rate.rate_bp100, "year", rate.source, LPR_MARKUP)]
    spans = _spans(basis, first, last, rates)
    per = "year" if basis == "eu" else "day"
    return [_line(debt, piece, basis, begin, end, rate, per, source) for begin, end, rate, source in spans]


def _spans(basis: Basis, first: date, last: date, rates: dict[str, list[Rate]]) -> list[tuple[date, date, int, str]]:
    """(first day, last day, rate, source) of each stretch; none at all when a part of the time has no rate."""
    if basis == "eu":
        return _half_years(first, last, rates["ecb_ref"])
    steps = [(one.from_on, one.rate_bp100, one.source) for one in rates["contract"]]
    if basis == "sme":
        steps = list(SME_POLICIES)
    if not steps or steps[0][0] > first:
        return []
    found = []
    for n, (since, rate, source) in enumerate(steps):
        until = steps[n + 1][0] - timedelta(days=1) if n + 1 < len(steps) else last
        begin, end = max(since, first), min(until, last)
        if begin <= end:
            found.append((begin, end, rate, source))
    return found


def _half_years(first: date, last: date, known: Sequence[Rate]) -> list[tuple[date, date, int, str]]:
    """The reference rate in force on 1 January or 1 July holds for the whole half-year (art. 2(7))."""
    found, begin = [], first
    if first < EU_SINCE:
        return []
    while begin <= last:
        opens = date(begin.year, 1 if begin.month < 7 else 7, 1)
        closes = date(begin.year, 6, 30) if begin.month < 7 else date(begin.year, 12, 31)
        rate = next((one for one in reversed(known) if one.from_on <= opens), None)
        if rate is None:
            return []
        end = min(closes, last)
        found.append((begin, end, rate.rate_bp100 + EU_POINTS_BP100, f"{rate.source}; {EU_SOURCE}"))
        begin = end + timedelta(days=1)
    return found


def _line(debt: LateDebt, piece: Piece, basis: str, first: date, last: date, rate: int, per: str, source: str,
          markup: int = 0) -> LossLine:
    days = (last - first).days + 1
    return LossLine(debt.number, debt.n, basis, piece.minor, first, last, days, rate, per, markup,
                    amount(piece.minor, rate, days, per, markup), debt.currency, source)


def _lump(debt: LateDebt, to_on: date) -> LossLine:
    first = debt.due_on + timedelta(days=1)
    return LossLine(debt.number, debt.n, "lump", 0, first, to_on, 0, 0, "", 0, EU_LUMP_MINOR, debt.currency, EU_SOURCE)


def _below_lpr(debt: LateDebt, rates: dict[str, list[Rate]]) -> bool:
    """Whether the agreed rate lies below the one-year LPR, which the small-business rule does not allow."""
    first = debt.due_on + timedelta(days=1)
    agreed = next((one for one in reversed(rates["contract"]) if one.from_on <= first), None)
    lpr = next((one for one in reversed(rates["lpr_1y"]) if one.from_on <= first), None)
    return agreed is not None and lpr is not None and agreed.rate_bp100 * 365 < lpr.rate_bp100
