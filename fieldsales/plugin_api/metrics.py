"""Measures on the scorecard (对照表指标): one figure a rep and a period, counted by a plugin from what is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, get_args

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.markers import hookspec
from fieldsales.plugin_api.panels import of_kind

Unit = Literal["percent", "number", "money", "minutes", "days"]
_NOTHING_IN = Money(0)
UNITS: tuple[str, ...] = get_args(Unit)


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RepCustomer:
    """A customer the rep owns, as he stands today. ``overdue`` in the currency most is owed in."""

    id: str
    name: str
    tier: str
    overdue: Money
    days_past_due: int
    visited_on: date | None = None


@dataclass(frozen=True, slots=True)
class RepAction:
    """A collection action (催收动作) of the rep's in the period."""

    customer_id: str
    method: str
    outcome: str
    on: date
    fields: Mapping[str, object] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class RepVisit:
    """A visit of the rep's in the period. ``minutes``: from check-in to check-out, None when they were not made.

    ``metres``: from the check-in before on the same day, None for the first and where a place is not known.
    """

    customer_id: str
    purpose: str
    outcome: str
    on: date
    minutes: int | None = None
    metres: int | None = None


@dataclass(frozen=True, slots=True)
class RepPromise:
    """A promise the rep was given in the period. ``state`` as in PromiseFacts."""

    customer_id: str
    on: date
    amount: Money
    state: str


@dataclass(frozen=True, slots=True)
class RepFacts:
    """One rep from ``since`` to ``until`` (both inclusive). ``received``: money of the period from customers he owned
    when it was posted, in the house currency. ``km_cost``: what a kilometre of way costs the house.
    """

    rep_id: str
    rep_name: str
    since: date
    until: date
    today: date
    customers: tuple[RepCustomer, ...] = ()
    actions: tuple[RepAction, ...] = ()
    visits: tuple[RepVisit, ...] = ()
    promises: tuple[RepPromise, ...] = ()
    received: Money = _NOTHING_IN
    km_cost: Money = _NOTHING_IN
    settings: Mapping[str, object] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure as the fraction it is: ``numerator / denominator``, whole numbers (money: minor units).

    A denominator of 0 shows a dash. ``note``: what it was counted from, in a sentence.
    """

    numerator: int
    denominator: int = 1
    note: Labels | None = None


@dataclass(frozen=True, slots=True)
class ScorecardMetric:
    """A measure by name. ``measure(facts)`` returns a Metric, or None when it does not apply to this rep.

    ``unit``: percent | number | money (house currency) | minutes | days. ``better``: whether more or less of it is
    better, "" when neither. Pure; it has two seconds.
    """

    name: str
    labels: Labels
    unit: Unit
    measure: Callable[[RepFacts], Metric | None]
    better: Literal["", "more", "less"] = ""
    hint: Labels | None = None
    roles: tuple[str, ...] = ("rep", "manager", "finance", "admin")


class MetricHooks:
    """The hook of measures."""

    @hookspec
    def scorecard_metrics(self) -> Iterable[ScorecardMetric]:  # type: ignore[empty-body]
        """Columns of the scorecard.

        When: once, as the program starts; ``measure`` then runs once a rep whenever the scorecard is read, with
        facts loaded once for all plugins.
        Returns: ScorecardMetric records; a name already taken by another plugin is refused.
        Errors: one bad record fails the whole plugin. A ``measure`` that raises, hangs or returns anything else
        shows a mark in its cell; the rest of the scorecard is there.
        Since: API 1.

        Example::

            @hookimpl
            def scorecard_metrics():
                return [ScorecardMetric("parcels", {"zh": "签收率", "en": "Signed for"}, "percent", measure)]
        """


def scorecard_metric(given: Any) -> ScorecardMetric:
    """A measure as it is declared, or Garbage."""
    what = of_kind(given, ScorecardMetric, "measure")
    validate.need(given.unit in UNITS, f"{what}: there is no unit {given.unit!r}")
    validate.need(given.better in ("", "more", "less"), f"{what}: better {given.better!r}")
    if given.hint is not None:
        validate.labels(given.hint, f"{what}: hint", 300)
    validate.need(callable(given.measure), f"{what}: measure must be a function")
    checked: ScorecardMetric = given
    return checked


def metric(given: Any) -> Metric | None:
    """What ``measure`` returned, or Garbage."""
    if given is None:
        return None
    validate.need(type(given) is Metric, f"measure must return a Metric or None, not {type(given).__name__}")
    for name in ("numerator", "denominator"):
        value = getattr(given, name)
        validate.need(type(value) is int and abs(value) <= 10**15, f"Metric: {name} must be a whole number")
    validate.need(given.denominator >= 0, "Metric: denominator is negative")
    note = None if given.note is None else validate.labels(given.note, "Metric: note", 200)
    checked: Metric = replace(given, note=note)
    return checked
