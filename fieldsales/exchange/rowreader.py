"""One row of a ledger understood, or refused with the reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from fieldsales.exchange.amounts import CentRounder, document_number, plain_text, read_amount
from fieldsales.exchange.dates import Order, read_date
from fieldsales.exchange.headers import Header
from fieldsales.exchange.records import CustomerRecord, CustomerRef, InvoiceRecord, PaymentRecord
from fieldsales.exchange.tables import Cell, Row
from fieldsales.exchange.words import currency_code, days_of_credit, document_kind, payment_method, yes_or_no
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.money import MAX_MINOR, exponent

_LONGEST = 120
#: Cells that list several things may be longer.
_LISTS = 6000
T = TypeVar("T")


@dataclass(frozen=True)
class Options:
    """What a person chose beside the columns."""

    order: Order | None = None
    currency: str = "CNY"
    """Used where neither the row nor the header names one."""
    seller_code: str = ""
    """The selling company where the file names none."""
    term_days: int = 0
    """Days of credit where the row gives neither a due date nor terms."""


@dataclass(slots=True)
class Money:
    """A row's amount as the file has it (major units, exact) and in which currency."""

    value: Decimal
    currency: str


class RowReader:
    """Reads rows under one header and one set of choices. Keeps what spans rows: rounding, repeats."""

    def __init__(self, header: Header, options: Options) -> None:
        self.header = header
        self.options = options
        self.rounder = CentRounder()
        self.default_currency = header.currency or options.currency
        self.no_due_date = 0
        self._at = {name: column.index for name, column in header.columns.items()}
        self._dates: dict[tuple[str, Cell], date | None] = {}
        self._repeats: Counter[str] = Counter()

    def cell(self, row: Row, name: str) -> Cell:
        """The cell of a column in a row; ``""`` where there is none."""
        index = self._at.get(name, -1)
        return row[index] if 0 <= index < len(row) else ""

    def text(self, row: Row, name: str) -> str:
        """A cell as one line of at most 120 characters, lists apart. Raises Invalid when it is longer."""
        cell = self.cell(row, name)
        if not cell:
            return "0" if cell == 0 and cell is not False and cell != "" else ""
        return self._limited(cell if isinstance(cell, str) else document_number(cell), name)

    def number(self, row: Row, name: str) -> str:
        """A document or customer number, as text without a float's ``.0``."""
        return self._limited(document_number(self.cell(row, name)), name)

    def _limited(self, text: str, name: str) -> str:
        most = _LISTS if name in {"aliases", "invoice_numbers"} else _LONGEST
        if len(text) > most:
            raise Invalid(
                "exchange.text_too_long", N_("The text has %(size)s characters; at most %(most)s can be kept."),
                field=name, size=len(text), most=most)
        return text

    def date(self, row: Row, name: str) -> date | None:
        """A date column's date under the chosen order."""
        cell = self.cell(row, name)
        known = (name, cell)
        if known not in self._dates:
            self._dates[known] = _in_field(name, lambda: read_date(cell, self.options.order))
        return self._dates[known]

    def money(self, row: Row, name: str) -> Money | None:
        """An amount column's amount, times the header's unit, in the row's currency; None when empty."""
        column = self.header.columns.get(name)
        if column is None:
            return None
        amount = _in_field(name, lambda: read_amount(self.cell(row, name)))
        if amount is None:
            return None
        value = amount.value if column.unit == 1 else amount.value * column.unit
        return Money(value, self.currency(row) or amount.currency or self.default_currency)

    def currency(self, row: Row) -> str:
        """The currency the row names, if any."""
        text = self.cell(row, "currency")
        return _in_field("currency", lambda: currency_code(str(text))) if text else ""

    def customer(self, row: Row) -> CustomerRef:
        """Whom the row is about. Raises Invalid when it does not say."""
        ref = CustomerRef(self.number(row, "customer_code"), self.text(row, "customer_name"))
        if not ref.code and not ref.name:
            raise Invalid("exchange.no_customer", N_("The row names no customer."), field="customer_name")
        return ref

    def seller(self, row: Row) -> str:
        """The code of our selling company."""
        return self.number(row, "seller_code") or self.options.seller_code

    def repeat(self, *parts: object) -> str:
        """A key for rows without a number: what they say, and which of several equal rows this is."""
        stem = hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:24]
        self._repeats[stem] += 1
        return f"{stem}/{self._repeats[stem]}"


