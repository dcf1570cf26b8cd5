"""Tables of repayment plans and their instalments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Plan(Base):
    """A signed repayment plan (还款计划). Immutable; what follows are rows beside it."""

    __tablename__ = "plans"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    debtor_id: Mapped[str] = mapped_column(ForeignKey("debtors.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("sellers.id"))
    total_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    payload_sha256: Mapped[str]
    manifest_sha256: Mapped[str] = mapped_column(unique=True)
    signatory_name: Mapped[str]
    signatory_role: Mapped[str]
    authority: Mapped[str]
    signed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    by_id: Mapped[str]
    device_id: Mapped[str | None]
    predecessor_id: Mapped[str | None] = mapped_column(ForeignKey("plans.id"))
    statement_id: Mapped[str | None]
    document_id: Mapped[str]
    #: balance_moved, authority_unproven, device_unknown …
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)


class PlanInstalment(Base):
    """One payment of a plan. ``state``: open, kept, partly, broken."""

    __tablename__ = "plan_instalments"

    id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    n: Mapped[int]
    due_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    state: Mapped[str] = mapped_column(default="open")
    kept_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    decided_on: Mapped[date | None]

    __table_args__ = (Index("ix_plan_instalments_due", "state", "due_on"),)


class BlankPlan(Base):
    """A commitment printed with blank instalments, to be filled in and signed by hand. Its id becomes the plan's."""

    __tablename__ = "blank_plans"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    pack_id: Mapped[str] = mapped_column(index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    debtor_id: Mapped[str] = mapped_column(ForeignKey("debtors.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("sellers.id"))
    lang: Mapped[str] = mapped_column(default="zh")
    #: what was printed, as JSON
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[str]
    at: Mapped[datetime]


class SigningLink(Base):
    """A drafted plan offered to an absent signatory by a link: one text, one use. Its tail is kept nowhere.

    ``state``: open, signed, withdrawn; one whose ``ends_at`` has passed is over as well. ``code_channel`` and
    ``code_to``: where a one-time code goes that the signing needs, or empty.
    """

    __tablename__ = "signing_links"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    plan_id: Mapped[str] = mapped_column(index=True)
    number: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    signatory: Mapped[dict[str, Any]] = mapped_column(JSON)
    lang: Mapped[str] = mapped_column(default="zh")
    clause_version: Mapped[int]
    text_sha256: Mapped[str]
    code_channel: Mapped[str] = mapped_column(default="")
    code_to: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    by_id: Mapped[str]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")


class PlanRevision(Base):
    """What came after the signing: a photo of the stamped copy, a void."""

    __tablename__ = "plan_revisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    kind: Mapped[str]
    sha256: Mapped[str | None]
    original_sha256: Mapped[str | None]
    by_id: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
