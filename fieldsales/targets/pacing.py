"""The month day by day: where the target line stands, what has come, what will have come. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fieldsales.targets.rules import month_end

#: The last days whose share of the month's money tells how much was left to the end.
SLIP_DAYS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """A day's end: the line, what had come (None: not yet), what will have come by then (None: before today)."""

    day: date
    line_minor: int
    received_minor: int | None
    forecast_minor: int | None


def days_of(month: date) -> list[date]:
    """Every day of a month."""
    return [month + timedelta(days=n) for n in range((month_end(month) - month).days + 1)]


def target_line(month: date, target_minor: int) -> list[int]:
    """What should have come by each day's end: even over the weekdays, the whole on the last day.

    Public holidays are not taken out: they move by decree, and a line that waits for them is behind afterwards.
    """
    days = days_of(month)
    work = [day.weekday() < 5 for day in days]
    all_days = sum(work)
    line = [target_minor * sum(work[: n + 1]) // all_days for n in range(len(days))]
    line[-1] = target_minor
    return line


def curve(month: date, target_minor: int, received: Mapping[date, int], expected: Mapping[date, int],
          today: date) -> list[Point]:
    """The month's curve. ``received``: money by day; ``expected``: counted promises by their day.

    A promise whose day has passed and that still stands (grace) is expected today. Before the month nothing has
    come; after it nothing is expected.
    """
    points, came, coming = [], 0, 0
    late = sum(minor for day, minor in expected.items() if day < today)
    for day, line in zip(days_of(month), target_line(month, target_minor), strict=True):
        came += received.get(day, 0)
        ahead = day >= today
        if ahead:
            coming += expected.get(day, 0) + (late if day == max(today, month) else 0)
        points.append(Point(day, line, came if day <= today else None, came + coming if ahead else None))
    return points


def slipped_bp(month: date, received: Mapping[date, int]) -> int | None:
    """The share of a month's money that came in its last five days, in basis points; None without money.

    An even month has about a sixth there. More is month-end pressing, and what it brings is the next month's.
    """
    days = days_of(month)
    whole = sum(received.get(day, 0) for day in days)
    if whole <= 0:
        return None
    return sum(received.get(day, 0) for day in days[-SLIP_DAYS:]) * 10_000 // whole


@dataclass(frozen=True, slots=True)
class Drawing:
    """A curve as an SVG draws it: points of polylines in a box of ``WIDTH`` × ``HEIGHT``."""

    line: str
    received: str
    forecast: str
    today_x: str
    top_minor: int


WIDTH, HEIGHT = 600, 180


def drawing(points: list[Point], today: date) -> Drawing:
    """Where the polylines of a curve run; an empty one where nothing is known."""
    top = max([1, *(point.line_minor for point in points), *(point.received_minor or 0 for point in points),
               *(point.forecast_minor or 0 for point in points)])
    step = WIDTH / max(1, len(points) - 1)

    def run(values: list[int | None]) -> str:
        return " ".join(f"{n * step:.1f},{HEIGHT - value / top * HEIGHT:.1f}"
                        for n, value in enumerate(values) if value is not None)

    at = next((n for n, point in enumerate(points) if point.day == today), None)
    return Drawing(run([one.line_minor for one in points]), run([one.received_minor for one in points]),
                   run([one.forecast_minor for one in points]), "" if at is None else f"{at * step:.1f}", top)
