"""Rules of contact that plugins bring: stricter, never looser; one that fails holds back its own methods alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fieldsales.collection import policies
from fieldsales.collection.gate import CODES, RULE_AWAY, Contact, GateFacts, Made, Stop, permit, told
from fieldsales.collection.gate_ahead import ahead
from fieldsales.collection.gate_facts import as_json
from fieldsales.collection.gate_rules import judged, words_of_rules
from fieldsales.plugin_api import CollectionMethod, ComplianceRule, ContactQuestion, Decision, Ruling, hookimpl, words
from fieldsales.plugin_api.loading import Found
from fieldsales.plugin_api.manager import Plugins
from tests.collection.test_gate import CASES, facts_of, instant
from tests.collection.test_gate_on_the_phone import on_the_phone

NOON = datetime(2026, 3, 12, 4, tzinfo=UTC)  # a Thursday, twelve in Shanghai
FACTS = GateFacts(policies.policy_on("CN", date(2026, 3, 12)), "Asia/Shanghai")
CALL = Contact("call", NOON)
Judge = Callable[[ContactQuestion], Ruling]


def no_friday(question: ContactQuestion) -> Ruling:
    """Nothing on Fridays, till midnight there."""
    if question.there.weekday() != 4:
        return Ruling()
    ends = (question.there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return Ruling("friday", ends.astimezone(UTC))


def brought(judge: Judge, name: str = "no_friday") -> Plugins:
    """A program with one plugin: the rule, and a method of its own."""
    rule = ComplianceRule(name, words("周五不催", "No Fridays"), words("本公司规定", "House rule"),
                          {"friday": words("周五不催款", "No demands on Fridays"),
                           "never": words("不再联系", "Never again")}, judge)

    class Module:
        @staticmethod
        @hookimpl
        def compliance_rules() -> list[ComplianceRule]:
            return [rule]

        @staticmethod
        @hookimpl
        def collection_methods() -> list[CollectionMethod]:
            return [CollectionMethod("knock", words("敲门", "Knock"),
                                     lambda fields, facts: Decision(words("敲过", "Knocked"), "knocked"))]

    plugins = Plugins(call_seconds=0.2)
    status = plugins.add(Found("house", "file", "", "1", lambda: Module))
    assert status.state == "active", status.last_error
    return plugins


def test_rule_holds_back_what_the_core_lets_through_and_says_until_when() -> None:
    plugins, friday = brought(no_friday), replace(CALL, at=NOON + timedelta(days=1))
    assert judged(plugins, CALL, FACTS).ok
    assert permit(friday, FACTS).ok
    found = judged(plugins, friday, FACTS)
    assert found.codes == ("no_friday.friday",)
    # Friday ends at midnight; from then on the core's own hours hold till eight on Saturday.
    assert found.until == datetime(2026, 3, 14, 0, tzinfo=UTC)
    assert found.why_zh == "周五不催款。3月14日 08:00 起可以。"
    assert "No demands on Fridays" in found.why_en


@pytest.mark.parametrize("case", CASES, ids=[one["name"] for one in CASES])
def test_rule_that_allows_everything_loosens_nothing(case: dict[str, dict[str, str]]) -> None:
    contact = Contact(**{**case["contact"], "at": instant(case["contact"]["at"])})  # type: ignore[arg-type]
    facts = facts_of(case["facts"])
    assert judged(brought(lambda question: Ruling()), contact, facts) == permit(contact, facts)


def test_rule_that_never_allows_adds_to_the_cores_no() -> None:
    plugins = brought(lambda question: Ruling("never"))
    stopped = replace(FACTS, stops=(Stop("s", "objection", NOON),))
    found = judged(plugins, CALL, stopped)
    assert set(found.codes) == {"objection", "no_friday.never"}
    assert found.until is None
    assert judged(plugins, replace(CALL, purpose="service"), stopped).ok, "what is not about money is never asked about"


def raises(question: ContactQuestion) -> Ruling:
    raise ValueError("broken")


def hangs(question: ContactQuestion) -> Ruling:
    time.sleep(0.6)
    return Ruling()


@pytest.mark.parametrize("judge", [
    raises, hangs, lambda question: True, lambda question: Ruling("unknown"),
    lambda question: Ruling("friday", question.at), lambda question: Ruling("friday", datetime(2026, 3, 13)),
    lambda question: Ruling("friday", question.at + timedelta(days=400))],
    ids=["raises", "hangs", "answers rubbish", "unknown code", "until now", "naive", "until too far"])  # fmt: skip
def test_rule_that_fails_closes_its_own_methods_and_no_others(judge: Judge) -> None:
    plugins = brought(judge)
    own = judged(plugins, replace(CALL, method="knock"), FACTS)
    assert (own.codes, own.until) == ((RULE_AWAY[0],), None)
    assert RULE_AWAY[1]["zh"] in own.why_zh
    again = brought(judge)
    assert judged(again, replace(CALL, method="letter"), FACTS).ok
    [bar] = ahead(brought(judge), FACTS, date(2026, 3, 12)).bars
    assert (bar.method, bar.code, bar.until) == ("knock", RULE_AWAY[0], None), "a phone holds back its own method alone"


def test_question_holds_what_the_gate_knows_of_this_debtor_and_not_of_another() -> None:
    asked: list[ContactQuestion] = []

    def judge(question: ContactQuestion) -> Ruling:
        asked.append(question)
        return Ruling()

    facts = replace(FACTS, faith="bad_faith", people={"p": "family"}, stops=(Stop("s", "objection", NOON),),
                    made=(Made(NOON, "call", debtor_id="a"), Made(NOON, "call", debtor_id="b"), Made(NOON, "visit")))
    judged(brought(judge), Contact("call", NOON, "demand", "p", "a", "knock"), facts)
    [question] = asked
    assert (question.person, question.faith, question.method) == ("family", "bad_faith", "knock")
    assert question.there.hour == 12
    assert [one.channel for one in question.made] == ["call", "visit"]
    assert [one.kind for one in question.stops] == ["objection"]


def test_phone_holds_back_the_same_contacts_for_the_days_ahead() -> None:
    plugins, today = brought(no_friday), date(2026, 3, 12)
    carried = as_json(replace(FACTS, bars=ahead(plugins, FACTS, today).bars), today)
    friday = ("2026-03-12T16:00:00Z", "2026-03-13T16:00:00Z")
    assert {(one["since"], one["until"]) for one in carried["bars"]} == {friday}
    assert {one["zh"] for one in carried["bars"]} == {"周五不催款"}
    hours = [NOON + timedelta(hours=hour) for hour in range(0, 60, 5)]
    asked = [Contact(channel, at, purpose) for at in hours for channel in ("call", "visit", "mail", "legal")
             for purpose in ("demand", "reminder", "service")]
    phone = on_the_phone([{"contact": {"channel": one.channel, "at": one.at.isoformat(), "purpose": one.purpose},
                           "facts": carried} for one in asked])
    for contact, found in zip(asked, phone, strict=True):
        office = judged(plugins, contact, FACTS)
        if contact.channel == "legal" and contact.purpose != "service":
            continue  # no phone goes to law by itself
        assert tuple(found["codes"]) == office.codes, contact
        assert found["until"] is None or instant(found["until"]) == office.until


def test_word_of_a_rule_whose_plugin_is_gone_is_a_further_rule_of_the_house() -> None:
    assert words_of_rules(brought(no_friday))["no_friday.friday"]["zh"] == "周五不催款"
    assert told(("no_friday.friday",), None, "Asia/Shanghai", "zh") == "本公司另有联系规则。"
    assert not any("." in code for code in CODES), "a point tells a plugin's code from the core's"
