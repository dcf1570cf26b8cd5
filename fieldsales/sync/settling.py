"""Operations of a person in the office on a record that was not simply applied. The record itself never changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, literal, select, union_all

from fieldsales.kernel.errors import N_, Invalid, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.people.rules import RECORD_WATCHERS, looks_after_record
from fieldsales.store.base import table_of
from fieldsales.store.models import CommandMark, CommandReceipt, ReusedId
from fieldsales.store.work import Work, fact
from fieldsales.sync import messages as m

_receipts, _reused, _marks = table_of(CommandReceipt).c, table_of(ReusedId).c, table_of(CommandMark).c
CLOSED = N_("Closed in the office by %(name)s: %(reason)s")
CORRECTED = N_("Put right in the office by %(name)s, and on record as corrected.")
FINAL = frozenset({"read", "closed", "put_right"})


@dataclass(frozen=True, slots=True)
class RecordFact:
    """A record that was not simply applied. ``status``: held, rejected, or reused."""

    id: str
    actor_id: str
    operation: str
    status: str
    marks: frozenset[str]
    handed_to: frozenset[str]


@fact("record")
def load_records(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Records by id: receipts that are held or rejected, and commands kept apart. Two queries."""
    found = connection.execute(union_all(
        select(_receipts.command_id.label("id"), _receipts.actor_id, _receipts.operation, _receipts.status)
        .where(_receipts.command_id.in_(keys), _receipts.status.in_(("held", "rejected"))),
        select(_reused.id, _reused.actor_id, _reused.operation, literal("reused")).where(_reused.id.in_(keys)))).all()
    marks = connection.execute(select(_marks.of_id, _marks.kind, _marks.to_id).where(_marks.of_id.in_(keys))).all()
    made: dict[str, Any] = {}
    for row in found:
        own = [one for one in marks if one.of_id == row.id]
        made[row.id] = RecordFact(row.id, row.actor_id, row.operation, row.status, frozenset(one.kind for one in own),
                                  frozenset(one.to_id for one in own if one.to_id))
    return made


def _needs(command: Any) -> list[Need]:
    return [Need("record", command.record_id)]


def _watches(work: Work, command: Any) -> None:
    record: RecordFact | None = work.fact("record", command.record_id)
    author = work.fact("user", record.actor_id) if record is not None and record.actor_id else None
    if record is None or not looks_after_record(
            work.actor, record.operation, author.team_id if author else None, record.handed_to):
        raise NotFound("record.not_found", N_("There is no such record, or you cannot see it."))


def _open(work: Work, command: Any) -> RecordFact:
    record: RecordFact = work.require("record", command.record_id)
    if record.marks & FINAL:
        raise RuleBroken("sync.record_settled", N_("Somebody has settled this record already."))
    return record


def _mark(work: Work, record: RecordFact, kind: str, **more: Any) -> None:
    work.insert(CommandMark, **{"id": uuid7(), "of_id": record.id, "kind": kind, "by_id": work.actor.user_id,
                                "at": work.now, "to_id": None, "new_command_id": None, "reason": "", **more})


def _settle(work: Work, record: RecordFact, code: str, message: str, **params: str) -> None:
    """A held command is answered for good: its phone shows it as refused, with these words."""
    if record.status == "held":
        work.settle(record.id, status="rejected", code=code, waits_for=None, answer={
            "message": message, "params": {"name": work.actor.name, **params}, "field": None, "data": None, "kind": ""})


@operation("sync.close_record", m.CloseRecord, needs=_needs, guard=_watches)
def close_record(work: Work, command: m.CloseRecord) -> None:
    """Close a record with a reason. Its author's phone shows a held one as refused, with the reason."""
    record = _open(work, command)
    _settle(work, record, "closed", CLOSED, reason=command.reason)
    _mark(work, record, "closed", reason=command.reason)


@operation("sync.hand_record", m.HandRecord, guard=_watches,
           needs=lambda c: [Need("record", c.record_id), Need("user", c.to_user_id)])
def hand_record(work: Work, command: m.HandRecord) -> None:
    """Hand a record to somebody of the office: it waits on his page too."""
    record, user = _open(work, command), work.require("user", command.to_user_id)
    if not user.active or user.role not in RECORD_WATCHERS:
        raise Invalid("sync.hand_to", N_("Choose somebody of the office who still works here."), field="to_user_id")
    _mark(work, record, "handed", to_id=user.id, reason=command.note)


@operation("sync.note_put_right", m.NotePutRight, needs=_needs, guard=_watches)
def note_put_right(work: Work, command: m.NotePutRight) -> None:
    """A corrected command took a record's place. The record stays as it came, and points to its successor."""
    record = _open(work, command)
    _settle(work, record, "put_right", CORRECTED)
    _mark(work, record, "put_right", new_command_id=command.new_command_id)
