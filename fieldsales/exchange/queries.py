"""Reads of files in: what is in the books already, imports of the past, saved mappings, lists to export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.customers.models import Customer, CustomerAlias, Debtor
from fieldsales.exchange.models import Import, Mapping
from fieldsales.people.models import User
from fieldsales.receivables.models import Invoice, Payment, Seller
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_customers, _aliases, _users = table_of(Customer), table_of(CustomerAlias), table_of(User)
_debtors = table_of(Debtor)
_invoices, _payments, _sellers = table_of(Invoice), table_of(Payment), table_of(Seller)
_imports, _mappings = table_of(Import), table_of(Mapping)
#: Below the engines' limits of bound parameters.
_CHUNK = 5000


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    listed = list(keys)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


def known_keys(connection: Connection, kind: str, keys: Iterable[str]) -> dict[str, tuple[str, int]]:
    """External key -> (id, minor units) of the invoices or payments that are in the books already."""
    table, amount = (_payments, _payments.c.amount_minor) if kind == "payments" else (_invoices,
                                                                                      _invoices.c.total_minor)
    found: dict[str, tuple[str, int]] = {}
    for part in _parts(keys):
        rows = connection.execute(select(table.c.external_key, table.c.id,
                                         amount).where(table.c.external_key.in_(part)))
        found.update({key: (row_id, minor) for key, row_id, minor in rows})
    return found


def known_numbers(connection: Connection, numbers: Iterable[str]) -> dict[tuple[str, str, bool], list[Any]]:
    """(customer id, number, is a credit note) -> (id, minor units, seller id) of invoices that stand.

    What was entered by hand, or came from elsewhere, has no key of a file but still is the same invoice.
    """
    found: dict[tuple[str, str, bool], list[Any]] = {}
    i = _invoices.c
    for part in _parts(numbers):
        rows = connection.execute(select(i.customer_id, i.number, i.id, i.total_minor, i.seller_id)
                                  .where(i.number.in_(part), i.cancelled_at.is_(None)))
        for customer_id, number, *rest in rows:
            found.setdefault((customer_id, number, rest[1] < 0), []).append(tuple(rest))
    return found


def known_payments(connection: Connection, numbers: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Number as our own export writes it (the payment's key or id) -> (id, minor units)."""
    found: dict[str, tuple[str, int]] = {}
    p = _payments.c
    for part in _parts(numbers):
        rows = connection.execute(select(p.id, p.external_key, p.amount_minor)
                                  .where(p.external_key.in_(part) | p.id.in_(part)))
        for row_id, key, minor in rows:
            found[row_id] = found[key or row_id] = (row_id, minor)
    return found


