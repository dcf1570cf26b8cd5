"""Reads of batches: what became of each piece, what is still on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from fieldsales.batches.models import Batch, BatchItem
from fieldsales.collection.models import Action
from fieldsales.collection.stages import Stage, stages_of
from fieldsales.customers.models import Customer, Debtor
from fieldsales.customers.queries import visible
from fieldsales.documents.models import Document
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.plugin_api.batches import Tracking
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_batches, _items, _actions = table_of(Batch), table_of(BatchItem), table_of(Action)
_customers, _debtors, _documents, _users = (table_of(m) for m in (Customer, Debtor, Document, User))
#: Threads looked at when pieces on their way are listed: the newest.
MOST_THREADS = 500


@dataclass(frozen=True, slots=True)
class BatchFact:
    """A batch as the worker's operations see it."""

    id: str
    state: str


@fact("batch")
def load_batches(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Batches by id."""
    rows = connection.execute(select(_batches.c.id, _batches.c.state).where(_batches.c.id.in_(keys)))
    return {row.id: BatchFact(*row) for row in rows}


@fact("batch_item")
def load_items(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """(batch, state) of items by id."""
    i = _items.c
    return {row.id: (row.batch_id, row.state)
            for row in connection.execute(select(i.id, i.batch_id, i.state).where(i.id.in_(keys)))}


@dataclass(frozen=True, slots=True)
class Piece:
    """One customer of a batch and what became of it. ``document_id``: of its largest paper, None while it has none."""

    item_id: str
    n: int
    customer_id: str
    customer_name: str
    action_id: str
    state: str
    why_zh: str
    why_en: str
    outcome: str | None
    unjudged: str | None
    debtor_name: str
    address: str


def _pieces_query() -> Any:
    i, a = _items.c, _actions.c
    address = func.coalesce(func.nullif(_debtors.c.address, ""), _customers.c.address)
    return (
        select(i.id, i.n, i.customer_id, _customers.c.name, i.action_id, i.state, i.why_zh, i.why_en, a.outcome,
               a.plugin_error, func.coalesce(_debtors.c.name, _customers.c.name), address)
        .join(_customers, _customers.c.id == i.customer_id).outerjoin(_actions, a.id == i.action_id)
        .outerjoin(_debtors, _debtors.c.id == a.debtor_id).order_by(i.n)
    )


def pieces_of(connection: Connection, batch_id: str) -> tuple[Piece, ...]:
    """The pieces of a batch in posting order. One query."""
    return tuple(Piece(*row) for row in connection.execute(_pieces_query().where(_items.c.batch_id == batch_id)))


@dataclass(frozen=True, slots=True)
class PaperOf:
    """A paper of an action. ``sha256``: of its sealed bytes, None while it waits."""

    action_id: str
    id: str
    number: str
    kind: str
    lang: str
    sha256: str | None
    state: str
    source: dict[str, Any]


def papers_of(connection: Connection, action_ids: Sequence[str]) -> dict[str, list[PaperOf]]:
    """By action, its papers in the order they were made. One query."""
    d = _documents.c
    rows = connection.execute(
        select(d.subject_id, d.id, d.number, d.kind, d.lang, d.sha256, d.state, d.source)
        .where(d.subject_kind == "action", d.subject_id.in_(action_ids)).order_by(d.made_at, d.id))
    found: dict[str, list[PaperOf]] = {}
    for row in rows:
        found.setdefault(row.subject_id, []).append(PaperOf(*row))
    return found


def batch_row(connection: Connection, batch_id: str) -> Any:
    """A batch with the name of who ordered it, or None."""
    return connection.execute(
        select(_batches, func.coalesce(_users.c.name, "").label("by_name"))
        .outerjoin(_users, _users.c.id == _batches.c.by_id).where(_batches.c.id == batch_id)).first()


def batches_of(connection: Connection, by_id: str | None, most: int = 50) -> list[Any]:
    """The newest batches, of one person or (None) of everybody, each with how many pieces it has. One query."""
    count = select(func.count()).where(_items.c.batch_id == _batches.c.id).scalar_subquery().label("pieces")
    query = (select(_batches, count, func.coalesce(_users.c.name, "").label("by_name"))
             .outerjoin(_users, _users.c.id == _batches.c.by_id)
             .order_by(_batches.c.made_at.desc(), _batches.c.id.desc()).limit(most))
    return list(connection.execute(query if by_id is None else query.where(_batches.c.by_id == by_id)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece on its way. ``stage``: the newest; ``number``: the carrier's, "" while there is none."""

    root: str
    customer_id: str
    customer_name: str
    debtor_name: str
    made_at: datetime
    stage: Stage
    number: str
    paper_number: str
    document_id: str | None


def waiting_pieces(connection: Connection, scope: Scope, method: str, tracking: Tracking, *, ended: bool = False
                   ) -> tuple[Waiting, ...]:
    """The pieces of a method that something is still waited for (``ended``: all of them), the oldest first."""
    a = _actions.c
    rows = connection.execute(
        select(a.id, a.customer_id, _customers.c.name, func.coalesce(_debtors.c.name, _customers.c.name),
               a.occurred_at, _documents.c.number, a.document_id)
        .join(_customers, _customers.c.id == a.customer_id).outerjoin(_debtors, _debtors.c.id == a.debtor_id)
        .outerjoin(_documents, _documents.c.id == a.document_id)
        .where(and_(visible(scope), a.method == method, a.follows_id == "", a.document_id.is_not(None)))
        .order_by(a.occurred_at.desc(), a.id.desc()).limit(MOST_THREADS)
    ).all()
    threads, found = stages_of(connection, [row.id for row in rows]), []
    for row in reversed(rows):
        stages = threads[row.id]
        if ended or stages[-1].outcome not in tracking.ends:
            number = next((str(one.fields[tracking.number]) for one in reversed(stages)
                           if one.fields.get(tracking.number)), "")
            found.append(Waiting(row.id, row.customer_id, row.name, row[3], row.occurred_at, stages[-1], number,
                                 row.number or "", row.document_id))
    return tuple(found)
