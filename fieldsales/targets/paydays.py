"""When a customer pays his suppliers: his pay-run and cash days, and the day to be there before. Pure.

A day is written ``d25`` (every month's 25th; ``d31`` its last day) or ``w5`` (every Friday).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

#: How a pay day is written.
CODE = r"^(d([1-9]|[12][0-9]|3[01])|w[1-7])$"
#: The list of who is paid is written some days before the run: that is when one must have asked.
ASK_DAYS_BEFORE = 3


def falls_on(code: str, day: date) -> bool:
    """Whether a pay day of this code is ``day``. A month without the day has it on its last."""
    number = int(code[1:])
    if code[0] == "w":
        return day.isoweekday() == number
    return day.day == min(number, calendar.monthrange(day.year, day.month)[1])


def next_on(codes: Iterable[str], today: date) -> date | None:
    """The first pay day from ``today`` on; None when none is known."""
    known = list(codes)
    if not known:
        return None
    # the longest wait is from the 1st of one month to the last day of the same one
    return next(day for day in (today + timedelta(days=n) for n in range(32)) if any(falls_on(c, day) for c in known))


def ask_on(run_on: date, today: date) -> date:
    """The day to ask before a pay-run: three days earlier, on a working day, never in the past."""
    day = run_on - timedelta(days=ASK_DAYS_BEFORE)
    if day.weekday() > 4:
        day -= timedelta(days=day.weekday() - 4)
    return max(day, today)
