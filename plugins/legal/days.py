"""Periods of procedure: when the last day of one falls. Pure.

民诉法 art. 85: the day on which a period begins is not counted; when its last day is a statutory day off (法定休假日),
it ends on the first working day after. A period of years ends on the same day of the year (民法典 arts. 202: where the
month lacks it, on the month's last). Days off are those of the State Council's yearly notices, weekends otherwise.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from fieldsales.kernel.workdays import is_known, next_workday


def after_days(since: date, days: int) -> date:
    """The last day of a period of ``days`` that began with something on ``since``."""
    return next_workday(since + timedelta(days=days))


def after_months(since: date, months: int) -> date:
    """The last day of a period of months or, as twelve each, of years."""
    month = since.month - 1 + months
    year, month = since.year + month // 12, month % 12 + 1
    return next_workday(date(year, month, min(since.day, calendar.monthrange(year, month)[1])))


def measure_ends(since: date, months: int) -> date:
    """The day a court's measure ends: it lapses by itself, so no day off puts it off."""
    month = since.month - 1 + months
    year, month = since.year + month // 12, month % 12 + 1
    return date(year, month, min(since.day, calendar.monthrange(year, month)[1]))


def is_sure(day: date) -> bool:
    """Whether the days off of that year are known, so that the last day is more than weekends."""
    return is_known(day.year)
