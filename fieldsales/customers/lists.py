"""Lists of customers: searched, filtered, sorted by what is overdue, walked page by page by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    column,
    false,
    func,
    literal_column,
    select,
    table,
    text,
    tuple_,
)

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.customers.search import fts_query, grams, like_patterns, terms
from fieldsales.kernel.paging import whole_key
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of

_c = table_of(Customer).c
_users = table_of(User)

#: The ``owner_id`` that asks for customers nobody looks after yet.
NOBODY = "nobody"
#: Above so many finds a question is too common for an index of words: the sorted list is walked instead.
COMMON = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of customers is asked for. Empty fields ask for nothing."""

    question: str = ""
    owner_id: str = ""
    team_id: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer on a list. ``overdue_minor`` in minor units, as the rollup of receivables keeps it."""

    id: str
    code: str
    name: str
    phone: str
    credit_grade: str
    owner_id: str | None
    owner_name: str | None
    team_id: str | None
    overdue_minor: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of customers; ``following`` is the key of the next page, or None at the end."""

    rows: tuple[Listed, ...]
    following: str | None


_LISTED = select(
    _c.id, _c.code, _c.name, _c.phone, _c.credit_grade, _c.owner_id, _users.c.name.label("owner_name"), _c.team_id,
    _c.overdue_minor,
).select_from(table_of(Customer).outerjoin(_users, _users.c.id == _c.owner_id))


def list_customers(connection: Connection, scope: Scope, wanted: Wanted, after: str | None = None, limit: int = 50,
                   also: Sequence[ColumnElement[bool]] = ()) -> ListPage:
    """The visible customers, most overdue first. One query; two with a question.

    ``after`` is the ``following`` of the page before; an unreadable one starts over. ``also`` are
    conditions of the floors above (who has money over 90 days, whose supply is stopped).
    """
    conditions, few = _conditions(wanted), False
    if terms(wanted.question):
        matching, few = _matching(connection, wanted.question)
        conditions.append(matching)
    # Where few match, a sum instead of the bare column keeps the engine from walking the whole sorted list.
    order = _c.overdue_minor + 0 if few else _c.overdue_minor
    found = (
        _LISTED
        .where(visible(scope), *conditions, *also)
        .order_by(order.desc(), _c.id.desc()).limit(limit + 1)
    )
    key = _key(after)
    if key is not None:
        found = found.where(tuple_(_c.overdue_minor, _c.id) < key)
    rows = tuple(Listed(*row) for row in connection.execute(found))
    more = len(rows) > limit
    rows = rows[:limit]
    return ListPage(rows, f"{rows[-1].overdue_minor}.{rows[-1].id}" if more else None)


def owned_by(owner_id: str) -> ColumnElement[bool]:
    """Customers of one owner, or with ``NOBODY`` those without any."""
    return _c.owner_id.is_(None) if owner_id == NOBODY else _c.owner_id == owner_id


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.owner_id:
        conditions.append(owned_by(wanted.owner_id))
    if wanted.team_id:
        conditions.append(_c.team_id == wanted.team_id)
    if wanted.overdue:
        conditions.append(_c.overdue_minor > 0)
    if wanted.question.strip() and not terms(wanted.question):
        conditions.append(false())
    return conditions


def like(question: str) -> ColumnElement[bool]:
    """The question as LIKE over the search column: what every index must agree with."""
    return and_(*(_c.search_text.like(pattern) for pattern in like_patterns(question)))


def _matching(connection: Connection, question: str) -> tuple[ColumnElement[bool], bool]:
    """The condition behind a question, and whether so few match that they are better fetched and sorted."""
    found = offered(connection, question)
    # Counting stops early; the ids themselves never leave the database.
    some = connection.scalar(select(func.count()).select_from(found.limit(COMMON + 1).subquery()))
    if int(some or 0) > COMMON:
        return like(question), False
    return and_(_c.id.in_(found), like(question)), True


def offered(connection: Connection, question: str) -> Select[tuple[str]]:
    """The ids the index of words offers for a question: all that match it, and on PostgreSQL perhaps more."""
    if connection.dialect.name == "sqlite":
        numbers, words = table("customer_search", column("n"), column("customer_id")), table(
            "customers_fts", column("rowid"), column("customers_fts"))
        return select(numbers.c.customer_id).select_from(
            words.join(numbers, numbers.c.n == words.c.rowid)
        ).where(words.c.customers_fts.op("MATCH")(fts_query(question)))
    pieces: ColumnElement[list[str]] = literal_column("search_grams(customers.search_text)")
    asked = text("cast(:grams as text[])").bindparams(grams=grams(question))
    return select(_c.id).where(pieces.op("@>")(asked))


def _key(after: str | None) -> tuple[int, str] | None:
    amount, _, last = (after or "").partition(".")
    number = whole_key(amount)
    return (number, last) if last and number is not None else None


def visible_name(connection: Connection, scope: Scope, customer_id: str) -> str | None:
    """The customer's name, or None when it is not there or not in the scope."""
    return connection.scalar(select(_c.name).where(_c.id == customer_id, visible(scope)))


@dataclass(frozen=True, slots=True)
class Owner:
    """Someone who owns customers in a scope."""

    id: str
    name: str
    team_id: str | None


def owners_in(connection: Connection, scope: Scope) -> tuple[Owner, ...]:
    """The reps a filter may name, by name: those whose customers lie in the scope. One query."""
    asked = select(_users.c.id, _users.c.name, _users.c.team_id).where(_users.c.role == "rep", _users.c.active)
    if scope.kind == "team":
        asked = asked.where(_users.c.team_id == scope.team_id)
    if scope.kind == "self":
        asked = asked.where(_users.c.id == scope.user_id)
    return tuple(Owner(*row) for row in connection.execute(asked.order_by(func.lower(_users.c.name))))
