"""Disputes (争议) and requests to set off: what is refused. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from fieldsales.kernel.errors import N_, Invalid, RuleBroken

#: Who settles what, as a rule; "" is the manager. Another desk or person is a manager's word.
DESKS = ("", "quality", "logistics", "sales_support", "finance")
DESK_OF: Mapping[str, str] = {
    "quality": "quality", "not_received": "logistics", "return": "sales_support", "rebate": "sales_support",
    "price": "sales_support", "account": "finance", "fapiao": "finance",
}
#: Nobody is given longer than this to settle a dispute.
LONGEST = timedelta(days=365)
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


def people_of(setting: str) -> dict[str, str]:
    """Logins by desk, from the setting ``dispute_desks`` ("quality=wang, logistics=li"); others are left out."""
    named = (part.partition("=") for part in setting.replace("，", ",").split(","))
    return {desk.strip(): login.strip() for desk, _, login in named if desk.strip() in DESKS[1:] and login.strip()}


def check_due(due_on: date, today: date) -> None:
    """Refuse a deadline that is over already, or further off than a year."""
    if not today <= due_on <= today + LONGEST:
        raise Invalid("disputes.due", N_("Choose a day from today on, within a year."), field="due_on")


def collectable(invoices: Iterable[tuple[int, int]], loose_minor: int) -> int:
    """What goes on being collected though part is contested, in minor units.

    ``invoices``: (overdue, contested) of each; what is contested comes off its own invoice first and never off
    another's. ``loose_minor``: contested without naming an invoice; it comes off what is left.
    """
    left = sum(max(0, overdue - max(0, contested)) for overdue, contested in invoices)
    return max(0, left - max(0, loose_minor))
