"""Operations on tasks and supply: what is to be done, and decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldsales.collection.messages import AddTask, ChangeTask, DecideSupply, FinishTask, SkipTask, WithdrawTask
from fieldsales.collection.models import SupplyDecision, Task
from fieldsales.collection.queries import ClaimFact, TaskFact
from fieldsales.collection.supplyrules import check_condition
from fieldsales.customers.guards import check_given_to, manager_of, may_work_with, was_theirs
from fieldsales.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.operation import Need, operation
from fieldsales.people.rules import may_manage
from fieldsales.store.work import Work


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
    if work.envelope.operation == "collection.add_task" and work.actor.role != "system":
        check_given_to(work, command.assignee_id, command.customer_id, "assignee_id")
    work.insert(
        Task, id=command.task_id, customer_id=command.customer_id, kind=command.kind, title=command.title,
        due_on=command.due_on, assignee_id=command.assignee_id, source_id=command.source_id, made_at=work.now,
        done_at=None, done_by_id="", note="",
    )  # fmt: skip
    made = TaskFact(command.task_id, command.customer_id, command.kind, command.assignee_id, False,
                    source_id=command.source_id)
    work.facts.put("task", command.task_id, made)
    work.touch(command.customer_id)


def may_end(work: Work, command: FinishTask | SkipTask) -> None:
    """Guard: whoever works with the customer. What was done on a phone counts though the office moved it meanwhile."""
    task: TaskFact | None = work.fact("task", command.task_id)
    if task is not None and task.customer_id == command.customer_id:
        own = work.envelope.raw is not None and work.actor.user_id == task.assignee_id
        if own or was_theirs(work, command.customer_id):
            return
    may_work_with(work, command)


def _needs(command: FinishTask | SkipTask | ChangeTask | WithdrawTask) -> list[Need]:
    return [Need("customer", command.customer_id), Need("task", command.task_id)]


def _task(work: Work, command: FinishTask | SkipTask | ChangeTask | WithdrawTask) -> TaskFact:
    task: TaskFact = work.require("task", command.task_id)
    if task.customer_id != command.customer_id:
        raise NotFound("task.not_found", N_("There is no such record, or you cannot see it."))
    return task


def _end(work: Work, task: TaskFact, outcome: str, note: str) -> None:
    work.update(Task, task.id, done_at=work.now, done_by_id=work.actor.user_id, note=note, outcome=outcome)
    work.facts.put("task", task.id, replace(task, is_done=True, outcome=outcome))
    work.touch(task.customer_id)


@operation("collection.finish_task", FinishTask, needs=_needs, guard=may_end)
def finish_task(work: Work, command: FinishTask) -> None:
    """The task is done. Done twice (two phones) is done once, and the first to say so stands.

    Withdrawn, moved or given to another by the office meanwhile, it is done all the same. But a reason nobody has
    found true or false is not settled by a tick: the task stays open (``conflict``), and so does the contact.
    """
    task = _task(work, command)
    if task.kind == "verify_claim" and not task.is_done:
        claim: ClaimFact | None = work.fact("claim", task.source_id)
        if claim is not None and claim.state == "unverified":
            work.conflict("collection.claim_unverified",
                          N_("Nobody has found out yet whether this reason is true: the matter stays open. Record what "
                             "was found, or pass the task over with a reason."))
            return
    if not task.is_done or task.outcome == "withdrawn":
        _end(work, task, "done", command.note)


@operation("collection.skip_task", SkipTask, needs=_needs, guard=may_end)
def skip_task(work: Work, command: SkipTask) -> None:
    """The task is passed over, with the reason. What is done or passed over already stays as it is."""
    task = _task(work, command)
    if not task.is_done or task.outcome == "withdrawn":
        _end(work, task, "skipped", command.reason)


@operation("collection.change_task", ChangeTask, needs=_needs, guard=may_work_with)
def change_task(work: Work, command: ChangeTask) -> None:
    """Give a task another day or person. The office wins: a phone's new day for a task that was moved meanwhile,
    or has ended, does not stand (``conflict`` with ``proposal``). To another person only a manager gives it.
    """
    task = _task(work, command)
    if command.assignee_id is not None and not may_manage(work.actor):
        raise NotAllowed("manager_only", N_("Only a manager can decide this."))
    check_given_to(work, command.assignee_id or "", command.customer_id, "assignee_id")
    moved = command.was_due_on is not None and task.due_on not in (command.was_due_on, command.due_on)
    if task.is_done or (moved and not may_manage(work.actor)):
        work.conflict("collection.task_moved", N_("The office changed this task meanwhile; its version stands."),
                      proposal={"due_on": {"now": str(command.due_on or ""), "office": str(task.due_on)}})
        return
    wanted = (("due_on", command.due_on), ("assignee_id", command.assignee_id))
    changes: dict[str, Any] = {name: value for name, value in wanted if value is not None}
    if changes:
        work.update(Task, task.id, **changes)
        work.facts.put("task", task.id, replace(task, **changes))
        work.touch(task.customer_id)


@operation("collection.withdraw_task", WithdrawTask, needs=_needs, guard=manager_of)
def withdraw_task(work: Work, command: WithdrawTask) -> None:
    """Take a task back. One that has ended stays as it is."""
    task = _task(work, command)
    if not task.is_done:
        _end(work, task, "withdrawn", command.reason)


@operation(
    "collection.decide_supply", DecideSupply, needs=lambda c: [Need("customer", c.customer_id)], guard=manager_of
)
def decide_supply(work: Work, command: DecideSupply) -> None:
    """Stop supply (停货), deliver for cash only or take it up again: a manager's decision, with its reason, and
    what releases it. The newest counts.
    """
    check_condition(command.release_kind, command.release_minor)
    work.insert(
        SupplyDecision, id=command.decision_id, customer_id=command.customer_id, stop=command.stop,
        cash_first=command.cash_first and not command.stop, release_kind=command.release_kind,
        release_minor=command.release_minor, currency=command.currency, reason=command.reason,
        release_when=command.release_when, by_id=work.actor.user_id, at=work.now,
    )  # fmt: skip
    work.touch(command.customer_id)
