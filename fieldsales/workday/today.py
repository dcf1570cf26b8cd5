"""Reads for today's list: how every customer of a rep stands, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, func, or_, select, union_all

from fieldsales.collection.ladder import Policy
from fieldsales.collection.models import Action, Task
from fieldsales.config import as_set
from fieldsales.customers.models import Customer, Debtor
from fieldsales.customers.queries import visible
from fieldsales.kernel.clock import DEFAULT_ZONE, on_date
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import Scope, scope_of
from fieldsales.plans.models import PlanInstalment
from fieldsales.plugin_api.manager import Plugins
from fieldsales.promises.models import NoPromise, Promise
from fieldsales.receivables.facts import stands
from fieldsales.receivables.limitation import YEARS, Interruption, last_day, years_after
from fieldsales.receivables.models import CustomerMoney
from fieldsales.receivables.models import Interruption as InterruptionRow
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit
from fieldsales.visits.queries import last_place
from fieldsales.visits.rules import Point, distance_m
from fieldsales.workday import cards
from fieldsales.workday.cards import QUERIES as CARD_QUERIES
from fieldsales.workday.errands import for_the_rep
from fieldsales.workday.rules import LENGTH, REMEMBERED_DAYS, Missed, Ranked, Standing, rank
from fieldsales.workday.steps import QUERIES as STEP_QUERIES
from fieldsales.workday.steps import Step, steps_of
from fieldsales.workday.trips import Stop, bundle, district_of

__all__ = ["CARD_QUERIES", "QUERIES", "STEP_QUERIES", "day_cards", "limits", "ranked_today", "today_list"]

QUERIES = 6
#: Of so many the next step is asked for: whose step is for another day leave the list to those who follow.
CANDIDATES = 3 * LENGTH
#: Reasons that keep a customer on the list whatever his next step's day.
NEWS = frozenset({"broken", "awaited", "due_today", "task", "limitation"})
#: Who has something due within so many days is seen along with a visit near by.
SOON_DAYS = 3
_customers, _money, _promises = table_of(Customer), table_of(CustomerMoney), table_of(Promise)
_instalments, _debtors, _refusals = table_of(PlanInstalment), table_of(Debtor), table_of(NoPromise)
_visits, _actions, _tasks, _acts = table_of(Visit), table_of(Action), table_of(Task), table_of(InterruptionRow)
#: Debts whose first period is this near its end are looked at for limitation.
_SOON = timedelta(days=180)


def today_list(connection: Connection, actor: Actor, today: date, near: Point | None = None,
               zone: str = DEFAULT_ZONE, plugins: Plugins | None = None, now: datetime | None = None
               ) -> dict[str, Any]:
    """The day's list as a phone carries it: who, why, how much, how far. ``QUERIES`` statements.

    ``near``: where the rep is; without it the last check-in of today counts. With ``plugins`` each customer has his
    next step, chosen among their methods (``STEP_QUERIES`` more), and visits that lie together are bundled. With
    ``now`` too, plugins put their cards beside it (``CARD_QUERIES`` more, none where no plugin has a card).
    """
    ranked, lapsing = _ranked(connection, actor, today, near, zone, LENGTH if plugins is None else CANDIDATES)
    ids = [one.standing.customer_id for one in ranked]
    steps = {} if plugins is None else _steps(connection, actor, ids, today, plugins, lapsing, now)
    chosen = [one for one in ranked if not steps or _stays(one, steps[one.standing.customer_id])][:LENGTH]
    doc: dict[str, Any] = {"on": today.isoformat(), "items": [
        _item(one, place, steps.get(one.standing.customer_id)) for place, one in enumerate(chosen, 1)]}
    if plugins is not None:
        doc["trips"] = _trips({key: steps[key] for key in ids})
        if now is not None:
            doc["cards"] = _cards(connection, actor, now, today, plugins, steps, ranked)
    return doc


def day_cards(connection: Connection, actor: Actor, today: date, now: datetime, plugins: Plugins,
              zone: str = DEFAULT_ZONE) -> list[dict[str, Any]]:
    """The cards of plugins alone, for a desk. ``QUERIES + STEP_QUERIES + CARD_QUERIES`` statements, or none at all."""
    if not cards.declared(plugins, actor):
        return []
    ranked, lapsing = _ranked(connection, actor, today, None, zone, CANDIDATES)
    ids = [one.standing.customer_id for one in ranked]
    steps = _steps(connection, actor, ids, today, plugins, lapsing, now)
    return _cards(connection, actor, now, today, plugins, steps, ranked)


def _steps(connection: Connection, actor: Actor, ids: list[str], today: date, plugins: Plugins,
           lapsing: Mapping[str, date], now: datetime | None) -> dict[str, Step]:
    """The next steps of the day's customers and, where cards are asked for, of those their plugins keep records on."""
    more = cards.keeps_on(connection, actor, plugins) if now and cards.declared(plugins, actor) else []
    return steps_of(connection, list(dict.fromkeys([*ids, *more])), today, plugins, lapsing)


