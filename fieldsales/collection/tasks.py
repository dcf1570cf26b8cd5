"""Operations on claims, tasks and supply: what is to be found out, done, and decided."""

from __future__ import annotations

from dataclasses import replace

from fieldsales.collection import rules
from fieldsales.collection.messages import (
    AddTask,
    ClaimsRecorded,
    DecideSupply,
    FinishTask,
    RecordClaims,
    VerifyClaim,
)
from fieldsales.collection.models import Claim, SupplyDecision, Task
from fieldsales.collection.queries import ClaimFact, TaskFact
from fieldsales.customers.guards import manager_of, may_work_with
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.store.work import Work


@operation(
    "collection.record_claims", RecordClaims, needs=lambda c: [Need("customer", c.customer_id)], guard=may_work_with
)
def record_claims(work: Work, command: RecordClaims) -> None:
    """Put excuses (拖欠理由) on record as claims, neither believed nor disbelieved; each makes a task to find out."""
    known = work.plugins.excuses if work.plugins else {}
    due_on = work.today + rules.VERIFY_WITHIN
    for claim_id, code, words in command.claims:
        work.insert(
            Claim, id=claim_id, customer_id=command.customer_id, code=code, words=words, state="unverified",
            source_kind=command.source_kind, source_id=command.source_id, by_id=work.actor.user_id,
            at=min(work.occurred, work.now),
        )  # fmt: skip
        work.insert(
            Task, id=uuid7(), customer_id=command.customer_id, kind="verify_claim",
            title=rules.claim_title(code, known.get(code), work.actor.locale), due_on=due_on, assignee_id="",
            source_id=claim_id, made_at=work.now, done_at=None, done_by_id="", note="",
        )  # fmt: skip
    if command.claims:
        work.touch(command.customer_id)
        work.emit(ClaimsRecorded(command.customer_id, tuple(claim_id for claim_id, _, _ in command.claims)))


@operation(
    "collection.verify_claim", VerifyClaim,
    needs=lambda c: [Need("customer", c.customer_id), Need("claim", c.claim_id)], guard=may_work_with,
)  # fmt: skip
def verify_claim(work: Work, command: VerifyClaim) -> None:
    """Note what an excuse turned out to be: true, false, or partly true."""
    claim: ClaimFact = work.require("claim", command.claim_id)
    if claim.customer_id != command.customer_id:
        raise NotFound("claim.not_found", N_("There is no such record, or you cannot see it."))
    work.update(Claim, claim.id, state=command.state)
    work.facts.put("claim", claim.id, replace(claim, state=command.state))
    work.touch(command.customer_id)


@operation(
    "collection.add_task", AddTask,
    needs=lambda c: [Need("customer", c.customer_id), Need("task", c.task_id)], guard=may_work_with,
)  # fmt: skip
def add_task(work: Work, command: AddTask) -> None:
    """Put something to do for a customer on somebody's list; the same task twice is one task."""
    known: TaskFact | None = work.fact("task", command.task_id)
    if known is not None:
        if known.customer_id != command.customer_id:
            raise RuleBroken("collection.task_id", N_("This record's id was used before for another record."))
        return
    work.insert(
        Task, id=command.task_id, customer_id=command.customer_id, kind=command.kind, title=command.title,
        due_on=command.due_on, assignee_id=command.assignee_id, source_id=command.source_id, made_at=work.now,
        done_at=None, done_by_id="", note="",
    )  # fmt: skip
    made = TaskFact(command.task_id, command.customer_id, command.kind, command.assignee_id, False)
    work.facts.put("task", command.task_id, made)
    work.touch(command.customer_id)


@operation(
    "collection.finish_task", FinishTask,
    needs=lambda c: [Need("customer", c.customer_id), Need("task", c.task_id)], guard=may_work_with,
)  # fmt: skip
def finish_task(work: Work, command: FinishTask) -> None:
    """The task is done. Done twice (two phones) is done once, and the first to say so stands."""
    task: TaskFact = work.require("task", command.task_id)
    if task.customer_id != command.customer_id:
        raise NotFound("task.not_found", N_("There is no such record, or you cannot see it."))
    if task.is_done:
        return
    work.update(Task, task.id, done_at=work.now, done_by_id=work.actor.user_id, note=command.note)
    work.facts.put("task", task.id, replace(task, is_done=True))
    work.touch(command.customer_id)


@operation(
    "collection.decide_supply", DecideSupply, needs=lambda c: [Need("customer", c.customer_id)], guard=manager_of
)
def decide_supply(work: Work, command: DecideSupply) -> None:
    """Stop supply (停货) or take it up again: a manager's decision, with its reason. The newest counts."""
    work.insert(
        SupplyDecision, id=command.decision_id, customer_id=command.customer_id, stop=command.stop,
        reason=command.reason, release_when=command.release_when, by_id=work.actor.user_id, at=work.now,
    )  # fmt: skip
    work.touch(command.customer_id)
