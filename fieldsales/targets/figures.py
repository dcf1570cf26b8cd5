"""What came in, what was cleared, and what is promised in a month: the statements all figures are made of.

Money counts for whoever looked after the account when it was posted; a reversed payment counts for nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from fieldsales.collection.claims import truth_rates
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.plans.models import PlanInstalment
from fieldsales.promises.history import History, histories, shape_of
from fieldsales.promises.models import Promise
from fieldsales.promises.probability import PromiseShape, assess, kept_bp
from fieldsales.receivables.models import Allocation, Due, Payment
from fieldsales.store.base import table_of
from fieldsales.targets.models import SupportAction
from fieldsales.targets.rules import Word, month_end, month_of

_customers, _payments, _back = table_of(Customer), table_of(Payment), table_of(Payment).alias("back")
_allocations, _dues, _users = table_of(Allocation), table_of(Due), table_of(User)
_promises, _support, _instalments = table_of(Promise), table_of(SupportAction), table_of(PlanInstalment)
_c, _p = _customers.c, _payments.c
#: What ``words_of`` runs.
WORDS_QUERIES = 5


def _stands(month: date, currency: str) -> ColumnElement[bool]:
    """A payment of the month that was not taken back."""
    return and_(_p.received_on.between(month, month_end(month)), _p.currency == currency, _p.reverses_id.is_(None),
                ~exists().where(_back.c.reverses_id == _p.id))


def paid_for(scope: Scope) -> ColumnElement[bool]:
    """Whose money counts in a scope: of the customers seen, and what came to those people for others."""
    if scope.kind == "team":
        theirs = select(_users.c.id).where(_users.c.team_id == scope.team_id)
        return or_(visible(scope), _p.owner_id.in_(theirs))
    if scope.kind == "self":
        return or_(visible(scope), _p.owner_id == scope.user_id)
    return visible(scope)


def received_in(month: date, currency: str, where: ColumnElement[bool]) -> Select[Any]:
    """Money of a month by customer, day and whom it counts for."""
    return (
        select(_p.customer_id, _p.owner_id, _p.received_on, func.sum(_p.amount_minor).label("minor"))
        .select_from(_payments.join(_customers, _c.id == _p.customer_id))
        .where(where, _stands(month, currency)).group_by(_p.customer_id, _p.owner_id, _p.received_on)
    )


def cleared_in(month: date, currency: str, where: ColumnElement[bool]) -> Select[Any]:
    """Arrears cleared in a month: what its money was set against that falls due by its last day."""
    a, d = _allocations.c, _dues.c
    return (
        select(_p.customer_id, func.coalesce(_p.owner_id, _c.owner_id).label("owner_id"), _c.team_id,
               func.sum(a.amount_minor).label("minor"))
        .select_from(_allocations.join(_payments, _p.id == a.payment_id).join(_customers, _c.id == _p.customer_id)
                     .join(_dues, d.id == a.due_id))
        .where(where, _stands(month, currency), d.due_on <= month_end(month))
        .group_by(_p.customer_id, func.coalesce(_p.owner_id, _c.owner_id), _c.team_id)
    )


@dataclass(frozen=True, slots=True)
class Said:
    """A promise of the month, or an instalment of a signed plan, with whose it is."""

    word: Word
    customer_id: str
    owner_id: str | None
    team_id: str | None
    is_plan: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Promises of some days, and how each customer keeps his word (basis points; the house's under the empty id)."""

    said: list[Said]
    kept: Mapping[str, int]


def _when(column: Any, month: date, until: date, today: date) -> ColumnElement[bool]:
    """What is due in the days; from the present month on also what is past its day and still stands."""
    if month == month_of(today):
        return and_(column <= until)
    return and_(column.between(month, until))


def words_of(connection: Connection, where: ColumnElement[bool], month: date, until: date, today: date, currency: str,
             ids: Sequence[str] = ()) -> Words:
    """Open promises and instalments from a month's first day on, judged as of today. ``WORDS_QUERIES`` statements.

    A promise that repeats a signed plan's instalment is the plan's money and left out. An instalment is as likely as
    this customer keeps his word. ``ids``: customers whose kept rate is asked for though they promised nothing.
    """
    p, n = _promises.c, _instalments.c
    helped = exists().where(_support.c.promise_id == p.id).label("helped")
    rows = connection.execute(
        select(_promises, _c.owner_id, _c.team_id, helped)
        .select_from(_promises.join(_customers, _c.id == p.customer_id))
        .where(where, p.state == "open", p.currency == currency, p.plan_id.is_(None),
               _when(p.due_on, month, until, today)).order_by(p.due_on, p.id)).all()
    parts = connection.execute(
        select(_instalments, _c.owner_id, _c.team_id)
        .select_from(_instalments.join(_customers, _c.id == n.customer_id))
        .where(where, n.state == "open", n.currency == currency, _when(n.due_on, month, until, today))
        .order_by(n.due_on, n.id)).all()
    asked = sorted({row.customer_id for row in (*rows, *parts)} | {*ids})
    known = histories(connection, asked, min((row.made_on for row in rows), default=today))
    told = truth_rates(connection, asked)
    said = [_promised(row, known, told) for row in rows] + [_agreed(row, known) for row in parts]
    return Words(said, {customer_id: kept_of(history) for customer_id, history in known.items()})


def _promised(row: Any, known: Mapping[str, History], told: Mapping[str, tuple[int, int]]) -> Said:
    judged = assess(shape_of(row, known.get(row.customer_id, known[""]), told.get(row.customer_id)))
    word = Word(row.id, max(0, row.amount_minor - row.kept_minor), judged.probability_bp, judged.klass,
                bool(row.helped), row.due_on)
    return Said(word, row.customer_id, row.owner_id, row.team_id)


def _agreed(row: Any, known: Mapping[str, History]) -> Said:
    probability = kept_of(known.get(row.customer_id, known[""]))
    # a signed plan is backed by the signature already: it needs no support action to count
    word = Word(row.id, max(0, row.amount_minor - row.kept_minor), probability, "signed", True, row.due_on)
    return Said(word, row.customer_id, row.owner_id, row.team_id, True)


def kept_of(history: History) -> int:
    """A customer's kept rate in basis points, mixed with the house's as promises are judged."""
    return kept_bp(PromiseShape(0, date.min, date.min, kept=history.kept, partly=history.partly,
                                settled=history.settled, house_bp=history.house_bp))
