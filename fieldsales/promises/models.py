"""Tables of promises to pay and what became of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Promise(Base):
    """A promise to pay (付款承诺). ``state``: open, kept, partly, broken, superseded."""

    __tablename__ = "promises"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    due_on: Mapped[date]
    promisor_name: Mapped[str] = mapped_column(default="")
    promisor_role: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    pay_by: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="visit")
    visit_id: Mapped[str | None]
    confirmation_text: Mapped[str] = mapped_column(default="")
    proof_sha256: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[str]
    made_at: Mapped[datetime]
    #: the day it was made, in the branch's zone: money counts from here
    made_on: Mapped[date]
    #: the day another promise or a signed plan took its place
    superseded_on: Mapped[date | None]
    received_at: Mapped[datetime]
    #: follows the newest PromiseOutcome
    state: Mapped[str] = mapped_column(default="open")
    kept_minor: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (
        Index("ix_promises_customer", "customer_id", "due_on"),
        Index("ix_promises_due", "state", "due_on"),
    )


class PromiseOutcome(Base):
    """What became of a promise, on a day, measured against confirmed money."""

    __tablename__ = "promise_outcomes"

    id: Mapped[str] = mapped_column(primary_key=True)
    promise_id: Mapped[str] = mapped_column(ForeignKey("promises.id"), index=True)
    state: Mapped[str]
    kept_minor: Mapped[int] = mapped_column(BigInteger)
    decided_on: Mapped[date]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_promise_outcomes_day", "decided_on", "state"),)
