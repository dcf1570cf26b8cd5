"""Who may let a customer set returns or rebates off against the debt, and what each step allows. Pure.

A request is asked by whoever looks after the customer, approved within limits, and ends with a credit note (红字) in
the books: no balance changes before that. A manager approves up to the house's limit, counting what managers approved
for the customer within ``WINDOW`` already, so that a large sum is not passed in slices; above it finance does. Nobody
approves his own request. The limit is a setting of the house (``set_off_limit_minor``), not a rule of law.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldsales.kernel.errors import N_, Invalid, NotAllowed, RuleBroken
from fieldsales.kernel.operation import Actor

KINDS = {"return": N_("Goods returned"), "rebate": N_("Rebate"), "price": N_("Price difference"),
         "other": N_("Something else")}
STATES = {"asked": N_("Awaiting approval"), "approved": N_("Approved, no credit note yet"), "denied": N_("Denied"),
          "credited": N_("Credit note booked")}


#: Approvals of so many days count together against the limit.
WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SetOffFact:
    """A request as it stands. ``approved_minor``: for how much, once approved."""

    id: str
    customer_id: str
    kind: str
    amount_minor: int
    currency: str
    state: str
    by_id: str
    approved_minor: int = 0


def lately(approved: Iterable[tuple[str, datetime, int]], currency: str, now: datetime) -> int:
    """What managers approved in a currency within the window, of all their approvals (currency, when, minor units)."""
    return sum(minor for money, at, minor in approved if money == currency and at > now - WINDOW)


def may_approve(actor: Actor, amount_minor: int, limit_minor: int, lately_minor: int = 0) -> bool:
    """Whether this role approves so much, ``lately_minor`` having been approved by managers already."""
    if actor.role in ("finance", "admin", "system"):
        return True
    return actor.role == "manager" and amount_minor + lately_minor <= limit_minor


def check_decision(actor: Actor, request: SetOffFact, approve: bool, amount_minor: int, limit_minor: int,
                   lately_minor: int = 0) -> None:
    """Refuse a decision out of turn, on one's own request, beyond one's limit, or for more than was asked."""
    if request.state != "asked":
        raise RuleBroken("set_offs.decided", N_("This request has been decided already."))
    if actor.user_id and actor.user_id == request.by_id:
        raise NotAllowed("set_offs.own", N_("Nobody approves his own request."))
    if not approve:
        return
    if not 0 < amount_minor <= request.amount_minor:
        raise Invalid("set_offs.amount", N_("Approve more than nothing, and at most what was asked."), field="amount")
    if not may_approve(actor, amount_minor, limit_minor, lately_minor):
        raise NotAllowed("set_offs.limit", N_("With what was approved for this customer within 30 days this is above a "
                                              "manager's limit: finance approves it."))


def check_credit(request: SetOffFact, credit_customer_id: str, credit_total_minor: int, currency: str,
                 cancelled: bool) -> None:
    """Refuse a reference that is no credit note of this customer, or is larger than what was approved."""
    if request.state != "approved":
        raise RuleBroken("set_offs.not_approved", N_("Only an approved request is closed by a credit note."))
    other = credit_customer_id != request.customer_id or currency != request.currency
    if other or credit_total_minor >= 0 or cancelled:
        raise Invalid("set_offs.credit", N_("This is no credit note of this customer."), field="number")
    if -credit_total_minor > request.approved_minor:
        raise Invalid("set_offs.credit_large", N_("The credit note is larger than what was approved."), field="number")
