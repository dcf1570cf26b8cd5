"""How much a customer may owe (信用额度), and the nightly word to the manager that a release has come about."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fieldsales.collection.watchmodels import CreditLimit
from fieldsales.customers.guards import seen_customer
from fieldsales.kernel.errors import N_, NotAllowed
from fieldsales.kernel.operation import Command, Currency, Id, Need, operation
from fieldsales.kernel.text import Name
from fieldsales.store.work import Work

#: Who sets a credit limit: the manager and finance, each with a reason.
LIMIT_SETTERS = ("manager", "finance", "admin")


class SetCreditLimit(Command):
    """How much a customer may owe, in minor units; None takes the limit away."""

    limit_id: Id
    customer_id: Id
    limit_minor: Annotated[int, Field(ge=0, le=10**13)] | None
    currency: Currency = "CNY"
    reason: Name


def may_limit(work: Work, command: SetCreditLimit) -> None:
    """Guard: manager, finance or the administrator, for a customer they see."""
    if work.actor.role not in LIMIT_SETTERS:
        raise NotAllowed("collection.limit_setters", N_("Only the manager or finance sets a credit limit."))
    seen_customer(work, command.customer_id)


@operation("collection.set_credit_limit", SetCreditLimit, needs=lambda c: [Need("customer", c.customer_id)],
           guard=may_limit)
def set_credit_limit(work: Work, command: SetCreditLimit) -> None:
    """Set how much a customer may owe. The newest counts; nothing is ever refused because of it: it is a warning."""
    work.insert(CreditLimit, id=command.limit_id, customer_id=command.customer_id, limit_minor=command.limit_minor,
                currency=command.currency, reason=command.reason, by_id=work.actor.user_id, at=work.now)
    work.touch(command.customer_id)
