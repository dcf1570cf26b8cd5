"""Commands and events of money owed and money received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.clock import Claimed
from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Currency, Id, PositiveMinor, Sha256
from fieldsales.kernel.text import Line, Name, Prose

Minor = Annotated[int, Field(ge=-(10**13), le=10**13)]


class NewInvoice(Command):
    """One invoice (应收单); negative ``total_minor`` is a credit note (红字)."""

    invoice_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    seller_id: Id | None = None
    number: Name
    kind: Literal["invoice", "credit_note", "opening"] = "invoice"
    issued_on: date
    due_on: date
    dues: Annotated[list[tuple[date, int]], Field(max_length=120)] = []
    """(due date, minor units) by instalment; empty: all on ``due_on``. Sums to ``total_minor``."""
    total_minor: Minor
    currency: Currency = "CNY"
    fapiao_number: Line = ""
    terms: Line = ""
    disputed: bool = False
    external_key: Line = ""
    """What makes it the same invoice in the source system; the same key is never added twice."""


class AddInvoices(Command):
    """Invoices and credit notes, at most a thousand at once."""

    invoices: Annotated[list[NewInvoice], Field(min_length=1, max_length=1000)]
    import_id: Id | None = None


class NewPayment(Command):
    """Money that has come in."""

    payment_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    seller_id: Id | None = None
    amount_minor: PositiveMinor
    currency: Currency = "CNY"
    received_on: date
    method: Literal["transfer", "cash", "qr", "bill", "set_off", "other"] = "transfer"
    reference: Line = ""
    payer_name: Line = ""
    invoice_numbers: Annotated[list[Name], Field(max_length=200)] = []
    """The debtor's designation; empty: the statutory order (民法典 560)."""
    external_key: Line = ""


class RecordPayments(Command):
    """Confirmed payments, at most a thousand at once, allocated as they are posted."""

    payments: Annotated[list[NewPayment], Field(min_length=1, max_length=1000)]
    import_id: Id | None = None


class ReversePayment(Command):
    """Take back a posted payment, with its allocations, by reversal rows."""

    reversal_id: Id
    payment_id: Id
    customer_id: Id
    reason: Annotated[Line, Field(min_length=1)]


class CancelInvoices(Command):
    """Take back unpaid invoices (the undo of an import)."""

    customer_id: Id
    invoice_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    reason: Name


class RegisterReceipt(Command):
    """Money a rep was given at the counter (收据): 待确认 until finance confirms it."""

    receipt_id: Id
    number: Annotated[str, Field(pattern=r"^SJ[0-9A-Za-z-]{1,38}$")]
    """As ``paper_number("SJ", …)`` mints it: never one of a plan or statement, and fit for an address."""
    customer_id: Id
    debtor_id: Id | None = None
    seller_id: Id | None = None
    amount_minor: PositiveMinor
    currency: Currency = "CNY"
    method: Literal["cash", "transfer", "qr", "bill"]
    bill_number: Line = ""
    bill_acceptor: Line = ""
    bill_matures_on: date | None = None
    payer_name: Line = ""
    invoice_numbers: Annotated[list[Name], Field(max_length=200)] = []
    received_at: Claimed
    """When the money was taken; unreadable: when it was registered."""
    visit_id: Id | None = None
    slip_sha256: Annotated[list[Sha256], Field(max_length=5)] = []
    note: Prose = ""


class HandInCash(Command):
    """The collector hands the cash in to the company."""

    receipt_id: Id
    customer_id: Id


class ConfirmReceipt(Command):
    """Finance has seen the money (a bill: honoured). Now it is a payment."""

    receipt_id: Id
    customer_id: Id
    payment_id: Id
    received_on: date


class RejectReceipt(Command):
    """Finance has not seen the money (a bill: dishonoured)."""

    receipt_id: Id
    customer_id: Id
    reason: Name


class AttachPaper(Command):
    """A signed delivery note, contract or 发票 that belongs to an invoice or to the customer."""

    paper_id: Id
    customer_id: Id
    invoice_id: Id | None = None
    kind: Literal["delivery_note", "contract", "fapiao", "payment_slip", "other"]
    sha256: Sha256
    original_sha256: Sha256 | None = None
    name: Line = ""
    mime: Line = "image/jpeg"
    size: Annotated[int, Field(ge=1, le=50_000_000)]


class Interrupt(Command):
    """An act that restarts the limitation period (时效中断, 民法典 195), with its proof."""

    interruption_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    invoice_ids: list[Id] = []
    """Empty: the whole debt."""
    occurred_on: date
    ground: Literal["demand", "agreement", "part_payment", "acknowledgement", "suit"]
    grade: Literal["A", "B", "C"]
    """A signed, B arrival proven, C asserted only."""
    proof_kind: Line
    proof_id: Line


class ReverseInterruption(Command):
    """An act that was thought to restart the limitation period never reached the debtor (by the system)."""

    interruption_id: Id
    customer_id: Id
    reason: Line
    proof_kind: Line
    proof_id: Line


class DoubtSuits(Command):
    """What was filed with a court from ``since`` to ``until`` ended without a decision (by the system): whether it
    restarted the limitation period is disputed. ``served_on``: when the court's papers reached the debtor."""

    customer_id: Id
    debtor_id: Id | None = None
    since: date
    until: date
    served_on: date | None = None
    proof_kind: Line
    proof_id: Line


class MarkDisputed(Command):
    """Part of an invoice is contested, or no longer. No balance changes by it (by the system).

    ``amount_minor``: 0 means all that is open; ``contested`` False takes the mark off.
    """

    customer_id: Id
    invoice_id: Id
    amount_minor: Annotated[int, Field(ge=0, le=10**13)] = 0
    contested: bool = True


class RollSummaries(Command):
    """Age the customers' summaries to the present day (by the night run)."""

    customer_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class InvoicesAdded(Event):
    """Invoices are in the ledger."""

    customer_ids: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class PaymentPosted(Event):
    """Money is confirmed and allocated (negative: reversed)."""

    payment_id: str
    customer_id: str
    debtor_id: str | None
    amount_minor: int
    currency: str
    received_on: date
    receipt_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptRegistered(Event):
    """A rep was given money; finance must confirm it."""

    receipt_id: str
    customer_id: str
    amount_minor: int
    currency: str
    method: str
    debtor_id: str | None = None
    taken_at: datetime | None = None
    visit_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptMoved(Event):
    """What became of a receipt. ``kind``: handed_in, confirmed, rejected."""

    receipt_id: str
    customer_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Interrupted(Event):
    """The limitation period starts anew."""

    interruption_id: str
    customer_id: str
    ground: str
    grade: str
    occurred_on: date
