"""A phone's push and pull: accept, then judge; tell what changed within sight."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.errors import N_, NotAllowed, NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import DONE, OPERATIONS, Actor, Answer, Envelope
from fieldsales.people.models import Device
from fieldsales.people.queries import actor_by_id
from fieldsales.people.rules import scope_of
from fieldsales.store.base import table_of
from fieldsales.store.models import Setting
from fieldsales.sync import queries, settling  # noqa: F401 - settling declares operations
from fieldsales.sync.messages import Push
from fieldsales.sync.rules import Cursor, carries_secret, envelope_of, in_order, refused, sight_of, skew_ms

#: A phone's last contact is written down at most this often when nothing else about it changed.
_SEEN_EVERY = timedelta(minutes=10)
#: How many rounds of "it came, so that may follow" one push sets off.
_ROUNDS = 20


def epoch(dispatcher: Dispatcher) -> str:
    """The database's epoch; made when it is first asked for."""
    with dispatcher.store.reading() as connection:
        found = queries.epoch_of(connection)
    return found or _first_epoch(dispatcher)


def _first_epoch(dispatcher: Dispatcher) -> str:
    """Many may ask at once: one of them makes it, all are told the same."""
    row = {"key": queries.EPOCH, "value": uuid7(), "changed_at": dispatcher.clock.now()}

    def write(connection: Connection) -> str:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table_of(Setting)).values(**row).on_conflict_do_nothing())
        return queries.epoch_of(connection)

    return dispatcher.note(write)


def new_epoch(dispatcher: Dispatcher) -> str:
    """Begin a new epoch (first use, or after a restore): phones send their answered commands again."""
    fresh, now, table = uuid7(), dispatcher.clock.now(), table_of(Setting)

    def write(connection: Connection) -> None:
        changed = connection.execute(
            update(table).where(table.c.key == queries.EPOCH).values(value=fresh, changed_at=now))
        if not changed.rowcount:
            connection.execute(insert(table).values(key=queries.EPOCH, value=fresh, changed_at=now))

    dispatcher.note(write)
    return fresh


# -- push ---------------------------------------------------------------------------------------------------


def push(dispatcher: Dispatcher, actor: Actor, body: Push, *, whole: bool = False) -> list[Answer]:
    """Judge a phone's commands in its own order: one answer each, by command id.

    What cannot be read is rejected alone. What waited for something that came now is judged again.
    ``whole``: all numbers in it are whole (``rules.read_body``).
    Raises NotAllowed when the phone was revoked.
    """
    now = dispatcher.clock.now()
    known = may_speak(dispatcher, actor, body.device)
    skew = skew_ms(body.sent_at, now)
    answers = judge(dispatcher, actor, body.commands, device=body.device, skew=skew, whole=whole)
    if known is not None:
        left = sum(answer.status == "retry" for answer in answers) + max(0, body.pending - len(answers))
        note_contact(dispatcher, known, body, left, now)
    return answers


def judge(dispatcher: Dispatcher, actor: Actor, commands: Sequence[Any], *, device: str | None = None,
          skew: int | None = None, whole: bool = False, delivered_by: str | None = None) -> list[Answer]:
    """Judge commands as they came, in their order, as ``actor``: one answer each. ``delivered_by``: whose hands."""
    read: list[Envelope | Answer] = []
    for raw in commands:
        envelope = envelope_of(raw, device=device, skew_ms=skew, whole=whole)
        secret = envelope is not None and carries_secret(envelope.operation)
        read.append(refused(raw, secret=secret) if envelope is None or secret
                    else replace(envelope, delivered_by=delivered_by))
    envelopes = in_order([one for one in read if isinstance(one, Envelope)])
    judged = iter(zip(envelopes, dispatcher.perform_batch(actor, envelopes), strict=True))
    pairs = [next(judged) if isinstance(one, Envelope) else (None, one) for one in read]
    answers = [answer for _, answer in pairs]
    came = [
        str(one.raw["entity_id"]) for one, answer in pairs
        # a duplicate, too: whoever was killed after the commit had let nothing follow
        if one is not None and one.raw and one.raw.get("entity_id") and answer.status in DONE
    ]
    freed = {answer.command_id: answer for answer in let_follow(dispatcher, came)} if came else {}
    return [freed.get(answer.command_id, answer) for answer in answers]


