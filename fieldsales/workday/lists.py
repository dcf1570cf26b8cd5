"""The list of customers with their money beside them: what the floors below know, joined for a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, select

from fieldsales.collection.supply import newest
from fieldsales.customers.lists import Listed
from fieldsales.customers.models import Customer
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of

_customer = table_of(Customer).c
_money = table_of(CustomerMoney)

#: What a list may be narrowed to beside its owner and team.
SHOWS = ("overdue", "over90", "stopped")


@dataclass(frozen=True, slots=True)
class Line:
    """A customer on the list, with its money of one currency, in minor units."""

    id: str
    code: str
    name: str
    owner_name: str | None
    currency: str
    overdue_minor: int
    open_minor: int
    buckets: tuple[int, int, int, int, int]
    days_past_due: int
    supply_stopped: bool


def narrowed(show: str) -> list[ColumnElement[bool]]:
    """The conditions behind a saved filter."""
    if show == "over90":
        return [_customer.id.in_(select(_money.c.customer_id).where(_money.c.d91p_minor > 0))]
    if show == "stopped":
        return [_customer.id.in_(stopped_customers())]
    return []


def stopped_customers() -> Select[Any]:
    """The ids of customers whose newest supply decision is a stop."""
    last = newest().subquery("last")
    return select(last.c.customer_id).where(last.c.stop)


# Put together once: building them costs more than running them.
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_MONEY_OF = select(_money).where(_money.c.customer_id.in_(_IDS)).order_by(_money.c.overdue_minor)
_LAST = newest().subquery("last")
_STOPPED_AMONG = select(_LAST.c.customer_id).where(_LAST.c.stop, _LAST.c.customer_id.in_(_IDS))


def with_money(connection: Connection, listed: tuple[Listed, ...], today: date, currency: str) -> tuple[Line, ...]:
    """The lines of a page: two queries, whatever its length. A customer's largest currency is shown."""
    ids = [row.id for row in listed]
    if not ids:
        return ()
    asked = {"ids": ids}
    money: dict[str, Any] = {row.customer_id: row for row in connection.execute(_MONEY_OF, asked)}
    stopped = set(connection.scalars(_STOPPED_AMONG, asked))
    return tuple(_line(row, money.get(row.id), today, currency, row.id in stopped) for row in listed)


def _line(row: Listed, money: Any, today: date, currency: str, stopped: bool) -> Line:
    if money is None:
        return Line(row.id, row.code, row.name, row.owner_name, currency, 0, 0, (0, 0, 0, 0, 0), 0, stopped)
    late = max(0, (today - money.oldest_due_on).days) if money.oldest_due_on else 0
    return Line(
        row.id, row.code, row.name, row.owner_name, money.currency, money.overdue_minor, money.open_minor,
        (money.not_due_minor, money.d1_30_minor, money.d31_60_minor, money.d61_90_minor, money.d91p_minor), late,
        stopped,
    )
