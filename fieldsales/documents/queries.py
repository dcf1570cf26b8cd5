"""Reads of papers and of what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.documents.models import Attachment, Document
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_documents = table_of(Document)
_attachments = table_of(Attachment)


@dataclass(frozen=True, slots=True)
class DocumentFact:
    """A paper as an operation sees it."""

    id: str
    number: str
    kind: str
    customer_id: str
    subject_kind: str
    subject_id: str
    state: str
    sha256: str | None
    flags: tuple[str, ...]


@fact("document")
def load_documents(connection: Connection, keys: list[str]) -> dict[str, DocumentFact]:
    """Papers by id."""
    c = _documents.c
    columns = [c.id, c.number, c.kind, c.customer_id, c.subject_kind, c.subject_id, c.state, c.sha256, c.flags]
    rows = connection.execute(select(*columns).where(c.id.in_(keys)))
    return {
        row.id: DocumentFact(
            row.id, row.number, row.kind, row.customer_id, row.subject_kind, row.subject_id, row.state, row.sha256,
            tuple(row.flags or ()),
        )
        for row in rows
    }  # fmt: skip


def document_row(connection: Connection, document_id: str) -> dict[str, Any] | None:
    """Everything about one paper, or None."""
    row = connection.execute(select(_documents).where(_documents.c.id == document_id)).mappings().first()
    return dict(row) if row else None


def document_in_sight(connection: Connection, scope: Scope, document_id: str) -> dict[str, Any] | None:
    """The paper, when its customer is in sight; else None."""
    customers = table_of(Customer)
    joined = _documents.join(customers, customers.c.id == _documents.c.customer_id)
    query = select(_documents).select_from(joined).where(_documents.c.id == document_id, visible(scope))
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def document_by_number(connection: Connection, number: str) -> dict[str, Any] | None:
    """The paper with this number printed on it, or None."""
    row = connection.execute(select(_documents).where(_documents.c.number == number)).mappings().first()
    return dict(row) if row else None


def document_by_sha256(connection: Connection, sha256: str) -> dict[str, Any] | None:
    """The paper with exactly these bytes, or None."""
    row = connection.execute(select(_documents).where(_documents.c.sha256 == sha256)).mappings().first()
    return dict(row) if row else None


def customer_documents(connection: Connection, customer_id: str) -> list[dict[str, Any]]:
    """A customer's papers, newest first: id, number, kind, state, sha256, lang, made_at."""
    c = _documents.c
    query = (
        select(c.id, c.number, c.kind, c.state, c.sha256, c.lang, c.made_at)
        .where(c.customer_id == customer_id)
        .order_by(c.made_at.desc(), c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
