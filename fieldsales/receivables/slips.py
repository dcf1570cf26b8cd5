"""The paper of a receipt for money (收据): ordered in the same act, sealed by the worker."""

from __future__ import annotations

from typing import Literal

from fieldsales.customers.rules import CustomerFact
from fieldsales.documents.canonical import document_of
from fieldsales.documents.messages import OrderPaper, PaperSource, ReceiptPayload
from fieldsales.documents.service import order_paper
from fieldsales.documents.signs import check_printable, spelled_out, texts_in
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need
from fieldsales.receivables.messages import RegisterReceipt
from fieldsales.receivables.rules import taken_at
from fieldsales.receivables.sides import DebtorFact, SellerFact
from fieldsales.store.work import Work


def slip_needs(command: RegisterReceipt) -> list[Need]:
    """The facts a receipt's paper is written from."""
    named = (("seller", command.seller_id), ("debtor", command.debtor_id))
    return [Need(kind, key) for kind, key in named if key]


def order_slip(work: Work, command: RegisterReceipt, customer: CustomerFact) -> str | None:
    """Have the receipt's paper made; returns the document's id.

    A paper names exactly one of our companies: without one there is none yet, and the receipt stands
    all the same.
    """
    seller: SellerFact | None = work.fact("seller", command.seller_id) if command.seller_id else None
    if seller is None:
        return None
    debtor: DebtorFact | None = work.fact("debtor", command.debtor_id) if command.debtor_id else None
    received_at = taken_at(command, work.occurred, work.now)
    lang: Literal["zh", "en"] = "en" if work.actor.locale == "en" else "zh"
    debtor_name = (debtor.name if debtor else customer.name)[:120]
    account = " ".join(part for part in (seller.bank_name, seller.bank_account) if part)
    payload = ReceiptPayload(
        receipt_id=command.receipt_id, number=command.number, debtor_name=debtor_name,
        payer_name=command.payer_name, seller_name=seller.name, seller_account=account[:120],
        amount_minor=command.amount_minor, currency=command.currency, method=command.method,
        bill_number=command.bill_number, bill_acceptor=command.bill_acceptor, bill_matures_on=command.bill_matures_on,
        invoice_numbers=command.invoice_numbers, collector_name=work.actor.name[:120] or "—",
        received_on=on_date(received_at, work.zone), made_at=received_at.replace(microsecond=0),
        note=command.note[:500],
    )  # fmt: skip
    document = document_of(payload)
    if work.envelope.raw is None:
        # At a desk the name can be written another way now.
        check_printable("".join(texts_in(document)))
    # Money a phone took is on record whatever it is called, and its receipt is made: it prints such a sign's number.
    document = spelled_out(document)
    document_id = uuid7()
    order_paper(work, OrderPaper(
        document_id=document_id, number=command.number, kind="receipt", lang=lang,
        customer_id=command.customer_id, subject_kind="receipt", subject_id=command.receipt_id,
        source=PaperSource(payload=document),
    ))  # fmt: skip
    return document_id
