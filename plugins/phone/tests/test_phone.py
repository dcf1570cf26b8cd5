"""By telephone: what a call counts for, and what it leaves behind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fieldsales.plugin_api import ActionFacts, CaseFacts, ContactFacts, Forget, Keep, Kept, MakeTask
from fieldsales.plugin_api.testing import TODAY, case, contract, judge, objections

from .. import METHOD

CHEN = "138 0571 2222"


def missed(times: int, *before: str, number: str = CHEN) -> tuple[ActionFacts, ...]:
    """So many unanswered calls, the newest, and what came before them."""
    outcomes = [*["no_answer"] * times, *before]
    return tuple(ActionFacts(f"a{n}", "phone", outcome, TODAY, fields={"number": number})
                 for n, outcome in enumerate(outcomes))


def kept(facts: CaseFacts | None = None, **raw: Any) -> dict[tuple[str, str], Any]:
    """What the call has kept (a body) or forgotten (None), by kind and key."""
    effects = judge(METHOD, raw, facts).effects
    return {(one.kind, one.key): dict(one.body) if isinstance(one, Keep) else None
            for one in effects if isinstance(one, Keep | Forget)}


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


def test_call_back_day_and_hour_are_the_next_step_and_are_kept() -> None:
    raw = {"result": "callback", "call_back_on": "2026-03-16", "call_back_at": "15:00", "spoke_with": "王会计",
           "minutes": 4, "number": CHEN}
    decision = judge(METHOD, raw)
    assert decision.next_on == date(2026, 3, 16)
    assert decision.next_step == {"zh": "15:00 再打电话（王会计）", "en": "Ring again to 王会计 at 15:00"}
    assert decision.summary["zh"] == "电话（王会计）：约好再打，4 分钟"
    assert decision.summary["en"] == "Call with 王会计: asked to be rung again, 4 min"
    assert kept(**raw)["callback", "next"] == {"on": "2026-03-16", "at": "15:00", "number": CHEN, "who": "王会计"}


def test_hour_without_a_day_is_todays() -> None:
    assert judge(METHOD, {"result": "callback", "call_back_at": "16:30"}).next_on == TODAY


def test_call_that_agrees_on_nothing_forgets_the_one_agreed_on() -> None:
    assert kept(result="refused")["callback", "next"] is None


def test_no_answer_on_a_friday_is_rung_again_on_monday() -> None:
    friday = date(2026, 3, 13)
    assert judge(METHOD, {"result": "no_answer"}, case(today=friday)).next_on == date(2026, 3, 16)


def test_day_past_is_a_warning_and_the_next_working_day_counts() -> None:
    raw = {"result": "callback", "call_back_on": "2026-03-01"}
    [problem] = objections(METHOD, raw)
    assert (problem.field, problem.blocking) == ("call_back_on", False)
    assert judge(METHOD, raw).next_on == date(2026, 3, 13)


@pytest.mark.parametrize(("facts", "step"), [
    (case(), "换个时间再打"),
    (case(actions=missed(1)), "换个时间再打"),
    (case(actions=missed(2)), "多次未接：改发邮件并说明已多次致电"),
    (case(actions=missed(2, "refused", "no_answer")), "多次未接：改发邮件并说明已多次致电"),
    (case(actions=(*missed(1), *missed(0, "refused"), *missed(3))), "换个时间再打"),
    (case(actions=missed(2), contacts=(ContactFacts("陈海", phone=CHEN),)), "多次未接：上门拜访"),
    (case(actions=missed(2), contacts=(ContactFacts("陈海", phone=CHEN), ContactFacts("王会计", phone="13905710001"))),
     "多次未接：改打王会计 13905710001"),
    (case(actions=missed(2), settings={"unanswered": 5}), "换个时间再打"),
])
def test_unanswered_calls_in_a_row_propose_another_way(facts: CaseFacts, step: str) -> None:
    decision = judge(METHOD, {"result": "no_answer", "number": CHEN}, facts)
    assert decision.next_step is not None
    assert decision.next_step["zh"] == step


def test_wrong_number_is_marked_with_a_task_and_right_again_when_it_answers() -> None:
    raw = {"result": "wrong_number", "number": CHEN}
    assert kept(**raw)["bad_number", "13805712222"] == {"on": "2026-03-12", "number": CHEN}
    [task] = [one for one in judge(METHOD, raw).effects if isinstance(one, MakeTask)]
    assert CHEN in task.title["zh"]
    bad = case(kept=(Kept("bad_number", "13805712222", {"number": CHEN}, 1, "c1"),))
    assert [one.field for one in objections(METHOD, {"result": "promised", "number": "+86 138 0571 2222"}, bad)] == [
        "number"]
    assert kept(bad, result="promised", number=CHEN)["bad_number", "13805712222"] is None
    assert ("bad_number", "13805712222") not in kept(bad, result="no_answer", number=CHEN)


@pytest.mark.parametrize(("number", "warned"), [
    (CHEN, False), ("0571-88881234", False), ("400-820-8820", False), ("+44 20 7946 0958", False),
    ("1380571222", True), ("88881234", True),
])
def test_number_of_an_unlikely_shape_is_warned_of_never_refused(number: str, warned: bool) -> None:
    found = objections(METHOD, {"result": "promised", "number": number})
    assert ([one.field for one in found], [one.blocking for one in found]) == (
        (["number"], [False]) if warned else ([], []))


def test_reason_and_recording_stand_in_the_details() -> None:
    raw = {"result": "delay", "excuse": "cash_tight",
           "recording": {"sha256": "ab" * 32, "mime": "audio/webm", "size": 9, "consent": True}}
    assert [line["zh"] for line in judge(METHOD, raw).details] == [
        "对方的理由：资金周转不灵（待核实）", "有录音，对方同意"]


def test_number_opens_the_dialler() -> None:
    [number] = [field for field in METHOD.as_form()["fields"] if field["name"] == "number"]
    assert (number["opens"], number["prefill"], number["type"]) == ("tel", "contact.phone", "phone")
