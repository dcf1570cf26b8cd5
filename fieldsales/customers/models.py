"""Tables of customers, their debtors and contacts, and who looks after them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Customer(Base):
    """A customer (客户). ``version`` moves with every change that alters its facts."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: characters, pinyin, initials, code and phone digits, as words (customers.rules.search_words)
    search_text: Mapped[str] = mapped_column(default="")
    pinyin: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    #: degrees WGS-84, decimal strings
    lat: Mapped[str | None]
    lon: Mapped[str | None]
    credit_grade: Mapped[str] = mapped_column(default="B")
    tier: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    #: the owner's team, kept with the owner, so that a team's list is one index walk
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    #: the sort key of every list: money overdue, kept by the receivables rollup
    overdue_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    note: Mapped[str] = mapped_column(default="")
    import_id: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_customers_overdue", "overdue_minor", "id"),
        Index("ix_customers_owner", "owner_id", "overdue_minor", "id"),
        Index("ix_customers_team", "team_id", "overdue_minor", "id"),
    )


class CustomerAlias(Base):
    """Another name the same customer number came under."""

    __tablename__ = "customer_aliases"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[str]


class Helper(Base):
    """A rep who helps the owner, from a day to a day."""

    __tablename__ = "helpers"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_helpers_now", "user_id", "customer_id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_helpers_customer", "customer_id"),
    )


class Ownership(Base):
    """Whose the customer was, from when to when."""

    __tablename__ = "ownerships"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    by_id: Mapped[str] = mapped_column(default="")


class Contact(Base):
    """Someone at the customer's."""

    __tablename__ = "contacts"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]


class ContactClash(Base):
    """Two people changed the same contact. ``kind``: ``field`` (the office's value stands, ``fields`` holds the
    proposal as ``{field: {was, now, office}}``) or ``kept`` (removed by one, changed by the other: the contact stays).
    """

    __tablename__ = "contact_clashes"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    contact_id: Mapped[str]
    command_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[str]
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[str] = mapped_column(default="")
    #: taken, left
    decision: Mapped[str] = mapped_column(default="")


class Debtor(Base):
    """Who owes in law: a company, a sole trader (个体工商户) or a person."""

    __tablename__ = "debtors"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str] = mapped_column(default="company")
    name: Mapped[str]
    reg_no: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    guarantor_name: Mapped[str] = mapped_column(default="")


class Handover(Base):
    """One act that moved a leaver's customers, cash and phones to a successor."""

    __tablename__ = "handovers"

    id: Mapped[str] = mapped_column(primary_key=True)
    from_user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    to_user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    by_id: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    notice_zh: Mapped[str] = mapped_column(default="")
    notice_en: Mapped[str] = mapped_column(default="")
    customers: Mapped[int] = mapped_column(default=0)
