"""Reads across customers: ageing as a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from fieldsales.customers.lists import owned_by
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.paging import whole_key
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of

_customers, _money, _users = table_of(Customer), table_of(CustomerMoney), table_of(User)
_c, _m = _customers.c, _money.c
_BUCKETS = (_m.not_due_minor, _m.d1_30_minor, _m.d31_60_minor, _m.d61_90_minor, _m.d91p_minor)

Five = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the report is narrowed to. ``show``: "" all that is open, "overdue", "over90"."""

    owner_id: str = ""
    team_id: str = ""
    show: str = ""


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """What one customer owes in one currency, by age, in minor units."""

    customer_id: str
    code: str
    name: str
    owner_name: str | None
    currency: str
    open_minor: int
    overdue_minor: int
    buckets: Five


@dataclass(frozen=True, slots=True)
class AgeingTotal:
    """What all of them owe in one currency, by age, in minor units."""

    currency: str
    customers: int
    open_minor: int
    buckets: Five


def _conditions(scope: Scope, asked: Asked) -> list[ColumnElement[bool]]:
    found = [visible(scope), _m.open_minor != 0]
    if asked.owner_id:
        found.append(owned_by(asked.owner_id))
    if asked.team_id:
        found.append(_c.team_id == asked.team_id)
    if asked.show == "overdue":
        found.append(_m.overdue_minor > 0)
    if asked.show == "over90":
        found.append(_m.d91p_minor > 0)
    return found


def ageing_totals(connection: Connection, scope: Scope, asked: Asked) -> tuple[AgeingTotal, ...]:
    """The sums by currency, the largest first. One query over the summaries."""
    rows = connection.execute(
        select(_m.currency, func.count(), func.sum(_m.open_minor), *(func.sum(bucket) for bucket in _BUCKETS))
        .select_from(_money.join(_customers, _c.id == _m.customer_id)).where(*_conditions(scope, asked))
        .group_by(_m.currency).order_by(func.sum(_m.open_minor).desc())
    )
    return tuple(AgeingTotal(row[0], row[1], int(row[2]), _five(row[3:])) for row in rows)


def ageing_rows(connection: Connection, scope: Scope, asked: Asked, after: str | None = None, limit: int = 100
                ) -> tuple[tuple[AgeingRow, ...], str | None]:
    """Customers with open money, most overdue first, and the key of the next page. One query."""
    found = (
        select(_m.customer_id, _c.code, _c.name, _users.c.name.label("owner_name"), _m.currency, _m.open_minor,
               _m.overdue_minor, *_BUCKETS)
        .select_from(_money.join(_customers, _c.id == _m.customer_id).outerjoin(_users, _users.c.id == _c.owner_id))
        .where(*_conditions(scope, asked)).order_by(_m.overdue_minor.desc(), _m.customer_id.desc(), _m.currency.desc())
        .limit(limit + 1)
    )
    amount, _, rest = (after or "").partition(".")
    customer_id, _, currency = rest.partition(".")
    number = whole_key(amount)
    if currency and number is not None:
        key = (number, customer_id, currency)
        found = found.where(tuple_(_m.overdue_minor, _m.customer_id, _m.currency) < key)
    rows = [_row(row) for row in connection.execute(found)]
    last = rows[limit - 1] if len(rows) > limit else None
    return tuple(rows[:limit]), f"{last.overdue_minor}.{last.customer_id}.{last.currency}" if last else None


def _row(row: Any) -> AgeingRow:
    return AgeingRow(row[0], row[1], row[2], row[3], row[4], row[5], row[6], _five(row[7:]))


def _five(values: Any) -> Five:
    first, second, third, fourth, fifth = (int(value or 0) for value in values)
    return first, second, third, fourth, fifth
