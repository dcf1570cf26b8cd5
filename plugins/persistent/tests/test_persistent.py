"""Close follow-up: only where approved, one sum and one day, their own people, capped, over at the first objection."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import (
    CaseFacts,
    ContactFacts,
    ContactQuestion,
    JobFacts,
    Keep,
    KeepFor,
    Kept,
    MakePaper,
    MakeTask,
    PastContact,
    PastStop,
    StopContact,
    TaskFor,
)
from fieldsales.plugin_api.clauses import clause
from fieldsales.plugin_api.compliance import rule, ruling
from fieldsales.plugin_api.panels import panel
from fieldsales.plugin_api.settings import settings_form
from fieldsales.plugin_api.testing import NOON, TODAY, case, contract, judge, objections

from .. import METHOD, settings
from ..clause import CLAUSE
from ..night import JOB
from ..pace import RULE
from ..panel import PANEL

BAD = replace(case().customer, faith="bad_faith")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def close(*records: Keep, **changes: Any) -> CaseFacts:
    kept = tuple(Kept(one.kind, one.key, one.body, 1, "c1") for one in records)
    return case(**{"customer": BAD, "kept": kept} | changes)


def record(raw: dict[str, Any], facts: CaseFacts | None = None) -> Keep:
    [keep] = [one for one in judge(METHOD, raw, facts or close()).effects if isinstance(one, Keep)]
    return keep


def tasks(raw: dict[str, Any], facts: CaseFacts) -> list[tuple[str, str]]:
    return [(one.kind, one.for_role) for one in judge(METHOD, raw, facts).effects if isinstance(one, MakeTask)]


AGREE = {"stage": "agree", "amount": 200_000, "days": 10, "first_on": "2026-03-13"}


def test_persistent_keeps_the_contract() -> None:
    contract(METHOD)
    assert (METHOD.manner, METHOD.level, METHOD.approval) == ("persistent", 2, True)
    assert (rule(RULE).name, clause(CLAUSE).name, settings_form(settings()[0]).name) == (
        "close_pace", "daily_payment", "settings")


def test_nothing_says_the_class_where_a_rep_or_customer_reads() -> None:
    shown = [METHOD.labels, METHOD.hint or {}, *(one.labels for one in METHOD.fields), *RULE.codes.values(),
             *CLAUSE.paras, PANEL.labels,
             *(choice.labels for one in METHOD.fields for choice in one.choices)]
    text = " ".join(said[lang] for said in shown for lang in ("zh", "en"))
    assert not any(word in text for word in ("恶意", "老赖", "赖", "bad faith", "bad-faith"))


@pytest.mark.parametrize(("faith", "blocked"), [("", True), ("good_faith", True), ("bad_faith", False)])
def test_only_where_a_manager_approved_it(faith: str, blocked: bool) -> None:
    found = objections(METHOD, {"stage": "missed"}, case(customer=replace(BAD, faith=faith)))
    assert any(one.blocking for one in found) is blocked


@pytest.mark.parametrize(("person", "people", "why"), [
    ("陈海", (ContactFacts("陈海"),), ""), ("路人", (ContactFacts("陈海"),), "只找对方自己的人"),
    ("陈海", (ContactFacts("陈海", standing="third_party"),), "不得催款"),
    ("陈海", (ContactFacts("陈海", standing="family"),), "不得催款"),
    ("陈海", (ContactFacts("陈海", standing="refused"),), "不得催款"),
    ("陈海", (ContactFacts("陈海", standing="left"),), "不得催款"), ("", (), ""),
])  # fmt: skip
def test_nobody_but_their_own_people_who_may_be_asked(person: str, people: tuple[ContactFacts, ...], why: str) -> None:
    raw = {"stage": "missed"} | ({"person": person} if person else {})
    found = objections(METHOD, raw, close(contacts=people))
    assert [why in one.text["zh"] and one.blocking for one in found] == ([True] if why else [])


@pytest.mark.parametrize("stage", ["agree", "paid", "missed", "supply", "joint"])
@pytest.mark.parametrize("stop", ["objection", "asked_to_leave", "police"])
def test_after_any_stop_there_is_nothing_but_law(stage: str, stop: str) -> None:
    [problem] = objections(METHOD, {"stage": stage}, close(stops=(stop,)))
    assert problem.blocking
    assert "紧盯已停止" in problem.text["zh"]
    assert objections(METHOD, {"stage": "law"}, close(stops=(stop,))) == ()


@pytest.mark.parametrize("kind", ["objection", "asked_to_leave", "police"])
def test_stop_goes_on_record_and_to_legal_with_the_evidence(kind: str) -> None:
    raw = {"stage": "stop", "stop": kind, "words": "别再来了", "person": "陈海"}
    decision = judge(METHOD, raw, close())
    assert [one for one in decision.effects if isinstance(one, StopContact)] == [StopContact(kind, "别再来了", "陈海")]  # type: ignore[arg-type]
    assert tasks(raw, close()) == [("handed_over", "legal")]
    assert [one.kind for one in decision.effects if isinstance(one, MakePaper)] == ["evidence_report"]
    again = close(record(raw))
    [problem] = objections(METHOD, {"stage": "missed"}, again)
    assert problem.blocking, "also from its own record"
    assert (decision.effect, decision.outcome) == ("", "stopped")


def test_small_sums_day_by_day_add_up() -> None:
    first = judge(METHOD, AGREE, close())
    assert first.summary["zh"] == "逐日付款：每天 ¥2,000.00，03-13 起 10 天，合计 ¥20,000.00"
    assert (first.effect, first.grade) == ("agreement", "C")
    facts = close(record(AGREE), today=date(2026, 3, 13))
    paid = judge(METHOD, {"stage": "paid"}, facts)
    assert paid.summary["zh"].startswith("03-13 付 ¥2,000.00，累计 ¥2,000.00")
    assert (paid.next_on, paid.next_step) == (date(2026, 3, 14), {"zh": "03-14 收 ¥2,000.00",
                                                                  "en": "¥2,000.00 on 03-14"})
    last = close(record(AGREE), today=date(2026, 3, 22))
    assert "余款再约" in (judge(METHOD, {"stage": "paid"}, last).next_step or {})["zh"]


def test_days_that_add_up_to_more_than_the_debt_are_refused() -> None:
    [problem] = objections(METHOD, {"stage": "agree", "amount": 2_000_000, "days": 10}, close())
    assert problem.field == "amount"


def test_supply_stop_is_put_to_the_manager_once_and_never_done_by_itself() -> None:
    assert ("supply_proposed", "manager") in tasks(AGREE, close())
    asked = close(record({"stage": "supply"}))
    assert tasks(AGREE, asked) == []
    assert tasks({"stage": "supply"}, close(customer=replace(BAD, supply_stopped=True))) == []


def test_visit_to_the_owner_is_the_managers_too() -> None:
    raw = {"stage": "joint", "visit_on": "2026-03-16"}
    assert tasks(raw, close()) == [("joint_visit", "manager")]
    assert judge(METHOD, raw, close()).next_on == date(2026, 3, 16)


def test_side_topic_is_dealt_with_apart() -> None:
    raw = {"stage": "missed", "parked": "三月的返利"}
    assert ("parked", "") in tasks(raw, close())
    assert "返利" not in judge(METHOD, raw, close()).summary["zh"]


def test_days_without_money_lead_to_law_by_themselves() -> None:
    begun = record({"stage": "missed"})
    assert judge(METHOD, {"stage": "missed"}, close(begun, today=TODAY + timedelta(days=6))).outcome == "missed"
    late = judge(METHOD, {"stage": "missed"}, close(begun, today=TODAY + timedelta(days=7)))
    assert late.outcome == "handed_over"
    soon = close(begun, today=TODAY + timedelta(days=3), settings={"days_without_money": 3})
    assert judge(METHOD, {"stage": "missed"}, soon).outcome == "handed_over"
    paid = record({"stage": "paid", "amount": 100}, close(begun, today=TODAY + timedelta(days=5)))
    assert judge(METHOD, {"stage": "missed"}, close(paid, today=TODAY + timedelta(days=7))).outcome == "missed"


def test_night_hands_over_what_nobody_noted() -> None:
    body = record({"stage": "missed"}).body

    def orders(today: date, **changes: Any) -> tuple[Any, ...]:
        kept = (Kept("days", "plan", {**body, **changes}, 3, "c1"), Kept("days", "plan", body, 1, ""),
                Kept("other", "x", {}, 1, "c1"))
        return JOB.run(JobFacts(NOON, today, kept=kept)).orders

    assert orders(TODAY + timedelta(days=6)) == ()
    keep, task = orders(TODAY + timedelta(days=7))
    assert (type(keep), keep.customer_id, keep.effect.body["state"], keep.effect.was) == (
        KeepFor, "c1", "handed_over", 3)
    assert (type(task), task.for_role, task.kind) == (TaskFor, "legal", "handed_over")
    assert orders(TODAY + timedelta(days=30), state="handed_over") == ()
    assert orders(TODAY + timedelta(days=30), state="stopped") == ()


def question(at: datetime, made: tuple[PastContact, ...] = (), **more: Any) -> ContactQuestion:
    fields = {"channel": "call", "faith": "bad_faith", "made": made, **more}
    return ContactQuestion(at=at, there=at.astimezone(SHANGHAI), **fields)


def ago(**back: int) -> PastContact:
    return PastContact(NOON - timedelta(**back), "visit")


@pytest.mark.parametrize(("asked", "code", "until"), [
    (question(NOON), "", None),
    (question(NOON, (ago(hours=2),)), "daily", "2026-03-12T16:00"), (question(NOON, (ago(hours=13),)), "", None),
    (question(NOON, tuple(ago(days=n) for n in range(1, 6))), "weekly", "2026-03-14T04:00"),
    (question(NOON, tuple(ago(days=n) for n in range(1, 5))), "", None),
    (question(NOON.replace(hour=0)), "hours", "2026-03-12T01:00"),  # eight there
    (question(NOON.replace(hour=10)), "hours", "2026-03-13T01:00"),  # eighteen there
    (question(NOON.replace(hour=10), channel="mail"), "", None),
    (question(NOON, (ago(hours=2),), purpose="reminder"), "", None),
    (question(NOON, (ago(hours=2),), faith=""), "", None),
    (question(NOON, (ago(hours=2),), faith="good_faith"), "", None),
    (question(NOON, stops=(PastStop("objection", NOON),)), "", None),
    (question(NOON, stops=(PastStop("objection", NOON),), method="persistent", channel="letter"), "stopped", None),
    (question(NOON, stops=(PastStop("police", NOON),), method="persistent", faith=""), "stopped", None),
])  # fmt: skip
def test_pace_is_capped_and_ends_at_a_stop(asked: ContactQuestion, code: str, until: str | None) -> None:
    found = ruling(RULE.judge(asked), RULE, asked.at)
    assert found.code == code
    assert found.until == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


def test_panel_shows_sums_and_days_and_no_class() -> None:
    assert PANEL.show(close()) is None
    shown = panel(PANEL.show(close(record(AGREE))))
    assert shown is not None
    values = {line.label["zh"]: line.value for line in shown.lines}
    assert (values["下一笔"], values["已付"]) == (date(2026, 3, 13), "¥0.00 / ¥20,000.00")
    stopped = panel(PANEL.show(close(record({"stage": "stop"}))))
    assert stopped is not None
    assert stopped.links == ()
    assert judge(METHOD, {"stage": "agree"}, close()).outcome == "no_sum"
    assert Money(0).minor == 0
