"""Calendars as RFC 5545 wants them: escaped, folded at 75 octets, ended by CR LF, the same UID every time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MIME = "text/calendar; charset=utf-8"
PRODUCT = "-//fieldsales//reminders//ZH"
_FOLD = 75


@dataclass(frozen=True, slots=True)
class Event:
    """An all-day event. ``uid`` must stay the same for the same thing; ``changed``: aware UTC."""

    uid: str
    on: date
    title: str
    text: str
    url: str
    changed: datetime


def escaped(text: str) -> str:
    """A TEXT value (3.3.11): backslash, semicolon and comma escaped, line ends written out."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets (3.1), never through a character."""
    pieces: list[str] = []
    piece, size = "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > (_FOLD if not pieces else _FOLD - 1):
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + sign, size + width
    return "\r\n ".join([*pieces, piece])


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _event(event: Event, stamp: str) -> list[str]:
    return [
        "BEGIN:VEVENT", f"UID:{escaped(event.uid)}", f"DTSTAMP:{stamp}", f"LAST-MODIFIED:{_stamp(event.changed)}",
        f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}", f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.title)}", *([f"DESCRIPTION:{escaped(event.text)}"] if event.text else []),
        f"URL:{event.url}", "TRANSP:TRANSPARENT", "CLASS:PRIVATE", "END:VEVENT",
    ]  # fmt: skip


def calendar(name: str, events: Iterable[Event], now: datetime) -> str:
    """A calendar for subscribing to, looked at again every hour."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
    ]  # fmt: skip
    for event in events:
        lines += _event(event, _stamp(now))
    return "".join(folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])
