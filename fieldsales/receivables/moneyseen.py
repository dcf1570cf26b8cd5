"""Money of a batch, as those see it who measure it against what was promised: promises and plans."""

from __future__ import annotations

from typing import Protocol

from fieldsales.receivables.messages import PaymentPosted, ReceiptMoved, ReceiptRegistered
from fieldsales.store.work import Facts, after


class MoneyBook(Protocol):
    """A customer's money beside what is measured by it; each method gives the book after the event."""

    def with_money(self, event: PaymentPosted) -> MoneyBook:
        """Money came in; a reversal takes out the sum it reverses."""
        ...

    def with_receipt(self, event: ReceiptRegistered) -> MoneyBook:
        """A rep was given money: it waits for finance."""
        ...

    def without(self, receipt_id: str | None) -> MoneyBook:
        """What waited on a receipt waits no more."""
        ...


def seen_by(kind: str) -> None:
    """Declare that facts of ``kind`` are a ``MoneyBook`` by customer: later commands of a batch see its money."""

    @after(PaymentPosted)
    def see_money(facts: Facts, event: PaymentPosted) -> None:
        if facts.knows(kind, event.customer_id):
            facts.put(kind, event.customer_id, _book(facts, event.customer_id).with_money(event))

    @after(ReceiptRegistered)
    def see_receipt(facts: Facts, event: ReceiptRegistered) -> None:
        if facts.knows(kind, event.customer_id):
            facts.put(kind, event.customer_id, _book(facts, event.customer_id).with_receipt(event))

    @after(ReceiptMoved)
    def see_receipt_settled(facts: Facts, event: ReceiptMoved) -> None:
        if event.kind == "rejected" and facts.knows(kind, event.customer_id):
            facts.put(kind, event.customer_id, _book(facts, event.customer_id).without(event.receipt_id))

    def _book(facts: Facts, customer_id: str) -> MoneyBook:
        book: MoneyBook = facts.get(kind, customer_id)
        return book