def customers_by_code(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    """Customer number -> id."""
    c = _customers.c
    return {code: row_id for part in _parts(codes)
            for code, row_id in connection.execute(select(c.code, c.id).where(c.code.in_(part)))}


def customers_by_name(connection: Connection, names: Iterable[str]) -> dict[str, set[str]]:
    """Name, alias or legal name of a debtor -> the ids of the customers that have it."""
    found: dict[str, set[str]] = {}
    c, a, d = _customers.c, _aliases.c, _debtors.c
    for part in _parts(names):
        for query in (select(c.name, c.id).where(c.name.in_(part)),
                      select(a.name, a.customer_id).where(a.name.in_(part)),
                      select(d.name, d.customer_id).where(d.name.in_(part))):
            for name, row_id in connection.execute(query):
                found.setdefault(name, set()).add(row_id)
    return found


def names_of_customers(connection: Connection, ids: Iterable[str]) -> dict[str, set[str]]:
    """Customer id -> its name and aliases."""
    found: dict[str, set[str]] = {}
    c, a = _customers.c, _aliases.c
    for part in _parts(ids):
        for query in (select(c.id, c.name).where(c.id.in_(part)), select(a.customer_id,
                                                                         a.name).where(a.customer_id.in_(part))):
            for row_id, name in connection.execute(query):
                found.setdefault(row_id, set()).add(name)
    return found


def gaps_of_customers(connection: Connection, ids: Iterable[str]) -> dict[str, set[str]]:
    """Customer id -> which of phone, address, region, lat and lon are not on record."""
    c, names = _customers.c, ("phone", "address", "region", "lat", "lon")
    found: dict[str, set[str]] = {}
    for part in _parts(ids):
        for row in connection.execute(select(c.id, *(c[name] for name in names)).where(c.id.in_(part))):
            found[row.id] = {name for name in names if not getattr(row, name)}
    return found


def sellers_by_code(connection: Connection) -> dict[str, str]:
    """Code -> id of every selling company."""
    return dict(connection.execute(select(_sellers.c.code, _sellers.c.id)).all())


def users_by_name(connection: Connection) -> dict[str, str]:
    """Name and login -> id of active reps and managers; a name two people share is left out."""
    u = _users.c
    found: dict[str, str] = {}
    twice: set[str] = set()
    rows = connection.execute(select(u.id, u.name, u.login).where(u.active, u.role.in_(("rep", "manager"))))
    for row_id, *names in rows:
        for name in dict.fromkeys(names):
            if name in found:
                twice.add(name)
            found[name] = row_id
    return {name: row_id for name, row_id in found.items() if name not in twice}


@fact("seller_by_code")
def load_sellers(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The id of the selling company that has a code."""
    known = sellers_by_code(connection)
    return {key: known[key] for key in keys if key in known}


@dataclass(frozen=True, slots=True)
class ImportFact:
    """An import as it stands, with the ids of what it added that still stands."""

    id: str
    kind: str
    state: str
    invoices: tuple[tuple[str, str], ...]
    """(customer id, invoice id), oldest first."""
    payments: tuple[tuple[str, str], ...]
    """(customer id, payment id)."""


@fact("import")
def load_imports(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Imports with what they added: invoices not cancelled, payments not reversed."""
    i, p, back = _invoices.c, _payments.c, _payments.alias("back")
    invoices: dict[str, list[tuple[str, str]]] = {}
    for import_id, *pair in connection.execute(
        select(i.import_id, i.customer_id, i.id).where(i.import_id.in_(keys), i.cancelled_at.is_(None)).order_by(i.id)
    ):
        invoices.setdefault(import_id, []).append((pair[0], pair[1]))
    payments: dict[str, list[tuple[str, str]]] = {}
    for import_id, *pair in connection.execute(
        select(p.import_id, p.customer_id, p.id)
        .select_from(_payments.outerjoin(back, back.c.reverses_id == p.id))
        .where(p.import_id.in_(keys), back.c.id.is_(None), p.reverses_id.is_(None)).order_by(p.id)
    ):
        payments.setdefault(import_id, []).append((pair[0], pair[1]))
    m = _imports.c
    rows = connection.execute(select(m.id, m.kind, m.state).where(m.id.in_(keys)))
    return {row.id: ImportFact(row.id, row.kind, row.state, tuple(invoices.get(row.id, ())),
                               tuple(payments.get(row.id, ()))) for row in rows}


@fact("mapping_by_name")
def load_mappings(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The id of the saved mapping that has a name."""
    m = _mappings.c
    return dict(connection.execute(select(m.name, m.id).where(m.name.in_(keys))).all())


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A way to read a header that somebody kept."""

    id: str
    name: str
    kind: str
    columns: dict[str, int]
    date_order: str


def saved_mapping(connection: Connection, *, name: str = "", signature: str = "",
                  kind: str = "") -> SavedMapping | None:
    """A mapping by its name, or the newest for a header's signature."""
    m = _mappings.c
    query = select(m.id, m.name, m.kind, m.columns, m.date_order).order_by(m.at.desc()).limit(1)
    query = query.where(m.name == name) if name else query.where(m.signature == signature, m.kind == kind)
    row = connection.execute(query).first()
    return SavedMapping(*row) if row else None


@dataclass(frozen=True, slots=True)
class PastImport:
    """One line of the history of imports."""

    id: str
    kind: str
    filename: str
    state: str
    at: datetime
    by: str
    counts: dict[str, Any]
    sums: dict[str, Any]
    mapping: dict[str, Any]
    date_order: str
    sha256: str


def past_imports(connection: Connection, limit: int = 50, import_id: str = "") -> tuple[PastImport, ...]:
    """The newest imports first, or the one asked for."""
    m = _imports.c
    query = (
        select(m.id, m.kind, m.filename, m.state, m.at, func.coalesce(_users.c.name, ""), m.counts, m.sums, m.mapping,
               m.date_order, m.sha256)
        .select_from(_imports.outerjoin(_users, _users.c.id == m.by_id)).order_by(m.at.desc(),
                                                                                  m.id.desc()).limit(limit)
    )
    if import_id:
        query = query.where(m.id == import_id)
    return tuple(PastImport(*row) for row in connection.execute(query))


def unfinished_import(connection: Connection, kind: str, sha256: str) -> str | None:
    """The id of an import of the same file that was begun and not finished: it is taken up again."""
    m = _imports.c
    query = select(m.id).where(m.kind == kind, m.sha256 == sha256, m.state == "running").order_by(m.at.desc())
    return connection.execute(query.limit(1)).scalar()
