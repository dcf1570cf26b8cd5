"""What a person of the office sets going on a record that was not simply applied."""

from __future__ import annotations

from typing import Any

from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import DONE, Actor, Answer, Envelope
from fieldsales.people.queries import actor_by_id
from fieldsales.sync import queries, service
from fieldsales.sync.records import SIGNED
from fieldsales.sync.rules import digest_of
from fieldsales.workday.unsettled import Waiting


def judge_again(dispatcher: Dispatcher, actor: Actor, record: Waiting) -> Answer:
    """Judge a held record again as its author's, exactly as it came; ``actor`` answers for it.

    Raises RuleBroken when its author no longer works here, or the record waits no more.
    """
    with dispatcher.store.reading() as connection:
        rows = queries.held_rows(connection, ids=[record.command_id])
        author = actor_by_id(connection, record.actor_id)
    if author is None:
        raise RuleBroken("sync.author_gone", N_("Whoever made this no longer works here. Put it right in your own "
                                                "name, or close it."))
    answers = service.again(dispatcher, author, rows, vouched_by=actor)
    if not answers:
        raise RuleBroken("sync.record_settled", N_("Somebody has settled this record already."))
    if answers[0].status in DONE and rows[0].entity_id:
        service.let_follow(dispatcher, [rows[0].entity_id])
    return answers[0]


def put_right(dispatcher: Dispatcher, actor: Actor, record: Waiting, payload: dict[str, Any], command_id: str
              ) -> Answer:
    """Carry out a corrected copy of a record as ``actor``'s own, and note on the record what took its place.

    Both in one transaction; the record stays as it came. A refusal leaves nothing behind. Raises RuleBroken
    for what was signed: its words are not ours to change.
    """
    if record.operation in SIGNED:
        raise RuleBroken("sync.signed", N_("What was signed is never rewritten."))
    raw = {**record.raw, "command_id": command_id, "payload": payload}
    corrected = Envelope(
        command_id, record.operation, payload, int(raw.get("v") or 1), digest=digest_of(raw), made_at=record.made_at,
        skew_ms=record.skew_ms, device_id=record.device_id, raw=raw)
    noted = Envelope(uuid7(), "sync.note_put_right", {"record_id": record.id, "new_command_id": command_id},
                     needs=(command_id,))
    answer, note = dispatcher.perform_batch(actor, [corrected, noted], keep_refusals=False)
    if answer.status in DONE and note.status not in DONE and not answer.duplicate:
        return note
    if answer.status in DONE and raw.get("entity_id"):
        service.let_follow(dispatcher, [str(raw["entity_id"])])
    return answer
