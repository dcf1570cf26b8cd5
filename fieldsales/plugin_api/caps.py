"""How often a method may be used on one customer, where its author wants less than the house's gate allows.

What happened is on record whatever it was: a use beyond the cap is kept with a warning. Before, nobody is told to: the
chooser of the next step leaves a method out until its cap is free again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fieldsales.plugin_api.fields import Labels, words

MOST = 4


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``times`` (1 to 50) in ``days`` (1 to 366), today included."""

    times: int
    days: int


def reached(caps: Iterable[Cap], used: Iterable[date], today: date) -> Cap | None:
    """The first cap that one more use today would go beyond, or None."""
    dates = tuple(used)
    return next((cap for cap in caps
                 if sum(today - timedelta(days=cap.days) < on <= today for on in dates) >= cap.times), None)


def cap_words(cap: Cap) -> Labels:
    """That a way was used more often than the house allows itself."""
    return words(f"{cap.days} 天内此方式最多用 {cap.times} 次，这次超过了。",
                 f"This way is for {cap.times} in {cap.days} days at most; this goes beyond.")


def objection(given: Any) -> str:
    """What is wrong with the caps of a method, or ""."""
    if not isinstance(given, tuple) or len(given) > MOST:
        return f"caps must be a tuple of at most {MOST} Cap records"
    for one in given:
        fine = type(one) is Cap and type(one.times) is int and type(one.days) is int
        if not (fine and 1 <= one.times <= 50 and 1 <= one.days <= 366):
            return f"caps: {one!r}: times 1 to 50, days 1 to 366"
    return ""
