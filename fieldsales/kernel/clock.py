"""Time is an argument. Instants are aware UTC; calendar dates belong to the branch's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Protocol
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from fieldsales.kernel.errors import N_

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


#: A device's clock further off than this is marked; what it says is kept beside the estimate.
SKEW = timedelta(minutes=5)
#: A phone that was off for longer than this has lost its clock.
LONG_AGO = timedelta(days=366)
#: What is marked on a record's time, by code. None of them is a reason to refuse it.
CLOCK_FLAGS = {
    "skew": N_("The phone's clock was wrong."),
    "jump": N_("The phone's clock was set back in between."),
    "in_future": N_("The phone's time lies in the future."),
    "long_ago": N_("The phone's time lies more than a year back."),
}


def clock_flags(made_at: datetime | None, skew_ms: int | None, now: datetime) -> list[str]:
    """Codes of ``CLOCK_FLAGS`` that hold for a record claimed to be made at ``made_at``, received ``now``."""
    found = ["skew"] if skew_ms is not None and abs(skew_ms) > SKEW / timedelta(milliseconds=1) else []
    if made_at is None:
        return found
    try:
        at = made_at + timedelta(milliseconds=skew_ms or 0)
    except OverflowError:  # a clock at the end of time
        return [*found, "in_future"]
    return [*found, *(["in_future"] if at > now + SKEW else []), *(["long_ago"] if now - at > LONG_AGO else [])]


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
