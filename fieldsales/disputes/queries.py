"""Reads of disputes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.disputes.models import Dispute, DisputeAssignment, DisputeDecision
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_disputes, _decisions, _assigned = table_of(Dispute), table_of(DisputeDecision), table_of(DisputeAssignment)


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
    #: the newest assignment: the how many-th, the desk, the person, the day
    n: int = 0
    desk: str = ""
    owner_id: str = ""
    due_on: date | None = None


_FIELDS = tuple(one.name for one in fields(DisputeFact))


def _with_state() -> Any:
    d = _disputes.c
    return select(
        d.id, d.customer_id, d.invoice_id, d.kind, d.amount_minor, d.currency,
        func.coalesce(_decisions.c.decision, "open").label("state"), d.words, d.opened_at, d.by_id,
        _decisions.c.note, _decisions.c.at.label("decided_at"),
    ).outerjoin(_decisions, _decisions.c.dispute_id == d.id)


@fact("dispute")
def load_disputes(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Disputes by id, each with who is to settle it."""
    query = _with_state().where(_disputes.c.id.in_(keys))
    last = assignments().subquery("last")
    query = query.add_columns(func.coalesce(last.c.n, 0).label("n"), func.coalesce(last.c.desk, "").label("desk"),
                              func.coalesce(last.c.owner_id, "").label("owner_id"), last.c.due_on)
    query = query.outerjoin(last, last.c.dispute_id == _disputes.c.id)
    return {row.id: DisputeFact(**{name: getattr(row, name) for name in _FIELDS})
            for row in connection.execute(query)}


def assignments() -> Any:
    """The newest assignment of every dispute."""
    a, later = _assigned.c, _assigned.alias("later")
    newer = select(later.c.id).where(later.c.dispute_id == a.dispute_id, later.c.n > a.n).exists()
    return select(_assigned).where(~newer)


@fact("contested")
def load_contested(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By invoice, the amounts (minor units) of its disputes that stand: open, or granted until the credit note."""
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(_with_state().where(_disputes.c.invoice_id.in_(keys))):
        if row.state not in {"denied", "withdrawn"}:
            found.setdefault(row.invoice_id, {})[row.id] = row.amount_minor
    return found


def overdue_disputes(connection: Connection, today: date) -> list[Any]:
    """Disputes past their day that nobody has decided: (dispute_id, customer_id, n, due_on)."""
    last = assignments().subquery("last")
    return list(connection.execute(
        select(_disputes.c.id.label("dispute_id"), _disputes.c.customer_id, last.c.n, last.c.due_on)
        .join(last, last.c.dispute_id == _disputes.c.id)
        .outerjoin(_decisions, _decisions.c.dispute_id == _disputes.c.id)
        .where(_decisions.c.id.is_(None), last.c.due_on < today).order_by(_disputes.c.id)))


def open_disputes(connection: Connection, customers: Any, seen: Any, limit: int = 50) -> list[Any]:
    """Disputes awaiting a manager, oldest first, with the customer's name."""
    query = (
        _with_state().add_columns(customers.c.name.label("customer_name"))
        .join(customers, customers.c.id == _disputes.c.customer_id)
        .where(_decisions.c.id.is_(None), seen).order_by(_disputes.c.opened_at, _disputes.c.id).limit(limit)
    )
    return list(connection.execute(query))
