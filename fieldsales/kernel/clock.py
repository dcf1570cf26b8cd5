"""Time is an argument. Instants are aware UTC; calendar dates belong to the branch's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"


class Clock(Protocol):
    """What tells the time: the machine's clock, or a fixed noon in tests."""

    def now(self) -> datetime:
        """The instant, aware UTC."""
        ...


def on_date(at: datetime, zone: str = DEFAULT_ZONE) -> date:
    """The calendar date of an instant in the branch's zone."""
    return at.astimezone(ZoneInfo(zone)).date()


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The current instant, aware UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at
