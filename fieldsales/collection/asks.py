"""The ask (要款金额, 吊筑高台): how much to name so that what is hoped for is what comes out. Pure: no I/O.

The advice behind it: "预计客户能够回款10万元 … 对客户提出18万元的回款要求". The figure is a figure of speech across a
table and stays inside the house: it is never printed as a debt, never above what is truly owed and not disputed, and
never on a screen the customer sees. A written demand states the whole debt (诉讼时效规定 art. 9).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
STEP_BP = 500
#: A proven self-payer: so many dues or promises, and nothing late for longer than so many days.
PROVEN = 3
LATE_DAYS = 7
FIRST_TIERS = frozenset({"A", "核心", "CORE"})


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


def ceiling(open_minor: int, disputed_minor: int, unapplied_minor: int, pending_minor: int = 0) -> int:
    """What may be asked for at most: open, less what is disputed, less money that is here or on its way.

    ``unapplied``: cash and credit notes not allocated yet; ``pending``: receipts that finance has not confirmed.
    """
    return max(open_minor - disputed_minor - unapplied_minor - pending_minor, 0)


#: How many of a customer's newest closes tell what can be hoped for.
_CLOSES = 3


def hoped_for(closes: Sequence[int], overdue_minor: int, most_minor: int) -> int:
    """What can be hoped for before anybody has said a word: what they closed at lately on the average (``closes``:
    newest first, minor units), else what is overdue, else what may be asked for at most."""
    due = min(overdue_minor, most_minor) if overdue_minor > 0 else most_minor
    newest = closes[:_CLOSES]
    return min(spoken(sum(newest) // len(newest)), due) if newest else due


def habit_of(asked: int, closed: int) -> int | None:
    """One asking's ratio in basis points, bounded; None when it was refused: a close at nothing says nothing of it."""
    return bounded((2 * asked * UNIT_BP + closed) // (2 * closed)) if closed > 0 else None


def shrunk(total_bp: int, count: int, prior_bp: int, weight: int) -> int:
    """The mean of ``count`` ratios that add up to ``total_bp``, and of ``weight`` more at the prior."""
    every = count + weight
    return (2 * (total_bp + weight * prior_bp) + every) // (2 * every)


def learned(closes: Iterable[tuple[int, int]], prior_bp: int, weight: int = OWN_WEIGHT) -> int:
    """The habit of haggling, in basis points, from (asked, closed at) pairs, shrunk towards ``prior_bp``.

    A close above the ask counts as 1. Without a single close it is the prior itself.
    """
    ratios = [ratio for asked, closed in closes if (ratio := habit_of(asked, closed)) is not None]
    return shrunk(sum(ratios), len(ratios), prior_bp, weight)


def house_habit(total_bp: int, count: int, setting: Decimal) -> int:
    """The house's own ratio in basis points, from the sum of its ratios; the setting counts as ``HOUSE_WEIGHT`` of
    them, so that before any history it is the setting. In steps of 0.05, for it is a figure of speech."""
    found = shrunk(total_bp, count, bounded(basis_points(setting)), HOUSE_WEIGHT)
    return (found + STEP_BP // 2) // STEP_BP * STEP_BP


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """How a customer has paid: dues settled in the last year and how many by their day, promises, what is late now."""

    dues_settled: int = 0
    dues_on_time: int = 0
    promises_settled: int = 0
    promises_kept: int = 0
    days_past_due: int = 0
    tier: str = ""


def pays_himself(facts: PayerFacts) -> str:
    """Why a customer is a proven self-payer, who gets a statement and thanks instead of an ask; empty: he is none.

    ``on_time``: at least ``PROVEN`` dues of the last year, nine of ten paid by their day. ``keeps_word``: of the
    first tier, and at least ``PROVEN`` promises, nine of ten kept. Nobody with money more than a week late.
    """
    if facts.days_past_due > LATE_DAYS:
        return ""
    if facts.dues_settled >= PROVEN and 10 * facts.dues_on_time >= 9 * facts.dues_settled:
        return "on_time"
    kept = facts.promises_settled >= PROVEN and 10 * facts.promises_kept >= 9 * facts.promises_settled
    return "keeps_word" if facts.tier.upper() in FIRST_TIERS and kept else ""


def is_hard(answer: str, closes_before: Sequence[int | None]) -> bool:
    """Whether an asking was a hard one, after which a manager calls the rep back: refused to his face, or the third
    in a row that closed at nothing. ``closes_before``: of the askings before it, the newest first."""
    return answer == "refused" or (answer in {"none", "excuse", "counter"}
                                   and len(closes_before) >= 2 and not any(closes_before[:2]))
