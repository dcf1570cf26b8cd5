"""Reads of statements of account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, select

from fieldsales.customers.models import Customer, Debtor
from fieldsales.customers.queries import visible
from fieldsales.documents.models import Document
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.statements.models import Statement
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_statements, _documents, _customers = table_of(Statement), table_of(Document), table_of(Customer)
_debtors, _users = table_of(Debtor), table_of(User)


@dataclass(frozen=True, slots=True)
class StatementFact:
    """A statement as an operation sees it."""

    id: str
    number: str
    manifest_sha256: str
    document_id: str


@fact("statement_by_manifest")
def load_manifests(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Statements by the SHA-256 of their manifest: the same signing sent twice is one statement."""
    s = _statements.c
    query = select(s.id, s.number, s.manifest_sha256, s.document_id).where(s.manifest_sha256.in_(keys))
    rows = connection.execute(query)
    return {row.manifest_sha256: StatementFact(*row) for row in rows}


@fact("statement")
def load_sides(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Statements by id: (customer id, debtor id)."""
    s = _statements.c
    rows = connection.execute(select(s.id, s.customer_id, s.debtor_id).where(s.id.in_(keys)))
    return {row.id: (row.customer_id, row.debtor_id) for row in rows}


def statement_row(connection: Connection, scope: Scope, statement_id: str) -> Any:
    """One statement with customer, paper and who took it, or None outside the scope."""
    query = (
        select(_statements, _customers.c.name.label("customer_name"), _documents.c.state.label("document_state"),
               _documents.c.sha256.label("document_sha256"), _documents.c.source.label("source"),
               _documents.c.time_wanted_at,
               func.coalesce(_users.c.name, "").label("by_name"),
               _debtors.c.email.label("debtor_email"))
        .join(_customers, _customers.c.id == _statements.c.customer_id)
        .join(_documents, _documents.c.id == _statements.c.document_id)
        .join(_debtors, _debtors.c.id == _statements.c.debtor_id)
        .outerjoin(_users, _users.c.id == _statements.c.by_id)
        .where(and_(_statements.c.id == statement_id, visible(scope)))
    )  # fmt: skip
    return connection.execute(query).first()