def _in_field(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except Invalid as error:
        if error.field is None:
            error.field = name
        raise


def own_amount(reader: RowReader, row: Row) -> Money | None:
    """The amount an invoice row is about: its total, else what is open and paid."""
    total, paid, left = reader.money(row, "total"), reader.money(row, "paid"), reader.money(row, "open")
    if total is None and left is None:
        return None
    if total is None and left is not None:
        return Money(left.value + (paid.value if paid else 0), left.currency)
    return total


def read_invoice(reader: RowReader, row: Row, at: int, total: Money) -> InvoiceRecord | PaymentRecord:
    """An invoice row as an invoice, a credit note, an opening balance, or (收款单) a payment."""
    summary = str(reader.cell(row, "summary"))[:_LONGEST]
    kind = document_kind(reader.text(row, "doc_type"), summary, reader.number(row, "number"))
    if kind == "payment":
        return _payment_among_invoices(reader, row, at, total)
    customer = reader.customer(row)
    if kind == "credit_note" or (kind == "invoice" and total.value < 0):
        kind, total = "credit_note", Money(-abs(total.value), total.currency)
    number, seller = reader.number(row, "number"), reader.seller(row)
    if not number:
        if kind != "opening":
            raise Invalid("exchange.no_number", N_("The row has no document number."), field="number")
        number = f"期初-{customer.new_code()}"
    issued, due = _dates(reader, row, kind)
    minor = _in_field("total", lambda: reader.rounder.minor(total.value, total.currency))
    record = InvoiceRecord(
        [at], customer, f"{seller}|{number}", number, kind,  # type: ignore[arg-type]
        issued, due, minor, total.currency, seller_code=seller, value=total.value,
        terms=reader.text(row, "terms"), fapiao_number=reader.number(row, "fapiao_number"),
        disputed=_in_field("disputed", lambda: yes_or_no(str(reader.cell(row, "disputed")))),
        rep=reader.text(row, "rep"), team=reader.text(row, "team"),
        extra={name: reader.text(row, name) for name in ("contact", "phone", "address", "region")
               if name in reader.header.columns},
    )
    _read_paid(reader, row, record)
    return record


def _dates(reader: RowReader, row: Row, kind: str) -> tuple[date, date]:
    issued, due = reader.date(row, "issued_on"), reader.date(row, "due_on")
    if issued is None and due is None:
        if kind != "opening":
            raise Invalid("exchange.no_date", N_("The row has no date."), field="issued_on")
        issued = date.min  # replaced by the ledger's first day once all rows are read
    if issued is None and due is not None:
        issued = due
    assert issued is not None
    if due is None:
        days = _term_days(reader, row)
        if days is None:
            reader.no_due_date += issued != date.min
            days = reader.options.term_days
        due = issued if issued == date.min else issued + timedelta(days=days)
    return issued, due


def _term_days(reader: RowReader, row: Row) -> int | None:
    days = plain_text(reader.cell(row, "term_days")).removesuffix("天").removesuffix(".0")
    if days.isascii() and days.isdigit() and int(days) <= 3660:
        return int(days)
    return days_of_credit(str(reader.cell(row, "terms")))


def _read_paid(reader: RowReader, row: Row, record: InvoiceRecord) -> None:
    """What the file says was paid before: a settled date means all of it."""
    if record.minor <= 0:
        return  # a credit note is set off by the books themselves
    record.settled_on = reader.date(row, "settled_on")
    paid, left = reader.money(row, "paid"), reader.money(row, "open")
    has_total = reader.money(row, "total") is not None
    if paid is None and left is not None and has_total:
        paid = Money(record.value - left.value, record.currency)
    elif paid and left and has_total and abs(record.value - paid.value - left.value) >= Decimal("0.01"):
        raise Invalid(
            "exchange.amounts_disagree",
            N_("The amount %(total)s less %(paid)s paid is not %(open)s open."),
            field="open", total=record.value, paid=paid.value, open=left.value,
        )
    if paid is not None and paid.value and record.settled_on is None:
        minor = int((paid.value.scaleb(exponent(record.currency))).to_integral_value())
        if not 0 < minor <= record.minor:
            raise Invalid("exchange.paid_too_much", N_("More is paid (%(paid)s) than the invoice has."),
                          field="paid", paid=paid.value)
        record.paid_minor = minor


def _payment_among_invoices(reader: RowReader, row: Row, at: int, total: Money) -> PaymentRecord:
    received = reader.date(row, "issued_on") or reader.date(row, "due_on")
    number = reader.number(row, "number")
    return _payment(reader, row, at, Money(abs(total.value), total.currency), received, number)


def read_payment(reader: RowReader, row: Row, at: int, total: Money) -> PaymentRecord:
    """A payment row. Invoice numbers may be several in one cell."""
    return _payment(reader, row, at, total, reader.date(row, "received_on"), reader.number(row, "number"))


def _payment(reader: RowReader, row: Row, at: int, total: Money, received: date | None, number: str) -> PaymentRecord:
    customer, seller = reader.customer(row), reader.seller(row)
    if received is None:
        raise Invalid("exchange.no_date", N_("The row has no date."), field="received_on")
    minor = _in_field("amount", lambda: reader.rounder.minor(total.value, total.currency))
    if not 0 < minor <= MAX_MINOR:
        raise Invalid("exchange.payment_not_positive", N_("A payment must be more than zero. Enter a refund by hand."),
                      field="amount")
    reference = reader.text(row, "reference") or str(reader.cell(row, "summary"))[:_LONGEST]
    designated = reader.text(row, "invoice_numbers")
    said = (customer.key, received, minor, reference, designated, seller)
    key = f"{seller}|P|{number}" if number else reader.repeat(*said)
    return PaymentRecord(
        [at], customer, key, minor, total.currency, received, payment_method(str(reader.cell(row, "method"))),
        reference or number, reader.text(row, "payer"), _numbers(designated), seller, total.value, number,
    )


def _numbers(text: str) -> tuple[str, ...]:
    for sign in ",;、;|\n":
        text = text.replace(sign, " ")
    return tuple(dict.fromkeys(document_number(part) for part in text.split()))


def read_customer(reader: RowReader, row: Row, at: int) -> CustomerRecord:
    """A customer row: every recognised column as text."""
    ref = reader.customer(row)
    if not ref.name:
        raise Invalid("exchange.no_customer_name", N_("The row has no customer name."), field="customer_name")
    others = [name for name in reader.header.columns if name not in {"customer_code", "customer_name"}]
    fields = {name: reader.text(row, name) for name in others}
    return CustomerRecord([at], ref, fields)
