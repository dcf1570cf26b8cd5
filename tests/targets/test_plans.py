"""Plans with steps, measures, and what is known of how a customer pays: through the dispatcher."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from fieldsales.collection.models import Task
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.targets.dossier import read_targets
from fieldsales.targets.following import pay_runs_ahead
from fieldsales.targets.models import CollectionPlanVersion, GapMeasure
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

MONTH = date(2026, 3, 1)


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def doc(program: Program, customer_id: str = cast.HARBOUR) -> dict[str, Any]:
    with program.store.reading() as connection:
        return read_targets(connection, [customer_id], program.today)[customer_id]


# -- plans -------------------------------------------------------------------------------------------


def step(ledger: Ledger, text: str = "对账", days: int = 3, **more: Any) -> str:
    step_id = uuid7()
    ledger.perform("targets.add_step", cast.REP, step_id=step_id, month=MONTH, text=text,
                   due_on=cast.TODAY + timedelta(days=days), **more)
    return step_id


def test_a_plan_is_published_only_with_a_step_and_keeps_one(ledger: Ledger, program: Program) -> None:
    ledger.perform("targets.write_plan", cast.REP, month=MONTH, theirs_minor=20_00, difficulties="下家没付",
                   remedy="帮做促销", discussed_on=cast.TODAY, discussed_with="林海港")
    with pytest.raises(RuleBroken, match="no_steps"):
        ledger.perform("targets.publish_plan", cast.REP, month=MONTH)
    only = step(ledger)
    ledger.perform("targets.publish_plan", cast.REP, month=MONTH)
    with pytest.raises(RuleBroken, match="last_step"):
        ledger.perform("targets.drop_step", cast.REP, step_id=only, reason="不做了")
    step(ledger, "发对账单")
    ledger.perform("targets.drop_step", cast.REP, step_id=only, reason="不做了")
    [month] = doc(program)["months"]
    assert (month["state"], [one["text"] for one in month["steps"]]) == ("published", ["发对账单"])
    assert month["difficulties"] == "下家没付"
    assert len(ledger.rows(CollectionPlanVersion, "id")) == 5
    assert ledger.rows(Task, "title", "outcome", kind="plan_step") == [("发对账单", ""), ("对账", "done")]


def test_a_step_is_done_once_with_its_proof(ledger: Ledger, program: Program) -> None:
    first, second = step(ledger), step(ledger, "要付款单")
    ledger.perform("targets.finish_step", cast.REP, step_id=first, evidence="盖章对账单", proof_sha256=["ab" * 32])
    ledger.perform("targets.finish_step", cast.HELPER_REP, step_id=first, evidence="后来的")
    [task_id] = ledger.rows(Task, "id", title="要付款单")
    ledger.perform("collection.finish_task", cast.REP, task_id=task_id)  # ticked off in the list of tasks
    [month] = doc(program)["months"]
    assert [(one["id"], one["done_on"], one["evidence"], one["proofs"]) for one in month["steps"]] == [
        (first, "2026-03-12", "盖章对账单", 1), (second, "2026-03-12", "", 0)]
    with pytest.raises(NotFound):
        ledger.dispatcher.perform(cast.ADMIN, "targets.finish_step", {"step_id": first, "customer_id": cast.RIVER})


# -- measures, sheets --------------------------------------------------------------------------------


def test_several_measures_stand_against_one_gap_and_are_reviewed(ledger: Ledger, program: Program) -> None:
    ids = [uuid7(), uuid7()]
    for measure, code in zip(ids, ("promotion", "outlets"), strict=True):
        ledger.perform("targets.add_measure", cast.REP, measure_id=measure, month=MONTH, code=code, cost_minor=5,
                       expected_minor=50, due_on=cast.TODAY)
    ledger.perform("targets.review_measure", cast.REP, measure_id=ids[0], actual_minor=20)
    ledger.perform("targets.review_measure", cast.MANAGER, measure_id=ids[0], actual_minor=30, note="到月底")
    measures = doc(program)["months"][0]["measures"]
    assert {(one["name_zh"], one["actual_minor"]) for one in measures} == {("基层促销", 30), ("新增网点", None)}


def test_the_library_is_the_managers_and_what_is_retired_is_not_chosen(ledger: Ledger, program: Program) -> None:
    def edit(actor: Actor, code: str, name: str, retired: bool = False) -> None:
        ledger.dispatcher.perform(actor, "targets.edit_measure_kind", {"code": code, "name": name, "retired": retired})

    def add(code: str) -> None:
        ledger.perform("targets.add_measure", cast.REP, measure_id=uuid7(), month=MONTH, code=code, due_on=cast.TODAY)

    with pytest.raises(NotAllowed):
        edit(cast.REP, "fair", "订货会")
    with pytest.raises(Invalid, match="measure_unknown"):
        add("fair")
    edit(cast.MANAGER, "fair", "订货会")
    add("fair")
    edit(cast.MANAGER, "training", "促销员培训", retired=True)
    with pytest.raises(Invalid, match="measure_unknown"):
        add("training")
    assert ledger.rows(GapMeasure, "code") == ["fair"]
    assert doc(program)["months"][0]["measures"][0]["name_en"] == "订货会"


def test_what_is_known_of_how_he_pays_stands_in_the_dossier(ledger: Ledger, program: Program) -> None:
    ledger.perform("targets.note_pay_days", cast.REP, calendar_id=uuid7(), run_days=["d31"], approver_name="张经理")
    ledger.perform("targets.note_pay_days", cast.REP, calendar_id=uuid7(), run_days=["d25"], approver_name="李会计")
    ledger.perform("targets.note_rival", cast.REP, sighting_id=uuid7(), supplier="东方建材", took_minor=80_00)
    ledger.perform("targets.write_potential", cast.REP, sheet_id=uuid7(), cash_minor=50_00, season="high")
    ledger.perform("targets.check_health", cast.REP, check_id=uuid7(), answers={"stock_moves": "bad"})
    with pytest.raises(Invalid, match="item_unknown"):
        ledger.perform("targets.check_health", cast.REP, check_id=uuid7(), answers={"mood": "bad"})
    found = doc(program)
    assert found["months"] == []
    assert (found["pay"]["next_on"], found["pay"]["ask_on"]) == ("2026-03-25", "2026-03-20")
    assert found["pay"]["hint_zh"] == "3月25日付款：3月20日前排进付款名单，李会计签字。"
    assert found["rivals"][0]["took_minor"] == 80_00
    assert found["potential"]["can_minor"] == 50_00
    assert (found["health"]["score"], found["health"]["causes"][0]["code"]) == (0, "stock_moves")


def test_a_pay_run_that_is_near_is_told_once_to_whom_it_concerns(ledger: Ledger, program: Program) -> None:
    for customer in (cast.HARBOUR, cast.RIVER):  # the river owes nothing: nobody has to be there
        ledger.dispatcher.perform(cast.ADMIN, "targets.note_pay_days", {
            "calendar_id": uuid7(), "customer_id": customer, "run_days": ["d25"]})
    ledger.invoice("A", 10_00, late=5)

    def ahead(day: date) -> list[dict[str, Any]]:
        with program.store.reading() as connection:
            return pay_runs_ahead(connection, day)

    assert ahead(date(2026, 3, 17)) == []
    [task] = ahead(date(2026, 3, 18))
    assert (task["customer_id"], task["due_on"]) == (cast.HARBOUR, "2026-03-20")
    ledger.dispatcher.perform(cast.ADMIN, "collection.add_task", task)
    assert ahead(date(2026, 3, 19)) == []