def may_speak(dispatcher: Dispatcher, actor: Actor, device: str | None) -> Any:
    """What is known of the phone, or None. Raises NotAllowed when it was revoked or is another's."""
    if device is None:
        return None
    with dispatcher.store.reading() as connection:
        row = queries.device_row(connection, device)
    if row is not None and (row.revoked_at is not None or row.user_id != actor.user_id):
        raise NotAllowed("device_revoked", N_("This phone may no longer be used. Ask your administrator."))
    return row


def note_contact(dispatcher: Dispatcher, known: Any, body: Push, left: int, now: datetime) -> None:
    """Write down what a phone said of itself. ``left``: how many commands it still holds after this push."""
    said = {"pending": left, "pending_blobs": body.pending_blobs, "app": body.app or known.app}
    if any(getattr(known, name) != value for name, value in said.items()) or now - known.seen_at > _SEEN_EVERY:
        table = table_of(Device)
        dispatcher.note(lambda connection: connection.execute(
            update(table).where(table.c.id == body.device).values(seen_at=now, **said)))


def let_follow(dispatcher: Dispatcher, came: Sequence[str]) -> list[Answer]:
    """Judge again what waited for entities that are here now, each for its own author."""
    answers: list[Answer] = []
    for _round in range(_ROUNDS):
        if not came:
            break
        with dispatcher.store.reading() as connection:
            rows = queries.held_rows(connection, waiting_for=came)
            authors = {row.actor_id: actor_by_id(connection, row.actor_id) for row in rows}
        fresh = []
        for author_id, author in authors.items():
            if author is not None:
                fresh += again(dispatcher, author, [row for row in rows if row.actor_id == author_id])
        answers += fresh
        applied = {answer.command_id for answer in fresh if answer.status in DONE}
        came = [row.entity_id for row in rows if row.command_id in applied and row.entity_id]
    return answers


def let_methods_follow(dispatcher: Dispatcher) -> list[Answer]:
    """Judge again what was held because its method was away, or the program did not know its kind or version yet,
    once that is no longer so (the worker's pulse)."""
    with dispatcher.store.reading() as connection:
        held = queries.held_rows(connection, codes=("collection.method_away", "unknown_operation", "unknown_version"))
        rows = [row for row in held if _is_known_now(dispatcher, row)]
        authors = {row.actor_id: actor_by_id(connection, row.actor_id) for row in rows}
    answers: list[Answer] = []
    for author_id, author in authors.items():
        if author is not None:
            answers += again(dispatcher, author, [row for row in rows if row.actor_id == author_id])
    applied = {answer.command_id for answer in answers if answer.status in DONE}
    let_follow(dispatcher, [row.entity_id for row in rows if row.entity_id and row.command_id in applied])
    return answers


def _is_known_now(dispatcher: Dispatcher, row: Any) -> bool:
    raw = row.raw or {}
    if row.code == "collection.method_away":
        payload = raw.get("payload")
        method = str(payload.get("method", "")) if isinstance(payload, dict) else ""
        return dispatcher.plugins.method(method) is not None
    known = OPERATIONS.get(row.operation)
    return known is not None and int(raw.get("v") or 1) <= known.version


def again(dispatcher: Dispatcher, author: Actor, rows: Sequence[Any], vouched_by: Actor | None = None
          ) -> list[Answer]:
    """Judge held commands anew, exactly as they came. ``vouched_by``: a person of the office who answers for it."""
    envelopes: list[Envelope] = []
    for row in rows:
        envelope = envelope_of(row.raw, device=row.device_id, skew_ms=row.skew_ms)
        if envelope is not None:
            envelopes.append(replace(envelope, digest=row.digest, delivered_by=row.delivered_by,
                                     vouched_by=vouched_by))
    return dispatcher.perform_batch(author, envelopes, again=frozenset(e.command_id for e in envelopes))


