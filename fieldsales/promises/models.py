"""Tables of promises to pay and what became of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

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
    #: False: no day was named; ``due_on`` is when it is followed
    day_named: Mapped[bool] = mapped_column(default=True)
    witness_name: Mapped[str] = mapped_column(default="")
    #: whether whoever promised decides about payments: yes, no, or not known
    decides: Mapped[str] = mapped_column(default="")
    #: where the money comes from: one of promises.probability.FUNDING, or not said
    funding: Mapped[str] = mapped_column(default="")
    #: whether other suppliers were promised money as well: yes, no, or not asked
    others_promised: Mapped[str] = mapped_column(default="")
    #: a photo of the money's proof was seen, now or later
    funding_proven: Mapped[bool] = mapped_column(default=False)
    #: they agreed in writing, now or later
    confirmed: Mapped[bool] = mapped_column(default=False)
    #: how often this sum's day had been moved before
    put_off: Mapped[int] = mapped_column(default=0)
    #: the signed plan whose instalments this promise repeats: the same money counts for both
    plan_id: Mapped[str | None]
    #: what it was judged to be on the day it was made; for measuring the rule, never corrected
    klass: Mapped[str] = mapped_column(default="")
    probability_bp: Mapped[int | None]
    #: {"version", "reasons": [[code, effect in basis points], …]}
    judged: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
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


class PromiseEvidence(Base):
    """What came after a promise was made: the reply to its confirmation, proof of the money. Append-only."""

    __tablename__ = "promise_evidence"

    id: Mapped[str] = mapped_column(primary_key=True)
    promise_id: Mapped[str] = mapped_column(ForeignKey("promises.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    #: reply, funding, other
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    proof_sha256: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]


class NoPromise(Base):
    """They were asked and promised nothing: why, as far as anybody knows. Append-only."""

    __tablename__ = "no_promises"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    #: one of promises.refusals.REASONS
    reason: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    person_name: Mapped[str] = mapped_column(default="")
    person_role: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="visit")
    visit_id: Mapped[str | None]
    by_id: Mapped[str]
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (Index("ix_no_promises_customer", "customer_id", "made_on"),)
