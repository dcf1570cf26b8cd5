"""Declaring a plan void: by whom and why is kept; the paper, the acknowledgement and what was paid stand."""

from __future__ import annotations

from dataclasses import replace

from fieldsales.customers.guards import seen_customer
from fieldsales.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.operation import Need, operation
from fieldsales.plans.messages import PlanVoided, VoidPlan
from fieldsales.plans.models import PlanInstalment, PlanRevision
from fieldsales.plans.queries import PlanBook, PlanFact
from fieldsales.plans.rules import ENDED, SETTLED, may_void
from fieldsales.store.work import Work


def _may_void(work: Work, command: VoidPlan) -> None:
    if not may_void(work.actor):
        raise NotAllowed("plans.may_void", N_("Only a manager or legal can declare a plan void."))
    seen_customer(work, command.customer_id)


@operation(
    "plans.void_plan", VoidPlan, guard=_may_void,
    needs=lambda c: [Need("customer", c.customer_id), Need("plan", c.plan_id), Need("plan_book", c.customer_id)],
)  # fmt: skip
def void_plan(work: Work, command: VoidPlan) -> None:
    """Declare a plan void: open instalments end, demands for the debt go on. Nothing signed is changed.

    The acknowledgement in it stays an acknowledgement (民法典 195), and money that came in under it stays counted.
    Refused for a plan that is void or replaced already, or paid.
    """
    plan: PlanFact | None = work.fact("plan", command.plan_id)
    if plan is None or plan.customer_id != command.customer_id:
        raise NotFound("plan.not_found", N_("There is no such record, or you cannot see it."))
    book: PlanBook = work.fact("plan_book", command.customer_id)
    own = [part for part in book.parts if part.plan_id == plan.id]
    if any(part.state in ENDED for part in own):
        raise RuleBroken("plans.ended", N_("This plan has been declared void or replaced already."))
    if all(part.kept_minor >= part.amount_minor for part in own):
        raise RuleBroken("plans.paid", N_("This plan is paid; there is nothing left to declare void."))
    changed = []
    for part in book.parts:
        if part.plan_id == plan.id:
            if part.state not in SETTLED:
                work.update(PlanInstalment, part.id, state="void", decided_on=work.today)
                part = replace(part, state="void")
            part = replace(part, ended_on=work.today)
        changed.append(part)
    work.facts.put("plan_book", command.customer_id, replace(book, parts=tuple(changed)))
    work.insert(
        PlanRevision, id=command.revision_id, plan_id=plan.id, kind="void", sha256=None, original_sha256=None,
        by_id=work.actor.user_id, at=work.now, note=command.reason,
    )  # fmt: skip
    work.touch(command.customer_id)
    work.emit(PlanVoided(plan.id, plan.number, command.customer_id, command.reason))
    work.answer(plan_id=plan.id, number=plan.number)
