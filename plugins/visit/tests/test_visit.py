"""What a visit counts for."""

from __future__ import annotations

from datetime import date

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import MakeTask
from fieldsales.plugin_api.testing import TODAY, contract, judge, triggered

from .. import METHOD


def test_visit_keeps_the_contract() -> None:
    contract(METHOD)
    assert METHOD.as_form()["fields"] == []


@pytest.mark.parametrize(
    ("outcome", "effect"),
    [
        ("paid", ""),
        ("promised", "agreement"),
        ("oral_only", "agreement"),
        ("absent", ""),
        ("set_off_asked", "agreement"),
        ("account_differs", "demand"),
        ("refused", "demand"),
    ],
)
def test_visit_counts_as_what_was_said_there(outcome: str, effect: str) -> None:
    decision = judge(METHOD, facts=triggered("visits.logged", {"outcome": outcome}))
    assert (decision.effect, decision.grade) == (effect, "C" if effect else "")


@pytest.mark.parametrize("outcome", ["not_discussed", "of_a_later_version", ""])
def test_visit_without_talk_of_money_is_no_collection_action(outcome: str) -> None:
    assert METHOD.outcome({}, triggered("visits.logged", {"outcome": outcome})) is None


def test_visit_to_a_customer_who_owes_nothing_is_no_demand() -> None:
    assert METHOD.outcome({}, triggered("visits.logged", {"outcome": "refused"}, balance=Money(0))) is None


def test_agreed_next_step_comes_before_the_usual_one() -> None:
    data = {"outcome": "absent", "next_step": "周五找陈老板", "next_on": date(2026, 3, 20), "persons": ("小刘",)}
    decision = judge(METHOD, facts=triggered("visits.logged", data))
    assert decision.next_on == date(2026, 3, 20)
    assert decision.next_step == {"zh": "周五找陈老板", "en": "周五找陈老板"}
    assert "小刘" in decision.summary["zh"]


def test_oral_agreement_makes_a_task_to_confirm_it_today() -> None:
    [task] = judge(METHOD, facts=triggered("visits.logged", {"outcome": "oral_only"})).effects
    assert isinstance(task, MakeTask)
    assert (task.due_on, task.kind) == (TODAY, "confirm_in_writing")


def test_plan_signed_on_the_spot_needs_no_confirmation_and_stands_in_the_log() -> None:
    data = {"outcome": "oral_only", "minutes": 35, "papers": ("statement DZ20260312-1", "plan HK20260312-2", "odd X")}
    decision = judge(METHOD, facts=triggered("visits.logged", data))
    assert decision.effects == ()
    assert [line["zh"] for line in decision.details] == [
        "在店 35 分钟（按手机时钟）", "当场签了对账单 DZ20260312-1", "当场签了还款计划 HK20260312-2"]
