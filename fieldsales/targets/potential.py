"""What a customer can pay this month, will pay, and when (回款潜力分析). Pure.

House assumptions, to be corrected by experience: a month's sales follow the season; half of what his own customers
owe him comes within the month; he pays as much of what he can as he has kept of what he promised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SEASON_PERCENT = {"low": 70, "normal": 100, "high": 130}
DOWNSTREAM_PERCENT = 50


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was seen or told, in minor units; None: not known. ``sales_minor``: what he sells in a usual month."""

    cash_minor: int | None = None
    stock_minor: int | None = None
    sales_minor: int | None = None
    downstream_minor: int | None = None
    downstream_on: date | None = None
    others_minor: int | None = None
    season: str = "normal"


@dataclass(frozen=True, slots=True)
class Potential:
    """``can_minor``: None when nothing is known. ``will_minor``: None without a kept rate. ``lines``: how it adds up,
    (what, minor units). ``unknown``: what nobody has found out yet."""

    can_minor: int | None
    will_minor: int | None
    when: date | None
    lines: tuple[tuple[str, int], ...]
    unknown: tuple[str, ...]


def assess(sheet: Sheet, kept_bp: int | None, next_run: date | None) -> Potential:
    """Add up what he can pay this month, weigh it by his word, and name the day.

    Sales count up to the stock there is: what is not on the shelf is not sold. The day is his pay-run's, else
    the day his own customers pay where most of the money comes from them.
    """
    lines: list[tuple[str, int]] = []
    if sheet.cash_minor is not None:
        lines.append(("cash", sheet.cash_minor))
    if sheet.sales_minor is not None:
        sold = sheet.sales_minor * SEASON_PERCENT.get(sheet.season, 100) // 100
        lines.append(("sales", sold if sheet.stock_minor is None else min(sold, sheet.stock_minor)))
    if sheet.downstream_minor is not None:
        lines.append(("downstream", sheet.downstream_minor * DOWNSTREAM_PERCENT // 100))
    if sheet.others_minor is not None:
        lines.append(("others", -sheet.others_minor))
    unknown = tuple(name for name in ("cash", "stock", "sales", "downstream", "others")
                    if getattr(sheet, f"{name}_minor") is None)
    if not any(what != "others" for what, _ in lines):
        return Potential(None, None, next_run, tuple(lines), unknown)
    can = max(0, sum(minor for _, minor in lines))
    will = None if kept_bp is None else can * max(0, min(10_000, kept_bp)) // 10_000
    parts = dict(lines)
    mostly_theirs = parts.get("downstream", 0) > parts.get("cash", 0) + parts.get("sales", 0)
    when = sheet.downstream_on if mostly_theirs and sheet.downstream_on else next_run or sheet.downstream_on
    return Potential(can, will, when, tuple(lines), unknown)