def _cards(connection: Connection, actor: Actor, now: datetime, today: date, plugins: Plugins,
           steps: Mapping[str, Step], ranked: list[Ranked]) -> list[dict[str, Any]]:
    far = {one.standing.customer_id: one.standing.distance_m for one in ranked}
    return cards.cards_of(connection, actor, now, today, plugins, steps, far)


def _item(one: Ranked, place: int, step: Step | None) -> dict[str, Any]:
    return {
        "customer_id": one.standing.customer_id, "rank": place, "score": one.score,
        "why_zh": one.why("zh"), "why_en": one.why("en"),
        "reasons": [{"code": reason.code, "points": reason.points} for reason in one.reasons],
        "overdue_minor": one.standing.overdue_minor, "currency": one.standing.currency,
        "days_past_due": one.standing.days_past_due, "distance_m": one.standing.distance_m,
        **({"step": step.as_doc()} if step and step.is_due else {}),
    }


def _stays(one: Ranked, step: Step) -> bool:
    """Whoever's next step is for another day is not on today's list, unless there is news about him today."""
    return step.is_due or any(reason.code in NEWS for reason in one.reasons)


def _trips(steps: Mapping[str, Step]) -> list[dict[str, Any]]:
    """The visits of today, with those near them who have something due within ``SOON_DAYS``."""
    stops = []
    for key, step in steps.items():
        one, facts = step.suggestion, step.facts
        if one.kind in ("hold", "rest", "thank") or one.on is None or (one.on - facts.today).days > SOON_DAYS:
            continue
        stops.append(Stop(key, facts.overdue_minor, one.in_person and step.is_due and not one.needs_approval,
                          step.place, district_of(step.address)))
    policy = Policy(km_cost_minor=as_set().km_cost_minor)
    return [{"district": trip.district, "customer_ids": list(trip.customer_ids), "metres": trip.metres}
            for trip in bundle(stops, policy)]


def ranked_today(connection: Connection, actor: Actor, today: date, near: Point | None = None,
                 zone: str = DEFAULT_ZONE) -> list[Ranked]:
    """The customers an actor should see today, ranked by what stands on record alone."""
    return _ranked(connection, actor, today, near, zone, LENGTH)[0]


def _ranked(connection: Connection, actor: Actor, today: date, near: Point | None, zone: str, length: int
            ) -> tuple[list[Ranked], dict[str, date]]:
    """The ranked customers, and whose claim lapses soon. ``QUERIES`` statements."""
    scope = scope_of(actor)
    morning = datetime.combine(today, time.min, ZoneInfo(zone))
    checked_in = last_place(connection, actor.user_id, morning)
    if near is None and checked_in is not None:
        near = Point(float(checked_in[0]), float(checked_in[1]))
    owing = _owing(connection, scope)
    missed, due_today = _promised(connection, scope, today)
    contacts, tasks = _contacts(connection, scope, zone), _due_tasks(connection, scope, today)
    lapsing = limits(connection, today, _SOON, scope)
    standings = [
        Standing(
            key, row.currency or "CNY", row.overdue_minor or 0,
            (today - row.oldest_due_on).days if row.oldest_due_on and row.oldest_due_on < today else 0,
            tuple(missed.get(key, ())), *_main_sum(due_today.get(key, {}), row.currency), contacts.get(key),
            tasks.get(key, 0), lapsing.get(key),
            distance_m(near, Point(float(row.lat), float(row.lon))) if near and row.lat and row.lon else None,
        )
        for key, row in owing.items()
    ]
    return rank(standings, today, length), lapsing


def _owing(connection: Connection, scope: Scope) -> dict[str, Any]:
    """Every visible customer with its largest open currency."""
    m = _money.c
    rows = connection.execute(
        select(_customers.c.id, _customers.c.lat, _customers.c.lon, m.currency, m.overdue_minor, m.oldest_due_on)
        .outerjoin(_money, m.customer_id == _customers.c.id).where(visible(scope))
        .order_by(_customers.c.id, m.overdue_minor.desc(), m.currency)
    )
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(row.id, row)
    return found


