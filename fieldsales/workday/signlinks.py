"""Links that wait for a signature, as a dossier shows them: never the address, which is asked for when needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.plans.models import SigningLink
from fieldsales.store.base import table_of

_links = table_of(SigningLink)
QUERIES = 1


def _instant(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def read_links(connection: Connection, customer_ids: Sequence[str], _today: date) -> Mapping[str, Any]:
    """By customer: links nobody has used or taken back, newest first. Whether one has run out, its ``ends_at`` says."""
    c, found = _links.c, dict[str, list[dict[str, Any]]]()
    rows = connection.execute(
        select(c.id, c.customer_id, c.number, c.signatory, c.payload, c.ends_at, c.opened_at)
        .where(c.customer_id.in_(customer_ids), c.state == "open").order_by(c.made_at.desc(), c.id.desc()))
    for row in rows:
        found.setdefault(row.customer_id, []).append({
            "id": row.id, "number": row.number, "name": row.signatory["name"],
            "total_minor": row.payload["total_minor"], "currency": row.payload["currency"],
            "ends_at": _instant(row.ends_at), "opened_at": _instant(row.opened_at)})
    return found
