"""Dates in ledgers: every common writing is read, and an ambiguous order is asked, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from fieldsales.exchange.amounts import plain_text
from fieldsales.kernel.errors import N_, Invalid

Order = Literal["ymd", "mdy", "dmy"]
ORDERS: tuple[Order, ...] = ("ymd", "mdy", "dmy")

_TIME = re.compile(r"(?<=\d)[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})")
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SHORT_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})")
_NAMED = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3,9})[-, ]+(\d{4})|([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_MONTHS = {name: n for n, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_EXCEL_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class OrderFinding:
    """What a column of dates says about its own order.

    ``order`` None and ``ask`` True: a person must choose. ``order`` None and ``ask`` False: nothing
    in the column depends on it. ``evidence`` is the cell that decided; ``examples`` are shown to
    whoever is asked.
    """

    order: Order | None
    ask: bool
    evidence: str = ""
    examples: tuple[str, ...] = ()


def _no_such_day(text: str) -> Invalid:
    return Invalid("exchange.no_such_day", N_("There is no such day as “%(text)s”."), text=text[:40])


def _make(year: int, month: int, day: int, text: str) -> date:
    try:
        made = date(year, month, day)
    except ValueError as error:
        raise _no_such_day(text) from error
    if not 1950 <= made.year <= 2150:
        raise Invalid("exchange.date_absurd", N_("The year of “%(text)s” cannot be right."), text=text[:40])
    return made


def _date_text(text: str) -> str:
    return _TIME.sub("", text).strip()


def _parts(text: str) -> tuple[int, int, int, bool] | None:
    """The three numbers of a date whose order is open, and whether its year has two digits."""
    found = _YEAR_LAST.fullmatch(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3]), False
    found = _SHORT_YEAR.fullmatch(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3]), True
    return None


def _ordered(parts: tuple[int, int, int, bool], order: Order) -> tuple[int, int, int] | None:
    """(year, month, day) under an order, or None when the order cannot apply to this shape."""
    first, second, third, short = parts
    if order == "ymd":
        return (2000 + first, second, third) if short else None
    year = third if not short else 2000 + third if third < 70 else 1900 + third
    return (year, first, second) if order == "mdy" else (year, second, first)


def _fits(parts: tuple[int, int, int, bool], order: Order) -> bool:
    found = _ordered(parts, order)
    if found is None:
        return False
    try:
        date(*found)
    except ValueError:
        return False
    return True


def find_order(cells: Iterable[object]) -> OrderFinding:
    """Which order the ambiguous dates among ``cells`` have, by evidence: a part above 12."""
    proof: dict[Order, str] = {}
    undecided: dict[str, None] = {}
    for cell in cells:
        if not isinstance(cell, str):
            continue
        text = _date_text(plain_text(cell))
        parts = _parts(text)
        if parts is None:
            continue
        fitting: list[Order] = [order for order in ORDERS if _fits(parts, order)]
        meanings = {_ordered(parts, order) for order in fitting}
        if len(fitting) == 1:
            proof.setdefault(fitting[0], text)
        elif len(meanings) > 1 and len(undecided) < 200:
            undecided.setdefault(text)
    if len(proof) == 1:
        order, evidence = next(iter(proof.items()))
        return OrderFinding(order, False, evidence)
    if len(proof) > 1:
        return OrderFinding(None, True, examples=tuple(proof.values()))
    return OrderFinding(None, bool(undecided), examples=tuple(undecided)[:5])


def read_date(cell: object, order: Order | None = None) -> date | None:
    """The date in a cell; None when it is empty.

    ``order`` says how ``1/2/2013`` is meant; without it such a cell is refused. Raises Invalid for
    a day that does not exist (2013-02-30) and for anything that is not a date.
    """
    if isinstance(cell, datetime):
        return _make(cell.year, cell.month, cell.day, str(cell))
    if isinstance(cell, date):
        return _make(cell.year, cell.month, cell.day, str(cell))
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _from_number(cell)
    whole = plain_text(cell)
    text = _date_text(whole)
    if text in {"", "-", "--", "/"} or text.startswith("0000"):
        return None
    for shape in (_YEAR_FIRST, _CHINESE):
        found = shape.fullmatch(text)
        if found:
            return _make(int(found[1]), int(found[2]), int(found[3]), whole)
    found = _COMPACT.fullmatch(text)
    if found:
        return _make(int(found[1] + found[2]), int(found[3]), int(found[4]), whole)
    return _by_order(text, whole, order)


def _by_order(text: str, whole: str, order: Order | None) -> date:
    parts = _parts(text)
    if parts is not None:
        return _by_parts(parts, whole, order)
    named = _NAMED.fullmatch(text)
    if named:
        day, name, year = (named[1], named[2], named[3]) if named[1] else (named[5], named[4], named[6])
        month = _MONTHS.get(name[:3].lower())
        if month:
            return _make(int(year), month, int(day), whole)
    if re.fullmatch(r"\d{5}", text):
        return _from_number(int(text))
    raise Invalid(
        "exchange.date_unreadable", N_("“%(text)s” is not a date. Write it as 2026-11-21."), text=whole[:40]
    )


def _by_parts(parts: tuple[int, int, int, bool], whole: str, order: Order | None) -> date:
    if order == "ymd" and not parts[3]:
        raise _no_such_day(whole)
    meanings = {found for o in ORDERS if _fits(parts, o) and (found := _ordered(parts, o))}
    if order is None and len(meanings) > 1:
        raise Invalid(
            "exchange.date_order_needed",
            N_("“%(text)s” can be read in two ways. Choose the order of day and month."),
            text=whole[:40],
        )
    chosen = _ordered(parts, order) if order else next(iter(meanings), None)
    if chosen is None:
        raise _no_such_day(whole)
    return _make(*chosen, whole)


def _from_number(number: float) -> date:
    if 19500101 <= number <= 21501231:
        text = str(int(number))
        return _make(int(text[:4]), int(text[4:6]), int(text[6:]), text)
    if 18264 <= number < 91680:  # Excel's day numbers of 1950 to 2150
        return _EXCEL_ZERO + timedelta(days=int(number))
    raise Invalid(
        "exchange.date_unreadable", N_("“%(text)s” is not a date. Write it as 2026-11-21."), text=str(number)
    )
