"""The scorecard (对照表): one line a rep for a period, the core's own figures and the measures that plugins bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from fieldsales.collection.models import Action
from fieldsales.config import as_set
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.money import Money
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.plugin_api.metrics import (
    Metric,
    RepAction,
    RepCustomer,
    RepFacts,
    RepPromise,
    RepVisit,
    ScorecardMetric,
    metric,
)
from fieldsales.promises.models import Promise
from fieldsales.receivables.models import CustomerMoney, Payment
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit
from fieldsales.visits.rules import Point, distance_m

#: Statements that ``rep_facts`` runs, whatever the house.
QUERIES = 6
_customers, _money, _users, _actions = table_of(Customer), table_of(CustomerMoney), table_of(User), table_of(Action)
_visits, _promises, _payments = table_of(Visit), table_of(Promise), table_of(Payment)
#: A visit that is said to have lasted longer has lost its check-out.
_LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` to ``until``, both inclusive, as days of the house's zone."""

    since: date
    until: date

    def holds(self, column: Any, zone: str) -> Any:
        """Whether an instant lies in it."""
        begins, ends = (datetime.combine(day, time.min, ZoneInfo(zone))
                        for day in (self.since, self.until + timedelta(days=1)))
        return (column >= begins) & (column < ends)


def rep_facts(connection: Connection, scope: Scope, period: Period, today: date, zone: str, currency: str
              ) -> list[RepFacts]:
    """Everybody who owns a visible customer, by name. ``QUERIES`` statements."""
    theirs = _theirs(connection, scope, today, currency, zone)
    actions, visits = _acted(connection, scope, period, zone), _visited(connection, scope, period, zone)
    promises, received = _promised(connection, scope, period), _received(connection, scope, period, currency)
    settings = as_set()
    return [
        RepFacts(rep_id, name, period.since, period.until, today, tuple(customers), tuple(actions[rep_id]),
                 tuple(visits[rep_id]), tuple(promises[rep_id]), Money(received.get(rep_id, 0), currency),
                 Money(settings.km_cost_minor, currency))
        for (name, rep_id), customers in sorted(theirs.items())
    ]


def _theirs(connection: Connection, scope: Scope, today: date, currency: str, zone: str
            ) -> dict[tuple[str, str], list[RepCustomer]]:
    """Customers by their owner's name and id, each with his largest open currency. Two queries."""
    v, m = _visits.c, _money.c
    visited = {row.customer_id: on_date(row.at, zone) for row in connection.execute(
        select(v.customer_id, func.max(v.occurred_at).label("at"))
        .join(_customers, _customers.c.id == v.customer_id).where(visible(scope)).group_by(v.customer_id))}
    rows = connection.execute(
        select(_customers.c.id, _customers.c.name, _customers.c.tier, _users.c.id.label("rep_id"),
               _users.c.name.label("rep_name"), m.currency, m.overdue_minor, m.oldest_due_on)
        .join(_users, _users.c.id == _customers.c.owner_id).outerjoin(_money, m.customer_id == _customers.c.id)
        .where(visible(scope)).order_by(_customers.c.id, m.overdue_minor.desc(), m.currency))
    found: dict[tuple[str, str], list[RepCustomer]] = defaultdict(list)
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            continue
        seen.add(row.id)
        overdue = max(0, row.overdue_minor or 0)
        late = max(0, (today - row.oldest_due_on).days) if row.oldest_due_on and overdue else 0
        found[row.rep_name, row.rep_id].append(RepCustomer(
            row.id, row.name, row.tier or "", Money(overdue, row.currency or currency), late, visited.get(row.id)))
    return found


def _acted(connection: Connection, scope: Scope, period: Period, zone: str) -> dict[str, list[RepAction]]:
    a = _actions.c
    found: dict[str, list[RepAction]] = defaultdict(list)
    for row in connection.execute(
        select(a.by_id, a.customer_id, a.method, a.outcome, a.occurred_at, a.fields)
        .join(_customers, _customers.c.id == a.customer_id)
        .where(visible(scope), period.holds(a.occurred_at, zone)).order_by(a.occurred_at, a.id)
    ):
        found[row.by_id].append(RepAction(row.customer_id, row.method, row.outcome, on_date(row.occurred_at, zone),
                                          MappingProxyType(dict(row.fields))))
    return found


