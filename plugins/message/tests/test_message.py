"""By message: what a sent text, a delivered one and a reply are worth; no text leaves without the whole debt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import CustomerFacts, SendText, StopContact, drafted, fill
from fieldsales.plugin_api.testing import case, contract, judge, objections

from .. import METHOD
from ..form import TEXTS

SHOT = ["a" * 64]


def test_message_keeps_the_contract() -> None:
    contract(METHOD)


@pytest.mark.parametrize("tone", [one.name for one in TEXTS])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_states_the_whole_debt_from_the_books(tone: str, lang: str) -> None:
    text = drafted(TEXTS, tone, case(), lang)
    assert "¥182,300.00" in text
    assert "{" not in text
    assert len(text) <= 600


def test_text_about_a_broken_promise_without_one_is_not_sent_with_a_hole() -> None:
    assert "¥50,000.00" in drafted(TEXTS, "broken", case())
    assert drafted(TEXTS, "broken", case(promises=())) == drafted(TEXTS, "reminder", case())
    assert fill("{name} {promised}", {"name": "海港"}) == ""


def test_shared_from_the_phone_is_a_demand_asserted_only() -> None:
    decision = judge(METHOD, {"what": "send", "way": "wechat", "tone": "firm"})
    assert (decision.outcome, decision.effect, decision.grade, decision.effects) == ("sent", "demand", "C", ())
    assert decision.next_on == date(2026, 3, 14)


def test_providers_message_is_a_demand_only_once_it_has_arrived() -> None:
    decision = judge(METHOD, {"what": "send", "way": "provider", "tone": "firm", "to": "138 0571 2222"})
    [text] = decision.effects
    assert isinstance(text, SendText)
    assert (decision.effect, text.delivered_effect, text.template) == ("", "demand", "firm")
    assert text.places["open"] == "¥182,300.00"
    [problem] = objections(METHOD, {"what": "send", "way": "provider"}, case(contacts=(), customer=_without_phone()))
    assert problem.field == "to"


def _without_phone() -> CustomerFacts:
    return replace(case().customer, phone="")


@pytest.mark.parametrize(("reply", "account", "shot", "effect", "grade"), [
    ("acknowledged", "known", True, "acknowledgement", "B"),
    ("acknowledged", "unknown", True, "acknowledgement", "C"),
    ("acknowledged", "known", False, "acknowledgement", "C"),
    ("promised", "known", True, "agreement", "B"),
    ("read", "known", True, "demand", "B"),
    ("refused", "known", False, "demand", "C"),
])  # fmt: skip
def test_reply_proves_by_its_screenshot_and_by_whose_account_it_is(
    reply: str, account: str, shot: bool, effect: str, grade: str
) -> None:
    raw = {"what": "reply", "reply": reply, "account": account} | ({"shot": SHOT} if shot else {})
    decision = judge(METHOD, raw)
    assert (decision.effect, decision.grade) == (effect, grade)
    assert bool(objections(METHOD, raw)) is not shot


@pytest.mark.parametrize("said", ["T", "td", "退订", " 退订。", "N", "STOP"])
def test_word_that_ends_messages_is_a_stop_whatever_was_chosen(said: str) -> None:
    decision = judge(METHOD, {"what": "reply", "reply": "read", "reply_words": said})
    [stop] = decision.effects
    assert isinstance(stop, StopContact)
    assert (stop.kind, decision.effect, decision.outcome) == ("objection", "", "stop")


def test_promise_by_message_is_looked_at_on_its_day() -> None:
    raw = {"what": "reply", "reply": "promised", "pay_on": "2026-03-20", "pay_amount": 5_000_000, "shot": SHOT}
    assert judge(METHOD, raw).next_on == date(2026, 3, 20)


def test_form_that_says_not_how_it_went_is_no_demand() -> None:
    for raw in ({}, {"what": "send", "tone": "firm"}):
        decision = judge(METHOD, raw)
        assert (decision.effect, decision.effects, decision.outcome) == ("", (), "not_sent")


def test_nothing_open_blocks_a_message_but_no_reply() -> None:
    settled = case(balance=Money(0), overdue=Money(0), invoices=())
    assert objections(METHOD, {"what": "send", "way": "wechat"}, settled)[0].blocking
    assert not objections(METHOD, {"what": "reply", "reply": "read", "shot": SHOT}, settled)
