"""Operations on cases: what the night reckons, and what a person decides of stage and owner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from fieldsales.collection import case_messages as m
from fieldsales.collection.case_models import Case, CaseEvent
from fieldsales.collection.case_rules import CaseState
from fieldsales.collection.cases import states
from fieldsales.collection.gate_service import manager_or_legal
from fieldsales.customers.guards import check_given_to, manager_of, system_only
from fieldsales.kernel.errors import N_, Invalid, NotFound, RuleBroken
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, operation
from fieldsales.store.work import Work, fact

#: A person's word on a stage holds for at most a year: then it is looked at again.
LONGEST_STAGE = timedelta(days=366)


@fact("debt_case")
def load_states(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Cases by id, as they stand."""
    return {one.id: one for one in states(connection, keys)}


@operation("collection.reckon_cases", m.ReckonCases, needs=lambda c: (), guard=system_only)
def reckon_cases(work: Work, command: m.ReckonCases) -> None:
    """Bring customers' cases to the present day. The reckoning itself is at the end of the write (``roll_cases``)."""
    for customer_id in command.customer_ids:
        work.update(Case, customer_id, as_of=work.today)  # no case has this id: it only asks for the reckoning
        work.touch(customer_id)


def _open_case(work: Work, case_id: str, customer_id: str) -> CaseState:
    found: CaseState = work.require("debt_case", case_id)
    if found.customer_id != customer_id:
        raise NotFound("case.not_found", N_("There is no such record, or you cannot see it."))
    if not found.is_open:
        raise RuleBroken("collection.case_closed", N_("This case is closed."))
    return found


def _write(work: Work, case: CaseState, kind: str, reason: str, **values: Any) -> None:
    n = case.events + 1
    work.insert(
        CaseEvent, id=derived_id(case.id, f"event {n}"), case_id=case.id, customer_id=case.customer_id, n=n, kind=kind,
        stage=values.get("stage", case.stage), owner_id=values.get("owner_id", case.owner_id), on_day=work.today,
        until_on=values.get("decided_until"), due_on=None, overdue_minor=case.overdue_minor, currency=case.currency,
        reason=reason, by_id=work.actor.user_id)
    work.update(Case, case.id, events=n, **values)
    work.touch(case.customer_id)


def _needs(command: Any) -> list[Need]:
    return [Need("customer", command.customer_id), Need("debt_case", command.case_id)]


@operation("collection.decide_stage", m.DecideStage, needs=_needs, guard=manager_or_legal)
def decide_stage(work: Work, command: m.DecideStage) -> None:
    """Set the stage of a case, with the reason. Until ``until_on`` it stays; then, or without it, the days lead on
    from there."""
    case = _open_case(work, command.case_id, command.customer_id)
    if command.until_on is not None and command.until_on < work.today:
        raise Invalid("collection.until", N_("The day must not be past."), field="until_on")
    if command.until_on is not None and command.until_on > work.today + LONGEST_STAGE:
        raise Invalid("collection.until_far", N_("Choose a day within a year."), field="until_on")
    values: dict[str, Any] = {"stage": command.stage, "decided_stage": command.stage, "decided_until": command.until_on}
    if command.stage != case.stage:
        values["stage_on"] = work.today
    _write(work, case, "decided", command.reason, **values)


@operation(
    "collection.assign_case", m.AssignCase, guard=manager_of,
    needs=lambda c: [*_needs(c), *([Need("user", c.owner_id)] if c.owner_id else [])])
def assign_case(work: Work, command: m.AssignCase) -> None:
    """Give a case to a person of the house who sees the customer, or back to the customer's own rep."""
    case = _open_case(work, command.case_id, command.customer_id)
    check_given_to(work, command.owner_id, command.customer_id)
    owner_id = command.owner_id or work.require("customer", command.customer_id).owner_id or ""
    _write(work, case, "assigned", command.reason, owner_id=owner_id, decided_owner=command.owner_id)
