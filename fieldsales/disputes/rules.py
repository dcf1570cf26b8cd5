"""Disputes (争议) and requests to set off: what they mean, in trade and in law. Pure."""

from __future__ import annotations

from fieldsales.kernel.errors import N_, Invalid, RuleBroken

#: Kinds that contest the debt itself and so stand in the way of a payment order
#: (民诉法 art. 225(1), 民诉解释 art. 427(3)); the others ask for something beside it.
CONTESTS_DEBT = frozenset({"quality", "not_received", "price", "account"})
#: States in which nothing more is decided.
CLOSED = frozenset({"granted", "partly", "denied", "withdrawn"})


def blocks_payment_order(kind: str, state: str) -> bool:
    """Whether an open dispute of this kind keeps a court from issuing a payment order (支付令)."""
    return state == "open" and kind in CONTESTS_DEBT


def check_open(state: str) -> None:
    """Refuse to decide twice: a decision is on record and another needs a dispute of its own."""
    if state in CLOSED:
        raise RuleBroken("disputes.already_decided", N_("This dispute has been decided already."))


def check_amount(amount_minor: int, currency: str, invoice_currency: str | None) -> None:
    """Refuse a disputed part in another currency than its invoice's."""
    if invoice_currency is not None and amount_minor and currency != invoice_currency:
        raise Invalid("disputes.currency", N_("The disputed part must be in the invoice's currency."), field="currency")
