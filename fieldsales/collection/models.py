"""Tables of collecting: actions, claims and what was found out, tasks, supply decisions, sent mail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Action(Base):
    """A collection action (催收动作) and what its method made of it. Append-only."""

    __tablename__ = "actions"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    method: Mapped[str]
    by_id: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    outcome: Mapped[str] = mapped_column(default="")
    summary_zh: Mapped[str] = mapped_column(default="")
    summary_en: Mapped[str] = mapped_column(default="")
    #: A signed, B arrival proven, C asserted; empty: no proof
    grade: Mapped[str] = mapped_column(default="")
    effect: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    next_on: Mapped[date | None]
    source_kind: Mapped[str] = mapped_column(default="")
    source_id: Mapped[str] = mapped_column(default="")
    document_id: Mapped[str | None]
    #: the version of the customer's facts the decision was made on
    facts_version: Mapped[int] = mapped_column(default=0)
    #: why the method could not judge; the action itself is on record all the same
    plugin_error: Mapped[str] = mapped_column(default="")
    #: lines the method shows with it, and what it warned of: [{"zh": …, "en": …}]
    details: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    warnings: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    #: codes of collection.rules.CAPS that it went beyond, found when it came in
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: the version of the form it was filled in on; None: no form
    form_version: Mapped[int | None]
    #: the action that began the thread this one goes on with (a letter posted after it was made); empty: it begins one
    follows_id: Mapped[str] = mapped_column(default="", server_default="")

    __table_args__ = (Index("ix_actions_customer", "customer_id", "occurred_at"),
                      Index("ix_actions_follows", "follows_id"))


class FormVersion(Base):
    """A method's form as it was once given out: what was filled in on it is read by it, whatever came after."""

    __tablename__ = "form_versions"

    #: ``method@version``
    id: Mapped[str] = mapped_column(primary_key=True)
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str]
    first_at: Mapped[datetime]


class Claim(Base):
    """An excuse as it was given. ``state``: unverified, or what its newest verdict says: true, false, partly."""

    __tablename__ = "claims"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    code: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="unverified")
    source_kind: Mapped[str] = mapped_column(default="")
    source_id: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]


class ClaimVerdict(Base):
    """What a claim turned out to be, by whom, on what evidence. Append-only: a later one replaces an earlier one,
    and both stay to be read."""

    __tablename__ = "claim_verdicts"

    id: Mapped[str] = mapped_column(primary_key=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claims.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    #: the claim's verdicts in the order the office learnt of them; the highest stands
    n: Mapped[int]
    state: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    #: the goods it was about, where it was about goods
    product: Mapped[str] = mapped_column(default="")
    #: what on record answered it: [{"kind": "delivery_note", "id": …, "name": …}]
    facts: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    evidence_sha256: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("claim_id", "n", name="uq_claim_verdicts_claim_id"),)


class FaithSignal(Base):
    """Something seen that speaks for or against a debtor's good faith (``faith_rules.SEEN``). Append-only."""

    __tablename__ = "faith_signals"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    seen_on: Mapped[date]
    visit_id: Mapped[str | None]
    evidence_sha256: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[str]
    at: Mapped[datetime]


class FaithProposal(Base):
    """A class (good_faith, bad_faith) put before the manager with what it rests on. Decides nothing by itself."""

    __tablename__ = "faith_proposals"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    klass: Mapped[str]
    #: [{"code", "count", "needed", "evidence": [{"kind", "id", "on", "words"}]}]
    hits: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(default="")
    #: empty: the written rules
    by_id: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class FaithDecision(Base):
    """A manager's word on a class. ``decision``: approved, rejected, ended (taken back), lapsed (not reviewed in time).

    The newest that is not a rejection says what stands. Append-only.
    """

    __tablename__ = "faith_decisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    proposal_id: Mapped[str | None] = mapped_column(ForeignKey("faith_proposals.id"))
    decision: Mapped[str]
    klass: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None]
    evidence_sha256: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[str]
    at: Mapped[datetime]


class Task(Base):
    """Something to do for a customer by a day."""

    __tablename__ = "tasks"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    due_on: Mapped[date]
    #: empty: whoever owns the customer
    assignee_id: Mapped[str] = mapped_column(default="")
    source_id: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    #: how it ended: done, skipped, withdrawn; empty while it is open
    outcome: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_tasks_due", "done_at", "due_on"),)


class SupplyDecision(Base):
    """Supply stopped (停货), for cash only (款到发货: ``cash_first``) or released, by a manager. The newest counts."""

    __tablename__ = "supply_decisions"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    stop: Mapped[bool]
    cash_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: what releases it: paid, plan, cleared (``supplyrules.CONDITIONS``); empty: only in words
    release_kind: Mapped[str] = mapped_column(default="", server_default="")
    release_minor: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    currency: Mapped[str] = mapped_column(default="CNY", server_default="CNY")
    reason: Mapped[str]
    release_when: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]


class Mail(Base):
    """A mail to a debtor: its Message-ID and what the server answered.

    ``state``: queued, sending, sent, refused, ambiguous (cut off after the text: perhaps delivered).
    """

    __tablename__ = "mails"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    action_id: Mapped[str | None] = mapped_column(ForeignKey("actions.id"))
    message_id: Mapped[str] = mapped_column(unique=True)
    to_address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    document_id: Mapped[str | None]
    #: the ground of interruption it gives once their server has accepted it; empty: none
    accepted_effect: Mapped[str] = mapped_column(default="")
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    state: Mapped[str] = mapped_column(default="queued")
    server_answer: Mapped[str] = mapped_column(default="")
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    #: what came back: delayed, relayed, delivered, failed, answered; empty: nothing
    fate: Mapped[str] = mapped_column(default="", server_default="")
    fate_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_mails_customer_at", "customer_id", "queued_at"),)
