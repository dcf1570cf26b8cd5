"""Tables every capability shares: receipts of commands, outbox, changes, audit, blobs, settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class CommandReceipt(Base):
    """The verdict on one command id: exactly one for ever."""

    __tablename__ = "command_receipts"

    command_id: Mapped[str] = mapped_column(primary_key=True)
    actor_id: Mapped[str] = mapped_column(default="")
    device_id: Mapped[str | None]
    delivered_by: Mapped[str | None]
    operation: Mapped[str]
    entity_id: Mapped[str | None] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    waits_for: Mapped[str | None] = mapped_column(index=True)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: the command as it came, kept while it is not applied; the audit body keeps the applied ones
    raw: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    #: how far the device's clock was behind ours when it came, in milliseconds: judged again, it means the same hour
    skew_ms: Mapped[int | None] = mapped_column(BigInteger)
    #: what a reader should know of it: codes of kernel.times.FLAGS
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: a person of the office who answers for its being judged though its author no longer sees the customer
    vouched_by: Mapped[str | None]

    __table_args__ = (
        Index("ix_command_receipts_unsettled", "status", "received_at", sqlite_where=text("status != 'applied'"),
              postgresql_where=text("status != 'applied'")),
    )


class ReusedId(Base):
    """A command that came under an id another command has: never applied, kept apart, flagged in the office."""

    __tablename__ = "reused_ids"

    id: Mapped[str] = mapped_column(primary_key=True)
    command_id: Mapped[str] = mapped_column(index=True)
    actor_id: Mapped[str] = mapped_column(default="")
    device_id: Mapped[str | None]
    delivered_by: Mapped[str | None]
    operation: Mapped[str]
    digest: Mapped[str]
    raw: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[datetime | None]
    received_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("command_id", "actor_id", "digest", name="uq_reused_ids_same"),)


class CommandMark(Base):
    """What a person of the office did with a record that was not simply applied. Append-only.

    ``of_id``: the command's id, or the id of a row in ``reused_ids`` or ``contact_clashes``. ``kind``: read, closed,
    put_right, handed, judged, taken, left.
    """

    __tablename__ = "command_marks"

    id: Mapped[str] = mapped_column(primary_key=True)
    of_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]
    #: whom it was handed to
    to_id: Mapped[str | None]
    #: the command that took its place
    new_command_id: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")


class OutboxRow(Base):
    """Something that must happen after the commit: written with it, carried out by the worker."""

    __tablename__ = "outbox"

    id: Mapped[str] = mapped_column(primary_key=True)
    topic: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index("ix_outbox_waiting", "due_at", sqlite_where=text("done_at IS NULL AND failed_at IS NULL"),
              postgresql_where=text("done_at IS NULL AND failed_at IS NULL")),
    )


class Change(Base):
    """What a phone's cursor walks along. ``seq`` is given under one lock, so none is ever skipped."""

    __tablename__ = "changes"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    entity_id: Mapped[str]
    customer_id: Mapped[str | None] = mapped_column(index=True)
    #: set: only this user is told (he lost sight of the thing)
    audience: Mapped[str | None]
    at: Mapped[datetime]


class AuditLink(Base):
    """One link of the chain: ids and hashes only, so that a body can be erased without breaking it."""

    __tablename__ = "audit_chain"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    operation: Mapped[str]
    command_id: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    body_sha256: Mapped[str]
    link_sha256: Mapped[str]


class AuditBody(Base):
    """What the link's hash was made of: salt and body, erasable."""

    __tablename__ = "audit_bodies"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[str]


class Blob(Base):
    """Bytes that came in whole, by their SHA-256. The bytes themselves lie in files."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    mime: Mapped[str]
    stored_at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(default="")


class Setting(Base):
    """A setting people change inside the program (the company's name, its late rate)."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class Beat(Base):
    """When a job last ran, and how it ended (the worker's pulse, the night run)."""

    __tablename__ = "beats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
