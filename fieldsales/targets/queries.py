"""Facts that operations on targets and plans judge by, and the heads pages begin with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, select, tuple_

from fieldsales.customers.models import Customer
from fieldsales.receivables.facts import chunks
from fieldsales.receivables.models import Due, Payment
from fieldsales.store.base import table_of
from fieldsales.store.work import fact
from fieldsales.targets import figures
from fieldsales.targets.models import (
    CollectionPlan,
    GapMeasure,
    MeasureKind,
    PlanStep,
    SupportAction,
    Target,
)
from fieldsales.targets.rules import Share, last_month, month_end

_targets, _plans, _steps = table_of(Target), table_of(CollectionPlan), table_of(PlanStep)
_kinds, _measures, _support = table_of(MeasureKind), table_of(GapMeasure), table_of(SupportAction)
_customers, _dues, _payments = table_of(Customer), table_of(Due), table_of(Payment)
#: A customer's average month is that of so many months before the one that is split.
HISTORY_MONTHS = 6


@dataclass(frozen=True, slots=True)
class TargetFact:
    """A target as it stands. ``proposed``: (arrears, cash) that wait for a manager."""

    id: str
    version: int
    arrears_minor: int
    cash_minor: int
    proposed: tuple[int, int] | None = None


def target_key(month: date, level: str, subject_id: str, currency: str) -> str:
    """The key of the fact ``target``, and of ``target_shares`` below it."""
    return f"{month.isoformat()} {level} {subject_id} {currency}"


def _parts(key: str) -> tuple[date, str, str, str]:
    month, level, subject_id, currency = key.split(" ")
    return date.fromisoformat(month), level, subject_id, currency


@fact("target", stamp=Target)
def load_targets(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Targets by ``target_key``; in parts, because a split asks for every customer at once."""
    t, found = _targets.c, {}
    named = tuple_(t.month, t.level, t.subject_id, t.currency)
    for row in (row for part in chunks(keys)
                for row in connection.execute(select(_targets).where(named.in_([_parts(key) for key in part])))):
        proposed = None
        if row.proposed_cash_minor is not None:
            proposed = (row.proposed_arrears_minor or 0, row.proposed_cash_minor)
        found[target_key(row.month, row.level, row.subject_id, row.currency)] = TargetFact(
            row.id, row.version, row.arrears_minor, row.cash_minor, proposed)
    return found


def _months_before(month: date, count: int) -> date:
    for _ in range(count):
        month = last_month(month)
    return month


