"""A whole ledger file understood: every row becomes a record, is left out with a reason, or is refused with one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from fieldsales.exchange.amounts import plain_text
from fieldsales.exchange.columns import AMOUNTS, DATES, Kind
from fieldsales.exchange.dates import find_order
from fieldsales.exchange.headers import Header, find_header, with_mapping
from fieldsales.exchange.notices import notices_of
from fieldsales.exchange.records import (
    InvoiceRecord,
    Notice,
    PaymentRecord,
    Problem,
    Reading,
    SkipReason,
    Sums,
)
from fieldsales.exchange.rowreader import (
    Money,
    Options,
    RowReader,
    own_amount,
    read_customer,
    read_invoice,
    read_payment,
)
from fieldsales.exchange.tables import Row
from fieldsales.exchange.words import is_total
from fieldsales.kernel.errors import N_, Invalid


@dataclass(frozen=True)
class Choice:
    """How a person wants a file read: the columns (field -> index), and what else was chosen."""

    columns: Mapping[str, int] | None = None
    options: Options = field(default_factory=Options)


def read_ledger(rows: list[Row], kind: Kind, choice: Choice | None = None) -> Reading:
    """Understand a table as a ledger of ``kind``.

    Raises Invalid when no header is found, a required column is missing, or the order of day and
    month is open and not chosen (``exchange.date_order_needed``, with examples in ``params``).
    """
    choice = choice or Choice()
    header = find_header(rows, kind)
    if choice.columns is not None:
        header = with_mapping(header, choice.columns)
    check_columns(header, kind)
    body = rows[header.top + header.height :]
    order = find_order(cell for name, column in header.columns.items() if name in DATES
                       for row in body if column.index < len(row) for cell in (row[column.index],))
    chosen = choice.options.order or order.order
    if order.ask and choice.options.order is None:
        raise Invalid(
            "exchange.date_order_needed",
            N_("Dates such as %(examples)s can be read in two ways. Choose the order of day and month."),
            field="date_order", examples=", ".join(order.examples),
        )
    reading = Reading(kind, header, order, chosen)
    _Pass(reading, RowReader(header, replace(choice.options, order=chosen))).run(body)
    return reading


def check_columns(header: Header, kind: Kind) -> None:
    """Raise Invalid when a column that every ledger of this kind needs is not there."""
    missing = header.missing(kind)
    if missing:
        raise Invalid(
            "exchange.column_missing",
            N_("A required column is missing: %(columns)s. Choose it from the columns of the file."),
            field=missing[0][0], columns=" / ".join(missing[0]),
        )


class _Pass:
    """One walk through the rows below the header."""

    def __init__(self, reading: Reading, reader: RowReader) -> None:
        self.reading = reading
        self.reader = reader
        self.kind = reading.kind
        self._first_row = reading.header.top + reading.header.height + 1
        self._texts = [reading.header.columns[name].index for name in ("customer_code", "customer_name", "number")
                       if name in reading.header.columns]
        self._amounts = [column.index for name, column in reading.header.columns.items() if name in AMOUNTS]
        self._header_names = {plain_text(name) for name in reading.header.names if plain_text(name)}
        self._invoices: dict[tuple[str, bool], InvoiceRecord] = {}
        self._payments: dict[str, PaymentRecord] = {}
        self._body: list[Row] = []
        self._totals: list[Decimal] = []
        self._as_written: Sums = Sums(Decimal)

    def run(self, body: list[Row]) -> None:
        """Read every row, then what only the whole file can tell."""
        self._body = body
        for at, row in enumerate(body, self._first_row):
            if not any(cell not in ("", None) for cell in row):
                continue
            self.reading.rows_read += 1
            reason = self._left_out(row)
            if reason:
                self.reading.skipped.append((at, reason))
            else:
                self._one(at, row)
        self.reading.invoices = list(self._invoices.values())
        self.reading.payments += self._payments.values()
        self._finish()

    def _left_out(self, row: Row) -> SkipReason | None:
        reader = self.reader
        if self.kind == "customers":
            if is_total(row, ()) and sum(bool(plain_text(cell)) for cell in row) < 3:
                return "total"
        elif is_total(row, self._texts) and not (reader.cell(row, "number") and self._has_date(row)):
            self._note_total(row)
            return "total"
        if self._is_header(row):
            return "header"
        if self.kind != "customers" and not any(self._written(row, index) for index in self._amounts) and not (
            reader.cell(row, "number") and self._has_date(row)
        ):
            return "note"
        return None

    def _is_header(self, row: Row) -> bool:
        """Whether the row says again what the header says."""
        first = next((cell for cell in row if cell not in ("", None)), "")
        if not isinstance(first, str) or plain_text(first) not in self._header_names:
            return False
        texts = {plain_text(cell) for cell in row if cell not in ("", None)}
        return len(texts) > 1 and texts <= self._header_names

    def _written(self, row: Row, index: int) -> bool:
        return index < len(row) and row[index] not in ("", None)

    def _has_date(self, row: Row) -> bool:
        return any(self.reader.cell(row, name) not in ("", None) for name in DATES)

    def _note_total(self, row: Row) -> None:
        try:
            total = own_amount(self.reader, row) if self.kind == "invoices" else self.reader.money(row, "amount")
        except Invalid:
            return
        if total:
            self._totals.append(total.value)

    def _one(self, at: int, row: Row) -> None:
        """One row to a record, or to a problem; its amount counts where the row ends up."""
        if self.kind == "customers":
            self._customer(at, row)
            return
        money: Money | None = None
        try:
            money = own_amount(self.reader, row) if self.kind == "invoices" else self.reader.money(row, "amount")
            if money is None:
                raise Invalid("exchange.no_amount", N_("The row has no amount."), field="total")
            self._as_written[money.currency] += money.value
            if not money.value:
                self.reading.skipped.append((at, "zero"))
                return
            record = self._read(at, row, money)
            # as it is meant: a red-letter row may stand without its minus
            money = Money(record.value, record.currency)
            if not self._add(record, row):
                self.reading.skipped.append((at, "repeat"))
                self.reading.skipped_sums[money.currency] += money.value
        except Invalid as error:
            self.reading.problems.append(Problem.of(at, error))
            if money is not None:
                self.reading.error_sums[money.currency] += money.value
        if money is not None:
            self.reading.read_sums[money.currency] += money.value

    def _customer(self, at: int, row: Row) -> None:
        try:
            record = read_customer(self.reader, row, at)
        except Invalid as error:
            self.reading.problems.append(Problem.of(at, error))
            return
        if record.customer.key in self.reading.names:
            self.reading.skipped.append((at, "repeat"))
        else:
            self.reading.customers.append(record)
        self._name(record.customer.key, record.customer.name)

    def _read(self, at: int, row: Row, money: Money) -> InvoiceRecord | PaymentRecord:
        read = read_payment if self.kind == "payments" else read_invoice
        return read(self.reader, row, at, money)

    def _add(self, record: InvoiceRecord | PaymentRecord, row: Row) -> bool:
        """Whether the row says something new. Raises Invalid when it contradicts an earlier row."""
        new = self._add_invoice(record, row) if isinstance(record, InvoiceRecord) else self._add_payment(record)
        if new:
            self._name(record.customer.key, record.customer.name)
        return new

    def _name(self, key: str, name: str) -> None:
        counted = self.reading.names.setdefault(key, _no_names())
        if name:
            counted[name] += 1

    def _add_payment(self, record: PaymentRecord) -> bool:
        known = self._payments.get(record.key)
        if known is None:
            self._payments[record.key] = record
            return True
        if (known.customer.key, known.received_on, known.currency) != (
            record.customer.key, record.received_on, record.currency
        ):
            raise self._number_taken(known.rows[0])
        if (known.minor, known.invoice_numbers) == (record.minor, record.invoice_numbers):
            return False
        # several lines of one payment, each for its own invoices: one payment of their sum
        known.minor += record.minor
        known.value += record.value
        known.invoice_numbers = tuple(dict.fromkeys(known.invoice_numbers + record.invoice_numbers))
        known.rows += record.rows
        return True

    def _add_invoice(self, record: InvoiceRecord, row: Row) -> bool:
        credit = record.kind == "credit_note"
        known = self._invoices.get((record.key, credit))
        if known is None:
            self._invoices[record.key, credit] = record
            return True
        if any(self._body[at - self._first_row] == row for at in known.rows):
            return False
        if (known.customer.key, known.currency) != (record.customer.key, record.currency):
            raise self._number_taken(known.rows[0])
        _merge(known, record)
        return True

    def _number_taken(self, row: int) -> Invalid:
        return Invalid("exchange.number_taken",
                       N_("The document number already stands in row %(other)s, for something else."),
                       field="number", other=row)

    def _finish(self) -> None:
        reading, reader = self.reading, self.reader
        reading.rounded, reading.cleaned = reader.rounder.rounded, reader.rounder.cleaned
        for (key, credit), record in self._invoices.items():
            if credit and (key, False) in self._invoices:  # a red-letter row under its invoice's own number
                record.key += "|R"
        first = min((r.issued_on for r in reading.invoices if r.issued_on != date.min), default=None)
        undated = [r for r in reading.invoices if r.issued_on == date.min]
        for record in undated:
            record.issued_on = first or date.today().replace(month=1, day=1)
            if record.due_on == date.min:
                record.due_on = record.issued_on
        reading.notices += notices_of(reading, reader, len(undated))
        reading.notices += self._total_notices()

    def _total_notices(self) -> list[Notice]:
        """The file's own last total against the sum of its rows, where all are of one currency."""
        if not self._totals or len(self._as_written) != 1:
            return []
        (currency, own), said = next(iter(self._as_written.items())), max(self._totals)
        if abs(own - said) < Decimal("0.01"):
            return [Notice(N_("The file's own total row agrees: %(total)s %(currency)s."),
                           {"total": f"{said:,.2f}", "currency": currency})]
        return [Notice(N_("The file's total row says %(said)s, but its rows add up to %(own)s %(currency)s."),
                       {"said": f"{said:,.2f}", "own": f"{own:,.2f}", "currency": currency})]


def _no_names() -> Counter[str]:
    return Counter()


def _merge(known: InvoiceRecord, record: InvoiceRecord) -> None:
    """Another line of the same document: sums add up; another due date is another instalment."""
    dues = dict(known.dues or [(known.due_on, known.minor)])
    dues[record.due_on] = dues.get(record.due_on, 0) + record.minor
    known.minor += record.minor
    known.value += record.value
    known.paid_minor += record.paid_minor
    known.rows += record.rows
    known.dues = sorted(dues.items()) if len(dues) > 1 else []
    known.due_on = max(dues)
    known.disputed = known.disputed or record.disputed
