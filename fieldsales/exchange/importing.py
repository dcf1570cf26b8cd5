"""Taking a ledger in: judged against the books, shown before it is done, done in chunks, taken up again if killed."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldsales.dispatcher import Dispatcher
from fieldsales.exchange import messages as m
from fieldsales.exchange.customersin import CustomersIn
from fieldsales.exchange.outcome import Outcome
from fieldsales.exchange.queries import (
    known_keys,
    known_numbers,
    known_payments,
    sellers_by_code,
    unfinished_import,
)
from fieldsales.exchange.records import InvoiceRecord, Notice, PaymentRecord, Problem, Reading
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.kernel.operation import Actor, Answer, Command, Envelope
from fieldsales.receivables.messages import AddInvoices, NewInvoice, NewPayment, RecordPayments

Progress = Callable[[int, int], None]
"""Called with (records done, records in all) after every chunk."""
CHUNK = 1000
_LONGEST_KEY = 120


def _fingerprint(command: Command) -> str:
    """What a command is known by: of a thousand rows the keys are enough, for a key is never added twice."""
    rows = getattr(command, "invoices", None) or getattr(command, "payments", None)
    text = "\n".join(row.external_key for row in rows) if rows else command.model_dump_json()
    return hashlib.sha256(text.encode()).hexdigest()


def short_key(key: str) -> str:
    """An external key of at most 120 characters: a longer one keeps its head and gets a hash."""
    if len(key) <= _LONGEST_KEY:
        return key
    return key[:90] + "#" + hashlib.sha256(key.encode()).hexdigest()[:28]


@dataclass(frozen=True)
class Source:
    """Which file it is, and how a person chose to read it."""

    filename: str
    sha256: str
    columns: dict[str, int] = field(default_factory=dict)
    date_order: m.DateOrder = ""
    options: dict[str, Any] = field(default_factory=dict)


class Importer:
    """Takes readings in through the dispatcher, as one actor."""

    def __init__(self, dispatcher: Dispatcher, actor: Actor, progress: Progress | None = None) -> None:
        self.dispatcher = dispatcher
        self.actor = actor
        self.progress = progress or (lambda done, total: None)

    def preview(self, reading: Reading) -> Outcome:
        """What taking the file in would come to. Writes nothing."""
        return _Run(self, reading, Outcome.of(reading, dry_run=True), "").judge()

    def run(self, reading: Reading, source: Source, import_id: str = "") -> Outcome:
        """Take the file in. What an interrupted run of the same file added is counted as added now."""
        with self.dispatcher.store.reading() as connection:
            begun = unfinished_import(connection, reading.kind, source.sha256)
        import_id = begun or import_id or uuid7()
        self.dispatcher.perform(self.actor, "exchange.open_import", m.OpenImport(
            import_id=import_id, kind=reading.kind, filename=source.filename[-120:], sha256=source.sha256,
            columns=source.columns, date_order=source.date_order, options=source.options))
        run = _Run(self, reading, Outcome.of(reading, dry_run=False, import_id=import_id), import_id)
        gc.freeze()  # the file's rows live to the end: walking them again and again took a sixth of the time
        try:
            outcome = run.judge()
        finally:
            gc.unfreeze()
        self.dispatcher.perform(self.actor, "exchange.close_import", m.CloseImport(
            import_id=import_id, counts=outcome.counts(), sums=outcome.sums_json()))
        return outcome


class _Run:
    """One reading on its way into the books (or, without an import id, only judged)."""

    def __init__(self, importer: Importer, reading: Reading, outcome: Outcome, import_id: str) -> None:
        self.importer = importer
        self.reading = reading
        self.outcome = outcome
        self.import_id = import_id
        self.sellers: dict[str, str] = {}
        self.customers: dict[str, str] = {}
        self.were_there: frozenset[str] = frozenset()
        self._ours: set[str] = set()
        self._done = 0
        self._total = len(reading.invoices) + len(reading.payments) + len(reading.customers)

    def judge(self) -> Outcome:
        """Sellers, customers, invoices, payments: in this order, each knowing the ones before."""
        self._sellers()
        people = CustomersIn(self.importer.dispatcher, self.importer.actor, self.reading, self.outcome, self.import_id,
                             self._id)
        self.customers = people.take_in(self._send_all)
        self.were_there = people.were_there
        self._chunks(self._fresh(self.reading.invoices, "invoices"), self._invoice_command)
        self._settle()
        self._chunks(self._fresh(self.reading.payments, "payments"), self._payment_command)
        return self.outcome

    # -- who ------------------------------------------------------------------------------------

    def _sellers(self) -> None:
        records: list[InvoiceRecord | PaymentRecord] = [*self.reading.invoices, *self.reading.payments]
        wanted = {record.seller_code: record.currency for record in records if record.seller_code}
        if not wanted:
            return
        with self.importer.dispatcher.store.reading() as connection:
            self.sellers = sellers_by_code(connection)
        new = [code for code in wanted if code not in self.sellers]
        self.outcome.sellers_seen, self.outcome.sellers_added = len(wanted), len(new)
        if new:
            self.outcome.notices.append(Notice(
                N_("New selling companies: %(codes)s. Add their names and bank accounts before a paper is signed."),
                {"codes": ", ".join(new[:20])}))
        made = [m.NewSeller(seller_id=self._id(f"seller {code}"), code=code, name=code, currency=wanted[code])
                for code in new]
        self.sellers |= {seller.code: seller.seller_id for seller in made}
        if made and self.import_id:
            self._send("exchange.add_sellers", m.AddSellers(sellers=made))

    def _id(self, role: str) -> str:
        return derived_id(self.import_id, role) if self.import_id else uuid7()

    # -- what -----------------------------------------------------------------------------------

    def _fresh(self, records: Sequence[Any], kind: str) -> list[Any]:
        """The records that are not in the books yet; the others are counted as already there."""
        for record in records:
            record.key = short_key(record.key)
        known = self._known(records, kind)
        fresh, differing = [], 0
        for record in records:
            if record.customer.key not in self.customers:
                continue  # refused with its customer
            there = known.get(record.key)
            if there is None:
                fresh.append(record)
                self._ours.add(record.key)
            elif self.import_id and there[0] == self._id(f"{kind} {record.key}"):
                self._ours.add(record.key)
                self.outcome.judged(record, "added")  # by the run that was interrupted
            else:
                self.outcome.judged(record, "there")
                differing += abs(there[1] - record.minor) > 1
        if differing:
            self.outcome.notices.append(Notice(
                N_("%(count)s records are already there with another amount. They were left as they are."),
                {"count": differing}))
        # a customer's records together: each chunk then touches few customers
        return sorted(fresh, key=lambda record: self.customers[record.customer.key])

    def _known(self, records: Sequence[Any], kind: str) -> dict[str, tuple[str, int]]:
        """Key -> (id, minor units) of what is in the books: by the file's key, else by what makes it the same."""
        with self.importer.dispatcher.store.reading() as connection:
            known = known_keys(connection, kind, [record.key for record in records])
            rest = [r for r in records if r.key not in known and r.number and r.customer.key in self.were_there]
            if kind == "payments":
                by_number = known_payments(connection, [record.number for record in rest])
                return known | {r.key: by_number[r.number] for r in rest if r.number in by_number}
            standing = known_numbers(connection, [record.number for record in rest])
        for record in rest:
            seller = self.sellers.get(record.seller_code)
            same = standing.get((self.customers[record.customer.key], record.number, record.minor < 0), ())
            for row_id, minor, seller_id in same:
                if seller is None or seller_id is None or seller == seller_id:
                    known[record.key] = (row_id, minor)
        return known

    def _chunks(self, records: list[Any], command: Callable[[list[Any]], tuple[str, Command]]) -> None:
        for start in range(0, len(records), CHUNK):
            part = records[start : start + CHUNK]
            self._take(part, command)
            self._done += len(part)
            self.importer.progress(self._done, self._total)

    def _take(self, records: list[Any], command: Callable[[list[Any]], tuple[str, Command]]) -> None:
        """Send records as one command; when it is refused, find the one that is wrong by halving."""
        if not self.import_id:
            for record in records:
                self.outcome.judged(record, "added")
            return
        answer = self._send(*command(records))
        if answer.status == "applied":
            added = set((answer.data or {}).get("added_ids", ()))
            kind = "invoices" if isinstance(records[0], InvoiceRecord) else "payments"
            for record in records:  # what somebody else has added meanwhile was passed over
                self.outcome.judged(record, "added" if self._id(f"{kind} {record.key}") in added else "there")
        elif answer.status == "retry":
            raise RuleBroken("exchange.busy", N_("Others are writing to the books. Start the import again: it goes on "
                                                 "where it stopped."))
        elif len(records) > 1:
            middle = len(records) // 2
            self._take(records[:middle], command)
            self._take(records[middle:], command)
        else:
            problem = Problem(records[0].rows[0], answer.field or "", answer.code, answer.message, answer.params or {})
            self.outcome.judged(records[0], "error", problem)

    def _send(self, operation: str, command: Command) -> Answer:
        return self._send_all([(operation, command)])[0]

    def _send_all(self, commands: list[tuple[str, Command]]) -> list[Answer]:
        """Commands in one batch. Their ids follow from what they add, so a repeated run is answered by the receipts."""
        envelopes = [Envelope(derived_id(self.import_id, f"{operation} {_fingerprint(command)}"), operation, command)
                     for operation, command in commands]
        return self.importer.dispatcher.perform_batch(self.importer.actor, envelopes, keep_refusals=False)

    def _invoice_command(self, records: list[InvoiceRecord]) -> tuple[str, Command]:
        made = [
            NewInvoice(
                invoice_id=self._id(f"invoices {r.key}"), customer_id=self.customers[r.customer.key],
                seller_id=self.sellers.get(r.seller_code), number=r.number, kind=r.kind, issued_on=r.issued_on,
                due_on=r.due_on, dues=r.dues, total_minor=r.minor, currency=r.currency,
                fapiao_number=r.fapiao_number, terms=r.terms, disputed=r.disputed, external_key=r.key)
            for r in records
        ]
        return "receivables.add_invoices", AddInvoices(invoices=made, import_id=self.import_id)

    def _payment_command(self, records: list[PaymentRecord]) -> tuple[str, Command]:
        made = [
            NewPayment(
                payment_id=self._id(f"payments {r.key}"), customer_id=self.customers[r.customer.key],
                seller_id=self.sellers.get(r.seller_code), amount_minor=r.minor, currency=r.currency,
                received_on=r.received_on, method=r.method, reference=r.reference, payer_name=r.payer,
              
                invoice_numbers=list(r.invoice_numbers), external_key=r.key)
            for r in records
        ]
        return "receivables.record_payments", RecordPayments(payments=made, import_id=self.import_id)

    # -- what the file says was paid before ------------------------------------------------------

    def _settle(self) -> None:
        """Payments from a settled date or a paid column, each for its own invoice; an invoice that was there
        before this import keeps what it has."""
        refused = {problem.row for problem in self.outcome.problems}
        paid = [_payment_of(r) for r in self.reading.invoices if r.key in self._ours and r.minor > 0
                and (r.settled_on or r.paid_minor) and r.rows[0] not in refused]
        with self.importer.dispatcher.store.reading() as connection:
            known = known_keys(connection, "payments", [record.key for record in paid])
        for record in paid:
            self.outcome.settled += 1
            self.outcome.settled_minor[record.currency] += record.minor
        if any(not r.settled_on and r.paid_minor for r in self.reading.invoices) and paid:
            self.outcome.notices.append(Notice(
                N_("The file says that %(count)s receivables were paid before, in part or whole. These payments are "
                   "posted with it: leave the column out if a file of payments follows."), {"count": len(paid)}))
        new = [record for record in paid if record.key not in known] if self.import_id else []
        new.sort(key=lambda record: (self.customers[record.customer.key], record.received_on))
        for start in range(0, len(new), CHUNK):
            answer = self._send(*self._payment_command(new[start : start + CHUNK]))
            if answer.status != "applied":
                raise RuleBroken(answer.code, answer.message, **(answer.params or {}))


def _payment_of(record: InvoiceRecord) -> PaymentRecord:
    """The payment that an invoice row tells of. Without a date it is dated as the invoice is."""
    return PaymentRecord(
        rows=[], customer=record.customer, key=short_key(record.key + "|paid"),
        minor=record.minor if record.settled_on else record.paid_minor, currency=record.currency,
        received_on=record.settled_on or record.issued_on, method="other", reference="已收（随应收账导入）",
        invoice_numbers=(record.number,), seller_code=record.seller_code,
    )