@fact("target_shares")
def load_shares(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By ``target_key``, the customers below it with what is due, paid in an average month, and cleared already.

    Three queries a key (one split at a time). Customers of nobody, and those with neither debt nor history, are
    left out.
    """
    return {key: tuple(_shares(connection, *_parts(key))) for key in keys}


def _shares(connection: Connection, month: date, level: str, subject_id: str, currency: str) -> Iterable[Share]:
    c, d, p = _customers.c, _dues.c, _payments.c
    below = and_(c.owner_id.is_not(None), *(
        [c.team_id == subject_id] if level == "team" else [c.owner_id == subject_id] if level == "rep" else []))
    figures_of: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    owners: dict[str, tuple[str, str]] = {}
    due = (select(c.id, c.owner_id, c.team_id, func.sum(d.open_minor)).join(_dues, d.customer_id == c.id)
           .where(below, d.open_minor != 0, d.due_on <= month_end(month), d.currency == currency))
    since = _months_before(month, HISTORY_MONTHS)
    paid = (select(c.id, c.owner_id, c.team_id, func.sum(p.amount_minor)).join(_payments, p.customer_id == c.id)
            .where(below, p.received_on >= since, p.received_on < month, p.currency == currency))
    for place, query in enumerate((due, paid)):
        for customer_id, owner_id, team_id, minor in connection.execute(query.group_by(c.id, c.owner_id, c.team_id)):
            owners[customer_id] = (owner_id, team_id or "")
            figures_of[customer_id][place] = int(minor)
    for row in connection.execute(figures.cleared_in(month, currency, below)):
        owners[row.customer_id] = (row.owner_id, row.team_id or "")
        figures_of[row.customer_id][2] += int(row.minor)
    for customer_id in sorted(owners):
        open_minor, paid_minor, cleared = figures_of[customer_id]
        if open_minor > 0 or paid_minor > 0 or cleared > 0:
            yield Share(customer_id, *owners[customer_id], max(0, open_minor), max(0, paid_minor) // HISTORY_MONTHS,
                        max(0, cleared))


@fact("target_claim")
def load_claims(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By ``target_key`` of a customer: what may be claimed of him in the month, in minor units. Two queries a key."""
    found = {}
    for key in keys:
        month, _level, customer_id, currency = _parts(key)
        d = _dues.c
        due = connection.scalar(select(func.coalesce(func.sum(d.open_minor), 0)).where(
            d.customer_id == customer_id, d.due_on <= month_end(month), d.currency == currency))
        rows = connection.execute(figures.cleared_in(month, currency, _customers.c.id == customer_id))
        found[key] = max(0, int(due or 0)) + max(0, sum(int(row.minor) for row in rows))
    return found


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A customer's plan of a month as an operation sees it. ``open_steps``: ids of steps that are not dropped."""

    id: str
    version: int
    state: str
    open_steps: tuple[str, ...]
    words: tuple[Any, ...] = ()
    """(their number, difficulties, remedy, discussed on, discussed with)"""


def plan_key(customer_id: str, month: date) -> str:
    """The key of the fact ``collection_plan``."""
    return f"{customer_id} {month.isoformat()}"


@fact("collection_plan")
def load_plans(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Plans by ``plan_key``, with the ids of their steps. One query."""
    p, s = _plans.c, _steps.c
    wanted = [(customer_id, date.fromisoformat(month)) for customer_id, month in (key.split(" ") for key in keys)]
    rows = connection.execute(
        select(_plans, s.id.label("step_id"))
        .select_from(_plans.outerjoin(_steps, and_(s.plan_id == p.id, s.dropped_at.is_(None))))
        .where(tuple_(p.customer_id, p.month).in_(wanted)).order_by(s.due_on, s.id))
    found: dict[str, PlanFact] = {}
    for row in rows:
        key = plan_key(row.customer_id, row.month)
        before = found[key].open_steps if key in found else ()
        words = (row.theirs_minor, row.difficulties, row.remedy, row.discussed_on, row.discussed_with)
        found[key] = PlanFact(row.id, row.version, row.state, (*before, *([row.step_id] if row.step_id else [])), words)
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A step, measure or support action as an operation sees it."""

    id: str
    customer_id: str
    month: date | None
    is_ended: bool
    owner_id: str = ""


@fact("collection_step")
def load_steps(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Steps by id."""
    rows = connection.execute(select(_steps).where(_steps.c.id.in_(keys)))
    return {row.id: Piece(row.id, row.customer_id, row.month, bool(row.done_on or row.dropped_at), row.owner_id)
            for row in rows}


@fact("gap_measure")
def load_measures(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Measures by id."""
    rows = connection.execute(select(_measures).where(_measures.c.id.in_(keys)))
    return {row.id: Piece(row.id, row.customer_id, row.month, False) for row in rows}


@fact("support_action")
def load_support(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Support actions by id."""
    rows = connection.execute(select(_support).where(_support.c.id.in_(keys)))
    return {row.id: Piece(row.id, row.customer_id, None, row.done_on is not None, row.owner_id) for row in rows}


@fact("own_measure_kind")
def load_kinds(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The house's own newest word on kinds of measures, by code: (name, about, retired)."""
    k = _kinds.c
    rows = connection.execute(select(_kinds).where(k.code.in_(keys)).order_by(k.at, k.id))
    return {row.code: (row.name, row.about, bool(row.retired)) for row in rows}
