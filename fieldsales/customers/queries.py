"""Reads of customers: who may be seen, and the facts operations judge by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, true

from fieldsales.customers.models import Customer, Helper
from fieldsales.customers.rules import CustomerFact
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_customers = table_of(Customer)
_helpers = table_of(Helper)


def visible(scope: Scope) -> ColumnElement[bool]:
    """The only scope predicate in the program: which rows of ``customers`` a person may see."""
    if scope.kind == "all":
        return true()
    if scope.kind == "team":
        return _customers.c.team_id == scope.team_id
    helped = select(_helpers.c.customer_id).where(
        _helpers.c.user_id == scope.user_id, _helpers.c.ended_at.is_(None)
    )
    return or_(_customers.c.owner_id == scope.user_id, _customers.c.id.in_(helped))


@fact("customer", stamp=Customer)
def load_customers(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Customers with their helpers, in one query."""
    c = _customers.c
    joined = _customers.outerjoin(
        _helpers, (_helpers.c.customer_id == c.id) & _helpers.c.ended_at.is_(None)
    )
    rows = connection.execute(
        select(c.id, c.version, c.name, c.owner_id, c.team_id, c.lat, c.lon, _helpers.c.user_id)
        .select_from(joined).where(c.id.in_(keys))
    )
    found: dict[str, CustomerFact] = {}
    for row in rows:
        helpers = (*(found[row.id].helper_ids if row.id in found else ()), *([row.user_id] if row.user_id else []))
        found[row.id] = CustomerFact(row.id, row.version, row.name, row.owner_id, row.team_id, helpers,
                                     row.lat, row.lon)
    return found
