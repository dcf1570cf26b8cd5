"""Tables of the solvency watch and of credit limits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Sighting(Base):
    """What a rep saw at a customer's that speaks of trouble: codes of ``solvency.SIGNS``, and words. Append-only."""

    __tablename__ = "sightings"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    visit_id: Mapped[str | None]
    signs: Mapped[list[str]] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (Index("ix_sightings_customer", "customer_id", "occurred_at"),)


class WatchClosing(Base):
    """A person closed the alert, with the reason: sightings received before it no longer count."""

    __tablename__ = "watch_closings"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    reason: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class CreditLimit(Base):
    """How much a customer may owe (信用额度). The newest row counts; a limit of None lifts it."""

    __tablename__ = "credit_limits"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    reason: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]
