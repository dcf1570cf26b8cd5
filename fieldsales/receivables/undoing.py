"""Operations that take back: a payment by its reversal, unpaid invoices by their cancellation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from fieldsales.customers.guards import finance_for
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.operation import Need, operation
from fieldsales.receivables.booking import insert_allocation
from fieldsales.receivables.facts import InvoiceFact, PaymentFact, SetOff
from fieldsales.receivables.messages import CancelInvoices, PaymentPosted, ReversePayment
from fieldsales.receivables.models import Due, Invoice, Payment
from fieldsales.receivables.posting import Applied
from fieldsales.store.work import Work


@operation(
    "receivables.reverse_payment", ReversePayment,
    needs=lambda c: [Need("customer", c.customer_id), Need("payment", c.payment_id)], guard=finance_for,
)
def reverse_payment(work: Work, command: ReversePayment) -> None:
    """Take back a payment by a negative one and negative allocations; what was posted stays readable."""
    payment: PaymentFact = work.require("payment", command.payment_id)
    if payment.customer_id != command.customer_id:
        raise NotFound("payment.not_found", N_("There is no such record, or you cannot see it."))
    if payment.reversed_by or payment.reverses_id:
        raise RuleBroken("receivables.reversed", N_("This payment has been reversed already."))
    work.insert(
        Payment, id=command.reversal_id, customer_id=payment.customer_id, debtor_id=payment.debtor_id,
        seller_id=payment.seller_id, amount_minor=-payment.amount_minor, currency=payment.currency,
        received_on=payment.received_on, method=payment.method, reference="", payer_name="", designation=[],
        unapplied_minor=0, receipt_id=None, reverses_id=payment.id, reason=command.reason, external_key=None,
        import_id=None, collector_id=None, owner_id=None, posted_at=work.now,
    )
    work.update(Payment, payment.id, unapplied_minor=0, external_key=None)
    reopened: dict[str, int] = {}
    invoices: dict[str, int] = {}
    for placed in payment.placed:
        row = Applied(placed.due_id, placed.invoice_id, -placed.amount_minor, payment.currency, "reversal",
                      command.reversal_id)
        insert_allocation(work, payment.customer_id, row, reverses_id=placed.id)
        reopened[placed.due_id] = reopened.get(placed.due_id, placed.due_open_minor) + placed.amount_minor
        invoices[placed.invoice_id] = invoices.get(placed.invoice_id, placed.invoice_open_minor) + placed.amount_minor
    for due_id, open_minor in reopened.items():
        work.update(Due, due_id, open_minor=open_minor)
    for invoice_id, open_minor in invoices.items():
        work.update(Invoice, invoice_id, open_minor=open_minor)
    work.facts.put("payment", payment.id, None)
    work.touch(payment.customer_id)
    work.emit(PaymentPosted(command.reversal_id, payment.customer_id, payment.debtor_id, -payment.amount_minor,
                            payment.currency, payment.received_on))


def _needs(command: CancelInvoices) -> list[Need]:
    return [
        Need("customer", command.customer_id),
        *(Need(kind, key) for kind in ("invoice", "set_offs") for key in command.invoice_ids),
    ]


@operation("receivables.cancel_invoices", CancelInvoices, needs=_needs, guard=finance_for)
def cancel_invoices(work: Work, command: CancelInvoices) -> None:
    """Take back invoices nobody has paid on (the undo of an import); credit notes set off are undone first.

    Raises RuleBroken when money was allocated to one of them: reverse that payment first.
    """
    invoices = [_cancellable(work, command.customer_id, key) for key in dict.fromkeys(command.invoice_ids)]
    own = {invoice.id for invoice in invoices}
    set_offs = {row.id: row for key in own for row in work.fact("set_offs", key) or ()}
    dues, opens = _undo(work, command.customer_id, set_offs.values(), own)
    for due_id, open_minor in dues.items():
        work.update(Due, due_id, open_minor=open_minor)
    for invoice_id, open_minor in opens.items():
        work.update(Invoice, invoice_id, open_minor=open_minor)
    for invoice in invoices:
        for due_id in invoice.due_ids:
            work.update(Due, due_id, open_minor=0)
        work.update(Invoice, invoice.id, open_minor=0, external_key=None, cancelled_at=work.now,
                    cancel_reason=command.reason)
        work.facts.put("invoice", invoice.id, None)
    work.touch(command.customer_id)
    work.answer(cancelled=len(invoices))


def _cancellable(work: Work, customer_id: str, invoice_id: str) -> InvoiceFact:
    invoice: InvoiceFact = work.require("invoice", invoice_id)
    if invoice.customer_id != customer_id:
        raise NotFound("invoice.not_found", N_("There is no such record, or you cannot see it."))
    if invoice.cancelled:
        raise RuleBroken("receivables.cancelled", N_("Invoice %(number)s has been cancelled already."),
                         number=invoice.number)
    for row in work.fact("set_offs", invoice_id) or ():
        if row.credit_id is None:
            raise RuleBroken("receivables.paid_on", N_("Money was paid on invoice %(number)s: reverse it first."),
                             number=invoice.number)
    return invoice


def _undo(work: Work, customer_id: str, rows: Iterable[SetOff], own: set[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Reverse set-offs; returns what is open afterwards of dues and invoices that are not cancelled."""
    dues: dict[str, int] = {}
    opens: dict[str, int] = {}
    back: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        insert_allocation(
            work, customer_id,
            Applied(row.due_id, row.invoice_id, -row.amount_minor, row.currency, "reversal", None, row.credit_id),
            reverses_id=row.id,
        )
        if row.invoice_id not in own:
            dues[row.due_id] = dues.get(row.due_id, row.due_open_minor) + row.amount_minor
            opens[row.invoice_id] = opens.get(row.invoice_id, row.invoice_open_minor) + row.amount_minor
        if row.credit_id and row.credit_id not in own:
            back[row.credit_id] -= row.amount_minor
            opens[row.credit_id] = row.credit_open_minor + back[row.credit_id]
            dues[row.credit_due_id or ""] = opens[row.credit_id]
    return dues, opens
