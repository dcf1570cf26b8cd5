"""Tables of disputes and requests to set off."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Dispute(Base):
    """What a customer will not pay for (争议), or asks to set off. Open until a DisputeDecision."""

    __tablename__ = "disputes"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoices.id"))
    kind: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(default="CNY")
    words: Mapped[str] = mapped_column(default="")
    visit_id: Mapped[str | None]
    #: the excuse it came from, once somebody had looked into it
    claim_id: Mapped[str | None]
    proof_sha256: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[str]
    opened_at: Mapped[datetime]


class DisputeDecision(Base):
    """A manager's decision on a dispute."""

    __tablename__ = "dispute_decisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    dispute_id: Mapped[str] = mapped_column(ForeignKey("disputes.id"), unique=True)
    decision: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]


class DisputeAssignment(Base):
    """Who is to settle a dispute, and by when. The newest counts; the earlier stay to be read."""

    __tablename__ = "dispute_assignments"

    id: Mapped[str] = mapped_column(primary_key=True)
    dispute_id: Mapped[str] = mapped_column(ForeignKey("disputes.id"))
    n: Mapped[int]
    #: one of ``rules.DESKS``
    desk: Mapped[str]
    #: a person of that desk; empty: nobody named yet
    owner_id: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("dispute_id", "n", name="uq_dispute_assignments_dispute_id"),)


class DisputeFinding(Base):
    """What the owner found: whether the customer is right, with proof. The manager decides on it. Append-only."""

    __tablename__ = "dispute_findings"

    id: Mapped[str] = mapped_column(primary_key=True)
    dispute_id: Mapped[str] = mapped_column(ForeignKey("disputes.id"), index=True)
    #: right, partly, wrong
    finding: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    proof_sha256: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[str]
    at: Mapped[datetime]
