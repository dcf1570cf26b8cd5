"""Papers kept with invoices and customers, as the office shows them, and the keeping of their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from fieldsales.documents.canonical import sha256
from fieldsales.documents.copies import Copies
from fieldsales.kernel.operation import Actor
from fieldsales.receivables.models import Invoice, InvoicePaper
from fieldsales.receivables.paperfiles import PaperFile
from fieldsales.store.base import table_of
from fieldsales.store.models import Blob
from fieldsales.web.here import Program

_invoices, _papers = table_of(Invoice), table_of(InvoicePaper)


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper on record; ``number`` of its invoice, None when it is the customer's."""

    id: str
    kind: str
    name: str
    sha256: str
    number: str | None
    at: datetime


def kept_papers(connection: Connection, customer_id: str, limit: int = 200) -> tuple[Kept, ...]:
    """The customer's papers, newest first."""
    p = _papers.c
    rows = connection.execute(
        select(p.id, p.kind, p.name, p.sha256, _invoices.c.number, p.at)
        .select_from(_papers.outerjoin(_invoices, _invoices.c.id == p.invoice_id))
        .where(p.customer_id == customer_id).order_by(p.at.desc(), p.id.desc()).limit(limit)
    )
    return tuple(Kept(*row) for row in rows)


def invoice_numbers(connection: Connection, customer_id: str, *, only_open: bool = False) -> dict[str, str]:
    """Number -> id of the customer's invoices, the open ones first, or those alone."""
    i = _invoices.c
    asked = select(i.number, i.id).where(i.customer_id == customer_id, i.cancelled_at.is_(None))
    if only_open:
        asked = asked.where(i.open_minor > 0)
    rows = connection.execute(asked.order_by(i.open_minor == 0, i.due_on, i.number).limit(2000))
    found: dict[str, str] = {}
    for number, invoice_id in rows:
        found.setdefault(number, invoice_id)
    return found


def keep_bytes(program: Program, who: Actor, files: Sequence[PaperFile]) -> list[str]:
    """Keep the bytes of files and note them; their SHA-256, in the same order. Twice is the same as once.

    Raises Invalid, before anything is kept, when one of them is a photo that cannot be decoded whole.
    """
    blobs, now, copies = program.parts["blobs"], program.clock.now(), Copies(program.settings.home / "copies")
    for file in files:
        copies.admit(sha256(file.data), file.data, file.mime)
    hashes = [str(blobs.put(file.data)) for file in files]
    rows = {
        name: {"sha256": name, "size": len(file.data), "mime": file.mime, "stored_at": now, "by_id": who.user_id}
        for name, file in zip(hashes, files, strict=True)
    }

    def write(connection: Connection) -> None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table_of(Blob)).on_conflict_do_nothing(), list(rows.values()))

    program.dispatcher.note(write)
    return hashes
