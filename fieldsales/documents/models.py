"""Tables of papers: what was signed, what was sealed, and what came with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Document(Base):
    """A paper (文书). ``state``: sealing_pending, sealed, failed. Once sealed its bytes never change."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    lang: Mapped[str] = mapped_column(default="zh")
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    subject_kind: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    #: everything the press needs: payload, signing, text, sha256 of originals
    source: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(default="sealing_pending")
    level: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str | None] = mapped_column(index=True)
    unsealed_sha256: Mapped[str | None]
    size: Mapped[int | None]
    certificate: Mapped[str] = mapped_column(default="")
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    by_id: Mapped[str]

    __table_args__ = (Index("ix_documents_customer", "customer_id", "made_at"),)


class Attachment(Base):
    """Bytes that belong to a thing: a visit's photo, proof of authority, a reply's screenshot."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    slot: Mapped[str] = mapped_column(default="photo")
    sha256: Mapped[str] = mapped_column(index=True)
    original_sha256: Mapped[str | None]
    mime: Mapped[str] = mapped_column(default="image/jpeg")
    size: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
