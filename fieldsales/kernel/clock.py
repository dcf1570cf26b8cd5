"""Time is an argument. Instants are aware UTC; calendar dates belong to the branch's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Protocol
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, TypeAdapter, ValidationError

DEFAULT_ZONE = "Asia/Shanghai"
_instant: TypeAdapter[datetime] = TypeAdapter(datetime)


def claimed(value: Any) -> datetime | None:
    """An instant a device claims, aware UTC; None when it cannot be read, has no zone, or lies out of all time."""
    try:
        at = _instant.validate_python(value)
        return at.astimezone(UTC) if at.tzinfo is not None and 1970 <= at.year <= 9998 else None
    except (ValidationError, OverflowError):
        return None


Claimed = Annotated[datetime | None, BeforeValidator(claimed)]
"""When something was, as a device says: never a reason to refuse, so what is no instant is no claim."""


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
