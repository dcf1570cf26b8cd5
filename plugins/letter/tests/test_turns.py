"""One letter at a time, tones in their order, what belongs to which piece, and what a fax proves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from fieldsales.plugin_api import ActionFacts, MakePaper, MakeTask
from fieldsales.plugin_api.panels import panel
from fieldsales.plugin_api.testing import TODAY, case, contract, judge, objections

from .. import SETTINGS, TEMPLATES
from ..fax import METHOD as FAX
from ..letter import METHOD as LETTER
from ..panel import PANEL
from ..thread import next_tone, sent

MAKE = {"stage": "make"}
PHOTO = ["a" * 64]


def stage(outcome: str, days_ago: int, *, n: int = 1, grade: str = "", method: str = "letter", **fields: Any
          ) -> ActionFacts:
    """One stage of letter ``n``, so many days ago; it follows the making of that letter."""
    on = TODAY - timedelta(days=days_ago)
    return ActionFacts(f"{method}{n}{outcome}", method, outcome, on, grade, "", fields,
                       "" if outcome == "made" else f"{method}{n}made")


def newest_first(*stages: ActionFacts) -> tuple[ActionFacts, ...]:
    return tuple(sorted(stages, key=lambda one: one.on, reverse=True))


MADE = stage("made", 10, tone="friendly")
POSTED = stage("posted", 9, posted_on=str(TODAY - timedelta(days=9)), tracking_number="EA1")


@pytest.mark.parametrize(("earlier", "blocked"), [
    ((), False),
    ((MADE,), True),
    ((stage("made", 14),), True),
    ((stage("made", 15),), False),
    ((MADE, POSTED), True),
    ((stage("made", 20), POSTED), True),
    ((stage("made", 40), stage("posted", 16)), False),
    ((stage("made", 30), stage("posted", 2, posted_on=str(TODAY - timedelta(days=15)))), False),
    ((MADE, POSTED, stage("in_transit", 5)), True),
    ((MADE, POSTED, stage("delivered", 3, grade="C")), True),
    ((MADE, POSTED, stage("delivered", 3, grade="B")), False),
    ((MADE, POSTED, stage("delivered", 3, grade="A")), False),
    ((MADE, POSTED, stage("returned", 3)), False),
    ((stage("held_back", 1),), False),
    ((stage("made", 60, n=1), stage("delivered", 50, n=1, grade="B"), stage("made", 4, n=2)), True),
    ((stage("made", 60, n=1), stage("made", 20, n=2), stage("delivered", 10, n=2, grade="B")), False),
])  # fmt: skip
def test_the_next_letter_waits_until_the_last_is_proven_or_timed_out(earlier: tuple[ActionFacts, ...], blocked: bool
                                                                       ) -> None:
    facts = case(actions=newest_first(*earlier))
    found = [one for one in objections(LETTER, MAKE, facts) if one.field == "exception"]
    assert bool(found) == blocked
    assert all(one.blocking for one in found)


def test_a_reason_lets_the_next_letter_go_and_stays_on_record() -> None:
    facts = case(actions=newest_first(MADE, POSTED))
    [problem] = objections(LETTER, {**MAKE, "tone": "friendly", "exception": "法务要求立即再发"}, facts)
    assert not problem.blocking
    assert "法务要求立即再发" in problem.text["zh"]
    assert "2026-03-18" in problem.text["zh"], "fifteen days after it was posted"


def test_the_days_to_wait_are_a_setting() -> None:
    facts = case(actions=newest_first(MADE, POSTED), settings={"proof_days": 9})
    assert not objections(LETTER, MAKE, facts)
    assert SETTINGS.read({})["proof_days"] == 15


@pytest.mark.parametrize(("earlier", "turn"), [
    ((), "friendly"),
    ((stage("made", 60, tone="friendly"),), "firm"),
    ((stage("made", 60, tone="firm"),), "final"),
    ((stage("made", 60, tone="final"),), "final"),
    ((stage("made", 400, tone="firm"),), "friendly"),
    ((stage("made", 60, tone="friendly"), stage("returned", 50)), "friendly"),
    ((stage("made", 60, tone="friendly", method="fax"),), "firm"),
    ((stage("made", 60, tone="firm"), stage("made", 30, n=2, tone="friendly")), "final"),
])  # fmt: skip
def test_tones_go_in_order(earlier: tuple[ActionFacts, ...], turn: str) -> None:
    facts = case(actions=newest_first(*earlier))
    assert next_tone(facts) == turn
    [paper] = [one for one in judge(LETTER, MAKE, facts).effects if isinstance(one, MakePaper)]
    assert paper.values["tone"] == turn, "left open, it is the next one's turn"
    beyond = ("friendly", "firm", "final")[("friendly", "firm", "final").index(turn) + 1:]
    for tone in ("friendly", "firm", "final"):
        found = [one for one in objections(LETTER, {**MAKE, "tone": tone}, facts) if one.field == "tone"]
        assert [one.blocking for one in found] == [True] * (tone in beyond)


@pytest.mark.parametrize(("given", "follows"), [
    ({"stage": "posted", "tracking_number": "EA9"}, "letter2made"),
    ({"stage": "delivered", "tracking_number": "EA1"}, "letter1posted"),
    ({"stage": "delivered"}, "letter1posted"),
    ({"stage": "returned", "tracking_number": "EA1"}, "letter1posted"),
    ({"stage": "delivered", "tracking_number": "EA7"}, "letter2made"),
])  # fmt: skip
def test_what_is_noted_belongs_to_the_piece_with_its_number_else_the_newest_waiting(given: dict[str, Any],
                                                                                    follows: str) -> None:
    facts = case(actions=newest_first(MADE, POSTED, stage("made", 2, n=2, tone="firm")))
    assert judge(LETTER, given, facts).follows == follows


def test_a_number_nobody_knows_begins_a_thread_of_its_own() -> None:
    assert judge(LETTER, {"stage": "delivered", "tracking_number": "EA7"}, case(actions=newest_first(MADE, POSTED))
                 ).follows == ""


def test_posting_leaves_a_task_for_the_day_it_has_timed_out() -> None:
    [task] = judge(LETTER, {"stage": "posted", "posted_on": "2026-03-10"}).effects
    assert isinstance(task, MakeTask)
    assert (task.kind, task.due_on) == ("proof_overdue", date(2026, 3, 25))


def test_earlier_letters_are_read_with_their_best_proof() -> None:
    delivered = stage("delivered", 4, grade="B", delivered_on=str(TODAY - timedelta(days=4)))
    [one] = sent(case(actions=newest_first(MADE, POSTED, delivered)))
    assert (one.stage, one.grade, one.number, one.since) == ("delivered", "B", "EA1", TODAY - timedelta(days=9))


@pytest.mark.parametrize(("given", "grade"), [
    ({"stage": "sent"}, "C"),
    ({"stage": "sent", "agreed": True}, "C"),
    ({"stage": "sent", "report": PHOTO}, "C"),
    ({"stage": "sent", "report": PHOTO, "agreed": True}, "B"),
    ({"stage": "answered"}, "C"),
    ({"stage": "answered", "answer": PHOTO}, "B"),
    ({"stage": "answered", "answer": PHOTO, "signed_by": "王海", "signer": "other"}, "B"),
    ({"stage": "answered", "answer": PHOTO, "signed_by": "王海", "signer": "mailroom"}, "A"),
    ({"stage": "answered", "signed_by": "王海", "signer": "mailroom"}, "C"),
])  # fmt: skip
def test_fax_is_graded_by_what_it_proves(given: dict[str, Any], grade: str) -> None:
    decision = judge(FAX, given)
    assert (decision.effect, decision.grade) == ("demand", grade)
    assert f"等级 {grade}" in decision.details[0]["zh"], "and says why"


def test_fax_makes_the_letter_and_its_cover_sheet() -> None:
    letter, cover = judge(FAX, {"stage": "make", "fax_number": "0571-88881235", "pages": 3}).effects
    assert isinstance(letter, MakePaper)
    assert isinstance(cover, MakePaper)
    assert (letter.kind, cover.kind) == ("demand_letter", "fax_cover")
    assert (cover.values["fax_number"], cover.values["pages"]) == ("0571-88881235", "3")
    assert LETTER.batch is not None
    assert {one.name for one in TEMPLATES} >= {cover.kind, *LETTER.batch.sheets}


def test_fax_keeps_the_contract_and_a_failed_one_blocks_nothing() -> None:
    contract(FAX)
    failed = newest_first(stage("made", 2, method="fax"), stage("failed", 1, method="fax"))
    assert judge(FAX, {"stage": "failed", "why_failed": "占线"}).effect == ""
    assert not [one for one in objections(FAX, MAKE, case(actions=failed)) if one.blocking]


def lines(*stages: ActionFacts) -> tuple[str, list[str]]:
    """(the panel's colour, its lines in Chinese)."""
    shown = panel(PANEL.show(case(actions=newest_first(*stages))))
    assert shown is not None
    return shown.tone, [f"{one.label['zh']} {one.value['zh'] if isinstance(one.value, Mapping) else one.value}"
                        for one in shown.lines]


@pytest.mark.parametrize(("earlier", "tone", "told"), [
    ((MADE, POSTED), "warn", ["下一封的语气 正式催告", "下一封要等 证实送达或到 03-18", "信函·友好提醒 已寄出",
                              "EA1 03-02 出函 → 03-03 已寄出"]),
    ((stage("made", 40), stage("posted", 30, grade="C")), "bad", [
        "下一封的语气 正式催告", "超时 查签收或换方式送达", "信函·友好提醒 已寄出，超时未证实（C）",
        "经过 01-31 出函 → 02-10 已寄出"]),
    ((MADE, POSTED, stage("delivered", 3, grade="B")), "good", [
        "下一封的语气 正式催告", "信函·友好提醒 已送达（B 到达）",
        "EA1 03-02 出函 → 03-03 已寄出 → 03-09 已送达"]),
    ((MADE, POSTED, stage("returned", 3)), "good", [
        "下一封的语气 友好提醒", "信函·友好提醒 被退回", "EA1 03-02 出函 → 03-03 已寄出 → 03-09 被退回"]),
])  # fmt: skip
def test_panel_tells_the_way_of_each_letter_and_what_the_next_waits_for(earlier: tuple[ActionFacts, ...], tone: str,
                                                                        told: list[str]) -> None:
    assert lines(*earlier) == (tone, told)
    assert PANEL.show(case()) is None, "no letter, no panel"


def test_a_tone_left_open_counts_as_the_one_whose_turn_it_was() -> None:
    first, second = stage("made", 90), stage("made", 60, n=2)
    assert next_tone(case(actions=newest_first(first))) == "firm"
    assert next_tone(case(actions=newest_first(first, second))) == "final"
    back = stage("returned", 30)
    assert [one.tone for one in sent(case(actions=newest_first(first, second, back)))] == ["firm", "friendly"], (
        "the second was firm: when it was made nobody knew that the first would come back")
