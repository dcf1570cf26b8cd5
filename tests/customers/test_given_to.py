"""What is given to somebody about a customer is given to a person who is here and sees the customer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fieldsales.collection.case_models import Case
from fieldsales.collection.models import Task
from fieldsales.customers.queries import who_see
from fieldsales.kernel.errors import Invalid
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

STEP = {"month": date(2026, 3, 1), "text": "对账", "due_on": cast.TODAY}
SUPPORT = {"month": date(2026, 3, 1), "code": "stock", "due_on": cast.TODAY}
TASK = {"kind": "call", "title": "打电话", "due_on": cast.TODAY}
#: Nobody, a stranger to the customer, somebody who has left, and no id at all.
NOT_THERE = (uuid7(), cast.OTHER_REP.user_id, cast.OTHER_MANAGER.user_id, cast.DISABLED.user_id, "wang")


@pytest.fixture
def ledger(program: Program) -> Ledger:
    return Ledger(program.dispatcher)


def give(ledger: Ledger, operation: str, to: str, who: Actor = cast.MANAGER) -> None:
    match operation:
        case "targets.add_step":
            ledger.perform(operation, who, step_id=uuid7(), owner_id=to, **STEP)
        case "collection.add_task":
            ledger.perform(operation, who, task_id=uuid7(), assignee_id=to, **TASK)
        case "collection.change_task":
            task: dict[str, Any] = {"task_id": uuid7()}
            ledger.perform("collection.add_task", who, **task, **TASK)
            ledger.perform(operation, who, assignee_id=to, **task)


@pytest.mark.parametrize("operation", ["targets.add_step", "collection.add_task", "collection.change_task"])
def test_only_to_who_is_here_and_sees_the_customer(ledger: Ledger, operation: str) -> None:
    for to in NOT_THERE:
        with pytest.raises(Invalid, match="given_to"):
            give(ledger, operation, to)
    for somebody in (cast.REP, cast.HELPER_REP, cast.MANAGER, cast.FINANCE, cast.LEGAL):
        give(ledger, operation, somebody.user_id)
    kept = {one for one in ledger.rows(Task, "assignee_id") if one}
    assert not kept & set(NOT_THERE)


def test_a_case_is_given_to_who_sees_it_and_its_stage_for_at_most_a_year(ledger: Ledger) -> None:
    ledger.invoice("A", 900_00, late=40)
    ledger.dispatcher.perform(SYSTEM, "collection.reckon_cases", {"customer_ids": [cast.HARBOUR]})
    [case_id] = ledger.rows(Case, "id")
    for to in (uuid7(), cast.OTHER_REP.user_id, cast.DISABLED.user_id):
        with pytest.raises(Invalid, match="given_to"):
            ledger.perform("collection.assign_case", cast.MANAGER, case_id=case_id, owner_id=to, reason="换人")
    for until in (date.max, date(2027, 3, 15)):
        with pytest.raises(Invalid, match="until_far"):
            ledger.perform("collection.decide_stage", cast.MANAGER, case_id=case_id, stage="firm", reason="先等",
                           until_on=until)
    ledger.perform("collection.decide_stage", cast.MANAGER, case_id=case_id, stage="firm", reason="先等",
                   until_on=date(2027, 3, 12))
    ledger.perform("collection.assign_case", cast.MANAGER, case_id=case_id, owner_id=cast.LEGAL.user_id, reason="换人")
    assert ledger.rows(Case, "owner_id", "stage") == [(cast.LEGAL.user_id, "firm")]


def test_a_rep_who_takes_a_task_himself_asks_for_nobody(ledger: Ledger, program: Program, count_queries: Any) -> None:
    counts = []
    for to in ("", cast.REP.user_id):
        with count_queries(program.store.engine) as seen:
            give(ledger, "collection.add_task", to, cast.REP)
        counts.append([one for one in seen if "FROM users" in str(one)])
    assert counts == [[], []]


def test_the_choice_is_of_those_who_see_the_customer(program: Program) -> None:
    with program.store.reading() as connection:
        names = {name for _, name in who_see(connection, cast.HARBOUR)}
    seen = {one.name for one in (cast.REP, cast.HELPER_REP, cast.MANAGER, cast.FINANCE, cast.LEGAL, cast.ADMIN)}
    assert names == seen
