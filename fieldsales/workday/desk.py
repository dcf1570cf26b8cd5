"""What the manager's page shows: money in today, what is out, what was promised, who was visited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, and_, case, func, select

from fieldsales.collection.models import Task
from fieldsales.collection.supply import Suggested, suggested
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.plans.models import Plan
from fieldsales.promises.models import Promise
from fieldsales.receivables.models import CustomerMoney, Payment, PaymentReceipt
from fieldsales.receivables.rules import HAND_IN_WITHIN
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit

_customers, _money, _users = table_of(Customer), table_of(CustomerMoney), table_of(User)
_payments, _receipts = table_of(Payment), table_of(PaymentReceipt)
_promises = table_of(Promise)
_plans, _visits, _tasks = table_of(Plan), table_of(Visit), table_of(Task)
_c, _m, _r, _p = _customers.c, _money.c, _receipts.c, _promises.c

WEEKS = 6
#: Promises of so many days from today on are awaited.
AHEAD = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Figures:
    """The headline figures, in minor units of the house currency."""

    currency: str
    confirmed_today_minor: int
    registered_today_minor: int
    cash_out_minor: int
    cash_late_count: int
    over_90_minor: int
    over_90_count: int
    open_minor: int
    ageing: tuple[int, int, int, int, int]
    #: (currency, open, overdue) of what is owed in further currencies, never added up with the house's
    others: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise broken, or due: ``short_minor`` is what of it did not come."""

    customer_id: str
    customer_name: str
    owner_name: str | None
    amount_minor: int
    short_minor: int
    currency: str
    due_on: date


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan signed lately."""

    customer_id: str
    customer_name: str
    number: str
    total_minor: int
    currency: str
    document_id: str
    signed_at: datetime
    by_name: str | None


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit made lately."""

    customer_id: str
    customer_name: str
    outcome: str
    occurred_at: datetime
    by_name: str | None


@dataclass(frozen=True, slots=True)
class OwnTask:
    """Something this person must do."""

    id: str
    customer_id: str
    customer_name: str
    kind: str
    title: str
    due_on: date


