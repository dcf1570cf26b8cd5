"""Guards of operations on a customer: who may do this, asked before anything is decided."""

from __future__ import annotations

from typing import Any

from fieldsales.customers.rules import CustomerFact, may_see
from fieldsales.kernel.errors import N_, NotAllowed, NotFound
from fieldsales.people.rules import may_manage, may_post_money, scope_of
from fieldsales.store.work import Work


def seen_customer(work: Work, customer_id: str) -> CustomerFact:
    """The customer, or NotFound when there is none or it is not the actor's to see."""
    customer: CustomerFact | None = work.fact("customer", customer_id)
    if customer is None or not may_see(scope_of(work.actor), customer):
        raise NotFound("customer.not_found", N_("There is no such customer, or it is not yours to see."))
    return customer


def may_work_with(work: Work, command: Any) -> None:
    """Guard: the command's customer must be the actor's to see."""
    seen_customer(work, command.customer_id)


def manager_of(work: Work, command: Any) -> None:
    """Guard: a manager decides, for customers of his own."""
    if not may_manage(work.actor):
        raise NotAllowed("manager_only", N_("Only a manager can decide this."))
    seen_customer(work, command.customer_id)


def finance_for(work: Work, command: Any) -> None:
    """Guard: finance alone, for any customer it sees."""
    if not may_post_money(work.actor):
        raise NotAllowed("finance_only", N_("Only finance can do this."))
    seen_customer(work, command.customer_id)


def system_only(work: Work, command: Any) -> None:
    """Guard: the program itself (reactions, the night run)."""
    if work.actor.role != "system":
        raise NotAllowed("system_only", N_("Only the program itself does this."))
