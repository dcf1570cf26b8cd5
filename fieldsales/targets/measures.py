"""Operations on gap measures and on the support of weak promises."""

from __future__ import annotations

from typing import Any

from fieldsales.customers.guards import check_given_to, may_work_with
from fieldsales.kernel.errors import N_, Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.people.rules import may_manage
from fieldsales.store.work import Work
from fieldsales.targets import library, rules
from fieldsales.targets.following import end_task, put_task
from fieldsales.targets.messages import (
    AddMeasure,
    EditMeasureKind,
    FinishSupport,
    ReviewMeasure,
    SupportPromise,
)
from fieldsales.targets.models import GapMeasure, MeasureKind, MeasureReview, SupportAction
from fieldsales.targets.queries import Piece


def _manager(work: Work, command: EditMeasureKind) -> None:
    """Guard: the library is a manager's."""
    if not may_manage(work.actor):
        raise NotAllowed("manager_only", N_("Only a manager can decide this."))


@operation("targets.edit_measure_kind", EditMeasureKind, guard=_manager,
           needs=lambda c: [Need("own_measure_kind", c.code)])
def edit_measure_kind(work: Work, command: EditMeasureKind) -> None:
    """Word a kind of measure anew, add one of the house's own, or retire it. The old wording stays on record."""
    work.insert(MeasureKind, id=uuid7(), code=command.code, name=command.name, about=command.about,
                retired=command.retired, by_id=work.actor.user_id, at=work.now)
    work.facts.put("own_measure_kind", command.code, (command.name, command.about, command.retired))


@operation("targets.add_measure", AddMeasure, guard=may_work_with,
           needs=lambda c: [Need("customer", c.customer_id), Need("own_measure_kind", c.code)])
def add_measure(work: Work, command: AddMeasure) -> None:
    """Attach a measure to a customer's gap of a month: several may stand side by side."""
    rules.check_month(command.month, work.today)
    check_given_to(work, command.owner_id, command.customer_id)
    own: Any = work.fact("own_measure_kind", command.code)
    if (own is None and command.code not in library.KINDS) or (own is not None and own[2]):
        raise Invalid("targets.measure_unknown", N_("Choose a measure from the library."), field="code")
    work.insert(GapMeasure, id=command.measure_id, customer_id=command.customer_id, month=command.month,
                code=command.code, text=command.text, currency=command.currency, cost_minor=command.cost_minor,
                expected_minor=command.expected_minor, owner_id=command.owner_id, due_on=command.due_on,
                actual_minor=None, by_id=work.actor.user_id, at=work.now)
    work.facts.put("gap_measure", command.measure_id,
                   Piece(command.measure_id, command.customer_id, command.month, False))
    work.touch(command.customer_id)


@operation("targets.review_measure", ReviewMeasure, guard=may_work_with,
           needs=lambda c: [Need("customer", c.customer_id), Need("gap_measure", c.measure_id)])
def review_measure(work: Work, command: ReviewMeasure) -> None:
    """Put down what a measure brought. A later review stands beside the earlier one, and counts."""
    measure: Piece = work.require("gap_measure", command.measure_id)
    if measure.customer_id != command.customer_id:
        raise NotFound("gap_measure.not_found", N_("There is no such record, or you cannot see it."))
    work.insert(MeasureReview, id=uuid7(), measure_id=measure.id, actual_minor=command.actual_minor,
                note=command.note, by_id=work.actor.user_id, at=work.now)
    work.update(GapMeasure, measure.id, actual_minor=command.actual_minor)
    work.touch(command.customer_id)


@operation("targets.support_promise", SupportPromise, guard=may_work_with,
           needs=lambda c: [Need("customer", c.customer_id), Need("promise", c.promise_id)])
def support_promise(work: Work, command: SupportPromise) -> None:
    """Say what we do so that a promise can be kept, who and by when: a weak one counts in the forecast from now on."""
    promise: Any = work.require("promise", command.promise_id)
    if promise.customer_id != command.customer_id:
        raise RuleBroken("targets.not_theirs", N_("This promise is not one of this customer's."))
    check_given_to(work, command.owner_id, command.customer_id)
    work.insert(SupportAction, id=command.support_id, promise_id=command.promise_id, customer_id=command.customer_id,
                text=command.text, owner_id=command.owner_id, due_on=command.due_on, done_on=None,
                by_id=work.actor.user_id, at=work.now)
    work.facts.put("support_action", command.support_id, Piece(command.support_id, command.customer_id, None, False,
                                                                command.owner_id))
    work.touch(command.customer_id)
    put_task(work, command.support_id, command.customer_id, "support", command.text, command.due_on, command.owner_id)


@operation("targets.finish_support", FinishSupport, guard=may_work_with,
           needs=lambda c: [Need("customer", c.customer_id), Need("support_action", c.support_id)])
def finish_support(work: Work, command: FinishSupport) -> None:
    """The support is given. Twice is once."""
    support: Piece = work.require("support_action", command.support_id)
    if support.customer_id != command.customer_id:
        raise NotFound("support_action.not_found", N_("There is no such record, or you cannot see it."))
    if not support.is_ended:
        work.update(SupportAction, support.id, done_on=work.today)
        work.facts.put("support_action", support.id, Piece(support.id, support.customer_id, None, True))
        end_task(work, support.id, command.customer_id, "support", support.owner_id)
        work.touch(command.customer_id)
