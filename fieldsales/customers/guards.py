"""Guards of operations on a customer: who may do this, asked before anything is decided."""

from __future__ import annotations

from typing import Any

from fieldsales.customers.rules import CustomerFact, may_see
from fieldsales.kernel.errors import N_, Invalid, NotAllowed, NotFound, Stale
from fieldsales.kernel.operation import Actor, for_office
from fieldsales.people.queries import UserFact
from fieldsales.people.rules import may_manage, may_post_money, scope_of
from fieldsales.store.work import Work


def seen_customer(work: Work, customer_id: str) -> CustomerFact:
    """The customer, or NotFound when there is none or it is not the actor's to see.

    A phone's record about a customer its author once looked after is not refused: it is held (Stale) until
    somebody of the office who sees the customer answers for it (``vouched_by``).
    """
    customer: CustomerFact | None = work.fact("customer", customer_id)
    if customer is not None:
        vouching = work.envelope.vouched_by
        if may_see(scope_of(work.actor), customer) or (vouching and may_see(scope_of(vouching), customer)):
            return customer
        if was_theirs(work, customer_id):
            raise Stale("customer_moved", N_("This customer was given to somebody else meanwhile. The record is kept; "
                                             "the office decides what becomes of it."))
    raise NotFound("customer.not_found", N_("There is no such customer, or it is not yours to see."))


def was_theirs(work: Work, customer_id: str) -> bool:
    """Whether the record comes from the phone of somebody who once looked after the customer, or helped."""
    return work.envelope.raw is not None and work.actor.user_id in (work.fact("once_of", customer_id) or ())


def may_work_with(work: Work, command: Any) -> None:
    """Guard: the command's customer must be the actor's to see."""
    seen_customer(work, command.customer_id)


@for_office
def manager_of(work: Work, command: Any) -> None:
    """Guard: a manager decides, for customers of his own."""
    if not may_manage(work.actor):
        raise NotAllowed("manager_only", N_("Only a manager can decide this."))
    seen_customer(work, command.customer_id)


@for_office
def finance_for(work: Work, command: Any) -> None:
    """Guard: finance alone, for any customer it sees."""
    if not may_post_money(work.actor):
        raise NotAllowed("finance_only", N_("Only finance can do this."))
    seen_customer(work, command.customer_id)


@for_office
def system_only(work: Work, command: Any) -> None:
    """Guard: the program itself (reactions, the night run)."""
    if work.actor.role != "system":
        raise NotAllowed("system_only", N_("Only the program itself does this."))


def check_given_to(work: Work, user_id: str, customer_id: str, field: str = "owner_id") -> None:
    """Refuse to give something about a customer to somebody who is not here, or does not see the customer.

    Nobody ("": whoever looks after the customer) and the actor himself are not asked about.
    """
    if user_id in ("", work.actor.user_id):
        return
    user: UserFact | None = work.fact("user", user_id)
    if user is not None and user.active:
        scope = scope_of(Actor(user.id, user.name, user.role, user.team_id))
        if may_see(scope, work.require("customer", customer_id)):
            return
    raise Invalid("customer.given_to", N_("Choose somebody who works here and sees this customer."), field=field)
