"""Writing a judged batch: rows table by table, then receipts, audit links and change numbers."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, func, insert, select, text, update

from fieldsales.kernel.clock import clock_flags
from fieldsales.kernel.operation import Actor, Answer, Command, Envelope
from fieldsales.store.base import Base, table_of
from fieldsales.store.models import AuditBody, AuditLink, Change, CommandReceipt
from fieldsales.store.work import ROLLUPS, Buffer, Facts

#: The advisory lock under which audit links and change numbers are given on PostgreSQL.
NUMBERING_LOCK = 7_261_121
_CHUNK = 500


# asked at every write: put together once
_ANY_RECEIPT = select(table_of(CommandReceipt).c.command_id).where(
    table_of(CommandReceipt).c.command_id.in_(bindparam("ids", expanding=True))).limit(1)
_LAST_LINK = select(table_of(AuditLink).c.seq, table_of(AuditLink).c.link_sha256).order_by(
    table_of(AuditLink).c.seq.desc()).limit(1)
_LAST_CHANGE = select(func.max(table_of(Change).c.seq))


@cache
def _versions(table: Table, lock: bool) -> Select[tuple[str, int]]:
    query = select(table.c.id, table.c.version).where(
        table.c.id.in_(bindparam("ids", expanding=True))).order_by(table.c.id)
    return query.with_for_update() if lock else query


class Moved(Exception):
    """A receipt or a stamped version moved between judging and writing."""


@dataclass
class Verdict:
    """A command and the answer it gets. ``settled``: answered before, nothing to write."""

    envelope: Envelope
    answer: Answer
    settled: bool = False
    #: another command has its id: kept beside, never applied
    apart: bool = False
    waits_for: str | None = None
    body: Command | None = None


def write_batch(connection: Connection, verdicts: list[Verdict], facts: Facts, buffer: Buffer, actor: Actor,
                now: datetime, today: date, again: frozenset[str]) -> None:
    """Write everything of a batch, inside the caller's transaction. Raises Moved when it must be judged again."""
    check_unmoved(connection, verdicts, facts, again, lock=True)
    check_held(connection, [*again & {v.envelope.command_id for v in verdicts}, *buffer.settles])
    tables = _write_rows(connection, buffer)
    touched = list(dict.fromkeys(buffer.touched))
    for watched, roll in ROLLUPS:
        if touched and watched & tables:
            roll(connection, touched, today)
    _bump(connection, touched)
    _write_receipts(connection, verdicts, actor, now, again)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": NUMBERING_LOCK})
    _write_audit(connection, verdicts, actor, now)
    _write_changes(connection, buffer, touched, now)


def check_unmoved(connection: Connection, verdicts: list[Verdict], facts: Facts, again: frozenset[str], *,
                  lock: bool = False) -> None:
    """Raise Moved when a command was answered meanwhile, or a fact it was judged on has changed."""
    ids = [v.envelope.command_id for v in verdicts if v.envelope.command_id not in again]
    for part in _parts(ids):
        if connection.execute(_ANY_RECEIPT, {"ids": part}).first():
            raise Moved
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    for (table_name, row_id), version in sorted(facts.stamps.items()):
        seen[table_name][row_id] = version
    for table_name, versions in seen.items():
        table = Base.metadata.tables[table_name]
        for part in _parts(list(versions)):
            rows = connection.execute(_versions(table, lock), {"ids": part}).all()
            # 0: judged as if there were no such row
            if {row.id: row.version for row in rows} != {one: versions[one] for one in part if versions[one]}:
                raise Moved


def check_held(connection: Connection, command_ids: list[str]) -> None:
    """Raise Moved when one of these was settled by another meanwhile; until the commit nobody else can."""
    receipts = table_of(CommandReceipt)
    for part in _parts(sorted(command_ids)):
        query = select(receipts.c.status).where(receipts.c.command_id.in_(part)).order_by(receipts.c.command_id)
        if any(status != "held" for status in connection.execute(query.with_for_update()).scalars()):
            raise Moved


