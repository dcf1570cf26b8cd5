"""What is on record of one case at law: its steps, where it stands, which periods run, what it has cost. Pure.

Kept as one record a debtor (``Keep("case", debtor id)``); the steps are what people noted, in order, and everything
else follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from fieldsales.plugin_api import CaseFacts, Keep, Kept, Money, words
from fieldsales.plugin_api.fields import Labels

from .days import after_days, after_months, is_sure, measure_ends
from .stages import MEASURES, RENEW_DAYS, STEPS, Period

KIND, WHOLE = "case", "all"
#: The newest steps and costs that are kept; far more than a case has.
_MOST = 60
#: A period this near is shown as a warning.
NEAR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Noted:
    """One step as somebody noted it. ``minor``: what was awarded, frozen or received; ``until``: the last day to
    perform that a judgement sets."""

    stage: str
    on: date
    court: str = ""
    number: str = ""
    minor: int = 0
    until: date | None = None
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """Money spent on going to law: ``kind`` of ``costs.KINDS``."""

    kind: str
    minor: int
    on: date


@dataclass(frozen=True, slots=True)
class Track:
    """The case of one debtor. ``version``: of the record, 0 while there is none."""

    key: str
    currency: str = "CNY"
    steps: tuple[Noted, ...] = ()
    costs: tuple[Cost, ...] = ()
    version: int = 0

    @property
    def state(self) -> str:
        """Where the main way stands: the newest step that moves it."""
        return next((STEPS[one.stage].state for one in reversed(self.steps) if STEPS[one.stage].state), "")

    def last(self, *stages: str) -> Noted | None:
        """The newest step of these."""
        return next((one for one in reversed(self.steps) if one.stage in stages), None)

    @property
    def spent(self) -> Money:
        """What it has cost so far."""
        return Money(sum(one.minor for one in self.costs), self.currency)


@dataclass(frozen=True, slots=True)
class Timer:
    """A period that runs. ``sure``: the days off of its last year are known."""

    code: str
    labels: Labels
    rule: str
    since: date
    ends_on: date
    ours: bool
    sure: bool = field(default=True)

    def tone(self, today: date) -> str:
        """bad when it is over, warn when it is near, else nothing."""
        return "bad" if self.ends_on < today else "warn" if self.ends_on <= today + NEAR else ""


def key_of(facts: CaseFacts) -> str:
    """Under what a case is kept: its debtor, or the whole customer where none is named."""
    return facts.debtor.id if facts.debtor else WHOLE


def track_of(facts: CaseFacts) -> Track:
    """The case of the debtor that is asked about, empty while nothing was noted."""
    key = key_of(facts)
    return next((read(one) for one in facts.kept if _is_case(one) and one.key == key), Track(key, facts.currency))


def tracks_of(facts: CaseFacts) -> tuple[Track, ...]:
    """Every case of the customer that has a step or a cost, the newest first."""
    return tuple(track for one in facts.kept if _is_case(one) if (track := read(one)).steps or track.costs)


def _is_case(one: Kept) -> bool:
    return one.kind == KIND and bool(one.customer_id)


def read(one: Kept) -> Track:
    """A case from its record."""
    body: Mapping[str, Any] = one.body
    return Track(one.key, str(body.get("currency", "CNY")), tuple(_noted(step) for step in body.get("steps", ())),
                 tuple(Cost(cost["kind"], cost["minor"], date.fromisoformat(cost["on"]))
                       for cost in body.get("costs", ())), one.version)


def _noted(one: Mapping[str, Any]) -> Noted:
    until = one.get("until")
    return Noted(one["stage"], date.fromisoformat(one["on"]), one.get("court", ""), one.get("number", ""),
                 one.get("minor", 0), date.fromisoformat(until) if until else None, one.get("measure", ""))


def kept(track: Track) -> Keep:
    """The record to write; it must still be as it was read."""
    steps = [{"stage": one.stage, "on": one.on.isoformat(), "court": one.court, "number": one.number,
              "minor": one.minor, "until": one.until.isoformat() if one.until else None, "measure": one.measure}
             for one in track.steps[-_MOST:]]
    costs = [{"kind": one.kind, "minor": one.minor, "on": one.on.isoformat()} for one in track.costs[-_MOST:]]
    return Keep(KIND, track.key, {"currency": track.currency, "steps": steps, "costs": costs}, was=track.version)


def with_step(track: Track, step: Noted) -> Track:
    """The case with one more step, in the order of their days; of one day in the order noted."""
    before = [one for one in track.steps if one.on <= step.on]
    return replace(track, steps=(*before, step, *(one for one in track.steps if one.on > step.on)))


def performance_ends(track: Track) -> date | None:
    """The last day to perform: as the judgement sets it, or the fifteen days of a payment order, else the day it
    became final (民诉法 250 ¶2)."""
    final = track.last("final", "effective")
    if final is None:
        return None
    if final.until:
        return final.until
    served = track.last("served")
    if final.stage == "effective" and served:
        return after_days(served.on, 15)
    return final.on


def timers(track: Track) -> tuple[Timer, ...]:
    """The periods that run now, the first to end first: those of the newest step of the main way, and of measures."""
    main = next((one for one in reversed(track.steps) if STEPS[one.stage].state), None)
    found = [_timer(period, main, track) for period in STEPS[main.stage].periods] if main else []
    for number, one in enumerate(track.steps):
        later = track.steps[number + 1:]
        if one.stage == "pre_frozen" and not any(step.stage in ("sued", "released", "docketed") for step in later):
            found += [_timer(period, one, track) for period in STEPS["pre_frozen"].periods]
        if one.stage in ("pre_frozen", "frozen") and track.state != "closed":
            found += _measures(one, later)
    return tuple(sorted(found, key=lambda one: (one.ends_on, one.code)))


def _timer(period: Period, step: Noted, track: Track) -> Timer:
    since = (performance_ends(track) or step.on) if period.from_end else step.on
    ends = after_days(since, period.count) if period.unit == "days" else after_months(since, period.count)
    return Timer(period.code, period.labels, period.rule, since, ends, period.ours, is_sure(ends))


def _measures(step: Noted, later: tuple[Noted, ...]) -> list[Timer]:
    """When a measure lapses and when its renewal must be asked for; one that was renewed or lifted counts no more."""
    if step.measure not in MEASURES or any(
            one.stage in ("released", "frozen") and one.measure in ("", step.measure) for one in later):
        return []
    months, said = MEASURES[step.measure]
    ends = measure_ends(step.on, months)
    renew = words(f"申请续行：{said['zh']}", f"Apply to renew: {said['en']}")
    return [Timer(f"renew_{step.measure}", renew, "财产保全规定 18", step.on, ends - timedelta(days=RENEW_DAYS), True),
            Timer(f"lapse_{step.measure}", words(f"保全届满：{said['zh']}", f"Lapses: {said['en']}"), "民诉解释 485",
                  step.on, ends, True)]  # fmt: skip
