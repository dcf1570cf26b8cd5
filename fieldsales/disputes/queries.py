"""Reads of disputes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.customers.models import Customer
from fieldsales.disputes.models import Dispute, DisputeAssignment, DisputeDecision, DisputeFinding
from fieldsales.people.models import User
from fieldsales.receivables.models import Invoice
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_disputes, _decisions, _assigned = table_of(Dispute), table_of(DisputeDecision), table_of(DisputeAssignment)
_found, _users, _customers, _invoices = (table_of(m) for m in (DisputeFinding, User, Customer, Invoice))


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


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """An open dispute on the list: who settles it, by when, and what was found. Amounts in minor units."""

    id: str
    customer_id: str
    customer_name: str
    invoice_number: str
    kind: str
    amount_minor: int
    currency: str
    words: str
    opened_at: Any
    opened_by: str
    desk: str
    owner_id: str
    owner_name: str
    due_on: date | None
    finding: str
    found: str
    found_by: str
    proof_sha256: tuple[str, ...]


def open_disputes(connection: Connection, seen: Any, user_id: str, *, owner_id: str = "",
                  before: date | None = None, limit: int = 200) -> tuple[DisputeLine, ...]:
    """Disputes awaiting a manager, whose day is nearest first: of customers ``seen``, and those given to ``user_id``.

    ``owner_id``: of this person only; ``before``: past their day only. One query.
    """
    d, last, told = _disputes.c, assignments().subquery("last"), _last_findings().subquery("told")
    opener, owner, finder = _users.alias("opener"), _users.alias("owner"), _users.alias("finder")

    def text(column: Any) -> Any:
        return func.coalesce(column, "")

    query = (
        select(d.id, d.customer_id, _customers.c.name, text(_invoices.c.number), d.kind, d.amount_minor, d.currency,
               d.words, d.opened_at, text(opener.c.name), text(last.c.desk), text(last.c.owner_id),
               text(owner.c.name), last.c.due_on, text(told.c.finding), text(told.c.words), text(finder.c.name),
               d.proof_sha256, told.c.proof_sha256)
        .join(_customers, _customers.c.id == d.customer_id).outerjoin(_invoices, _invoices.c.id == d.invoice_id)
        .outerjoin(last, last.c.dispute_id == d.id).outerjoin(told, told.c.dispute_id == d.id)
        .outerjoin(opener, opener.c.id == d.by_id).outerjoin(owner, owner.c.id == last.c.owner_id)
        .outerjoin(finder, finder.c.id == told.c.by_id).outerjoin(_decisions, _decisions.c.dispute_id == d.id)
        .where(_decisions.c.id.is_(None), seen | (last.c.owner_id == user_id))
        .order_by(last.c.due_on.is_(None), last.c.due_on, d.opened_at, d.id).limit(limit)
    )
    if owner_id:
        query = query.where(last.c.owner_id == owner_id)
    if before is not None:
        query = query.where(last.c.due_on < before)
    return tuple(_line(row) for row in connection.execute(query))


def _line(row: Any) -> DisputeLine:
    *told, proof, found = row
    values: list[Any] = [*told, (*(proof or ()), *(found or ()))]
    return DisputeLine(*values)


def count_open(connection: Connection, seen: Any, user_id: str) -> int:
    """How many disputes await a manager."""
    last = assignments().subquery("last")
    return int(connection.scalar(
        select(func.count()).select_from(
            _disputes.join(_customers, _customers.c.id == _disputes.c.customer_id)
            .outerjoin(last, last.c.dispute_id == _disputes.c.id)
            .outerjoin(_decisions, _decisions.c.dispute_id == _disputes.c.id))
        .where(_decisions.c.id.is_(None), seen | (last.c.owner_id == user_id))) or 0)


def _last_findings() -> Any:
    f, later = _found.c, _found.alias("later")
    newer = select(later.c.id).where(later.c.dispute_id == f.dispute_id,
                                     (later.c.at > f.at) | ((later.c.at == f.at) & (later.c.id > f.id))).exists()
    return select(_found).where(~newer)


def people_to_ask(connection: Connection) -> tuple[tuple[str, str], ...]:
    """(id, name) of everybody who works here, by name: a dispute may be given to any of them."""
    rows = connection.execute(select(_users.c.id, _users.c.name).where(_users.c.active).order_by(_users.c.name))
    return tuple((row.id, row.name) for row in rows)


def is_seen(connection: Connection, dispute_id: str, seen: Any, user_id: str) -> str | None:
    """The dispute's customer, if the dispute is this person's to see."""
    last = assignments().subquery("last")
    found: str | None = connection.scalar(
        select(_disputes.c.customer_id).join(_customers, _customers.c.id == _disputes.c.customer_id)
        .outerjoin(last, last.c.dispute_id == _disputes.c.id)
        .where(_disputes.c.id == dispute_id, seen | (last.c.owner_id == user_id)))
    return found
