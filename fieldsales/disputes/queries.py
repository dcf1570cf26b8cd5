"""Reads of disputes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.disputes.models import Dispute, DisputeDecision
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_disputes, _decisions = table_of(Dispute), table_of(DisputeDecision)


@dataclass(frozen=True, slots=True)
class DisputeFact:
    """A dispute as it stands. ``state``: open, or the manager's decision."""

    id: str
    customer_id: str
    invoice_id: str | None
    kind: str
    amount_minor: int
    currency: str
    state: str


def _with_state() -> Any:
    d = _disputes.c
    return select(
        d.id, d.customer_id, d.invoice_id, d.kind, d.amount_minor, d.currency,
        func.coalesce(_decisions.c.decision, "open").label("state"), d.words, d.opened_at, d.by_id,
        _decisions.c.note, _decisions.c.at.label("decided_at"),
    ).outerjoin(_decisions, _decisions.c.dispute_id == d.id)


@fact("dispute")
def load_disputes(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Disputes by id."""
    return {row.id: DisputeFact(*row[:7]) for row in connection.execute(_with_state().where(_disputes.c.id.in_(keys)))}


@fact("contested")
def load_contested(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By invoice, the amounts (minor units) of its disputes that stand: open, or granted until the credit note."""
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(_with_state().where(_disputes.c.invoice_id.in_(keys))):
        if row.state not in {"denied", "withdrawn"}:
            found.setdefault(row.invoice_id, {})[row.id] = row.amount_minor
    return found


def open_disputes(connection: Connection, customers: Any, seen: Any, limit: int = 50) -> list[Any]:
    """Disputes awaiting a manager, oldest first, with the customer's name."""
    query = (
        _with_state().add_columns(customers.c.name.label("customer_name"))
        .join(customers, customers.c.id == _disputes.c.customer_id)
        .where(_decisions.c.id.is_(None), seen).order_by(_disputes.c.opened_at, _disputes.c.id).limit(limit)
    )
    return list(connection.execute(query))
