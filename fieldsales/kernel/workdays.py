"""Days on which people work: Monday to Friday, but for what the State Council's yearly notices say. Pure."""

from __future__ import annotations

from datetime import date, timedelta


def _days(*spans: tuple[str, int]) -> frozenset[date]:
    return frozenset(date.fromisoformat(first) + timedelta(days=n) for first, count in spans for n in range(count))


#: Days off by the State Council's yearly notice (国办发明电〔2024〕12号 for 2025, of 4 November 2025 for 2026).
OFF = {"CN": _days(
    ("2025-01-01", 1), ("2025-01-28", 8), ("2025-04-04", 3), ("2025-05-01", 5), ("2025-05-31", 3), ("2025-10-01", 8),
    ("2026-01-01", 3), ("2026-02-15", 9), ("2026-04-04", 3), ("2026-05-01", 5), ("2026-06-19", 3), ("2026-09-25", 3),
    ("2026-10-01", 7),
)}  # fmt: skip
#: Saturdays and Sundays worked instead (调休), by the same notices.
WORKED = {"CN": _days(
    ("2025-01-26", 1), ("2025-02-08", 1), ("2025-04-27", 1), ("2025-09-28", 1), ("2025-10-11", 1),
    ("2026-01-04", 1), ("2026-02-14", 1), ("2026-02-28", 1), ("2026-05-09", 1), ("2026-09-20", 1), ("2026-10-10", 1),
)}  # fmt: skip


def is_workday(day: date, calendar: str = "CN") -> bool:
    """Whether people work on a day: Monday to Friday, but for the notices of the years that are known."""
    if day in WORKED.get(calendar, ()):
        return True
    return day.weekday() < 5 and day not in OFF.get(calendar, ())


def is_known(year: int, calendar: str = "CN") -> bool:
    """Whether the notice of a year is in the tables; of other years only the weekends are known."""
    return any(day.year == year for day in OFF.get(calendar, ()))


def next_workday(day: date, calendar: str = "CN") -> date:
    """The day itself when people work on it, else the first one after it."""
    while not is_workday(day, calendar):
        day += timedelta(days=1)
    return day
