"""Tables of talking at the table: asks, coaching, promotions and their quotes, phrases, what a customer was shown."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class AskMade(Base):
    """One asking (谈款): what was named, offered back and closed at, in which contact. Append-only, internal.

    ``answer``: see ``collection.asking.ANSWERS``; ``close_minor`` None: nothing was agreed.
    """

    __tablename__ = "asks"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    #: visit, call, message or other, and the id of that visit or action; empty: not tied to one
    contact_kind: Mapped[str] = mapped_column(default="other")
    contact_id: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(default="CNY")
    expected_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    #: the ratio the phone reckoned with; 0: the rep named a figure of his own
    ratio_bp: Mapped[int] = mapped_column(default=0)
    ask_minor: Mapped[int] = mapped_column(BigInteger)
    #: what they offered and what was asked then, in turn
    counters: Mapped[list[int]] = mapped_column(JSON, default=list)
    answer: Mapped[str] = mapped_column(default="")
    close_minor: Mapped[int | None] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(default="")
    #: above_balance: more was asked for than was open and undisputed when it came in
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (Index("ix_asks_customer", "customer_id", "occurred_at"),)


class Coaching(Base):
    """A manager's word to the rep after a hard contact, and when he calls back."""

    __tablename__ = "coachings"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    rep_id: Mapped[str]
    #: the ask it is about; empty: about the customer
    ask_id: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    call_on: Mapped[date | None]
    by_id: Mapped[str]
    at: Mapped[datetime]


class Promotion(Base):
    """An approved policy that may be quoted to customers, from day to day."""

    __tablename__ = "promotions"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    #: what may be said, word for word
    text_zh: Mapped[str]
    text_en: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date]
    to_on: Mapped[date]
    #: who approved it, in which paper
    approved_by: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class PromotionEnd(Base):
    """A policy taken back before its last day."""

    __tablename__ = "promotion_ends"

    id: Mapped[str] = mapped_column(primary_key=True)
    promotion_id: Mapped[str] = mapped_column(ForeignKey("promotions.id"), unique=True)
    reason: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class PromotionQuote(Base):
    """A policy quoted to a customer. ``flags``: not_valid when it was not in force that day."""

    __tablename__ = "promotion_quotes"

    id: Mapped[str] = mapped_column(primary_key=True)
    promotion_id: Mapped[str] = mapped_column(ForeignKey("promotions.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    contact_id: Mapped[str] = mapped_column(default="")
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[str]
    quoted_at: Mapped[datetime]
    received_at: Mapped[datetime]


class PhraseRule(Base):
    """A phrase of pity and what to say instead, as the house set it. The newest row of a phrase counts."""

    __tablename__ = "phrase_rules"

    id: Mapped[str] = mapped_column(primary_key=True)
    lang: Mapped[str]
    phrase: Mapped[str]
    instead: Mapped[str] = mapped_column(default="")
    active: Mapped[bool]
    by_id: Mapped[str]
    at: Mapped[datetime]


class Disclosure(Base):
    """What a customer was shown on the phone, and when."""

    __tablename__ = "disclosures"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    #: parts of the screen: account, invoices, payments, promises, plans, statements, accounts
    shown: Mapped[list[str]] = mapped_column(JSON, default=list)
    open_minor: Mapped[int] = mapped_column(BigInteger)
    overdue_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    by_id: Mapped[str]
    shown_at: Mapped[datetime]
    received_at: Mapped[datetime]