def _parts(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


@cache
def _in_order(_count: int) -> list[Table]:
    # Asked for at every write; the metadata would sort its whole graph anew each time.
    return list(Base.metadata.sorted_tables)


def _write_rows(connection: Connection, buffer: Buffer) -> set[str]:
    inserts: dict[str, dict[tuple[str, ...], list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for table, row in buffer.inserts:
        inserts[table.name][tuple(row)].append(row)
    for table in _in_order(len(Base.metadata.tables)):
        for rows in inserts.get(table.name, {}).values():
            connection.execute(insert(table), rows)
    updates: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
    for table, row_id, values in buffer.updates:
        updates[table, tuple(values)].append({"row_id": row_id, **{f"new_{k}": v for k, v in values.items()}})
    for (table, columns), rows in updates.items():
        key = next(iter(table.primary_key.columns))
        statement = update(table).where(key == bindparam("row_id"))
        connection.execute(statement.values({c: bindparam(f"new_{c}") for c in columns}), rows)
    return set(inserts) | {table.name for table, _ in updates}


def _bump(connection: Connection, touched: list[str]) -> None:
    customers = Base.metadata.tables["customers"]
    for part in _parts(touched):
        connection.execute(update(customers).where(customers.c.id.in_(part)).values(version=customers.c.version + 1))


def _write_receipts(connection: Connection, verdicts: list[Verdict], actor: Actor, now: datetime,
                    again: frozenset[str]) -> None:
    table = table_of(CommandReceipt)
    fresh: list[dict[str, Any]] = []
    renewed: list[dict[str, Any]] = []
    for verdict in verdicts:
        envelope, answer = verdict.envelope, verdict.answer
        row = {
            "command_id": envelope.command_id, "actor_id": actor.user_id, "device_id": envelope.device_id,
            "delivered_by": envelope.delivered_by, "operation": envelope.operation,
            "entity_id": (envelope.raw or {}).get("entity_id"), "digest": envelope.digest, "status": answer.status,
            "code": answer.code, "waits_for": verdict.waits_for,
            "answer": {"message": answer.message, "params": answer.params, "field": answer.field,
                       "data": answer.data, "kind": answer.kind},
            "raw": None if answer.status == "applied" else envelope.raw,
            "made_at": envelope.made_at, "received_at": now, "skew_ms": envelope.skew_ms,
            "flags": [*envelope.flags, *clock_flags(envelope.made_at, envelope.skew_ms, now)],
            "vouched_by": envelope.vouched_by.user_id if envelope.vouched_by else None,
        }
        (renewed if envelope.command_id in again else fresh).append(row)
    if fresh:
        connection.execute(insert(table), fresh)
    for row in renewed:
        # it came when it first came, with what was to be said of its clock then
        values = {key: value for key, value in row.items() if key not in {"received_at", "flags"}}
        connection.execute(update(table).where(table.c.command_id == row["command_id"]).values(**values))


def _write_audit(connection: Connection, verdicts: list[Verdict], actor: Actor, now: datetime) -> None:
    links, bodies = table_of(AuditLink), table_of(AuditBody)
    last = connection.execute(_LAST_LINK).first()
    seq, head = (last.seq, last.link_sha256) if last else (0, "")
    link_rows, body_rows = [], []
    for verdict in verdicts:
        seq += 1
        salt, body = os.urandom(16), _body(verdict, actor)
        body_sha = hashlib.sha256(salt + body.encode()).hexdigest()
        head = link_hash(head, seq, verdict.envelope.command_id, verdict.answer.status, body_sha)
        link_rows.append({"seq": seq, "at": now, "actor_id": actor.user_id, "operation": verdict.envelope.operation,
                          "command_id": verdict.envelope.command_id, "status": verdict.answer.status,
                          "body_sha256": body_sha, "link_sha256": head})
        body_rows.append({"seq": seq, "salt": salt, "body": body})
    connection.execute(insert(links), link_rows)
    connection.execute(insert(bodies), body_rows)


def link_hash(previous: str, seq: int, command_id: str, status: str, body_sha256: str) -> str:
    """The SHA-256 (hex) of one audit link: the previous link's, then this one's own parts, by lines."""
    return hashlib.sha256(f"{previous}\n{seq}\n{command_id}\n{status}\n{body_sha256}".encode()).hexdigest()


def _body(verdict: Verdict, actor: Actor) -> str:
    envelope = verdict.envelope
    payload = verdict.body.model_dump(mode="json") if verdict.body is not None else None
    return json.dumps({
        "operation": envelope.operation, "actor": actor.user_id, "status": verdict.answer.status,
        "code": verdict.answer.code, "made_at": envelope.made_at.isoformat() if envelope.made_at else None,
        "device": envelope.device_id, "delivered_by": envelope.delivered_by,
        "vouched_by": envelope.vouched_by.user_id if envelope.vouched_by else None, "digest": envelope.digest,
        "payload": payload,
    }, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _write_changes(connection: Connection, buffer: Buffer, touched: list[str], now: datetime) -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "customer", "entity_id": customer_id, "customer_id": customer_id, "audience": None}
        for customer_id in touched
    ]
    rows += buffer.changes
    if not rows:
        return
    table = table_of(Change)
    seq = connection.execute(_LAST_CHANGE).scalar() or 0
    connection.execute(insert(table), [{**row, "seq": seq + n, "at": now} for n, row in enumerate(rows, 1)])
