"""The real ledger of settled invoices, replayed day by day: what would have been said, and what came true.

Every probability is reckoned from what lay on the desk on the morning of its day: an invoice counts as settled only
once its money was in. ``python3 -m tests.receivables.replay`` writes the calibration plot of the handbook.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path

from fieldsales.receivables.punctuality import Habit, Settled, Spread, habit_of, late, paid_within, spread_of

LEDGER = Path(__file__).parents[3] / "shared" / "data" / "accounts-receivable-2466.csv"
PLOT = Path(__file__).parents[2] / "fieldsales" / "handbook" / "images" / "calibration.svg"
#: Weights were chosen on what was issued before; everything reported is from here on.
TRIED_FROM = date(2013, 1, 1)
WITHIN = 14


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice of the ledger."""

    customer: str
    issued_on: date
    due_on: date
    paid_on: date


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of an open invoice on a day, by the rule and by the plain measures, and whether it came true."""

    probability: float
    mean_delay: float
    past_due: float
    came_true: bool


@cache
def bills() -> tuple[Bill, ...]:
    """The ledger in the order of issue."""
    def on(text: str) -> date:
        return datetime.strptime(text, "%m/%d/%Y").date()

    with LEDGER.open(encoding="utf-8-sig") as lines:
        rows = [Bill(row["customerID"], on(row["InvoiceDate"]), on(row["DueDate"]), on(row["SettledDate"]))
                for row in csv.DictReader(lines)]
    return tuple(sorted(rows, key=lambda bill: (bill.issued_on, bill.customer, bill.due_on, bill.paid_on)))


@dataclass(frozen=True, slots=True)
class Desk:
    """What is known on a morning."""

    today: date
    book: dict[str, list[Settled]]
    open_bills: list[Bill]
    spread: Spread | None

    def habit(self, customer: str) -> Habit:
        """How the customer pays, as far as it is known."""
        assert self.spread is not None
        return habit_of(self.book.get(customer, ()), self.spread.usual_days, self.today)

    def mean_delay(self, customer: str) -> float:
        """The plain measure: the mean of the customer's settled invoices."""
        known = self.book.get(customer, ())
        everyone = known or [one for many in self.book.values() for one in many]
        return sum(one.delay for one in everyone) / len(everyone)

    def past_due(self, customer: str) -> float:
        """The other plain measure: how far past due the customer's oldest open invoice is; -30 without one."""
        return max([(self.today - bill.due_on).days for bill in self.open_bills if bill.customer == customer] or [-30])


def desk(today: date) -> Desk:
    """Everything known on the morning of a day: nothing of that day, nothing after it."""
    book: dict[str, list[Settled]] = {}
    left = []
    for bill in bills():
        if bill.issued_on < today and bill.paid_on < today:
            book.setdefault(bill.customer, []).append(Settled(bill.due_on, bill.paid_on))
        elif bill.issued_on < today:
            left.append(bill)
    return Desk(today, book, left, spread_of(book, today))


def on_issue() -> Iterator[Said]:
    """Of every invoice on its first day: will it be late?"""
    for day, issued in groupby(bills(), key=lambda bill: bill.issued_on):
        if day < TRIED_FROM:
            continue
        known = desk(day)
        assert known.spread is not None
        for bill in issued:
            said = late(known.habit(bill.customer), known.spread, (day - bill.due_on).days)
            yield Said(said, known.mean_delay(bill.customer), known.past_due(bill.customer), bill.paid_on > bill.due_on)


def on_mondays(not_due: bool) -> Iterator[Said]:
    """On every Monday, of every open invoice: will it be late (``not_due``), or be paid within 14 days?"""
    monday, last = TRIED_FROM + timedelta(days=6), max(bill.issued_on for bill in bills())
    while monday <= last:
        known = desk(monday)
        assert known.spread is not None
        for bill in known.open_bills:
            now = (monday - bill.due_on).days
            if not_due and now > 0:
                continue
            habit, mean = known.habit(bill.customer), known.mean_delay(bill.customer)
            if not_due:
                yield Said(late(habit, known.spread, now), mean, now, bill.paid_on > bill.due_on)
            else:
                said = paid_within(habit, known.spread, now, WITHIN)
                yield Said(said, now - mean, now, bill.paid_on <= monday + timedelta(days=WITHIN))
        monday += timedelta(days=7)