def _visited(connection: Connection, scope: Scope, period: Period, zone: str) -> dict[str, list[RepVisit]]:
    v = _visits.c
    found: dict[str, list[RepVisit]] = defaultdict(list)
    before: dict[tuple[str, date], Point | None] = {}
    for row in connection.execute(
        select(v.user_id, v.customer_id, v.purpose, v.outcome, v.occurred_at, v.arrived_at, v.left_at, v.lat, v.lon)
        .join(_customers, _customers.c.id == v.customer_id)
        .where(visible(scope), period.holds(v.occurred_at, zone)).order_by(v.occurred_at, v.id)
    ):
        on = on_date(row.occurred_at, zone)
        place = Point(float(row.lat), float(row.lon)) if row.lat and row.lon else None
        last, before[row.user_id, on] = before.get((row.user_id, on)), place
        found[row.user_id].append(RepVisit(row.customer_id, row.purpose, row.outcome, on,
                                           _minutes(row.arrived_at, row.left_at),
                                           distance_m(last, place) if last and place else None))
    return found


def _minutes(arrived_at: datetime | None, left_at: datetime | None) -> int | None:
    if arrived_at is None or left_at is None or not timedelta() <= left_at - arrived_at <= _LONGEST:
        return None
    return round((left_at - arrived_at).total_seconds() / 60)


def _promised(connection: Connection, scope: Scope, period: Period) -> dict[str, list[RepPromise]]:
    p = _promises.c
    found: dict[str, list[RepPromise]] = defaultdict(list)
    for row in connection.execute(
        select(p.by_id, p.customer_id, p.made_on, p.amount_minor, p.currency, p.state)
        .join(_customers, _customers.c.id == p.customer_id)
        .where(visible(scope), p.made_on >= period.since, p.made_on <= period.until).order_by(p.made_on, p.id)
    ):
        found[row.by_id].append(RepPromise(row.customer_id, row.made_on, Money(row.amount_minor, row.currency),
                                           row.state))
    return found


def _received(connection: Connection, scope: Scope, period: Period, currency: str) -> dict[str, int]:
    p = _payments.c
    owner = func.coalesce(p.owner_id, _customers.c.owner_id).label("owner_id")
    rows = connection.execute(
        select(owner, func.sum(p.amount_minor).label("minor")).join(_customers, _customers.c.id == p.customer_id)
        .where(visible(scope), p.currency == currency, p.received_on >= period.since, p.received_on <= period.until)
        .group_by(owner))
    return {row.owner_id: int(row.minor) for row in rows}


@dataclass(frozen=True, slots=True)
class Cell:
    """One measure of one rep. ``state``: told | none (does not apply) | empty (nothing to divide by) | failed."""

    state: str
    value: Fraction = Fraction(0)
    note: Labels | None = None


def measured(plugins: Plugins, metrics: Mapping[str, ScorecardMetric], reps: Iterable[RepFacts]
             ) -> dict[str, dict[str, Cell]]:
    """By rep's id and measure's name. One that fails marks its own cells alone."""
    return {one.rep_id: {name: _cell(plugins, name, one) for name in metrics} for one in reps}


def _cell(plugins: Plugins, name: str, facts: RepFacts) -> Cell:
    settings = plugins.settings_of(plugins.brought_by("scorecard_metrics", name))
    shown = replace(facts, settings=settings)
    try:
        found: Metric | None = plugins.ask("scorecard_metrics", name, lambda one: metric(one.measure(shown)))
    except PluginFailed:
        return Cell("failed")
    if found is None:
        return Cell("none")
    if found.denominator == 0:
        return Cell("empty", note=found.note)
    return Cell("told", Fraction(found.numerator, found.denominator), found.note)
