"""Reads for phones: what changed within sight, what waits, who may open which file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, func, or_, select

from fieldsales.customers.models import Customer, Helper, Ownership
from fieldsales.customers.queries import visible
from fieldsales.documents.attaching import FOREIGN_KINDS, OFFICE_KINDS
from fieldsales.kernel.operation import Actor, Answer
from fieldsales.people.models import Device, User
from fieldsales.people.rules import RECORD_WATCHERS, Scope, scope_of
from fieldsales.store.base import Base, table_of
from fieldsales.store.models import Blob, Change, CommandReceipt, Setting
from fieldsales.visits.leads import may_open_lead_photo

_customers, _changes = table_of(Customer), table_of(Change)
_helpers, _ownerships, _users = table_of(Helper), table_of(Ownership), table_of(User)
_receipts, _devices, _settings, _blobs = table_of(CommandReceipt), table_of(Device), table_of(Setting), table_of(Blob)

EPOCH = "sync.epoch"
# asked on every request: put together once
_EPOCH_NOW = select(_settings.c.value).where(_settings.c.key == EPOCH)
_DEVICE_NOW = select(
    _devices.c.user_id, _devices.c.pending, _devices.c.pending_blobs, _devices.c.app, _devices.c.seen_at,
    _devices.c.revoked_at, _devices.c.public_key).where(_devices.c.id == bindparam("device_id"))


def epoch_of(connection: Connection) -> str:
    """The database's epoch, or "" before its first use. Another one means it was restored from a backup."""
    return str(connection.execute(_EPOCH_NOW).scalar() or "")


def device_row(connection: Connection, device_id: str) -> Any:
    """(user_id, pending, pending_blobs, app, seen_at, revoked_at, public_key) of a phone, or None."""
    return connection.execute(_DEVICE_NOW, {"device_id": device_id}).first()


# -- commands -----------------------------------------------------------------------------------------------


# what waits is asked for after every push: put together once
_HELD = select(_receipts).where(_receipts.c.status == "held").order_by(_receipts.c.received_at).limit(500)
_WAITING = _HELD.where(_receipts.c.waits_for.in_(bindparam("entities", expanding=True)))


def held_rows(connection: Connection, *, user_id: str | None = None, ids: Sequence[str] = (),
              waiting_for: Sequence[str] = (), codes: Sequence[str] = ()) -> list[Any]:
    """Held receipts with their raw commands: of a person, by id, by reason, or that wait for the given entities."""
    if waiting_for and not (user_id or ids or codes):
        return list(connection.execute(_WAITING, {"entities": list(waiting_for)}))
    query = _HELD
    if user_id is not None:
        query = query.where(_receipts.c.actor_id == user_id)
    if ids:
        query = query.where(_receipts.c.command_id.in_(ids))
    if waiting_for:
        query = query.where(_receipts.c.waits_for.in_(waiting_for))
    if codes:
        query = query.where(_receipts.c.code.in_(codes))
    return list(connection.execute(query))


def answers_to(connection: Connection, user_id: str, ids: Sequence[str]) -> list[Answer]:
    """The present verdicts on a person's own commands."""
    rows = connection.execute(
        select(_receipts).where(_receipts.c.command_id.in_(ids), _receipts.c.actor_id == user_id)
    )
    return [
        Answer(row.command_id, row.status, row.code, row.answer.get("message", ""), row.answer.get("params"),
               row.answer.get("field"), row.answer.get("data"), duplicate=True)
        for row in rows
    ]


# -- changes ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """The change numbers that still stand: the first and the last, 0 when there are none."""

    first: int
    last: int


def span(connection: Connection) -> Span:
    """How far back a cursor may lie. Two index look-ups."""
    first = connection.execute(select(func.min(_changes.c.seq))).scalar()
    last = connection.execute(select(func.max(_changes.c.seq))).scalar()
    return Span(first or 0, last or 0)


def _once_seen(scope: Scope) -> ColumnElement[bool]:
    """Customers this person, or one of his team, once looked after: of their end he must be told."""
    if scope.kind == "team":
        people: Any = select(_users.c.id).where(_users.c.team_id == scope.team_id)
    else:
        people = [scope.user_id]
    owned = select(_ownerships.c.customer_id).where(_ownerships.c.user_id.in_(people))
    helped = select(_helpers.c.customer_id).where(_helpers.c.user_id.in_(people))
    return or_(_changes.c.customer_id.in_(owned), _changes.c.customer_id.in_(helped))


