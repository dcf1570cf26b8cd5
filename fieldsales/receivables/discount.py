"""What an acceptance bill is worth today: its face less the bank's discount until it matures. Pure.

贴现利息 = 票面金额 × 天数 × 年贴现率 ÷ 360, days from today to maturity (the day of maturity not counted); a bill on
another city adds three days (支付结算办法 95, from memory), which is said beside the figure and not added here,
since the acceptor's city is not on record. Rounded to the cent, half a cent up. The rate is our own bank's, from the
dated table; without one nothing is shown. Not a balance: the debt falls by the face when the bill is honoured.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from fieldsales.receivables.interest import Rate

#: Chinese banks discount by a year of 360 days.
YEAR_DAYS = 360
_WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class TrueValue:
    """Face, days to maturity, the discount and what is left of the face. Minor units."""

    face_minor: int
    days: int
    rate_bp100: int
    cost_minor: int
    source: str

    @property
    def value_minor(self) -> int:
        """What the bank would pay today."""
        return self.face_minor - self.cost_minor


def rate_on(rates: Iterable[Rate], on: date) -> Rate | None:
    """The bank's discount rate of a day; None before the first entry."""
    ours = sorted((one for one in rates if one.kind == "bill_discount"), key=lambda one: one.from_on)
    return next((one for one in reversed(ours) if one.from_on <= on), None)


def cost(face_minor: int, rate_bp100: int, days: int) -> int:
    """The discount in minor units; nothing once it has matured."""
    value = Decimal(face_minor) * max(0, days) * rate_bp100 / (YEAR_DAYS * _WHOLE)
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def true_value(face_minor: int, matures_on: date | None, rates: Iterable[Rate], on: date) -> TrueValue | None:
    """What a bill is worth on a day; None without a day of maturity or without a rate."""
    rate = rate_on(rates, on)
    if matures_on is None or rate is None:
        return None
    days = max(0, (matures_on - on).days)
    return TrueValue(face_minor, days, rate.rate_bp100, cost(face_minor, rate.rate_bp100, days), rate.source)
