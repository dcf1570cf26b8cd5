"""The way through the courts: every step after every state, periods with the edges of their days, the record kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import CaseFacts, DebtorFacts, Keep, Kept, MakePaper, MakeTask
from fieldsales.plugin_api.panels import panel
from fieldsales.plugin_api.testing import TODAY, case, judge, objections

from .. import METHOD
from ..days import after_days, after_months, is_sure, measure_ends
from ..panel import PANEL
from ..stages import STATES, STEPS, may_follow
from ..track import Noted, Timer, Track, kept, performance_ends, read, timers, with_step
from .test_legal import QUALITY


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("since", "days", "ends"), [
    ("2026-03-12", 5, "2026-03-17"),  # the day itself is not counted
    ("2026-03-10", 15, "2026-03-25"),
    ("2026-03-06", 15, "2026-03-23"),  # a Saturday: the Monday after
    ("2026-04-01", 5, "2026-04-07"),  # 清明 2026-04-04 to 06
    ("2026-09-20", 15, "2026-10-08"),  # 国庆 2026-10-01 to 07
    ("2026-02-09", 5, "2026-02-14"),  # a Saturday that is worked
    ("2026-02-10", 5, "2026-02-24"),  # 春节 2026-02-15 to 23
    ("2027-03-01", 5, "2027-03-08"),  # a year not published yet: weekends alone
])  # fmt: skip
def test_period_of_days_ends_on_a_working_day(since: str, days: int, ends: str) -> None:
    assert after_days(on(since), days) == on(ends)


@pytest.mark.parametrize(("since", "months", "ends", "lapses"), [
    ("2026-03-12", 24, "2028-03-13", "2028-03-12"),  # a Sunday puts off the period, never the court's measure
    ("2024-02-29", 12, "2025-02-28", "2025-02-28"), ("2026-08-31", 6, "2027-03-01", "2027-02-28"),
    ("2025-10-01", 12, "2026-10-08", "2026-10-01"),
])  # fmt: skip
def test_period_of_months_ends_on_the_same_day_or_the_months_last(
    since: str, months: int, ends: str, lapses: str
) -> None:
    assert after_months(on(since), months) == on(ends)
    assert measure_ends(on(since), months) == on(lapses)
    assert (is_sure(on("2026-10-08")), is_sure(on("2028-03-13"))) == (True, False)


def run(*steps: tuple[str, str], **more: Any) -> Track:
    track = Track("d1")
    for stage, day in steps:
        track = with_step(track, Noted(stage, on(day), **more.get(stage, {})))
    return track


def codes(found: tuple[Timer, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.ends_on.isoformat()) for one in found]


ORDER = (("filed", "2026-03-02"), ("accepted", "2026-03-06"), ("issued", "2026-03-10"), ("served", "2026-03-12"))


@pytest.mark.parametrize(("steps", "state", "periods"), [
    ((), "", []),
    (ORDER[:1], "order_filed", [("answer", "2026-03-09")]),  # 7 March is a Saturday
    (ORDER[:2], "order_accepted", [("issue", "2026-03-23")]),
    (ORDER[:3], "order_issued", [("serve", "2026-04-09")]),
    (ORDER, "order_served", [("object", "2026-03-27")]),
    ((*ORDER, ("objected", "2026-03-20")), "order_over", [("decline", "2026-03-27")]),
    ((*ORDER[:3], ("unserved", "2026-04-10")), "order_over", []),
    ((*ORDER, ("effective", "2026-03-30")), "enforceable", [("enforce", "2028-03-27")]),
    ((("sued", "2026-03-12"),), "suing", [("docket", "2026-03-19")]),
    ((("sued", "2026-03-12"), ("docketed", "2026-03-18")), "docketed", [("decide", "2026-09-18")]),
    ((("sued", "2026-03-12"), ("judged", "2026-09-01")), "judged", [("appeal", "2026-09-16")]),
    ((("sued", "2026-03-12"), ("withdrawn", "2026-04-01")), "closed", []),
    ((("pre_frozen", "2026-03-12"),), "", [("sue", "2026-04-13")]),
    ((("pre_frozen", "2026-03-12"), ("sued", "2026-04-01")), "suing", [("docket", "2026-04-08")]),
    ((("final", "2026-03-12"), ("enforcing", "2026-04-01")), "enforcing", [("higher", "2026-10-08")]),
])  # fmt: skip
def test_state_and_periods_follow_from_the_steps(
    steps: tuple[tuple[str, str], ...], state: str, periods: list[tuple[str, str]]
) -> None:
    track = run(*steps)
    assert (track.state, codes(timers(track))) == (state, periods)


def test_steps_noted_late_stand_in_the_order_of_their_days() -> None:
    assert [one.stage for one in run(*reversed(ORDER)).steps] == ["filed", "accepted", "issued", "served"]


@pytest.mark.parametrize(("measure", "ends"), [("bank", "2027-03-12"), ("movable", "2028-03-12"),
                                               ("estate", "2029-03-12")])
def test_measure_lapses_by_its_kind_and_is_renewed_a_week_before(measure: str, ends: str) -> None:
    track = run(("sued", "2026-03-01"), ("docketed", "2026-03-05"), ("frozen", "2026-03-12"),
                frozen={"measure": measure})
    running = dict(codes(timers(track)))
    assert running[f"lapse_{measure}"] == ends
    assert running[f"renew_{measure}"] == (on(ends) - timedelta(days=7)).isoformat()
    lifted = with_step(track, Noted("released", on("2026-06-01"), measure=measure))
    assert not any("_" in one.code for one in timers(lifted))
    other = with_step(track, Noted("released", on("2026-06-01"), measure="bank" if measure != "bank" else "estate"))
    assert f"lapse_{measure}" in dict(codes(timers(other)))


def test_two_years_run_from_the_last_day_to_perform() -> None:
    track = run(("final", "2026-03-12"), final={"until": on("2026-04-30"), "minor": 100})
    assert performance_ends(track) == on("2026-04-30")
    assert codes(timers(track)) == [("enforce", "2028-05-01")], "30 April 2028 is a Sunday; days off not published"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("stage", STEPS)
def test_every_step_after_every_state_is_noted_and_odd_ones_are_warned_of(state: str, stage: str) -> None:
    before = next((one for one, step in STEPS.items() if step.state == state), None)
    facts = with_kept(run(*([(before, "2026-03-01")] if before else [])))
    found = objections(METHOD, {"stage": stage, "on": "2026-03-10"}, facts)
    assert not any(one.blocking for one in found), "what has happened is never kept back"
    assert bool(found) is not may_follow(state, stage)
    decision = judge(METHOD, {"stage": stage, "on": "2026-03-10"}, facts)
    assert decision.outcome == stage
    assert (decision.effect == "suit") is bool(STEPS[stage].effect)


def with_kept(track: Track, **changes: Any) -> CaseFacts:
    """The case as it is read again after it was kept."""
    if not track.steps and not track.costs:
        return case(**changes)
    record = kept(replace(track, version=max(track.version, 0)))
    return case(kept=(Kept(record.kind, record.key, record.body, 1, "c1"),), **changes)


def test_record_holds_the_case_and_the_version_it_was_read_at() -> None:
    facts = with_kept(run(*ORDER[:2]))
    decision = judge(METHOD, {"stage": "issued", "on": "2026-03-10", "case_number": "民督1号"}, facts)
    [keep] = [one for one in decision.effects if isinstance(one, Keep)]
    assert (keep.key, keep.was) == ("d1", 1)
    again = read(Kept(keep.kind, keep.key, keep.body, 2, "c1"))
    assert [one.stage for one in again.steps] == ["filed", "accepted", "issued"]
    assert again.steps[-1].number == "民督1号"
    assert (again.state, again.version) == ("order_issued", 2)


def test_case_of_another_debtor_is_another_case() -> None:
    facts = with_kept(run(*ORDER), debtor=DebtorFacts("d2", "另一家"))
    decision = judge(METHOD, {"stage": "filed", "on": "2026-03-10"}, facts)
    [keep] = [one for one in decision.effects if isinstance(one, Keep)]
    assert (keep.key, keep.was, len(keep.body["steps"])) == ("d2", 0, 1)


def test_periods_are_legals_to_do_with_their_last_day() -> None:
    decision = judge(METHOD, {"stage": "served", "on": "2026-03-10"}, with_kept(run(*ORDER[:3])))
    [task] = [one for one in decision.effects if isinstance(one, MakeTask)]
    assert (task.for_role, task.kind, task.due_on) == ("legal", "next_step", on("2026-03-25"))
    assert "债务人清偿或书面异议（15日）" in task.title["zh"]
    assert "民诉法 227" in decision.details[0]["zh"]


def test_day_ahead_is_not_believed() -> None:
    facts = with_kept(run(*ORDER[:1]))
    decision = judge(METHOD, {"stage": "accepted", "on": "2030-01-01"}, facts)
    [keep] = [one for one in decision.effects if isinstance(one, Keep)]
    assert keep.body["steps"][-1]["on"] == TODAY.isoformat()


@pytest.mark.parametrize(("stage", "kind"), [("sue", "civil_complaint"), ("preserve", "preservation_application"),
                                             ("enforce", "enforcement_application")])
def test_papers_for_the_court(stage: str, kind: str) -> None:
    track = run(("final", "2026-03-01"), final={"minor": 15_000_000, "number": "民初9号", "until": on("2026-03-10")})
    facts = with_kept(track, disputes=(QUALITY,))
    assert not any(one.blocking for one in objections(METHOD, {"stage": stage}, facts)), "a dispute bars only the order"
    decision = judge(METHOD, {"stage": stage, "court": "上城区法院", "property": "工行账户"}, facts)
    [paper] = [one for one in decision.effects if isinstance(one, MakePaper)]
    assert (paper.kind, paper.values["court"]) == (kind, "上城区法院")
    assert (decision.effect, decision.grade) == ("", ""), "a draft is no step before a court"
    if stage == "enforce":
        assert (paper.values["basis"], paper.values["awarded"]) == ("民初9号", "¥150,000.00")


def test_enforcement_after_the_two_years_is_warned_of() -> None:
    facts = with_kept(run(("final", "2023-01-10")))
    [problem] = objections(METHOD, {"stage": "enforce"}, facts)
    assert "两年申请期已于 2025-01-10 届满" in problem.text["zh"]


def test_panel_shows_what_runs_and_what_is_over() -> None:
    assert panel(PANEL.show(case(overdue=Money(0)))) is None
    fresh = panel(PANEL.show(case()))
    assert fresh is not None
    assert fresh.tone == ""
    assert "¥3,300.00" in [str(one.value) for one in fresh.lines], "the fee of a suit over 150,000"
    late = panel(PANEL.show(with_kept(run(("filed", "2026-03-01")))))
    assert late is not None
    assert late.tone == "bad"
    assert late.table is not None
    assert len(late.table.rows) == 1
    assert PANEL.roles == ("legal", "manager", "admin")
