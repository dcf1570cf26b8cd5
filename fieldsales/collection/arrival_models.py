"""Tables of what comes back from debtors: their messages, and addresses that turned out not to work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class ReceivedMessage(Base):
    """A message from outside, as a job of a plugin brought it in. What it says is never changed.

    ``kind`` as in ``plugin_api.jobs.ARRIVED``. ``state``: filed (on a customer's case), unmatched (whose it is, nobody
    knows yet), dismissed (nothing of ours, said a person).
    """

    __tablename__ = "received_messages"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    #: the mail of ours it answers or is about
    mail_id: Mapped[str | None] = mapped_column(ForeignKey("mails.id"))
    channel: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    sender: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    #: whom a report of delivery is about, and that server's own words
    address: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    #: when its sender says it was written
    written_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    #: [{"sha256", "name", "mime", "size"}]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    raw_sha256: Mapped[str] = mapped_column(default="")
    #: ``plugin/job``
    source: Mapped[str] = mapped_column(default="")
    #: customers it may be from, for the person who decides
    candidates: Mapped[list[str]] = mapped_column(JSON, default=list)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_received_messages_customer", "customer_id", "received_at"),
                      Index("ix_received_messages_state", "state", "received_at"))


class FailedAddress(Base):
    """An address of a customer's that mail came back from, for good. ``cleared_at``: somebody says that it works."""

    __tablename__ = "failed_addresses"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    address: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    mail_id: Mapped[str | None] = mapped_column(ForeignKey("mails.id"))
    at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by_id: Mapped[str] = mapped_column(default="")

    __table_args__ = (UniqueConstraint("customer_id", "address", name="uq_failed_addresses_customer_id"),)
