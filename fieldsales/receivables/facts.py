"""What operations on money see, frozen: one query a kind for the whole batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from fieldsales.receivables.models import Allocation, Due, InterruptionReversal, Invoice, Payment, PaymentReceipt
from fieldsales.receivables.posting import LooseMoney, OpenDebt
from fieldsales.receivables.rules import ReceiptFact
from fieldsales.receivables.terms import with_terms
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_invoices, _dues, _payments = table_of(Invoice), table_of(Due), table_of(Payment)
_reversals = table_of(InterruptionReversal)
_allocations, _receipts = table_of(Allocation), table_of(PaymentReceipt)
#: Below SQLite's and PostgreSQL's limits of bound parameters.
_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class InvoiceFact:
    """An invoice as it stands. ``due_ids`` in order; amounts in minor units."""

    id: str
    customer_id: str
    number: str
    currency: str
    total_minor: int
    open_minor: int
    disputed_minor: int
    cancelled: bool
    due_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """An allocation on record, with its due and invoice as they stand."""

    id: str
    invoice_id: str
    due_id: str
    amount_minor: int
    due_open_minor: int
    invoice_open_minor: int


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """A posted payment with its allocations."""

    id: str
    customer_id: str
    debtor_id: str | None
    seller_id: str | None
    amount_minor: int
    currency: str
    method: str
    received_on: date
    reversed_by: str | None
    reverses_id: str | None
    placed: tuple[Placed, ...]


def chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    """Keys in portions a statement can carry."""
    listed = list(keys)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


def stands(acts: Any) -> ColumnElement[bool]:
    """Whether an act that restarts limitation still stands: a reversed payment restarted nothing, nor did a demand
    that never arrived."""
    return and_(~exists().where(_payments.c.reverses_id == acts.c.proof_id),
                ~exists().where(_reversals.c.interruption_id == acts.c.id))


@fact("open_debts")
def load_open_debts(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: every due with something open, credit notes included, oldest first."""
    found: dict[str, list[OpenDebt]] = {key: [] for key in keys}
    laid: dict[str, Any] = {}
    d, i = _dues.c, _invoices.c
    for part in chunks(keys):
        rows = connection.execute(
            select(d.customer_id, d.id, d.invoice_id, i.number, i.debtor_id, i.seller_id, d.currency, d.due_on,
                   d.open_minor, i.open_minor)
            .join(_invoices, i.id == d.invoice_id)
            .where(d.customer_id.in_(part), d.open_minor != 0)
            .order_by(d.customer_id, d.due_on, d.id)
        )
        for customer_id, *values in rows:
            found[customer_id].append(OpenDebt(*values))
        laid |= with_terms(connection, {key: found[key] for key in part})
    return laid


