"""By letter: what is made, and what its arrival proves."""

from __future__ import annotations

from datetime import date

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import ActionFacts, DisputeFacts, MakePaper
from fieldsales.plugin_api.testing import TODAY, case, contract, judge, objections

from .. import METHOD

PHOTO = ["a" * 64]


def test_letter_keeps_the_contract() -> None:
    contract(METHOD)


def test_making_a_letter_asks_for_the_paper_and_is_no_demand_yet() -> None:
    decision = judge(METHOD, {"stage": "make", "tone": "final", "pay_by": "2026-03-20"})
    [paper] = decision.effects
    assert isinstance(paper, MakePaper)
    assert paper.kind == "demand_letter"
    assert paper.values["pay_by"] == "2026-03-20"
    assert paper.values["tone"] == "final"
    assert paper.values["address"] == "杭州市江干区港口路 8 号"
    assert (decision.effect, decision.grade) == ("", "")
    assert "¥182,300.00" in decision.summary["zh"], "the whole debt, not the overdue part"


@pytest.mark.parametrize(("tone", "lang"), [("friendly", "zh"), ("firm", "en"), ("final", "zh_en")])
def test_tone_language_and_note_go_to_the_paper(tone: str, lang: str) -> None:
    [paper] = judge(METHOD, {"stage": "make", "tone": tone, "note": "请联系王小明。", "lang": lang}).effects
    assert isinstance(paper, MakePaper)
    assert (paper.values["tone"], paper.values["lang"], paper.values["note"]) == (tone, lang, "请联系王小明。")


def test_no_debt_no_letter() -> None:
    [problem] = objections(METHOD, {"stage": "make"}, case(balance=Money(0)))
    assert problem.blocking
    assert objections(METHOD, {"stage": "delivered"}, case(balance=Money(0))) == ()


def test_day_to_pay_by_must_lie_ahead() -> None:
    [problem] = objections(METHOD, {"stage": "make", "pay_by": "2026-03-11"})
    assert (problem.field, problem.blocking) == ("pay_by", True)


def test_open_dispute_is_named_and_does_not_stop_the_letter() -> None:
    dispute = DisputeFacts("x", "quality", Money(100), TODAY)
    [problem] = objections(METHOD, {"stage": "make"}, case(disputes=(dispute,)))
    assert not problem.blocking


@pytest.mark.parametrize(
    ("answers", "grade"),
    [
        ({}, "C"),
        ({"delivered_on": "2026-03-10"}, "C"),
        ({"delivered_on": "2026-03-10", "tracking_number": "SF1234567890"}, "B"),
        ({"delivered_on": "2026-03-10", "proof": PHOTO}, "B"),
        ({"proof": PHOTO, "signed_by": "王会计", "signer": "other"}, "B"),
        ({"proof": PHOTO, "signed_by": "陈海", "signer": "legal_representative"}, "A"),
        ({"proof": PHOTO, "signer": "mailroom"}, "B"),
        ({"signed_by": "陈海", "signer": "legal_representative"}, "C"),
    ],
)
def test_delivery_is_graded_by_its_proof(answers: dict[str, object], grade: str) -> None:
    decision = judge(METHOD, {"stage": "delivered", **answers})
    assert (decision.effect, decision.grade) == ("demand", grade)


def test_tracking_number_noted_when_posted_counts_at_delivery() -> None:
    posted = ActionFacts("a1", "letter", "posted", date(2026, 3, 8), fields={"tracking_number": "SF1"})
    decision = judge(METHOD, {"stage": "delivered", "delivered_on": "2026-03-10"}, case(actions=(posted,)))
    assert decision.grade == "B"


def test_posted_is_asserted_only() -> None:
    decision = judge(METHOD, {"stage": "posted", "carrier": "顺丰", "tracking_number": "SF1"})
    assert (decision.effect, decision.grade) == ("demand", "C")
    assert "顺丰 SF1" in decision.summary["zh"]


def test_returned_letter_is_no_demand() -> None:
    decision = judge(METHOD, {"stage": "returned", "why_back": "查无此人"})
    assert (decision.effect, decision.outcome) == ("", "returned")