def own_tasks(connection: Connection, scope: Scope, today: date, limit: int = 20) -> tuple[OwnTask, ...]:
    """Open tasks in this person's own name that are due. One query."""
    t = _tasks.c
    rows = connection.execute(
        select(t.id, t.customer_id, _c.name, t.kind, t.title, t.due_on).select_from(_of(_tasks))
        .where(visible(scope), t.assignee_id == scope.user_id, t.done_at.is_(None), t.due_on <= today)
        .order_by(t.due_on, t.id).limit(limit))
    return tuple(OwnTask(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Week:
    """Money confirmed in the week beginning on a Monday."""

    begins: date
    minor: int


@dataclass(frozen=True, slots=True)
class Day:
    """Everything the page shows."""

    figures: Figures
    broken: tuple[PromiseLine, ...]
    awaited: tuple[PromiseLine, ...]
    #: (currency, sum) of all that is still to come of them, also of what is not listed
    due_sums: tuple[tuple[str, int], ...]
    stops: tuple[Suggested, ...]
    plans: tuple[PlanLine, ...]
    visits: tuple[VisitLine, ...]
    weeks: tuple[Week, ...]


def read_day(connection: Connection, scope: Scope, now: datetime, today: date, currency: str, zone: str,
             grace_days: int) -> Day:
    """The manager's day. Eleven queries, whatever the size of the house."""
    return Day(
        _figures(connection, scope, now, today, currency, zone),
        _broken(connection, scope, today, grace_days), _due(connection, scope, today),
        _due_sums(connection, scope, today),
        suggested(connection, scope, today, limit=6), _plans_signed(connection, scope), _last_visits(connection, scope),
        _weeks(connection, scope, today, currency),
    )


def _of(table: Table) -> Any:
    """The table with its customer, for the scope."""
    return table.join(_customers, _c.id == table.c.customer_id)


def _figures(connection: Connection, scope: Scope, now: datetime, today: date, currency: str, zone: str) -> Figures:
    morning = datetime.combine(today, time.min, ZoneInfo(zone))
    confirmed = connection.scalar(
        select(func.coalesce(func.sum(_payments.c.amount_minor), 0)).select_from(_of(_payments))
        .where(visible(scope), _payments.c.received_on == today, _payments.c.currency == currency))
    cash = and_(_r.method == "cash", _r.handed_in_at.is_(None))
    registered, out, late = connection.execute(
        select(func.coalesce(func.sum(case((_r.registered_at >= morning, _r.amount_minor), else_=0)), 0),
               func.coalesce(func.sum(case((cash, _r.amount_minor), else_=0)), 0),
               func.coalesce(func.sum(case((and_(cash, _r.received_at < now - HAND_IN_WITHIN), 1), else_=0)), 0))
        .select_from(_of(_receipts)).where(visible(scope), _r.state == "pending", _r.currency == currency)).one()
    whole, ageing, count, others = _owed(connection, scope, currency)
    return Figures(currency, int(confirmed or 0), int(registered), int(out), int(late), ageing[-1], count, whole,
                   ageing, others)


def _owed(connection: Connection, scope: Scope, currency: str
          ) -> tuple[int, tuple[int, int, int, int, int], int, tuple[tuple[str, int, int], ...]]:
    """Open, by age, customers over 90 days, in the house's currency; and what is owed in others. One query."""
    whole, ageing, count = 0, (0, 0, 0, 0, 0), 0
    others: list[tuple[str, int, int]] = []
    for row in connection.execute(
        select(_m.currency, *(func.sum(column) for column in (
            _m.open_minor, _m.not_due_minor, _m.d1_30_minor, _m.d31_60_minor, _m.d61_90_minor, _m.d91p_minor,
            case((_m.d91p_minor > 0, 1), else_=0))))
        .select_from(_of(_money)).where(visible(scope)).group_by(_m.currency).order_by(_m.currency)
    ):
        owed, not_due, first, second, third, rest, over_90 = (int(value) for value in row[1:])
        if row[0] == currency:
            whole, ageing, count = owed, (not_due, first, second, third, rest), over_90
        elif owed:
            others.append((row[0], owed, first + second + third + rest))
    return whole, ageing, count, tuple(others)


def _promise_line(row: Any) -> PromiseLine:
    return PromiseLine(row[0], row[1], row[2], row[3], row[3] - row[4], row[5], row[6])


_PROMISE = (_p.customer_id, _c.name, _users.c.name, _p.amount_minor, _p.kept_minor, _p.currency, _p.due_on)


def _broken(connection: Connection, scope: Scope, today: date, grace_days: int, limit: int = 12
            ) -> tuple[PromiseLine, ...]:
    """Promises whose grace ran out yesterday, or the day before, and that were broken or kept in part only."""
    since = today - timedelta(days=2 + grace_days)
    rows = connection.execute(
        select(*_PROMISE).select_from(_of(_promises).outerjoin(_users, _users.c.id == _c.owner_id))
        .where(visible(scope), _p.due_on >= since, _p.state.in_(("broken", "partly")))
        .order_by(_p.amount_minor.desc(), _p.customer_id).limit(limit))
    return tuple(_promise_line(row) for row in rows)


def _awaited(scope: Scope, today: date) -> Any:
    """Open promises of the seven days from today, and those past their day that nothing has decided yet."""
    return and_(visible(scope), _p.state == "open", _p.due_on <= today + AHEAD)


def _due_sums(connection: Connection, scope: Scope, today: date) -> tuple[tuple[str, int], ...]:
    rows = connection.execute(
        select(_p.currency, func.sum(_p.amount_minor - _p.kept_minor)).select_from(_of(_promises))
        .where(_awaited(scope, today)).group_by(_p.currency).order_by(_p.currency))
    return tuple((row[0], int(row[1])) for row in rows)


def _due(connection: Connection, scope: Scope, today: date, limit: int = 12) -> tuple[PromiseLine, ...]:
    """The first of the promises that are awaited."""
    rows = connection.execute(
        select(*_PROMISE).select_from(_of(_promises).outerjoin(_users, _users.c.id == _c.owner_id))
        .where(_awaited(scope, today))
        .order_by(_p.due_on, _p.amount_minor.desc(), _p.customer_id).limit(limit))
    return tuple(_promise_line(row) for row in rows)


def _plans_signed(connection: Connection, scope: Scope, limit: int = 6) -> tuple[PlanLine, ...]:
    p = _plans.c
    rows = connection.execute(
        select(p.customer_id, _c.name, p.number, p.total_minor, p.currency, p.document_id, p.signed_at, _users.c.name)
        .select_from(_of(_plans).outerjoin(_users, _users.c.id == p.by_id)).where(visible(scope))
        .order_by(p.signed_at.desc(), p.id.desc()).limit(limit))
    return tuple(PlanLine(*row) for row in rows)


def _last_visits(connection: Connection, scope: Scope, limit: int = 8) -> tuple[VisitLine, ...]:
    v = _visits.c
    rows = connection.execute(
        select(v.customer_id, _c.name, v.outcome, v.occurred_at, _users.c.name)
        .select_from(_of(_visits).outerjoin(_users, _users.c.id == v.user_id)).where(visible(scope))
        .order_by(v.occurred_at.desc(), v.id.desc()).limit(limit))
    return tuple(VisitLine(*row) for row in rows)


def _weeks(connection: Connection, scope: Scope, today: date, currency: str) -> tuple[Week, ...]:
    """Confirmed money of the last weeks, this one last. One query, summed by day in the database."""
    monday = today - timedelta(days=today.weekday())
    begins = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    sums = dict.fromkeys(begins, 0)
    for day, minor in connection.execute(
        select(_payments.c.received_on, func.sum(_payments.c.amount_minor)).select_from(_of(_payments))
        .where(visible(scope), _payments.c.received_on >= begins[0], _payments.c.received_on <= today,
               _payments.c.currency == currency)
        .group_by(_payments.c.received_on)
    ):
        sums[day - timedelta(days=day.weekday())] += int(minor)
    return tuple(Week(begin, minor) for begin, minor in sums.items())