@fact("loose_money")
def load_loose_money(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: payments with something not yet allocated."""
    found: dict[str, list[LooseMoney]] = {key: [] for key in keys}
    p = _payments.c
    for part in chunks(keys):
        rows = connection.execute(
            select(p.customer_id, p.id, p.debtor_id, p.seller_id, p.currency, p.received_on, p.unapplied_minor,
                   p.designation)
            .where(p.customer_id.in_(part), p.unapplied_minor > 0)
            .order_by(p.received_on, p.id)
        )
        for row in rows:
            found[row.customer_id].append(LooseMoney(
                row.id, row.debtor_id, row.seller_id, row.currency, row.received_on, row.unapplied_minor,
                tuple(row.designation or ())))
    return {key: tuple(money) for key, money in found.items()}


@fact("open_credits")
def load_open_credits(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: whether a credit note is still open, so that most imports need not read the debts."""
    found = dict.fromkeys(keys, False)
    for part in chunks(keys):
        rows = connection.execute(
            select(_dues.c.customer_id).distinct().where(_dues.c.customer_id.in_(part), _dues.c.open_minor < 0)
        )
        found.update(dict.fromkeys(rows.scalars(), True))
    return found


def _ids_by_key(connection: Connection, table: Any, keys: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in chunks(keys):
        rows = connection.execute(
            select(table.c.external_key, table.c.id).where(table.c.external_key.in_(part))
        )
        found.update({row.external_key: row.id for row in rows})
    return found


@fact("invoice_by_key")
def load_invoices_by_key(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The id of the invoice that has an external key."""
    return _ids_by_key(connection, _invoices, keys)


@fact("payment_by_key")
def load_payments_by_key(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The id of the payment that has an external key."""
    return _ids_by_key(connection, _payments, keys)


@fact("invoice")
def load_invoices(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Invoices with the ids of their dues."""
    found: dict[str, InvoiceFact] = {}
    i, d = _invoices.c, _dues.c
    for part in chunks(keys):
        rows = connection.execute(
            select(i.id, i.customer_id, i.number, i.currency, i.total_minor, i.open_minor, i.disputed_minor,
                   i.cancelled_at, d.id.label("due_id"))
            .join(_dues, d.invoice_id == i.id)
            .where(i.id.in_(part))
            .order_by(i.id, d.n)
        )
        for row in rows:
            before = found[row.id].due_ids if row.id in found else ()
            found[row.id] = InvoiceFact(
                row.id, row.customer_id, row.number, row.currency, row.total_minor, row.open_minor,
                row.disputed_minor, row.cancelled_at is not None, (*before, row.due_id))
    return found


@fact("payment")
def load_payments(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Payments with their allocations, and the reversal if there is one."""
    p, a, i, d = _payments.c, _allocations.c, _invoices.c, _dues.c
    back = _payments.alias("back")
    rows = connection.execute(
        select(p.id, p.customer_id, p.debtor_id, p.seller_id, p.amount_minor, p.currency, p.method, p.received_on,
               back.c.id.label("reversed_by"), p.reverses_id, a.id.label("allocation_id"), a.invoice_id, a.due_id,
               a.amount_minor.label("placed_minor"), d.open_minor.label("due_open"), i.open_minor.label("invoice_open"))
        .select_from(
            _payments.outerjoin(back, back.c.reverses_id == p.id)
            .outerjoin(_allocations, a.payment_id == p.id)
            .outerjoin(_dues, d.id == a.due_id)
            .outerjoin(_invoices, i.id == a.invoice_id)
        )
        .where(p.id.in_(keys))
        .order_by(p.id, a.id)
    )
    found: dict[str, PaymentFact] = {}
    for row in rows:
        placed = found[row.id].placed if row.id in found else ()
        if row.allocation_id is not None:
            placed = (*placed, Placed(row.allocation_id, row.invoice_id, row.due_id, row.placed_minor, row.due_open,
                                      row.invoice_open))
        found[row.id] = PaymentFact(
            row.id, row.customer_id, row.debtor_id, row.seller_id, row.amount_minor, row.currency, row.method,
            row.received_on, row.reversed_by, row.reverses_id, placed)
    return found


@fact("receipt")
def load_receipts(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Receipts for money by id."""
    r = _receipts.c
    rows = connection.execute(
        select(r.id, r.customer_id, r.debtor_id, r.seller_id, r.amount_minor, r.currency, r.method, r.state,
               r.collector_id, r.holder_id, r.owner_id, r.handed_in_at, r.designation, r.number, r.payer_name,
               r.bill_number).where(r.id.in_(keys))
    )
    return {
        row.id: ReceiptFact(
            row.id, row.customer_id, row.debtor_id, row.seller_id, row.amount_minor, row.currency, row.method,
            row.state, row.collector_id, row.holder_id, row.owner_id, row.handed_in_at,
            tuple(row.designation or ()), row.number, row.payer_name, row.bill_number)
        for row in rows
    }




@dataclass(frozen=True, slots=True)
class SetOff:
    """An allocation that stands (not reversed) on an invoice, or given by a credit note, with both sides."""

    id: str
    invoice_id: str
    due_id: str
    credit_id: str | None
    credit_due_id: str | None
    amount_minor: int
    currency: str
    due_open_minor: int
    invoice_open_minor: int
    credit_open_minor: int


@fact("set_offs")
def load_set_offs(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By invoice: the standing allocations it has received or, as a credit note, given."""
    a, d, i = _allocations.c, _dues.c, _invoices.c
    back, credit, credit_due = _allocations.alias("back"), _invoices.alias("credit"), _dues.alias("credit_due")
    found: dict[str, list[SetOff]] = {key: [] for key in keys}
    for part in chunks(keys):
        rows = connection.execute(
            select(a.id, a.invoice_id, a.due_id, a.credit_id, credit_due.c.id.label("credit_due_id"), a.amount_minor,
                   a.currency, d.open_minor.label("due_open"), i.open_minor.label("invoice_open"),
                   func.coalesce(credit.c.open_minor, 0).label("credit_open"))
            .select_from(
                _allocations.join(_dues, d.id == a.due_id).join(_invoices, i.id == a.invoice_id)
                .outerjoin(back, back.c.reverses_id == a.id)
                .outerjoin(credit, credit.c.id == a.credit_id)
                .outerjoin(credit_due, credit_due.c.invoice_id == a.credit_id)
            )
            .where(or_(a.invoice_id.in_(part), a.credit_id.in_(part)), a.reverses_id.is_(None), back.c.id.is_(None))
            .order_by(a.id)
        )
        for row in rows:
            one = SetOff(
                row.id, row.invoice_id, row.due_id, row.credit_id, row.credit_due_id, row.amount_minor, row.currency,
                row.due_open, row.invoice_open, row.credit_open)
            for key in {one.invoice_id, one.credit_id or ""} & found.keys():
                found[key].append(one)
    return {key: tuple(rows) for key, rows in found.items()}