def retry(dispatcher: Dispatcher, actor: Actor, command_id: str) -> Answer:
    """Judge one's own held command again. Answers as before when it is held no more. Raises NotFound."""
    with dispatcher.store.reading() as connection:
        rows = queries.held_rows(connection, user_id=actor.user_id, ids=[command_id])
        known = queries.answers_to(connection, actor.user_id, [command_id])
    if rows:
        answers = again(dispatcher, actor, rows)
        entity = rows[0].entity_id
        if answers and answers[0].status in DONE and entity:
            let_follow(dispatcher, [entity])
        return answers[0] if answers else known[0]
    if not known:
        raise NotFound("command.not_found", N_("There is no such record, or you cannot see it."))
    return known[0]


# -- pull ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sources:
    """Where documents come from: ``dossiers(connection, ids)`` and the small ones by kind."""

    dossiers: Callable[[Connection, list[str]], Mapping[str, dict[str, Any]]]
    small: Callable[[Connection], Mapping[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of changes, and where the phone stands after it."""

    changes: list[dict[str, Any]]
    cursor: Cursor
    more: bool
    reset: bool = False


def pull(connection: Connection, actor: Actor, cursor: Cursor, limit: int, sources: Sources) -> Page:
    """The next page for a phone: first everything in sight by customer, then what changed since.

    A cursor from before the oldest change that is kept, from after the newest (the database was
    restored), or of another role or team starts over with ``reset``.
    """
    there, sight = queries.span(connection), sight_of(scope_of(actor))
    lost = cursor.seq > there.last or (there.first > 1 and cursor.seq < there.first - 1)
    if cursor.sight != sight or lost:
        page = _first_pages(connection, actor, Cursor(there.last, "", sight=sight), limit, sources)
        return replace(page, reset=True)
    if cursor.after is not None:
        return _first_pages(connection, actor, cursor, limit, sources)
    return _later_pages(connection, actor, cursor, limit, sources)


def _first_pages(connection: Connection, actor: Actor, cursor: Cursor, limit: int, sources: Sources) -> Page:
    revs = queries.customers_after(connection, actor, cursor.after or "", limit)
    changes = _dossiers(connection, revs, sources)
    if len(revs) == limit:
        # the last as the database orders ids, not as Python does
        return Page(changes, replace(cursor, after=next(reversed(revs))), more=True)
    done = replace(cursor, after=None)
    return _with_small(connection, Page(changes, done, more=False), sources)


def _later_pages(connection: Connection, actor: Actor, cursor: Cursor, limit: int, sources: Sources) -> Page:
    rows = queries.changes_since(connection, actor, cursor.seq, limit)
    ids = list(dict.fromkeys(row.customer_id for row in rows if row.kind == "customer"))
    revs = queries.versions(connection, actor, ids) if ids else {}
    changes = _dossiers(connection, revs, sources)
    changes += [{"kind": "customer", "id": gone, "removed": "scope"} for gone in ids if gone not in revs]
    page = Page(changes, replace(cursor, seq=rows[-1].seq if rows else cursor.seq), more=len(rows) == limit)
    return page if page.more else _with_small(connection, page, sources)


def _dossiers(connection: Connection, revs: Mapping[str, int], sources: Sources) -> list[dict[str, Any]]:
    found = sources.dossiers(connection, list(revs)) if revs else {}
    return [{"kind": "customer", "id": key, "rev": rev, "doc": found[key]} for key, rev in revs.items() if key in found]


def _with_small(connection: Connection, page: Page, sources: Sources) -> Page:
    """Add the documents that are not a customer's (me, today, settings), if they are not those sent last."""
    small = sources.small(connection)
    mark = hashlib.sha256(json.dumps(small, sort_keys=True, default=_plain).encode()).hexdigest()[:12]
    cursor = replace(page.cursor, mark=mark)
    if mark == page.cursor.mark:
        return replace(page, cursor=cursor)
    docs = [{"kind": kind, "id": kind, "rev": None, "doc": doc} for kind, doc in small.items()]
    return replace(page, cursor=cursor, changes=page.changes + docs)


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value).__name__)
