"""Tables of papers: what was signed, what was sealed, and what came with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
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
    #: since when a time stamp is waited for; None: none is
    time_wanted_at: Mapped[datetime | None]
    by_id: Mapped[str]

    __table_args__ = (Index("ix_documents_customer", "customer_id", "made_at"),)


class DocumentRevision(Base):
    """One state of a sealed paper's file. Append-only: the one before is the exact beginning of its bytes.

    ``kind``: sealed (always the first), time, archive, countersigned.
    """

    __tablename__ = "document_revisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    n: Mapped[int]
    kind: Mapped[str]
    level: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    #: the earliest time the named authority told for what it covers; None: no authority told any
    at: Mapped[datetime | None]
    authority: Mapped[str] = mapped_column(default="")
    #: until when the newest time stamp's certificate lets the file be checked
    checkable_until: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(default="")

    __table_args__ = (UniqueConstraint("document_id", "n", name="uq_document_revisions_n"),)


class SigningCode(Base):
    """A one-time code sent to a signatory's own phone or mailbox. The code itself is kept nowhere (``tickets``).

    ``text_sha256``: the whole text it confirms. ``on_file``: whether the address stood in the customer's file
    before. ``state``: queued, sent, failed, confirmed.
    """

    __tablename__ = "signing_codes"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    channel: Mapped[str]
    to_address: Mapped[str]
    masked: Mapped[str]
    on_file: Mapped[bool] = mapped_column(default=False)
    number: Mapped[str]
    text_sha256: Mapped[str]
    lang: Mapped[str] = mapped_column(default="zh")
    state: Mapped[str] = mapped_column(default="queued")
    #: the other side's own words when it was handed over
    answer: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[str]
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_signing_codes_customer", "customer_id", "asked_at"),
                      Index("ix_signing_codes_to", "to_address", "asked_at"))


class AuditAnchor(Base):
    """A time stamp (RFC 3161) over the head of the log: whatever the log said by then, it has said since.

    ``link_sha256``: the head's own hash, which is what was stamped. ``token_sha256``: the token, kept as bytes.
    """

    __tablename__ = "audit_anchors"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    link_sha256: Mapped[str]
    token_sha256: Mapped[str]
    at: Mapped[datetime]
    authority: Mapped[str]
    recorded_at: Mapped[datetime]


class ClauseEdition(Base):
    """A house's own clause set. ``state``: draft, then published and never changed again; a lawyer signed it off."""

    __tablename__ = "clause_editions"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="draft")
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    lawyer_name: Mapped[str] = mapped_column(default="")
    signed_off_on: Mapped[date | None]
    published_by: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]


class PaperStyle(Base):
    """How our papers look: letterhead, logo, place of the seal. Append-only: the newest counts for new papers."""

    __tablename__ = "paper_styles"

    id: Mapped[str] = mapped_column(primary_key=True)
    style: Mapped[dict[str, Any]] = mapped_column(JSON)
    logo_sha256: Mapped[str | None]
    by_id: Mapped[str]
    at: Mapped[datetime]


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
