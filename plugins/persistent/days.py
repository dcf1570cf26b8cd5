"""Part-payment day by day: what was agreed, what came, and how long nothing has come. Pure.

Kept as one record a customer (``Keep("days", "plan")``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from fieldsales.plugin_api import CaseFacts, Keep, Kept, Money

KIND, KEY = "days", "plan"
DAY = timedelta(days=1)
#: Days without money until law takes over, while nothing is set.
USUAL_DAYS = 7
#: Days missed in a row before a stop of supply is put to the manager again.
MISSED_FOR_SUPPLY = 2
_MOST = 130
State = Literal["", "running", "stopped", "handed_over"]


@dataclass(frozen=True, slots=True)
class Days:
    """``minor`` a day from ``first`` on, ``count`` times. ``paid``: (day, minor) of what came. ``since``: the day close
    follow-up began."""

    currency: str = "CNY"
    state: State = ""
    since: date | None = None
    minor: int = 0
    first: date | None = None
    count: int = 0
    paid: tuple[tuple[date, int], ...] = ()
    missed: int = 0
    supply_asked: bool = False
    version: int = 0

    @property
    def received(self) -> Money:
        """What has come in so far."""
        return Money(sum(minor for _, minor in self.paid), self.currency)

    @property
    def agreed(self) -> Money:
        """What was agreed in all."""
        return Money(self.minor * self.count, self.currency)

    @property
    def last_money_on(self) -> date | None:
        """The day money last came, else the day close follow-up began."""
        return max((day for day, _ in self.paid), default=self.since)

    def next_day(self, today: date) -> date | None:
        """The next day a sum falls due; None when none is agreed or all have gone by."""
        if not self.first or not self.count:
            return None
        day = max(self.first, today if not any(on == today for on, _ in self.paid) else today + DAY)
        return day if day <= self.first + DAY * (self.count - 1) else None

    def dry_days(self, today: date) -> int:
        """Whole days since money last came."""
        return max(0, (today - self.last_money_on).days) if self.last_money_on else 0


def days_of(facts: CaseFacts) -> Days:
    """What is on record of this customer; empty while nothing is."""
    return next((read(one) for one in facts.kept if is_days(one)), Days(facts.currency))


def is_days(one: Kept) -> bool:
    """Whether a record is one of these."""
    return (one.kind, one.key) == (KIND, KEY) and bool(one.customer_id)


def read(one: Kept) -> Days:
    """What is agreed and paid, from its record."""
    body: Mapping[str, Any] = one.body
    return Days(
        body["currency"], body["state"], _day(body.get("since")), body.get("minor", 0), _day(body.get("first")),
        body.get("count", 0), tuple((date.fromisoformat(day), minor) for day, minor in body.get("paid", ())),
        body.get("missed", 0), bool(body.get("supply_asked")), one.version)


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def kept(days: Days) -> Keep:
    """The record to write; it must still be as it was read."""
    return Keep(KIND, KEY, {
        "currency": days.currency, "state": days.state, "since": days.since.isoformat() if days.since else None,
        "minor": days.minor, "first": days.first.isoformat() if days.first else None, "count": days.count,
        "paid": [[day.isoformat(), minor] for day, minor in days.paid[-_MOST:]], "missed": days.missed,
        "supply_asked": days.supply_asked,
    }, was=days.version)  # fmt: skip


def begun(days: Days, today: date) -> Days:
    """Close follow-up has begun, if it had not."""
    return replace(days, state="running", since=days.since or today)


def limit_of(settings: Mapping[str, object]) -> int:
    """Days without money until law takes over, as the administrator set it."""
    given = settings.get("days_without_money")
    return given if isinstance(given, int) and given > 0 else USUAL_DAYS
