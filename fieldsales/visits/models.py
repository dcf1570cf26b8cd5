"""Tables of visits, notes and their photos."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Visit(Base):
    """A visit (拜访) as the rep saw it. Append-only."""

    __tablename__ = "visits"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    user_id: Mapped[str]
    purpose: Mapped[str]
    outcome: Mapped[str]
    made_at: Mapped[datetime | None]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    lat: Mapped[str | None]
    lon: Mapped[str | None]
    accuracy_m: Mapped[int | None]
    fix_at: Mapped[datetime | None]
    place_note: Mapped[str] = mapped_column(default="")
    #: metres from the customer's known place, where both are known
    distance_m: Mapped[int | None]
    persons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    said: Mapped[str] = mapped_column(default="")
    absent_person: Mapped[str] = mapped_column(default="")
    confirmation_text: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    next_on: Mapped[date | None]
    #: what a reader should know: codes of visits.rules.FLAGS
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: what was not asked or answered: codes of visits.rules.GAPS
    gaps: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: what was signed on the spot, as the phone named it: kind, id and number of a statement or plan
    papers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    __table_args__ = (
        Index("ix_visits_customer", "customer_id", "occurred_at"),
        Index("ix_visits_user", "user_id", "occurred_at"),
    )


class Note(Base):
    """A note on a customer: note, complaint or lead."""

    __tablename__ = "notes"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    user_id: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (Index("ix_notes_customer", "customer_id", "occurred_at"),)


class Lead(Base):
    """Somebody who might buy (线索), as heard in the field. No customer yet; whoever takes it up makes one."""

    __tablename__ = "leads"

    id: Mapped[str] = mapped_column(primary_key=True)
    #: the customer one heard of them from
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    user_id: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (Index("ix_leads_user", "user_id", "occurred_at"),)


class LeadPhoto(Base):
    """A photo of a lead: it belongs to no customer, so it is no attachment."""

    __tablename__ = "lead_photos"

    lead_id: Mapped[str] = mapped_column(ForeignKey("leads.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(default="photo")
    sha256: Mapped[str] = mapped_column(index=True)
    original_sha256: Mapped[str | None]
    mime: Mapped[str] = mapped_column(default="image/jpeg")
    size: Mapped[int] = mapped_column(default=0)
