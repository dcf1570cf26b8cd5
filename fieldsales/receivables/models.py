"""Tables of money owed and money received. Posted rows never change; a correction is a reversal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base

_OPEN = text("open_minor <> 0")
_LOOSE = text("unapplied_minor <> 0")
_DISPUTED = text("disputed_minor > 0")


class Seller(Base):
    """One of our own selling companies, with the only account a debtor may pay to."""

    __tablename__ = "sellers"

    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    reg_no: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    bank_name: Mapped[str] = mapped_column(default="")
    bank_account: Mapped[str] = mapped_column(default="")
    currency: Mapped[str] = mapped_column(default="CNY")


class Invoice(Base):
    """An invoice (应收单), an opening balance, or a credit note (``total_minor`` < 0)."""

    __tablename__ = "invoices"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    seller_id: Mapped[str | None] = mapped_column(ForeignKey("sellers.id"))
    number: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(default="invoice")
    issued_on: Mapped[date]
    due_on: Mapped[date]
    total_minor: Mapped[int] = mapped_column(BigInteger)
    #: total less allocations: kept in the same transaction, re-derived by the audit (M4)
    open_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    fapiao_number: Mapped[str] = mapped_column(default="")
    terms: Mapped[str] = mapped_column(default="")
    disputed: Mapped[bool] = mapped_column(default=False)
    #: the part the customer contests; it stays open, and is shown apart
    disputed_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    external_key: Mapped[str | None] = mapped_column(unique=True)
    import_id: Mapped[str | None] = mapped_column(index=True)
    added_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        Index("ix_invoices_customer", "customer_id", "due_on"),
        Index("ix_invoices_disputed", "customer_id", "currency", "disputed_minor", "open_minor",
              sqlite_where=_DISPUTED, postgresql_where=_DISPUTED),
    )


class Due(Base):
    """One instalment due of an invoice. Most invoices have one."""

    __tablename__ = "dues"

    id: Mapped[str] = mapped_column(primary_key=True)
    invoice_id: Mapped[str] = mapped_column(ForeignKey("invoices.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    n: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    open_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")

    __table_args__ = (
        Index("ix_dues_open", "customer_id", "currency", "due_on", "open_minor", sqlite_where=_OPEN,
              postgresql_where=_OPEN),
    )


class Payment(Base):
    """Money confirmed as received (回款). Negative: a reversal of ``reverses_id``."""

    __tablename__ = "payments"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    seller_id: Mapped[str | None] = mapped_column(ForeignKey("sellers.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    received_on: Mapped[date]
    method: Mapped[str] = mapped_column(default="transfer")
    reference: Mapped[str] = mapped_column(default="")
    payer_name: Mapped[str] = mapped_column(default="")
    designation: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: not yet allocated
    unapplied_minor: Mapped[int] = mapped_column(BigInteger)
    receipt_id: Mapped[str | None]
    reverses_id: Mapped[str | None] = mapped_column(unique=True)
    reason: Mapped[str] = mapped_column(default="")
    external_key: Mapped[str | None] = mapped_column(unique=True)
    import_id: Mapped[str | None] = mapped_column(index=True)
    collector_id: Mapped[str | None]
    owner_id: Mapped[str | None]
    posted_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_payments_customer", "customer_id", "received_on"),
        Index("ix_payments_received", "received_on"),
        Index("ix_payments_loose", "customer_id", "currency", "unapplied_minor", sqlite_where=_LOOSE,
              postgresql_where=_LOOSE),
    )


class Allocation(Base):
    """Part of a payment or credit note set against a due (核销). Negative: a reversal."""

    __tablename__ = "allocations"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payments.id"), index=True)
    credit_id: Mapped[str | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    invoice_id: Mapped[str] = mapped_column(ForeignKey("invoices.id"), index=True)
    due_id: Mapped[str] = mapped_column(ForeignKey("dues.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    #: designated, credit, or the step of 民法典 560 that chose it
    rule: Mapped[str]
    reverses_id: Mapped[str | None] = mapped_column(unique=True)
    at: Mapped[datetime]


class PaymentReceipt(Base):
    """Money a rep was given (收据). Its state is what happened to it: rows of ReceiptEvent."""

    __tablename__ = "payment_receipts"

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    seller_id: Mapped[str | None] = mapped_column(ForeignKey("sellers.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    method: Mapped[str]
    bill_number: Mapped[str] = mapped_column(default="")
    bill_acceptor: Mapped[str] = mapped_column(default="")
    bill_matures_on: Mapped[date | None]
    payer_name: Mapped[str] = mapped_column(default="")
    designation: Mapped[list[str]] = mapped_column(JSON, default=list)
    received_at: Mapped[datetime]
    registered_at: Mapped[datetime]
    #: who took the money; who holds the cash now; whose customer it was
    collector_id: Mapped[str] = mapped_column(index=True)
    holder_id: Mapped[str | None]
    owner_id: Mapped[str | None]
    #: pending | confirmed | rejected: follows the newest event, re-derived by the audit
    state: Mapped[str] = mapped_column(default="pending", index=True)
    handed_in_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    document_id: Mapped[str | None]
    visit_id: Mapped[str | None]


class ReceiptEvent(Base):
    """Something that happened to a receipt: handed_in, confirmed, rejected, moved."""

    __tablename__ = "receipt_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    receipt_id: Mapped[str] = mapped_column(ForeignKey("payment_receipts.id"), index=True)
    kind: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    payment_id: Mapped[str | None]


class InvoicePaper(Base):
    """A delivery note, contract or 发票, photographed or filed, that belongs to an invoice or customer."""

    __tablename__ = "invoice_papers"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoices.id"), index=True)
    kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    original_sha256: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="")
    mime: Mapped[str] = mapped_column(default="image/jpeg")
    size: Mapped[int]
    by_id: Mapped[str]
    at: Mapped[datetime]


class Interruption(Base):
    """An act that restarts the limitation period (时效中断), with its proof and grade."""

    __tablename__ = "interruptions"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    invoice_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    occurred_on: Mapped[date]
    ground: Mapped[str]
    grade: Mapped[str]
    proof_kind: Mapped[str]
    proof_id: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class InterruptionReversal(Base):
    """An act that turned out not to have reached them (a mail that came back): it restarted nothing. The act stays."""

    __tablename__ = "interruption_reversals"

    id: Mapped[str] = mapped_column(primary_key=True)
    interruption_id: Mapped[str] = mapped_column(ForeignKey("interruptions.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    reason: Mapped[str]
    proof_kind: Mapped[str]
    proof_id: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class InterestRate(Base):
    """A rate from a day on, with its source. Append-only: the newest entry of a day counts, without a rate: none."""

    __tablename__ = "interest_rates"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    #: a contract rate belongs to one customer, any other to none
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"), index=True)
    from_on: Mapped[date]
    #: 1/100 of a basis point, a year (LPR) or a day (contract)
    rate_bp100: Mapped[int | None]
    source: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class CustomerMoney(Base):
    """What a customer owes by age, per currency: kept by the transaction that moves money, rolled at midnight."""

    __tablename__ = "customer_money"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    as_of: Mapped[date]
    open_minor: Mapped[int] = mapped_column(BigInteger)
    overdue_minor: Mapped[int] = mapped_column(BigInteger)
    not_due_minor: Mapped[int] = mapped_column(BigInteger)
    d1_30_minor: Mapped[int] = mapped_column(BigInteger)
    d31_60_minor: Mapped[int] = mapped_column(BigInteger)
    d61_90_minor: Mapped[int] = mapped_column(BigInteger)
    d91p_minor: Mapped[int] = mapped_column(BigInteger)
    unapplied_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    disputed_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    open_count: Mapped[int] = mapped_column(default=0)
    oldest_due_on: Mapped[date | None]

    __table_args__ = (Index("ix_customer_money_as_of", "as_of"),)


class PaymentSpread(Base):
    """How far payments stray from their customer's usual day: the night reckons it from all settled debts."""

    __tablename__ = "payment_spreads"

    as_of: Mapped[date] = mapped_column(primary_key=True)
    #: punctuality.Spread: {usual_days, settled, days: [[days from the usual, weight], …]}
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
