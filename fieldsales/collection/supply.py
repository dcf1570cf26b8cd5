"""Supply stops (停货): those that stand, and those a manager should think of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from fieldsales.collection.models import SupplyDecision
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of

_supply, _customers, _money = table_of(SupplyDecision), table_of(Customer), table_of(CustomerMoney)
_users = table_of(User)

#: A stop is suggested when money is overdue for more than so many days and nobody has decided yet.
SUGGEST_AFTER_DAYS = 60


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stop that stands: why, since when, and when it may be lifted."""

    customer_id: str
    customer_name: str
    reason: str
    release_when: str
    by_name: str
    at: datetime
    overdue_minor: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """A customer whose oldest overdue money is older than the threshold. Amounts in minor units."""

    customer_id: str
    customer_name: str
    currency: str
    overdue_minor: int
    days_past_due: int


def newest() -> Select[Any]:
    """The newest decision of every customer that has one; of two in the same instant, the later written."""
    order = (_supply.c.at.desc(), _supply.c.id.desc())
    nth = func.row_number().over(partition_by=_supply.c.customer_id, order_by=order).label("nth")
    ranked = select(_supply, nth).subquery("ranked")
    return select(ranked).where(ranked.c.nth == 1)


def is_stopped(connection: Connection, customer_id: str) -> bool:
    """Whether the newest decision on a customer is a stop."""
    asked = select(_supply.c.stop).where(_supply.c.customer_id == customer_id)
    return bool(connection.scalar(asked.order_by(_supply.c.at.desc(), _supply.c.id.desc()).limit(1)))


def stopped(connection: Connection, scope: Scope, limit: int = 200) -> tuple[Stopped, ...]:
    """The stops that stand, newest first. One query."""
    last = newest().subquery("last")
    rows = connection.execute(
        select(last.c.customer_id, _customers.c.name, last.c.reason, last.c.release_when,
               func.coalesce(_users.c.name, ""), last.c.at, _customers.c.overdue_minor)
        .select_from(last.join(_customers, _customers.c.id == last.c.customer_id)
                     .outerjoin(_users, _users.c.id == last.c.by_id))
        .where(last.c.stop, visible(scope)).order_by(last.c.at.desc()).limit(limit)
    )
    return tuple(Stopped(*row) for row in rows)


def suggested(connection: Connection, scope: Scope, today: date, limit: int = 20) -> tuple[Suggested, ...]:
    """Customers a stop is suggested for, the largest sum first. One query."""
    last, m = newest().subquery("last"), _money.c
    rows = connection.execute(
        select(m.customer_id, _customers.c.name, m.currency, m.overdue_minor, m.oldest_due_on)
        .select_from(_money.join(_customers, _customers.c.id == m.customer_id)
                     .outerjoin(last, last.c.customer_id == m.customer_id))
        .where(visible(scope), m.overdue_minor > 0, m.d61_90_minor + m.d91p_minor > 0, last.c.stop.is_not(True))
        .order_by(m.overdue_minor.desc(), m.customer_id).limit(limit)
    )
    return tuple(
        Suggested(row[0], row[1], row[2], row[3], (today - row[4]).days) for row in rows
        if row[4] and (today - row[4]).days > SUGGEST_AFTER_DAYS
    )