def auc(pairs: Iterable[tuple[float, bool]]) -> float:
    """How often what came true was ranked above what did not; ties count half (Mann and Whitney)."""
    ranked = sorted(pairs)
    yes = sum(came_true for _, came_true in ranked)
    total, place = 0.0, 0
    for _, same in groupby(ranked, key=lambda pair: pair[0]):
        tied = list(same)
        total += (place + (len(tied) + 1) / 2) * sum(came_true for _, came_true in tied)
        place += len(tied)
    return (total - yes * (yes + 1) / 2) / (yes * (len(ranked) - yes))


def brier(said: Sequence[Said]) -> float:
    """The mean square of what the probability was off."""
    return sum((one.probability - one.came_true) ** 2 for one in said) / len(said)


@dataclass(frozen=True, slots=True)
class Bin:
    """Probabilities of about one size: what was said on average, how often it came true, of how many."""

    said: float
    true: float
    count: int

    @property
    def error(self) -> float:
        """The standard error of ``true``."""
        return math.sqrt(max(self.true * (1 - self.true), 0.01) / self.count)


def calibration(said: Sequence[Said]) -> list[Bin]:
    """Ten bins by tenths."""
    bins: dict[int, list[Said]] = {}
    for one in said:
        bins.setdefault(min(9, int(one.probability * 10)), []).append(one)
    return [Bin(sum(one.probability for one in many) / len(many), sum(one.came_true for one in many) / len(many),
                len(many)) for _, many in sorted(bins.items())]


def figures(said: Sequence[Said]) -> dict[str, float]:
    """What the handbook reports of one question."""
    return {
        "said": len(said), "share_true": sum(one.came_true for one in said) / len(said),
        "auc": auc((one.probability, one.came_true) for one in said),
        "auc_mean_delay": auc((one.mean_delay, one.came_true) for one in said),
        "auc_past_due": auc((one.past_due, one.came_true) for one in said), "brier": brier(said),
        "off": sum(abs(one.said - one.true) * one.count for one in calibration(said)) / len(said),
    }


def plot(questions: Sequence[tuple[str, str, Sequence[Said]]]) -> str:
    """The calibration of several questions as one SVG: said across, came true upwards."""
    side, gap, top = 240, 40, 30
    width = len(questions) * (side + gap) + gap
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {side + top + 44}" '
             'font-family="sans-serif" font-size="11" fill="#333">', '<rect width="100%" height="100%" fill="#fff"/>']
    for place, (title, colour, said) in enumerate(questions):
        left = gap + place * (side + gap)
        parts.append(f'<text x="{left}" y="18" font-size="13">{title}</text>')
        parts.append(f'<path d="M{left} {top}V{top + side}H{left + side}" fill="none" stroke="#999"/>')
        parts.append(f'<path d="M{left} {top + side}L{left + side} {top}" stroke="#ccc" stroke-dasharray="4 4"/>')
        for tick in (0, 50, 100):
            at = side * tick / 100
            parts.append(f'<text x="{left + at:.0f}" y="{top + side + 14}" text-anchor="middle">{tick}</text>')
            parts.append(f'<text x="{left - 4}" y="{top + side - at + 4:.0f}" text-anchor="end">{tick}</text>')
        for one in calibration(said):
            x, y = left + one.said * side, top + side - one.true * side
            reach = 2 * one.error * side
            parts.append(f'<path d="M{x:.1f} {y - reach:.1f}V{y + reach:.1f}" stroke="{colour}" opacity=".5"/>')
            size = 2 + min(6, one.count ** 0.5 / 6)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{colour}"/>')
        parts.append(f'<text x="{left + side / 2}" y="{top + side + 32}" text-anchor="middle">预计 % · said %</text>')
    return "\n".join([*parts, "</svg>\n"])


@cache
def answers() -> tuple[list[Said], list[Said], list[Said]]:
    """The three questions: late (first day), late (every Monday), paid within 14 days (every Monday)."""
    return list(on_issue()), list(on_mondays(True)), list(on_mondays(False))


def drawn() -> str:
    """The plot as it stands in the handbook."""
    first, mondays, soon = answers()
    return plot([("逾期（开单日）late, on issue", "#1a5fb4", first),
                 ("逾期（每周一）late, each Monday", "#26a269", mondays),
                 ("14 天内付款 paid within 14 days", "#c64600", soon)])


if __name__ == "__main__":
    PLOT.write_text(drawn(), encoding="utf-8")
    for question in answers():
        print({name: round(value, 4) for name, value in figures(question).items()})
        print([(round(one.said, 2), round(one.true, 2), one.count) for one in calibration(question)])