def changes_since(connection: Connection, actor: Actor, seq: int, limit: int) -> list[Any]:
    """The next ``limit`` changes after ``seq`` that concern this person, as rows of ``changes``."""
    scope = scope_of(actor)
    query = select(_changes).where(
        _changes.c.seq > seq, or_(_changes.c.audience.is_(None), _changes.c.audience == actor.user_id)
    )
    if scope.kind != "all":
        mine = _changes.c.customer_id.in_(select(_customers.c.id).where(visible(scope)))
        query = query.where(or_(
            _changes.c.customer_id.is_(None), mine, _once_seen(scope), _changes.c.audience == actor.user_id
        ))
    return list(connection.execute(query.order_by(_changes.c.seq).limit(limit)))


def versions(connection: Connection, actor: Actor, ids: Sequence[str]) -> dict[str, int]:
    """Version by id of those of the given customers that this person may see."""
    rows = connection.execute(
        select(_customers.c.id, _customers.c.version).where(_customers.c.id.in_(ids), visible(scope_of(actor)))
    )
    return {row.id: row.version for row in rows}


def customers_after(connection: Connection, actor: Actor, after: str, limit: int) -> dict[str, int]:
    """The next customers by id in this person's sight, with their versions."""
    rows = connection.execute(
        select(_customers.c.id, _customers.c.version)
        .where(_customers.c.id > after, visible(scope_of(actor))).order_by(_customers.c.id).limit(limit)
    )
    return {row.id: row.version for row in rows}


# -- files --------------------------------------------------------------------------------------------------


def _tables_with_files() -> list[tuple[Table, list[ColumnElement[Any]]]]:
    found: list[tuple[Table, list[ColumnElement[Any]]]] = []
    for table in Base.metadata.sorted_tables:
        columns: list[ColumnElement[Any]] = [table.c[name] for name in ("sha256", "original_sha256") if name in table.c]
        if columns and "customer_id" in table.c:
            found.append((table, columns))
    return found


def blob_row(connection: Connection, sha256: str) -> Any:
    """(size, mime, by_id) of a whole file, or None."""
    return connection.execute(
        select(_blobs.c.size, _blobs.c.mime, _blobs.c.by_id).where(_blobs.c.sha256 == sha256)
    ).first()


def files_known(connection: Connection, sha256s: Sequence[str]) -> list[str]:
    """Those of these files that are here whole."""
    return list(connection.scalars(select(_blobs.c.sha256).where(_blobs.c.sha256.in_(sha256s))))


def may_open(connection: Connection, actor: Actor, sha256: str) -> bool:
    """Whether a file belongs to a customer, or a lead, in this person's sight. What only the office looks at is no
    rep's to open, whatever he knows of it."""
    for table, columns in _tables_with_files():
        named = or_(*(column == sha256 for column in columns))
        if "subject_kind" in table.c:
            apart = (*OFFICE_KINDS, *FOREIGN_KINDS) if actor.role == "rep" else FOREIGN_KINDS
            named = and_(named, table.c.subject_kind.not_in(apart))
        query = select(_customers.c.id).where(
            and_(_customers.c.id == table.c.customer_id, named, visible(scope_of(actor)))
        ).limit(1)
        if connection.execute(query).first():
            return True
    return may_open_lead_photo(connection, scope_of(actor), sha256)


# -- the office ---------------------------------------------------------------------------------------------


def watchers(connection: Connection, but: str) -> tuple[tuple[str, str], ...]:
    """(id, name) of those of the office to whom a record may be handed. One query."""
    rows = connection.execute(
        select(_users.c.id, _users.c.name)
        .where(_users.c.role.in_(sorted(RECORD_WATCHERS)), _users.c.active, _users.c.id != but)
        .order_by(_users.c.name, _users.c.id))
    return tuple((row.id, row.name) for row in rows)


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A phone: whose, how much it still holds, when it was last heard of, which version of the app it runs."""

    id: str
    name: str
    user_name: str
    app: str
    enrolled_at: datetime
    seen_at: datetime
    pending: int
    pending_blobs: int
    revoked_at: datetime | None


def phones(connection: Connection, actor: Actor, limit: int = 300) -> tuple[PhoneLine, ...]:
    """The phones of a manager's team, or all: those in use first, with unsent work at the top. One query."""
    scope, d = scope_of(actor), _devices.c
    query = (
        select(d.id, d.name, _users.c.name.label("user_name"), d.app, d.enrolled_at, d.seen_at, d.pending,
               d.pending_blobs, d.revoked_at)
        .join(_users, _users.c.id == d.user_id)
        .order_by(d.revoked_at.is_not(None), (d.pending + d.pending_blobs).desc(), d.seen_at, d.id).limit(limit))
    if scope.kind == "team":
        query = query.where(_users.c.team_id == scope.team_id)
    elif scope.kind == "self":
        query = query.where(_users.c.id == scope.user_id)
    return tuple(PhoneLine(*row) for row in connection.execute(query))
