"""Operations on suggested next steps: declined with a reason, asked of the manager, decided by him."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from fieldsales.collection import steprules
from fieldsales.collection.ladder import way_of
from fieldsales.collection.stepmessages import AskStep, DecideStep, DeclineStep
from fieldsales.collection.stepmodels import StepAnswer
from fieldsales.collection.steprules import Answer
from fieldsales.customers.guards import manager_of, may_work_with
from fieldsales.kernel.operation import Need, operation
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_answers = table_of(StepAnswer)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ANSWERED = (
    select(_answers.c.customer_id, _answers.c.answer, _answers.c.step, _answers.c.method, _answers.c.until_on,
           _answers.c.at).where(_answers.c.customer_id.in_(_IDS), _answers.c.at >= bindparam("since"))
    .order_by(_answers.c.at, _answers.c.id)
)


def answers_of(connection: Connection, customer_ids: list[str], since: Any) -> dict[str, tuple[Answer, ...]]:
    """What was answered to steps since then, by customer. One query."""
    found: dict[str, list[Answer]] = {}
    for row in connection.execute(_ANSWERED, {"ids": customer_ids, "since": since}):
        found.setdefault(row.customer_id, []).append(Answer(row.answer, row.step, row.method, row.until_on, row.at))
    return {key: tuple(answers) for key, answers in found.items()}


@fact("step_answers")
def load_answers(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Every answer to steps, by customer: a handful each."""
    rows = connection.execute(select(_answers).where(_answers.c.customer_id.in_(keys)).order_by(_answers.c.at))
    found: dict[str, Any] = {}
    for row in rows:
        known = found.get(row.customer_id, ())
        found[row.customer_id] = (*known, Answer(row.answer, row.step, row.method, row.until_on, row.at))
    return found


def lacks_yes(work: Work, customer_id: str, method: CollectionMethod) -> bool:
    """Whether a rep goes above a first notice here without a manager's yes (S42). It is recorded all the same."""
    if work.actor.role != "rep" or not way_of(method).needs_approval:
        return False
    answers: tuple[Answer, ...] = work.fact("step_answers", customer_id) or ()
    return method.name not in steprules.learn(answers, work.today).approved


def _needs(command: Any) -> list[Need]:
    return [Need("customer", command.customer_id), Need("step_answers", command.customer_id)]


def _keep(work: Work, command: Any, answer: str, step: str, until_on: date | None, reason: str, words: str) -> None:
    at = min(work.occurred, work.now)
    work.insert(StepAnswer, id=command.answer_id, customer_id=command.customer_id, answer=answer, step=step,
                method=command.method, reason=reason, words=words, until_on=until_on, by_id=work.actor.user_id, at=at)
    known = work.fact("step_answers", command.customer_id) or ()
    work.facts.put("step_answers", command.customer_id, (*known, Answer(answer, step, command.method, until_on, at)))
    work.touch(command.customer_id)


@operation("collection.decline_step", DeclineStep, needs=_needs, guard=may_work_with)
def decline_step(work: Work, command: DeclineStep) -> None:
    """A suggested step is not taken, with the reason. It rests for a while, longer each time; the manager sees it."""
    known: tuple[Answer, ...] = work.fact("step_answers", command.customer_id) or ()
    earlier = sum(one.answer == "declined" and (one.step, one.method) == (command.step, command.method)
                  and one.at >= work.now - steprules.REMEMBERED for one in known)
    until = steprules.rest_until(command.reason, earlier, work.today)
    _keep(work, command, "declined", command.step, until, command.reason, command.words)
    work.answer(until_on=until.isoformat())


@operation("collection.ask_step", AskStep, needs=_needs, guard=may_work_with)
def ask_step(work: Work, command: AskStep) -> None:
    """Ask the manager whether a method may be used here (S42: above a first notice it needs his yes)."""
    _keep(work, command, "asked", "approval", None, "", command.words)


@operation("collection.decide_step", DecideStep, needs=_needs, guard=manager_of)
def decide_step(work: Work, command: DecideStep) -> None:
    """A manager allows a method for a customer for a while, or keeps it back as long, with the reason."""
    until = work.today + timedelta(days=steprules.APPROVED_DAYS)
    _keep(work, command, "approved" if command.yes else "refused", "approval", until, "", command.reason)
