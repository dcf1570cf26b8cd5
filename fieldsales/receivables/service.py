"""Operations on invoices and payments. Posted rows never change: a correction is a reversal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fieldsales.customers.guards import may_work_with, seen_customer, system_only
from fieldsales.kernel.errors import N_, NotAllowed, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.people.rules import may_post_money
from fieldsales.receivables import (  # noqa: F401 - they declare facts and operations
    claimterms,
    commissioning,
    facts,
    rates,
    receipts,
    rollups,
    sellers,
    setoffs,
    undoing,
)
from fieldsales.receivables.booking import Fresh, post_payment, settle_loose
from fieldsales.receivables.facts import InvoiceFact
from fieldsales.receivables.interruptions import StandingSuit, see_suit
from fieldsales.receivables.messages import (
    AddInvoices,
    AttachPaper,
    Interrupt,
    Interrupted,
    InvoicesAdded,
    MarkDisputed,
    NewInvoice,
    RecordPayments,
    RollSummaries,
)
from fieldsales.receivables.models import Due, Interruption, Invoice, InvoicePaper
from fieldsales.receivables.posting import OpenDebt
from fieldsales.receivables.rules import check_dates, disputed_part, dues_of
from fieldsales.receivables.sides import own_debtor
from fieldsales.store.work import Work


def finance_only(work: Work, command: Any) -> None:
    """Guard: only finance posts to the ledger, for every customer."""
    if not may_post_money(work.actor):
        raise NotAllowed("finance_only", N_("Only finance can do this."))


def _needs_of_invoices(command: AddInvoices) -> list[Need]:
    customers = dict.fromkeys(invoice.customer_id for invoice in command.invoices)
    credited = dict.fromkeys(invoice.customer_id for invoice in command.invoices if invoice.total_minor < 0)
    return [
        *(Need("customer", key) for key in customers),
        *(Need("loose_money", key) for key in customers),
        *(Need("open_credits", key) for key in customers),
        *(Need("open_debts", key) for key in credited),
        *(Need("invoice_by_key", each.external_key) for each in command.invoices if each.external_key),
    ]


@operation("receivables.add_invoices", AddInvoices, needs=_needs_of_invoices, guard=finance_only)
def add_invoices(work: Work, command: AddInvoices) -> None:
    """Put invoices and credit notes (红字) into the ledger; what is there by its external key is passed over.

    Credit notes and money that waited unapplied are set off at once. Answers ``added``, ``skipped``
    and ``added_ids``. Raises Invalid when instalments do not add up or a sign is wrong.
    """
    fresh, debts, added = Fresh(), dict[str, list[OpenDebt]](), list[str]()
    for new in command.invoices:
        if new.external_key and work.fact("invoice_by_key", new.external_key):
            continue
        work.require("customer", new.customer_id)
        debts.setdefault(new.customer_id, []).extend(_enter(work, new, command.import_id, fresh))
        added.append(new.invoice_id)
        if new.external_key:
            work.facts.put("invoice_by_key", new.external_key, new.invoice_id)
    busy = [key for key, new_debts in debts.items() if _has_loose(work, key, new_debts)]
    known = work.facts.by_key("open_debts", busy)
    for customer_id in busy:
        settle_loose(work, customer_id, (*known[customer_id], *debts[customer_id]), fresh)
    for customer_id, new_debts in debts.items():
        if customer_id not in known and work.facts.knows("open_debts", customer_id):
            work.facts.put("open_debts", customer_id, (*work.fact("open_debts", customer_id), *new_debts))
        work.touch(customer_id)
    for invoice in fresh.invoices.values():
        work.insert(Invoice, **invoice)
    for due in fresh.dues.values():
        work.insert(Due, **due)
    work.emit(InvoicesAdded(tuple(debts), len(added)))
    work.answer(added=len(added), skipped=len(command.invoices) - len(added), added_ids=added)


def _has_loose(work: Work, customer_id: str, debts: Sequence[OpenDebt]) -> bool:
    return bool(
        any(debt.open_minor < 0 for debt in debts)
        or work.fact("open_credits", customer_id)
        or work.fact("loose_money", customer_id)
    )


def _enter(work: Work, new: NewInvoice, import_id: str | None, fresh: Fresh) -> list[OpenDebt]:
    """Make the rows of one invoice (written once everything is set off) and its debts."""
    made, debts = dues_of(new), []
    for n, (due_on, amount) in enumerate(made, 1):
        due_id = uuid7()
        fresh.dues[due_id] = {
            "id": due_id, "invoice_id": new.invoice_id, "customer_id": new.customer_id, "n": n, "due_on": due_on,
            "amount_minor": amount, "open_minor": amount, "currency": new.currency,
        }
        debts.append(OpenDebt(due_id, new.invoice_id, new.number, new.debtor_id, new.seller_id, new.currency, due_on,
                              amount, new.total_minor))
    fresh.invoices[new.invoice_id] = {
        "id": new.invoice_id, "customer_id": new.customer_id, "debtor_id": new.debtor_id, "seller_id": new.seller_id,
        "number": new.number, "kind": new.kind, "issued_on": new.issued_on, "due_on": made[-1][0],
        "total_minor": new.total_minor, "open_minor": new.total_minor, "currency": new.currency,
        "fapiao_number": new.fapiao_number, "terms": new.terms, "disputed": new.disputed,
        "disputed_minor": max(0, new.total_minor) if new.disputed else 0,
        "external_key": new.external_key or None, "import_id": import_id, "added_at": work.now, "cancelled_at": None,
        "cancel_reason": "",
    }
    return debts


def _needs_of_payments(command: RecordPayments) -> list[Need]:
    customers = dict.fromkeys(payment.customer_id for payment in command.payments)
    return [
        *(Need(kind, key) for kind in ("customer", "open_debts", "loose_money") for key in customers),
        *(Need("payment_by_key", each.external_key) for each in command.payments if each.external_key),
    ]


@operation("receivables.record_payments", RecordPayments, needs=_needs_of_payments, guard=finance_only)
def record_payments(work: Work, command: RecordPayments) -> None:
    """Post confirmed payments (回款) and allocate them: the debtor's word, else 民法典 560.

    What cannot be placed stays unapplied. A payment whose external key is on record is passed over.
    Answers ``added``, ``skipped``, ``added_ids`` and ``unapplied_minor``.
    """
    added, unapplied = list[str](), 0
    for new in command.payments:
        if new.external_key and work.fact("payment_by_key", new.external_key):
            continue
        unapplied += post_payment(work, new, import_id=command.import_id)
        added.append(new.payment_id)
        if new.external_key:
            work.facts.put("payment_by_key", new.external_key, new.payment_id)
    work.answer(added=len(added), skipped=len(command.payments) - len(added), added_ids=added,
                unapplied_minor=unapplied)


@operation(
    "receivables.attach_paper", AttachPaper,
    needs=lambda c: [Need("customer", c.customer_id), *([Need("invoice", c.invoice_id)] if c.invoice_id else [])],
    guard=may_work_with,
)
def attach_paper(work: Work, command: AttachPaper) -> None:
    """Keep a signed delivery note, contract or 发票 with its invoice, or with the customer."""
    if command.invoice_id:
        _own_invoice(work, command.customer_id, command.invoice_id)
    work.insert(
        InvoicePaper, id=command.paper_id, customer_id=command.customer_id, invoice_id=command.invoice_id,
        kind=command.kind, sha256=command.sha256, original_sha256=command.original_sha256, name=command.name,
        mime=command.mime, size=command.size, by_id=work.actor.user_id, at=work.now,
    )
    work.touch(command.customer_id)


def _own_invoice(work: Work, customer_id: str, invoice_id: str) -> InvoiceFact:
    invoice: InvoiceFact = work.require("invoice", invoice_id)
    if invoice.customer_id != customer_id:
        raise RuleBroken("receivables.other_customer", N_("That invoice belongs to another customer."))
    return invoice


@operation(
    "receivables.interrupt", Interrupt,
    needs=lambda c: [Need("customer", c.customer_id),
                     *([Need("standing_suits", c.customer_id)] if c.ground == "suit" else [])],
    guard=may_work_with,
)  # fmt: skip
def interrupt(work: Work, command: Interrupt) -> None:
    """Record an act that restarts the limitation period (时效中断, 民法典 195), with its grade of proof.

    Whether it restarted anything is reckoned when it is asked (``limitation.last_day``): a record that
    arrives late from a phone then counts in its own place.
    """
    if command.debtor_id:
        own_debtor(work, command.customer_id, command.debtor_id)
    check_dates(command.occurred_on)
    work.insert(
        Interruption, id=command.interruption_id, customer_id=command.customer_id, debtor_id=command.debtor_id,
        invoice_ids=list(command.invoice_ids), occurred_on=command.occurred_on, ground=command.ground,
        grade=command.grade, proof_kind=command.proof_kind, proof_id=command.proof_id, by_id=work.actor.user_id,
        at=work.now,
    )
    if command.ground == "suit":
        see_suit(work, command.customer_id, StandingSuit(
            command.interruption_id, command.debtor_id, tuple(command.invoice_ids), command.occurred_on, command.grade))
    work.touch(command.customer_id)
    work.emit(Interrupted(command.interruption_id, command.customer_id, command.ground, command.grade,
                          command.occurred_on))


def _managers(work: Work, command: MarkDisputed) -> None:
    seen_customer(work, command.customer_id)
    if work.actor.role == "rep":
        raise NotAllowed("receivables.mark_disputed", N_("A dispute is opened by its own record."))


@operation(
    "receivables.mark_disputed", MarkDisputed,
    needs=lambda c: [Need("customer", c.customer_id), Need("invoice", c.invoice_id)], guard=_managers,
)
def mark_disputed(work: Work, command: MarkDisputed) -> None:
    """Show a part of an invoice as disputed, or no longer; it stays open, and the rest is still collected."""
    invoice = _own_invoice(work, command.customer_id, command.invoice_id)
    part = disputed_part(invoice.open_minor, command.amount_minor) if command.contested else 0
    work.update(Invoice, command.invoice_id, disputed=command.contested, disputed_minor=part)
    work.touch(command.customer_id)


@operation(
    "receivables.roll_summaries", RollSummaries,
    needs=lambda c: [Need("customer", key) for key in c.customer_ids], guard=system_only,
)
def roll_summaries(work: Work, command: RollSummaries) -> None:
    """Age the customers' summaries to today: days pass without anyone writing anything."""
    known = [key for key in command.customer_ids if work.fact("customer", key) is not None]
    rollups.ask_for_roll(work, known)
    work.answer(rolled=len(known))
