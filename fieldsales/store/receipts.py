"""Receipts: which commands were answered before, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import DONE, Actor, Answer, Envelope
from fieldsales.store.base import table_of
from fieldsales.store.models import CommandReceipt, ReusedId

_RECEIPTS = table_of(CommandReceipt).c


REUSED = "id_reused"
_KNOWN = select(_RECEIPTS.command_id, _RECEIPTS.actor_id, _RECEIPTS.digest, _RECEIPTS.status, _RECEIPTS.code,
                _RECEIPTS.answer).where(_RECEIPTS.command_id.in_(bindparam("ids", expanding=True)))


@dataclass
class Known:
    """What the ledger of receipts knows about a batch."""

    rows: dict[str, Any] = field(default_factory=dict)
    entities: set[str] = field(default_factory=set)
    _batch: dict[str, tuple[Envelope, Answer]] = field(default_factory=dict)
    _made: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Judge the batch from its start."""
        self._batch.clear()
        self._made.clear()

    def judged(self, envelope: Envelope, answer: Answer) -> None:
        """Remember this batch's own verdicts: for twins, and for those that wait on a predecessor."""
        self._batch.setdefault(envelope.command_id, (envelope, answer))
        if answer.status in DONE:
            self.made(envelope)

    def made(self, envelope: Envelope) -> None:
        """What waits for the command or its record waits no longer."""
        self._made |= {envelope.command_id, (envelope.raw or {}).get("entity_id") or envelope.command_id}

    def answer_to(self, envelope: Envelope, actor: Actor, again: frozenset[str]) -> Answer | None:
        """The stored answer, or None when the command is to be judged.

        The same id with other bytes, or from another person, is another command: ``id_reused``.
        """
        if envelope.command_id in self._batch:
            first, answer = self._batch[envelope.command_id]
            return _reused(envelope) if _differs(first.digest, envelope.digest) else replace(answer, duplicate=True)
        row = self.rows.get(envelope.command_id)
        if row is None or (row.status == "held" and envelope.command_id in again):
            return None
        if row.actor_id != actor.user_id or _differs(row.digest, envelope.digest):
            return _reused(envelope)
        stored = row.answer
        return Answer(envelope.command_id, row.status, row.code, stored.get("message", ""), stored.get("params"),
                      stored.get("field"), stored.get("data"), duplicate=True, kind=stored.get("kind", ""))

    def first_missing(self, envelope: Envelope) -> str | None:
        """The first predecessor that has not been applied."""
        return next((need for need in envelope.needs if need not in self.entities | self._made), None)


def _differs(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _reused(envelope: Envelope) -> Answer:
    return Answer(envelope.command_id, "rejected", REUSED,
                  N_("This record's id was used before for another record."))


def known_receipts(connection: Connection, envelopes: Sequence[Envelope]) -> Known:
    """Read the receipts of a batch and of the predecessors it names: one query each."""
    ids = [envelope.command_id for envelope in envelopes]
    table = table_of(CommandReceipt)
    rows = connection.execute(_KNOWN, {"ids": ids})
    known = Known({row.command_id: row for row in rows})
    wanted = {need for envelope in envelopes for need in envelope.needs}
    if wanted:
        found = connection.execute(
            select(table.c.entity_id).where(table.c.entity_id.in_(wanted), table.c.status.in_(sorted(DONE)))
        )
        known.entities = {row.entity_id for row in found}
    return known


def keep_apart(connection: Connection, envelopes: Sequence[Envelope], actor: Actor, now: datetime) -> None:
    """Keep commands that came under another command's id: each once, for a person of the office to look at."""
    table = table_of(ReusedId)
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    for one in envelopes:
        if one.raw is None:  # a form sent again: nothing of a phone's is at stake
            continue
        connection.execute(dialect.insert(table).values(
            id=uuid7(), command_id=one.command_id, actor_id=actor.user_id, device_id=one.device_id,
            delivered_by=one.delivered_by, operation=one.operation, digest=one.digest, raw=one.raw,
            made_at=one.made_at, received_at=now).on_conflict_do_nothing())
