"""The table of signed statements of account."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Statement(Base):
    """A signed statement of account (对账单): agreed balance and listed differences. Immutable."""

    __tablename__ = "statements"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    debtor_id: Mapped[str] = mapped_column(ForeignKey("debtors.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("sellers.id"))
    as_of: Mapped[date]
    balance_minor: Mapped[int] = mapped_column(BigInteger)
    agreed_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    manifest_sha256: Mapped[str] = mapped_column(unique=True)
    signatory_name: Mapped[str]
    signatory_role: Mapped[str]
    authority: Mapped[str]
    signed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    by_id: Mapped[str]
    device_id: Mapped[str | None]
    document_id: Mapped[str]
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
