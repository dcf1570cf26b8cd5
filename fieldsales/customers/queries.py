"""Reads of customers: who may be seen, and the facts operations judge by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, true, union

from fieldsales.customers.models import Customer, CustomerAlias, Helper, Ownership
from fieldsales.customers.rules import CustomerFact
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_customers = table_of(Customer)
_helpers = table_of(Helper)
_aliases = table_of(CustomerAlias)
_users = table_of(User)


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


def who_see(connection: Connection, customer_id: str) -> tuple[tuple[str, str], ...]:
    """(id, name) of those who work here and see a customer: the twin of ``visible``, asked the other way. One query."""
    u = _users.c
    helping = select(_helpers.c.user_id).where(_helpers.c.customer_id == customer_id, _helpers.c.ended_at.is_(None))
    leads = and_(u.role == "manager", or_(u.team_id.is_(None), u.team_id == _customers.c.team_id))
    looks_after = and_(u.role == "rep", or_(u.id == _customers.c.owner_id, u.id.in_(helping)))
    rows = connection.execute(
        select(u.id, u.name).select_from(_users.join(_customers, _customers.c.id == customer_id))
        .where(u.active, or_(u.role.in_(("finance", "legal", "admin")), leads, looks_after)).order_by(u.name, u.id))
    return tuple((row.id, row.name) for row in rows)


# asked for every command: put together once
_WITH_HELPERS = select(
    _customers.c.id, _customers.c.version, _customers.c.name, _customers.c.owner_id, _customers.c.team_id,
    _customers.c.lat, _customers.c.lon, _helpers.c.user_id,
).select_from(_customers.outerjoin(
    _helpers, (_helpers.c.customer_id == _customers.c.id) & _helpers.c.ended_at.is_(None)
)).where(_customers.c.id.in_(bindparam("keys", expanding=True)))


@fact("customer", stamp=Customer)
def load_customers(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Customers with their helpers, in one query."""
    rows = connection.execute(_WITH_HELPERS, {"keys": keys})
    found: dict[str, CustomerFact] = {}
    for row in rows:
        helpers = (*(found[row.id].helper_ids if row.id in found else ()), *([row.user_id] if row.user_id else []))
        found[row.id] = CustomerFact(row.id, row.version, row.name, row.owner_id, row.team_id, helpers,
                                     row.lat, row.lon)
    return found


@dataclass(frozen=True, slots=True)
class CustomerWords:
    """What a customer is found by."""

    name: str
    code: str
    phone: str
    aliases: tuple[str, ...]


@fact("customer_words")
def load_words(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The names, code and phone of customers, in one query."""
    c, a = _customers.c, _aliases.c
    rows = connection.execute(
        select(c.id, c.name, c.code, c.phone, a.name.label("alias"))
        .select_from(_customers.outerjoin(_aliases, a.customer_id == c.id)).where(c.id.in_(keys)).order_by(a.id))
    found: dict[str, CustomerWords] = {}
    for row in rows:
        aliases = (*(found[row.id].aliases if row.id in found else ()), *([row.alias] if row.alias else []))
        found[row.id] = CustomerWords(row.name, row.code, row.phone, aliases)
    return found


@fact("customer_by_code")
def load_codes(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Customer ids by code."""
    c = _customers.c
    return {r.code: r.id for r in connection.execute(select(c.id, c.code).where(c.code.in_(keys)))}


@fact("customers_of")
def load_owned(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The ids of a rep's own customers."""
    c, found = _customers.c, dict[str, list[str]]()
    for row in connection.execute(select(c.id, c.owner_id).where(c.owner_id.in_(keys)).order_by(c.id)):
        found.setdefault(row.owner_id, []).append(row.id)
    return {user_id: tuple(ids) for user_id, ids in found.items()}


@fact("ownership_row")
def load_ownerships(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The row that says whose a customer is now."""
    o = table_of(Ownership).c
    rows = connection.execute(select(o.id, o.customer_id).where(o.customer_id.in_(keys), o.to_at.is_(None)))
    return {row.customer_id: row.id for row in rows}


@fact("helper_row")
def load_helper_rows(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The row by which a rep helps with a customer; keys are ``customer user``."""
    h = _helpers.c
    customers = [key.partition(" ")[0] for key in keys]
    rows = connection.execute(
        select(h.id, h.customer_id, h.user_id).where(h.customer_id.in_(customers), h.ended_at.is_(None)))
    return {f"{row.customer_id} {row.user_id}": row.id for row in rows}


@fact("once_of")
def load_once(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Who ever looked after a customer, or helped with it: user ids."""
    o, h = table_of(Ownership).c, _helpers.c
    both = union(select(o.customer_id, o.user_id).where(o.customer_id.in_(keys)),
                 select(h.customer_id, h.user_id).where(h.customer_id.in_(keys)))
    found: dict[str, set[str]] = {}
    for row in connection.execute(both):
        found.setdefault(row.customer_id, set()).add(row.user_id)
    return {customer_id: frozenset(people) for customer_id, people in found.items()}