def _main_sum(sums: dict[str, int], currency: str | None) -> tuple[int, str]:
    """What is promised for today in the customer's own currency, else in the first: two are never added up."""
    chosen = currency if currency in sums else min(sums, default="")
    return sums.get(chosen or "", 0), chosen or ""


def _promised(connection: Connection, scope: Scope, today: date
              ) -> tuple[dict[str, list[Missed]], dict[str, dict[str, int]]]:
    """By customer: promises and instalments not kept lately, and the sums promised for today by currency."""
    parts = [
        select(p.c.customer_id, p.c.state, p.c.due_on, p.c.amount_minor, p.c.kept_minor, p.c.currency)
        .join(_customers, _customers.c.id == p.c.customer_id)
        .where(visible(scope), or_(
            and_(p.c.state.in_(("broken", "partly")), p.c.due_on >= today - timedelta(days=REMEMBERED_DAYS)),
            and_(p.c.state == "open", p.c.due_on <= today)))
        for p in (_promises, _instalments)
    ]
    rows = connection.execute(union_all(*parts))
    missed: defaultdict[str, list[Missed]] = defaultdict(list)
    due: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row.state == "open" and row.due_on == today:
            sums = due[row.customer_id]
            sums[row.currency] = sums.get(row.currency, 0) + row.amount_minor - row.kept_minor
        else:
            short_minor = row.amount_minor - row.kept_minor
            missed[row.customer_id].append(Missed(row.due_on, short_minor, row.state == "open", row.currency))
    return missed, due


def _contacts(connection: Connection, scope: Scope, zone: str) -> dict[str, date]:
    """The day of the last visit or action, or of a word given or refused, by customer."""
    parts = [
        select(at.table.c.customer_id, func.max(at).label("at"))
        .join(_customers, _customers.c.id == at.table.c.customer_id).where(visible(scope))
        .group_by(at.table.c.customer_id)
        for at in (_visits.c.occurred_at, _actions.c.occurred_at, _promises.c.made_at, _refusals.c.made_at)
    ]
    found: dict[str, date] = {}
    for row in connection.execute(union_all(*parts)):
        on = on_date(row.at, zone)
        found[row.customer_id] = max(on, found.get(row.customer_id, on))
    return found


def _due_tasks(connection: Connection, scope: Scope, today: date) -> dict[str, int]:
    """How many tasks are due, by customer; those of the office's own people apart."""
    rows = connection.execute(
        select(_tasks.c.customer_id, func.count().label("many"))
        .join(_customers, _customers.c.id == _tasks.c.customer_id)
        .where(visible(scope), _tasks.c.done_at.is_(None), _tasks.c.due_on <= today, for_the_rep(_tasks))
        .group_by(_tasks.c.customer_id)
    )
    return {row.customer_id: row.many for row in rows}


def limits(connection: Connection, today: date, within: timedelta, scope: Scope | None = None) -> dict[str, date]:
    """When the oldest claim of a customer lapses, where its first period ends soon or has ended. One query.

    Acts for single invoices, and those of one debtor where the customer has several, are left out: on the
    cautious side. The dossier reckons each debt exactly.
    """
    debtors = (
        select(func.count()).select_from(_debtors).where(_debtors.c.customer_id == _customers.c.id).scalar_subquery()
    )
    m, edge = _money.c, _before(today + within)
    owed = _money.join(_customers, _customers.c.id == m.customer_id)
    query = (
        select(m.customer_id, m.oldest_due_on, _acts.c.occurred_on, _acts.c.ground, _acts.c.grade, _acts.c.invoice_ids,
               _acts.c.debtor_id, debtors.label("debtors"))
        .select_from(owed.outerjoin(_acts, and_(_acts.c.customer_id == m.customer_id, stands(_acts))))
        .where(m.oldest_due_on <= edge)
    )
    if scope is not None:
        query = query.where(visible(scope))
    oldest: dict[str, date] = {}
    found: defaultdict[str, list[Interruption]] = defaultdict(list)
    for row in connection.execute(query):
        oldest[row.customer_id] = min(row.oldest_due_on, oldest.get(row.customer_id, row.oldest_due_on))
        covers_all = not row.invoice_ids and (row.debtor_id is None or row.debtors == 1)
        if row.occurred_on is not None and covers_all:
            found[row.customer_id].append(Interruption(row.occurred_on, row.ground, row.grade))
    return {key: last_day(due_on, found[key]) for key, due_on in oldest.items()}


def _before(ends_on: date) -> date:
    """The due date whose first period ends on a day, or a day later (leap years)."""
    return years_after(ends_on, -YEARS)
