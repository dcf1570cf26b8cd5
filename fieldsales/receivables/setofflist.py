"""Requests for set-offs as the office lists them, and as a dossier carries them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.receivables.moneymodels import SetOff, SetOffStep
from fieldsales.store.base import table_of

_set_offs, _steps, _customers, _users = (table_of(model) for model in (SetOff, SetOffStep, Customer, User))
_s, _n = _set_offs.c, _steps.c


@dataclass(frozen=True, slots=True)
class Step:
    """What became of a request."""

    kind: str
    amount_minor: int
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A request with its steps, the newest last. Minor units."""

    id: str
    customer_id: str
    customer_name: str
    kind: str
    amount_minor: int
    currency: str
    words: str
    state: str
    by_id: str
    by_name: str
    at: datetime
    steps: tuple[Step, ...]


def requests(connection: Connection, scope: Scope, states: Iterable[str], limit: int = 100) -> tuple[Request, ...]:
    """Requests in these states, newest first, with their steps. Two queries."""
    rows = connection.execute(
        select(_s.id, _s.customer_id, _customers.c.name, _s.kind, _s.amount_minor, _s.currency, _s.words, _s.state,
               _s.by_id, func.coalesce(_users.c.name, ""), _s.at)
        .select_from(_set_offs.join(_customers, _customers.c.id == _s.customer_id)
                     .outerjoin(_users, _users.c.id == _s.by_id))
        .where(visible(scope), _s.state.in_(list(states))).order_by(_s.at.desc(), _s.id.desc()).limit(limit)).all()
    steps: defaultdict[str, list[Step]] = defaultdict(list)
    for row in connection.execute(
        select(_n.set_off_id, _n.kind, _n.amount_minor, _n.reason, func.coalesce(_users.c.name, ""), _n.at)
        .select_from(_steps.outerjoin(_users, _users.c.id == _n.by_id))
        .where(_n.set_off_id.in_([row[0] for row in rows])).order_by(_n.at, _n.id)
    ):
        steps[row[0]].append(Step(*row[1:]))
    return tuple(Request(*row, tuple(steps[row[0]])) for row in rows)


def approved_by_managers(connection: Connection, customer_ids: Iterable[str]
                         ) -> dict[str, tuple[tuple[str, datetime, int], ...]]:
    """By customer: in which currency, when, and how much managers approved. One query."""
    found: dict[str, tuple[tuple[str, datetime, int], ...]] = {}
    for customer_id, currency, at, minor in connection.execute(
        select(_s.customer_id, _s.currency, _n.at, _n.amount_minor)
        .select_from(_steps.join(_set_offs, _s.id == _n.set_off_id).join(_users, _users.c.id == _n.by_id))
        .where(_s.customer_id.in_(sorted(set(customer_ids))), _n.kind == "approved", _users.c.role == "manager")
    ):
        found[customer_id] = (*found.get(customer_id, ()), (currency, at, minor))
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in short."""

    id: str
    kind: str
    amount_minor: int
    approved_minor: int
    currency: str
    state: str
    at: datetime


def of_customers(connection: Connection, customer_ids: Iterable[str], most: int = 5) -> dict[str, list[Asked]]:
    """The newest requests of each customer. One query."""
    nth = func.row_number().over(partition_by=_s.customer_id, order_by=(_s.at.desc(), _s.id.desc())).label("nth")
    ranked = select(_s.id, _s.customer_id, _s.kind, _s.amount_minor, _s.currency, _s.state, _s.at, nth).where(
        _s.customer_id.in_(list(customer_ids))).subquery("ranked")  # fmt: skip
    found: defaultdict[str, list[Asked]] = defaultdict(list)
    for row in connection.execute(
        select(ranked, func.coalesce(_n.amount_minor, 0).label("approved"))
        .select_from(ranked.outerjoin(_steps, and_(_n.set_off_id == ranked.c.id, _n.kind == "approved")))
        .where(ranked.c.nth <= most).order_by(ranked.c.customer_id, ranked.c.nth)
    ):
        found[row.customer_id].append(Asked(
            row.id, row.kind, row.amount_minor, row.approved, row.currency, row.state, row.at))
    return found
