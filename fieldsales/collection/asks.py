"""The ask (要款金额, 吊筑高台): how much to name so that what is hoped for is what comes out. Pure: no I/O.

The advice behind it: "预计客户能够回款10万元 … 对客户提出18万元的回款要求". The figure is a figure of speech across a
table and stays inside the house: it is never printed as a debt, never above what is truly owed and not disputed, and
never on a screen the customer sees. A written demand states the whole debt (诉讼时效规定 art. 9).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: Ratios are carried as basis points (1.8 = 18,000), on the phone too: no float is ever multiplied with money.
UNIT_BP = 10_000
#: Nobody is asked for less than is hoped for, nor for more than four times of it, whatever the history says.
LOWEST_BP, HIGHEST_BP = 10_000, 40_000
#: How many closes of his own weigh as much as the house's habit (shrinkage towards the house, and the house's own
#: towards the setting): after four closes the customer's own habit counts half.
OWN_WEIGHT = 4
HOUSE_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class Ask:
    """What to name, in minor units of one currency, and how it came about.

    ``ratio_bp``: ask to close, basis points. ``capped``: the open undisputed balance was the limit.
    """

    ask_minor: int
    expected_minor: int
    ratio_bp: int
    open_minor: int
    capped: bool


def ask_for(expected_minor: int, ratio: Decimal, open_minor: int) -> Ask:
    """The ask for an amount hoped for.

    ``expected × ratio``, rounded to a figure one can say (three digits at most), never above ``open_minor`` (what is
    open and not disputed) and never below what is hoped for unless the balance itself is. Hoping for 100,000.00 with
    the ratio 1.8 asks for 180,000.00. Amounts in minor units; nothing open, or nothing hoped for, asks for nothing.
    """
    open_minor = max(open_minor, 0)
    expected = min(max(expected_minor, 0), open_minor)
    ratio_bp = bounded(basis_points(ratio))
    wanted = max(spoken((expected * ratio_bp + UNIT_BP // 2) // UNIT_BP), expected)
    return Ask(min(wanted, open_minor), expected, ratio_bp, open_minor, wanted >= open_minor > 0)


def spoken(minor: int) -> int:
    """An amount as it is said aloud: its first three digits, half up. 18,346,712 becomes 18,300,000."""
    step: int = 10 ** max(len(str(minor)) - 3, 0)
    return (minor + step // 2) // step * step


def basis_points(ratio: Decimal) -> int:
    """A ratio in basis points, half up."""
    return int((ratio * UNIT_BP).quantize(Decimal(1), ROUND_HALF_UP))


def bounded(ratio_bp: int) -> int:
    """The ratio within ``LOWEST_BP`` and ``HIGHEST_BP``."""
    return min(max(ratio_bp, LOWEST_BP), HIGHEST_BP)


def learned(closes: Iterable[tuple[int, int]], prior_bp: int, weight: int = OWN_WEIGHT) -> int:
    """The habit of haggling, in basis points, from (asked, closed at) pairs, shrunk towards ``prior_bp``.

    The mean of ask / close over all closes and ``weight`` more at the prior. A close at nothing is a refusal and says
    nothing of the ratio; a close above the ask counts as 1. Without a single close it is the prior itself.
    """
    ratios = [bounded((2 * asked * UNIT_BP + closed) // (2 * closed)) for asked, closed in closes if closed > 0]
    total = sum(ratios) + weight * prior_bp
    return (2 * total + len(ratios) + weight) // (2 * (len(ratios) + weight))


def house_habit(closes: Iterable[tuple[int, int]], setting: Decimal) -> int:
    """The house's own ratio in basis points: its closes, shrunk towards the setting; the setting before any close."""
    return learned(closes, bounded(basis_points(setting)), HOUSE_WEIGHT)
