"""Disputes (争议) and requests to set off: what is refused. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from fieldsales.kernel.errors import N_, Invalid, RuleBroken

#: States in which nothing more is decided.
CLOSED = frozenset({"granted", "partly", "denied", "withdrawn"})


def contested(amounts: Iterable[int]) -> int | None:
    """What several disputes of one invoice contest together, in minor units: their sum; 0 (all of it) when one
    names no amount; None when there is no dispute."""
    named = list(amounts)
    if not named:
        return None
    return sum(named) if all(named) else 0


def check_open(state: str) -> None:
    """Refuse to decide twice: a decision is on record and another needs a dispute of its own."""
    if state in CLOSED:
        raise RuleBroken("disputes.already_decided", N_("This dispute has been decided already."))


def check_amount(amount_minor: int, currency: str, invoice_currency: str | None) -> None:
    """Refuse a disputed part in another currency than its invoice's."""
    if invoice_currency is not None and amount_minor and currency != invoice_currency:
        raise Invalid("disputes.currency", N_("The disputed part must be in the invoice's currency."), field="currency")
