"""Tables beside the ledger: what secures a debt, what it cost to collect, who the buyer is, set-offs, commission."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Security(Base):
    """A guarantee, mortgage, pledge or retained title (担保) for one invoice, or for all a debtor owes."""

    __tablename__ = "securities"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    #: none: the whole debt
    invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoices.id"))
    kind: Mapped[str]
    giver: Mapped[str]
    #: none: all that is open
    covers_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    source: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[str] = mapped_column(default="")


class Charge(Base):
    """What makes an invoice row a charge: costs of collecting, or interest claimed, on another invoice.

    The sum itself stands in ``invoices`` and ``dues`` like every other, so that the books add up.
    """

    __tablename__ = "charges"

    invoice_id: Mapped[str] = mapped_column(ForeignKey("invoices.id"), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    for_invoice_id: Mapped[str] = mapped_column(ForeignKey("invoices.id"), index=True)
    #: costs, interest
    kind: Mapped[str]
    source: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class DebtorProfile(Base):
    """How large a buyer is and which law it falls under: the newest row counts.

    ``size``: large, public, small (中小企业), or empty. ``market``: CN, EU.
    """

    __tablename__ = "debtor_profiles"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    debtor_id: Mapped[str] = mapped_column(ForeignKey("debtors.id"))
    size: Mapped[str]
    market: Mapped[str] = mapped_column(default="CN")
    source: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]


class SetOff(Base):
    """A request to set returns, rebates (返利) or a price difference off against the debt.

    ``state``: asked, approved, denied, credited: follows the newest step, re-derived by the audit.
    """

    __tablename__ = "set_offs"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    debtor_id: Mapped[str | None] = mapped_column(ForeignKey("debtors.id"))
    kind: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(default="CNY")
    words: Mapped[str] = mapped_column(default="")
    source_kind: Mapped[str] = mapped_column(default="")
    source_id: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="asked", index=True)
    by_id: Mapped[str]
    at: Mapped[datetime]


class SetOffStep(Base):
    """What became of a request: approved (for how much), denied, credited (by which credit note)."""

    __tablename__ = "set_off_steps"

    id: Mapped[str] = mapped_column(primary_key=True)
    set_off_id: Mapped[str] = mapped_column(ForeignKey("set_offs.id"), index=True)
    kind: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    credit_id: Mapped[str | None] = mapped_column(ForeignKey("invoices.id"))
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    at: Mapped[datetime]


class CommissionPolicy(Base):
    """What a rep is paid of money cleared, by how late it came: from a day on, until the next one."""

    __tablename__ = "commission_policies"

    id: Mapped[str] = mapped_column(primary_key=True)
    from_on: Mapped[date]
    #: [[days past due up to which, basis points], …]; the last with null: later than all
    steps: Mapped[list[list[int | None]]] = mapped_column(JSON)
    source: Mapped[str]
    by_id: Mapped[str]
    at: Mapped[datetime]
