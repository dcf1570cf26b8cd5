"""Operations on a customer's plan of a month: what was talked over, its dated steps, its publishing."""

from __future__ import annotations

from datetime import date

from fieldsales.customers.guards import check_given_to, may_work_with
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.store.work import Work
from fieldsales.targets import rules
from fieldsales.targets.following import end_task, put_task
from fieldsales.targets.messages import AddStep, DropStep, FinishStep, PublishPlan, WritePlan
from fieldsales.targets.models import CollectionPlan, CollectionPlanVersion, PlanStep
from fieldsales.targets.queries import Piece, PlanFact, plan_key

EMPTY = (None, "", "", None, "")
_WORDS = ("theirs_minor", "difficulties", "remedy", "discussed_on", "discussed_with")


def _needs(command: WritePlan | PublishPlan | AddStep) -> list[Need]:
    return [Need("customer", command.customer_id),
            Need("collection_plan", plan_key(command.customer_id, command.month))]


def _write(work: Work, customer_id: str, month: date, words: tuple[object, ...], state: str, reason: str,
           currency: str = "CNY", step: str = "") -> PlanFact:
    """Write the plan's new version: two phones that begin the same month's plan begin the same plan."""
    key = plan_key(customer_id, month)
    known: PlanFact | None = work.fact("collection_plan", key)
    plan_id = known.id if known else derived_id(customer_id, f"collection plan {month.isoformat()}")
    version = known.version + 1 if known else 1
    values = dict(zip(_WORDS, words, strict=True)) | {"state": state, "version": version, "changed_at": work.now}
    if known:
        work.update(CollectionPlan, plan_id, **values)
    else:
        work.insert(CollectionPlan, id=plan_id, customer_id=customer_id, month=month, currency=currency, **values)
    body = {name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(_WORDS, words, strict=True)} | {"state": state}
    work.insert(CollectionPlanVersion, id=uuid7(), plan_id=plan_id, version=version, body=body, reason=reason,
                by_id=work.actor.user_id, at=work.now)
    steps = (*(known.open_steps if known else ()), *([step] if step else []))
    fact = PlanFact(plan_id, version, state, steps, words)
    work.facts.put("collection_plan", key, fact)
    work.touch(customer_id)
    return fact


@operation("targets.write_plan", WritePlan, needs=_needs, guard=may_work_with)
def write_plan(work: Work, command: WritePlan) -> None:
    """Put down what was talked over with the customer: his number beside ours, his difficulties, what was agreed.

    Nothing must be filled in. Each edit is a version of its own, with who and why.
    """
    rules.check_month(command.month, work.today)
    known: PlanFact | None = work.fact("collection_plan", plan_key(command.customer_id, command.month))
    words = (command.theirs_minor, command.difficulties, command.remedy, command.discussed_on, command.discussed_with)
    _write(work, command.customer_id, command.month, words, known.state if known else "draft", command.reason,
           command.currency)


@operation("targets.publish_plan", PublishPlan, needs=_needs, guard=may_work_with)
def publish_plan(work: Work, command: PublishPlan) -> None:
    """The plan counts as the month's plan. Refused while it has no dated step: a number alone is a wish."""
    known: PlanFact | None = work.fact("collection_plan", plan_key(command.customer_id, command.month))
    rules.check_publishable(len(known.open_steps) if known else 0)
    if known and known.state != "published":
        _write(work, command.customer_id, command.month, known.words, "published", "")


@operation("targets.add_step", AddStep, needs=_needs, guard=may_work_with)
def add_step(work: Work, command: AddStep) -> None:
    """Add a dated step to the month's plan; a plan that is not there yet begins with it."""
    rules.check_month(command.month, work.today)
    check_given_to(work, command.owner_id, command.customer_id)
    known: PlanFact | None = work.fact("collection_plan", plan_key(command.customer_id, command.month))
    plan = _write(work, command.customer_id, command.month, known.words if known else EMPTY,
                  known.state if known else "draft", command.text, step=command.step_id)
    work.insert(PlanStep, id=command.step_id, plan_id=plan.id, customer_id=command.customer_id, month=command.month,
                text=command.text, due_on=command.due_on, owner_id=command.owner_id, done_on=None, done_by_id="",
                evidence="", proof_sha256=[], dropped_at=None, by_id=work.actor.user_id, at=work.now)
    made = Piece(command.step_id, command.customer_id, command.month, False, command.owner_id)
    work.facts.put("collection_step", command.step_id, made)
    put_task(work, command.step_id, command.customer_id, "plan_step", command.text, command.due_on, command.owner_id)


def _step(work: Work, command: FinishStep | DropStep) -> Piece:
    step: Piece = work.require("collection_step", command.step_id)
    if step.customer_id != command.customer_id:
        raise NotFound("step.not_found", N_("There is no such record, or you cannot see it."))
    return step


@operation("targets.finish_step", FinishStep, guard=may_work_with,
           needs=lambda c: [Need("customer", c.customer_id), Need("collection_step", c.step_id)])
def finish_step(work: Work, command: FinishStep) -> None:
    """A step is done, with what proves it. Done twice (two phones) is done once; the first proof stands."""
    step = _step(work, command)
    if step.is_ended:
        return
    work.update(PlanStep, step.id, done_on=work.today, done_by_id=work.actor.user_id, evidence=command.evidence,
                proof_sha256=list(command.proof_sha256))
    for sha256 in command.proof_sha256:
        expect_photo(work, command.customer_id, "collection_step", step.id, "proof", sha256)
    work.facts.put("collection_step", step.id, Piece(step.id, step.customer_id, step.month, True))
    work.touch(command.customer_id)
    end_task(work, step.id, command.customer_id, "plan_step", step.owner_id)


def _drop_needs(command: DropStep) -> list[Need]:
    return [Need("customer", command.customer_id), Need("collection_step", command.step_id)]


@operation("targets.drop_step", DropStep, needs=_drop_needs, guard=may_work_with)
def drop_step(work: Work, command: DropStep) -> None:
    """Take a step out of the plan, with the reason. A published plan keeps at least one step."""
    step = _step(work, command)
    if step.is_ended or step.month is None:
        return
    plan: PlanFact = work.require("collection_plan", plan_key(command.customer_id, step.month))
    left = tuple(one for one in plan.open_steps if one != step.id)
    if plan.state == "published" and not left:
        raise RuleBroken("targets.last_step", N_("A published plan keeps at least one step. Add the new one first."))
    work.update(PlanStep, step.id, dropped_at=work.now)
    work.facts.put("collection_step", step.id, Piece(step.id, step.customer_id, step.month, True))
    work.facts.put("collection_plan", plan_key(command.customer_id, step.month),
                   PlanFact(plan.id, plan.version, plan.state, left, plan.words))
    _write(work, command.customer_id, step.month, plan.words, plan.state, command.reason)
    end_task(work, step.id, command.customer_id, "plan_step", step.owner_id)
