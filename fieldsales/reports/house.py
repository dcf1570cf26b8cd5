"""Reads an administrator needs: the worker's pulse, the outbox, phones, records that wait, the audit chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, func, select

from fieldsales.people.models import Device, User
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditLink, Beat, CommandReceipt, OutboxRow

_beats, _outbox, _receipts, _chain = table_of(Beat), table_of(OutboxRow), table_of(CommandReceipt), table_of(AuditLink)
_devices, _users = table_of(Device), table_of(User)

#: Seconds without a beat after which the worker counts as gone.
WORKER_LATE_S = 120


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How many effects wait, are overdue, and have failed."""

    waiting: int
    overdue: int
    failed: int


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A phone: whose, when it was last heard of, how many records it still holds."""

    id: str
    name: str
    user_name: str
    app: str
    seen_at: datetime
    pending: int
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnsettledLine:
    """A record that was not applied: held, rejected, or in conflict."""

    command_id: str
    operation: str
    status: str
    code: str
    user_name: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One link of the chain."""

    seq: int
    at: datetime
    user_name: str
    operation: str
    status: str
    link_sha256: str


def worker_beat(connection: Connection) -> datetime | None:
    """When the worker was last alive."""
    return connection.scalar(select(_beats.c.at).where(_beats.c.name == "worker"))


def outbox_state(connection: Connection, now: datetime) -> OutboxState:
    """What the outbox holds. One query."""
    o = _outbox.c
    waits = and_(o.done_at.is_(None), o.failed_at.is_(None))
    row = connection.execute(select(
        func.coalesce(func.sum(case((waits, 1), else_=0)), 0),
        func.coalesce(func.sum(case((and_(waits, o.due_at < now), 1), else_=0)), 0),
        func.coalesce(func.sum(case((o.failed_at.is_not(None), 1), else_=0)), 0),
    ).where(o.done_at.is_(None))).one()
    return OutboxState(int(row[0]), int(row[1]), int(row[2]))


def device_lines(connection: Connection, limit: int = 200) -> tuple[DeviceLine, ...]:
    """Phones, those that hold records first. One query."""
    d = _devices.c
    rows = connection.execute(
        select(d.id, d.name, _users.c.name, d.app, d.seen_at, d.pending, d.revoked_at)
        .join(_users, _users.c.id == d.user_id).order_by(d.pending.desc(), d.seen_at.desc()).limit(limit))
    return tuple(DeviceLine(*row) for row in rows)


def unsettled(connection: Connection, limit: int = 100) -> tuple[UnsettledLine, ...]:
    """Records that were not applied, newest first. One query."""
    r = _receipts.c
    rows = connection.execute(
        select(r.command_id, r.operation, r.status, r.code, func.coalesce(_users.c.name, ""), r.received_at)
        .select_from(_receipts.outerjoin(_users, _users.c.id == r.actor_id))
        .where(r.status != "applied").order_by(r.received_at.desc()).limit(limit))
    return tuple(UnsettledLine(*row) for row in rows)


def audit_lines(connection: Connection, before: int | None, limit: int = 100
                ) -> tuple[tuple[AuditLine, ...], int | None]:
    """Links of the chain, newest first, and the number to go on from. One query."""
    a = _chain.c
    asked = (
        select(a.seq, a.at, func.coalesce(_users.c.name, ""), a.operation, a.status, a.link_sha256)
        .select_from(_chain.outerjoin(_users, _users.c.id == a.actor_id)).order_by(a.seq.desc()).limit(limit + 1))
    rows = [AuditLine(*row) for row in connection.execute(asked.where(a.seq < before) if before else asked)]
    return tuple(rows[:limit]), rows[limit - 1].seq if len(rows) > limit else None
