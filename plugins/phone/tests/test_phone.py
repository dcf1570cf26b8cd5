"""By telephone: what a call counts for."""

from __future__ import annotations

from datetime import date

import pytest

from fieldsales.plugin_api.testing import case, contract, judge, objections

from .. import METHOD


def test_phone_keeps_the_contract() -> None:
    contract(METHOD)


@pytest.mark.parametrize(
    ("result", "effect", "grade"),
    [
        ("promised", "agreement", "C"),
        ("delay", "agreement", "C"),
        ("refused", "demand", "C"),
        ("callback", "demand", "C"),
        ("no_answer", "", ""),
        ("wrong_number", "", ""),
    ],
)
def test_call_counts_only_when_somebody_was_told(result: str, effect: str, grade: str) -> None:
    decision = judge(METHOD, {"result": result})
    assert (decision.effect, decision.grade, decision.outcome) == (effect, grade, result)


def test_call_back_day_is_the_next_step() -> None:
    decision = judge(METHOD, {"result": "callback", "call_back_on": "2026-03-16", "spoke_with": "王会计", "minutes": 4})
    assert decision.next_on == date(2026, 3, 16)
    assert decision.summary["zh"] == "电话（王会计）：约好再打，4 分钟"
    assert decision.summary["en"] == "Call with 王会计: asked to be rung again, 4 min"


def test_no_answer_on_a_friday_is_rung_again_on_monday() -> None:
    friday = date(2026, 3, 13)
    assert judge(METHOD, {"result": "no_answer"}, case(today=friday)).next_on == date(2026, 3, 16)


def test_day_past_is_a_warning_and_the_next_working_day_counts() -> None:
    raw = {"result": "callback", "call_back_on": "2026-03-01"}
    [problem] = objections(METHOD, raw)
    assert (problem.field, problem.blocking) == ("call_back_on", False)
    assert judge(METHOD, raw).next_on == date(2026, 3, 13)


def test_number_opens_the_dialler() -> None:
    [number] = [field for field in METHOD.as_form()["fields"] if field["name"] == "number"]
    assert (number["opens"], number["prefill"], number["type"]) == ("tel", "contact.phone", "phone")
