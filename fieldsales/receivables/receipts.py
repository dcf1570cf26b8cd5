"""Operations on receipts for money (收据): registered by a rep, settled by finance alone.

Neither balance nor promise moves before finance confirms; a bill stays unhonoured until then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldsales.customers.guards import finance_for, may_work_with
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.receivables.booking import post_payment
from fieldsales.receivables.messages import (
    ConfirmReceipt,
    HandInCash,
    NewPayment,
    ReceiptMoved,
    ReceiptRegistered,
    RegisterReceipt,
    RejectReceipt,
)
from fieldsales.receivables.models import PaymentReceipt, ReceiptEvent
from fieldsales.receivables.rules import ReceiptFact, check_hand_in, check_not_own, check_pending, gaps_of, taken_at
from fieldsales.receivables.sides import own_debtor
from fieldsales.receivables.slips import order_slip, slip_needs
from fieldsales.store.work import Work


@operation(
    "receivables.register_receipt", RegisterReceipt,
    needs=lambda c: [Need("customer", c.customer_id), Need("receipt", c.receipt_id), *slip_needs(c)],
    guard=may_work_with,
)
def register_receipt(work: Work, command: RegisterReceipt) -> None:
    """Register money taken at the counter. It waits for finance and changes no balance.

    Who took it and whose customer it was are kept apart. Answers ``number`` and ``gaps`` (what a bill's
    record lacks: it is saved all the same).
    """
    customer = work.require("customer", command.customer_id)
    if command.debtor_id:
        own_debtor(work, customer.id, command.debtor_id)
    holder = work.actor.user_id if command.method in ("cash", "bill") else None
    received_at = taken_at(command, work.occurred, work.now)
    work.insert(
        PaymentReceipt, id=command.receipt_id, number=command.number, customer_id=command.customer_id,
        debtor_id=command.debtor_id, seller_id=command.seller_id, amount_minor=command.amount_minor,
        currency=command.currency, method=command.method, bill_number=command.bill_number,
        bill_acceptor=command.bill_acceptor, bill_matures_on=command.bill_matures_on, payer_name=command.payer_name,
        designation=list(command.invoice_numbers), received_at=received_at,
        registered_at=work.now, collector_id=work.actor.user_id, holder_id=holder, owner_id=customer.owner_id,
        state="pending", handed_in_at=None, note=command.note, document_id=order_slip(work, command, customer),
        visit_id=command.visit_id,
    )
    for sha256 in command.slip_sha256:
        expect_photo(work, command.customer_id, "receipt", command.receipt_id, "slip", sha256)
    work.facts.put("receipt", command.receipt_id, _as_fact(command, work.actor.user_id, holder, customer.owner_id))
    _tell(work, command.customer_id)
    work.emit(ReceiptRegistered(command.receipt_id, command.customer_id, command.amount_minor, command.currency,
                                command.method, command.debtor_id, received_at, command.visit_id))
    work.answer(number=command.number, gaps=gaps_of(command))


def _as_fact(command: RegisterReceipt, collector_id: str, holder_id: str | None, owner_id: str | None) -> ReceiptFact:
    return ReceiptFact(
        command.receipt_id, command.customer_id, command.debtor_id, command.seller_id, command.amount_minor,
        command.currency, command.method, "pending", collector_id, holder_id, owner_id, None,
        tuple(command.invoice_numbers), command.number, command.payer_name, command.bill_number,
    )


def _needs(command: Any) -> list[Need]:
    return [Need("customer", command.customer_id), Need("receipt", command.receipt_id)]


def _receipt(work: Work, command: Any) -> ReceiptFact:
    receipt: ReceiptFact = work.require("receipt", command.receipt_id)
    if receipt.customer_id != command.customer_id:
        raise RuleBroken("receivables.other_customer_receipt", N_("That receipt belongs to another customer."))
    return receipt


def _tell(work: Work, customer_id: str) -> None:
    """The dossier changes, and so does what the collector still owes the company."""
    work.touch(customer_id)
    if work.actor.user_id:
        work.changed("me", work.actor.user_id, audience=work.actor.user_id)


def _event(work: Work, receipt: ReceiptFact, kind: str, note: str = "", payment_id: str | None = None) -> None:
    work.insert(
        ReceiptEvent, id=uuid7(), receipt_id=receipt.id, kind=kind, by_id=work.actor.user_id, at=work.now, note=note,
        payment_id=payment_id,
    )
    work.emit(ReceiptMoved(receipt.id, receipt.customer_id, kind))
    if kind != "handed_in" and receipt.collector_id and receipt.collector_id != work.actor.user_id:
        work.changed("me", receipt.collector_id, audience=receipt.collector_id)


@operation("receivables.hand_in_cash", HandInCash, needs=_needs, guard=may_work_with)
def hand_in_cash(work: Work, command: HandInCash) -> None:
    """Cash reaches the company's till. It is still not a payment: finance counts and confirms it."""
    receipt = _receipt(work, command)
    check_hand_in(work.actor, receipt)
    _event(work, receipt, "handed_in")
    work.update(PaymentReceipt, receipt.id, holder_id=None, handed_in_at=work.now)
    work.facts.put("receipt", receipt.id, replace(receipt, holder_id=None, handed_in_at=work.now))
    _tell(work, receipt.customer_id)


@operation(
    "receivables.confirm_receipt", ConfirmReceipt,
    needs=lambda c: [*_needs(c), Need("open_debts", c.customer_id), Need("loose_money", c.customer_id)],
    guard=finance_for,
)
def confirm_receipt(work: Work, command: ConfirmReceipt) -> None:
    """Finance has the money (a bill: it was honoured). Now it is a payment, allocated as any other.

    Never by whoever took it. Answers ``unapplied_minor``.
    """
    receipt = _receipt(work, command)
    check_pending(receipt)
    check_not_own(work.actor, receipt)
    rest = post_payment(
        work,
        NewPayment(
            payment_id=command.payment_id, customer_id=receipt.customer_id, debtor_id=receipt.debtor_id,
            seller_id=receipt.seller_id, amount_minor=receipt.amount_minor, currency=receipt.currency,
            received_on=command.received_on, method=receipt.method,  # type: ignore[arg-type]
            reference=receipt.number, payer_name=receipt.payer_name, invoice_numbers=list(receipt.designation),
        ),
        receipt_id=receipt.id, collector_id=receipt.collector_id, owner_id=receipt.owner_id,
    )
    _event(work, receipt, "confirmed", payment_id=command.payment_id)
    _settle(work, receipt, "confirmed")
    work.answer(unapplied_minor=rest)


@operation("receivables.reject_receipt", RejectReceipt, needs=_needs, guard=finance_for)
def reject_receipt(work: Work, command: RejectReceipt) -> None:
    """Finance has not seen the money (a bill: it was dishonoured). No balance had moved, none moves."""
    receipt = _receipt(work, command)
    check_pending(receipt)
    _event(work, receipt, "rejected", note=command.reason)
    _settle(work, receipt, "rejected")
    work.touch(receipt.customer_id)


def _settle(work: Work, receipt: ReceiptFact, state: str) -> None:
    # Confirmed cash is with the company, handed in by hand or not; a rejected sum may still be in a pocket.
    handed_in = receipt.handed_in_at or (work.now if state == "confirmed" and receipt.method == "cash" else None)
    holder = None if state == "confirmed" else receipt.holder_id
    work.update(PaymentReceipt, receipt.id, state=state, handed_in_at=handed_in, holder_id=holder)
    work.facts.put("receipt", receipt.id, replace(receipt, state=state, handed_in_at=handed_in, holder_id=holder))
