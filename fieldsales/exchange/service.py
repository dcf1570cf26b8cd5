"""Operations on files in. The rows themselves enter through the operations of customers and receivables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from fieldsales.exchange import messages as m
from fieldsales.exchange.models import Import, Mapping
from fieldsales.exchange.queries import ImportFact
from fieldsales.exchange.rules import may_import
from fieldsales.kernel.errors import N_, NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.receivables.messages import CancelInvoices, ReversePayment
from fieldsales.receivables.models import Seller
from fieldsales.receivables.undoing import cancel_invoices, reverse_payment
from fieldsales.store.work import Work


def importers(work: Work, command: Any) -> None:
    """Guard: whoever may take ledgers in."""
    if not may_import(work.actor):
        raise NotAllowed("exchange.finance_only", N_("Only finance takes ledgers in."))


@operation("exchange.add_sellers", m.AddSellers, guard=importers,
           needs=lambda c: [Need("seller_by_code", seller.code) for seller in c.sellers])
def add_sellers(work: Work, command: m.AddSellers) -> None:
    """Make selling companies known; those whose code is known are passed over."""
    added = 0
    for seller in command.sellers:
        if work.fact("seller_by_code", seller.code):
            continue
        values = seller.model_dump()
        work.insert(Seller, id=values.pop("seller_id"), **values)
        work.facts.put("seller_by_code", seller.code, seller.seller_id)
        added += 1
    work.answer(added=added)


@operation("exchange.open_import", m.OpenImport, needs=lambda c: [Need("import", c.import_id)], guard=importers)
def open_import(work: Work, command: m.OpenImport) -> None:
    """Open an import, or go on with one that was interrupted."""
    known = work.fact("import", command.import_id)
    if known is not None:
        if known.state != "running":
            raise RuleBroken("exchange.import_closed", N_("This import is finished. Start a new one."))
        return
    work.insert(
        Import, id=command.import_id, kind=command.kind, filename=command.filename, sha256=command.sha256,
        mapping={"columns": command.columns, "options": command.options}, date_order=command.date_order,
        state="running", counts={}, sums={}, by_id=work.actor.user_id, at=work.now, undone_at=None, undone_by_id="",
    )
    if command.by_worker:
        work.after("exchange.run_import", {"import_id": command.import_id, "actor_id": work.actor.user_id})


@operation("exchange.close_import", m.CloseImport, needs=lambda c: [Need("import", c.import_id)], guard=importers)
def close_import(work: Work, command: m.CloseImport) -> None:
    """Close an import with the rows and sums it came to."""
    work.require("import", command.import_id)
    work.update(Import, command.import_id, state="done", counts=command.counts, sums=command.sums)


@operation("exchange.undo_import", m.UndoImport, needs=lambda c: [Need("import", c.import_id)], guard=importers)
def undo_import(work: Work, command: m.UndoImport) -> None:
    """Take back all an import added: its payments reversed, its invoices cancelled, in one transaction.

    Raises RuleBroken when money that did not come with the import was paid on one of its invoices, or
    when it was undone before. Customers and selling companies it made known stay on file.
    """
    found: ImportFact = work.require("import", command.import_id)
    if found.state == "undone":
        raise RuleBroken("exchange.undone", N_("This import has been undone already."))
    if not found.invoices and not found.payments:
        raise RuleBroken("exchange.nothing_to_undo", N_("This import added nothing that could be taken back."))
    given_back = _reverse_payments(work, found, command.reason)
    _forget(work, [invoice_id for _, invoice_id in found.invoices], given_back)
    by_customer: defaultdict[str, list[str]] = defaultdict(list)
    for customer_id, invoice_id in found.invoices:
        by_customer[customer_id].append(invoice_id)
    for customer_id, ids in by_customer.items():
        for start in range(0, len(ids), 1000):
            cancel_invoices(work, CancelInvoices(customer_id=customer_id, invoice_ids=ids[start : start + 1000],
                                                 reason=command.reason))
    work.update(Import, command.import_id, state="undone", undone_at=work.now, undone_by_id=work.actor.user_id)
    work.answer(cancelled=len(found.invoices), reversed=len(found.payments))


def _reverse_payments(work: Work, found: ImportFact, reason: str) -> set[str]:
    """Reverse the import's payments; returns the ids of the allocations given back.

    Several payments may lie on one invoice: each reversal must see what the one before it reopened.
    """
    payments = work.facts.by_key("payment", [payment_id for _, payment_id in found.payments])
    work.facts.by_key("customer", [customer_id for customer_id, _ in (*found.payments, *found.invoices)])
    dues: dict[str, int] = {}
    invoices: dict[str, int] = {}
    given_back: set[str] = set()
    for customer_id, payment_id in found.payments:
        payment = payments[payment_id]
        placed = []
        for row in payment.placed:
            row = replace(row, due_open_minor=dues.get(row.due_id, row.due_open_minor),
                          invoice_open_minor=invoices.get(row.invoice_id, row.invoice_open_minor))
            placed.append(row)
        work.facts.put("payment", payment_id, replace(payment, placed=tuple(placed)))
        reverse_payment(work, ReversePayment(reversal_id=uuid7(), payment_id=payment_id, customer_id=customer_id,
                                             reason=reason))
        for row in placed:
            dues[row.due_id] = dues.get(row.due_id, row.due_open_minor) + row.amount_minor
            invoices[row.invoice_id] = invoices.get(row.invoice_id, row.invoice_open_minor) + row.amount_minor
            given_back.add(row.id)
    return given_back


def _forget(work: Work, invoice_ids: list[str], given_back: set[str]) -> None:
    """Show the cancellation that the reversed payments no longer lie on these invoices."""
    work.facts.by_key("invoice", invoice_ids)
    for invoice_id, rows in work.facts.by_key("set_offs", invoice_ids).items():
        if rows and given_back:
            work.facts.put("set_offs", invoice_id, tuple(row for row in rows if row.id not in given_back))


@operation("exchange.save_mapping", m.SaveMapping, needs=lambda c: [Need("mapping_by_name", c.name)], guard=importers)
def save_mapping(work: Work, command: m.SaveMapping) -> None:
    """Keep a way to read a header under a name; the same name replaces the earlier one."""
    values = {"kind": command.kind, "signature": command.signature, "columns": dict(command.columns),
              "date_order": command.date_order, "by_id": work.actor.user_id, "at": work.now}
    known = work.fact("mapping_by_name", command.name)
    if known:
        work.update(Mapping, known, **values)
    else:
        work.insert(Mapping, id=command.mapping_id, name=command.name, **values)
