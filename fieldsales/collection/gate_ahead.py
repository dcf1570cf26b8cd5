"""What plugins' rules of contact hold back in the days ahead, worked out for a phone without a network.

A rule is asked hour by hour about every way; about each method apart where it looks at the method; and once more, as
if one more demand had been made today, where it looks at what was made: so much may a phone's own outbox add.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fieldsales.collection.gate import RULE_AWAY, Bar, Contact, GateFacts, Made
from fieldsales.collection.gate_rules import HOOK, Asker, bar_of, is_own
from fieldsales.plugin_api.compliance import ComplianceRule, ContactQuestion, PastContact, ruling
from fieldsales.plugin_api.manager import PluginFailed, Plugins

#: Ways and purposes a phone asks about without a method, and how far ahead a rule is asked.
_WAYS = tuple((channel, purpose) for channel in ("call", "message", "visit", "mail", "letter")
              for purpose in ("demand", "reminder"))
AHEAD, STEP = timedelta(days=3), timedelta(hours=1)
#: Ways of the contacts a phone's outbox may add before the office knows of them.
_ADDED = ("call", "message", "visit")
#: A method by its name: its way and purpose.
Ways = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What stands in the days ahead; and what stands besides, by the way of one more demand made today."""

    bars: tuple[Bar, ...] = ()
    more: Mapping[str, tuple[Bar, ...]] = field(default_factory=dict)


class _Watched(ContactQuestion):
    """A question that notes whether the rule looked at the method or at what was made: what it did not look at cannot
    change its answer, and nothing more is asked."""

    __slots__ = ("_made", "_method", "seen")

    def _note(self, name: str) -> Any:
        seen: set[str] | None = getattr(self, "seen", None)
        if seen is not None:
            seen.add(name)
        return getattr(self, f"_{name}")

    @property
    def method(self) -> str:
        return self._note("method")  # type: ignore[no-any-return]

    @method.setter
    def method(self, value: str) -> None:
        object.__setattr__(self, "_method", value)

    @property
    def made(self) -> tuple[PastContact, ...]:
        return self._note("made")  # type: ignore[no-any-return]

    @made.setter
    def made(self, value: tuple[PastContact, ...]) -> None:
        object.__setattr__(self, "_made", value)


def ahead(plugins: Plugins | None, facts: GateFacts, today: date) -> Ahead:
    """Every stretch of the days ahead in which a rule holds some contact back, for a phone without a network.

    What has no end holds for good; behind the days ahead the core's gate alone is known.
    """
    if plugins is None:
        return Ahead()
    bars: list[Bar] = []
    more: dict[str, tuple[Bar, ...]] = {}
    ways = {name: (one.channel, one.purpose) for name, one in plugins.methods.items() if one.purpose}
    start = datetime.combine(today, time(), ZoneInfo(facts.zone)).astimezone(UTC)
    for name in plugins.declared(HOOK):
        try:
            found: Ahead = plugins.ask(HOOK, name, lambda rule: _of_rule(rule, facts, ways, start))
        except PluginFailed:  # the office asks again before anything is sent; only its own methods are held back
            found = Ahead(tuple(Bar(*way, *RULE_AWAY, start, None, method) for method, way in ways.items()
                                if is_own(plugins, name, method)))
        bars += found.bars
        more |= {way: more.get(way, ()) + of_way for way, of_way in found.more.items()}
    return Ahead(tuple(bars), more)


def _of_rule(rule: ComplianceRule, facts: GateFacts, ways: Ways, start: datetime) -> Ahead:
    bars, seen = _stretches(rule, facts, ways, start)
    if "made" not in seen:
        return Ahead(bars)
    more = {}
    for channel in _ADDED:
        made = sorted((Made(start, channel), *facts.made), key=lambda one: one.at, reverse=True)
        beyond, _ = _stretches(rule, replace(facts, made=tuple(made)), ways, start)
        more[channel] = tuple(one for one in beyond if one not in bars)
    return Ahead(bars, {channel: found for channel, found in more.items() if found})


def _stretches(rule: ComplianceRule, facts: GateFacts, ways: Ways, start: datetime
               ) -> tuple[tuple[Bar, ...], set[str]]:
    """What it holds back, and what it looked at to say so."""
    bars: list[Bar] = []
    everything: set[str] = set()
    walk = _walker(rule, facts, start)
    for way in _WAYS:
        found, seen = walk(way, "")
        everything |= seen
        apart = {name: walk(way, name)[0] for name, its in ways.items() if its == way} if "method" in seen else {}
        bars += (replace(one, but=tuple(name for name, own in apart.items() if one not in own)) for one in found)
        bars += _own(apart, found)
    beside = {name: walk(way, name)[0] for name, way in ways.items() if way[0] and way not in _WAYS}
    return (*bars, *_own(beside, [])), everything


def _own(apart: Mapping[str, list[Bar]], general: list[Bar]) -> Iterable[Bar]:
    return (replace(one, method=name) for name, own in apart.items() for one in own if one not in general)


class _walker:
    """Asks one rule about one customer, hour by hour and wherever a contact on record begins to count."""

    def __init__(self, rule: ComplianceRule, facts: GateFacts, start: datetime) -> None:
        self._rule, self._start, self._end = rule, start, start + AHEAD
        self._asked = Asker(facts, _Watched)
        hours = {start + STEP * n for n in range(int(AHEAD / STEP))}
        self._instants = sorted(hours | {one.at for one in facts.made if start <= one.at < self._end})

    def __call__(self, way: tuple[str, str], method: str) -> tuple[list[Bar], set[str]]:
        bars: list[Bar] = []
        seen: set[str] = set()
        at = self._start
        while at < self._end:
            question = self._asked(Contact(way[0], at, way[1], method=method))
            object.__setattr__(question, "seen", seen)
            answer = ruling(self._rule.judge(question), self._rule, at)
            if answer.allows:
                n = bisect_right(self._instants, at)
                at = self._instants[n] if n < len(self._instants) else self._end
                continue
            bars = _joined(bars, bar_of(self._rule, *way, at, answer))
            if answer.until is None:
                break
            at = answer.until
        return bars, seen


def _joined(bars: list[Bar], bar: Bar) -> list[Bar]:
    """With one more stretch, which lengthens the last when it follows it without a gap."""
    last = bars[-1] if bars else None
    if last and (last.channel, last.purpose, last.code, last.until) == (bar.channel, bar.purpose, bar.code, bar.since):
        return [*bars[:-1], replace(last, until=bar.until)]
    return [*bars, bar]
