"""Tables of the case and of the gate before every contact. What happened stays; a decision is a row of its own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base

_OPEN = text("closed_on IS NULL")


class Case(Base):
    """A debtor's case (催收案件): follows its events and the books, re-derived by the audit (K1)."""

    __tablename__ = "collection_cases"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    debtor_id: Mapped[str] = mapped_column(ForeignKey("debtors.id"))
    stage: Mapped[str]
    stage_on: Mapped[date]
    owner_id: Mapped[str] = mapped_column(default="")
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    currency: Mapped[str] = mapped_column(default="CNY")
    overdue_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    contested_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    collectable_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    oldest_on: Mapped[date | None]
    covered_until: Mapped[date | None]
    #: the next day on which the days alone change something: the night looks no further
    next_on: Mapped[date | None]
    decided_stage: Mapped[str] = mapped_column(default="")
    decided_until: Mapped[date | None]
    decided_owner: Mapped[str] = mapped_column(default="")
    events: Mapped[int] = mapped_column(default=0)
    #: the day it was last reckoned
    as_of: Mapped[date]

    __table_args__ = (
        Index("uq_collection_cases_open", "debtor_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_collection_cases_list", "closed_on", "collectable_minor", "id"),
        Index("ix_collection_cases_next", "next_on"),
    )


class CaseEvent(Base):
    """What happened to a case. ``kind``: opened, reopened, stage, owner, closed (by the books and the days); decided,
    assigned (by a person, with a reason). Append-only."""

    __tablename__ = "case_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("collection_cases.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    n: Mapped[int]
    kind: Mapped[str]
    stage: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[str] = mapped_column(default="")
    on_day: Mapped[date]
    #: a stage decided for a time
    until_on: Mapped[date | None]
    #: the instalment's due date that opened it
    due_on: Mapped[date | None]
    #: what was overdue then
    overdue_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(default="CNY")
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str] = mapped_column(default="")

    __table_args__ = (UniqueConstraint("case_id", "n", name="uq_case_events_case_id_n"),)


class ContactMade(Base):
    """A contact with a debtor, by whoever made it: what the gate counts. Append-only."""

    __tablename__ = "contacts_made"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    channel: Mapped[str]
    #: somebody was spoken to
    effective: Mapped[bool]
    #: pressed for money
    demand: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(default="")
    source_kind: Mapped[str] = mapped_column(default="")
    source_id: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_contacts_made_customer", "customer_id", "at"),)


class ContactStop(Base):
    """They objected, asked us to leave, or the police came: a hard stop until a StopLift. Append-only."""

    __tablename__ = "contact_stops"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    who: Mapped[str] = mapped_column(default="")
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    by_id: Mapped[str]


class StopLift(Base):
    """A manager or legal lifts a stop, with the reason."""

    __tablename__ = "contact_stop_lifts"

    id: Mapped[str] = mapped_column(primary_key=True)
    stop_id: Mapped[str] = mapped_column(ForeignKey("contact_stops.id"), unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    reason: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class ContactStanding(Base):
    """Whether a person at the customer's may be approached about money. The newest row counts."""

    __tablename__ = "contact_standings"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    #: permitted, third_party, family, refused, left
    standing: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]


class ContactTerms(Base):
    """A customer's time zone and jurisdiction, where they are not the house's. The newest row counts."""

    __tablename__ = "contact_terms"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    #: empty: the branch's
    zone: Mapped[str] = mapped_column(default="")
    #: empty: the house's
    pack: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]


class ContactWaiver(Base):
    """A manager's leave to go beyond some of the gate's codes until an instant, with the reason."""

    __tablename__ = "contact_waivers"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    until_at: Mapped[datetime]
    reason: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class GateEntry(Base):
    """What the gate said, and what was done: refused, flagged (it had happened), asked, waived, used. Append-only."""

    __tablename__ = "gate_log"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str]
    channel: Mapped[str] = mapped_column(default="")
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: when the contact was meant, or took place
    meant_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    source_kind: Mapped[str] = mapped_column(default="")
    source_id: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_gate_log_customer", "customer_id", "at"), Index("ix_gate_log_at", "at"))
