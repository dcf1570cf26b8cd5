"""A phone warns before a method is used as the office would: rules of one method, and what its outbox adds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fieldsales.collection import policies
from fieldsales.collection.gate import Contact, GateFacts, Made
from fieldsales.collection.gate_ahead import Ahead, ahead
from fieldsales.collection.gate_facts import as_json, bar_json
from fieldsales.collection.gate_rules import judged
from fieldsales.plugin_api import (
    Cap,
    CollectionMethod,
    ComplianceRule,
    ContactQuestion,
    Decision,
    Field,
    Ruling,
    hookimpl,
    words,
)
from fieldsales.plugin_api.caps import reached
from fieldsales.plugin_api.loading import Found
from fieldsales.plugin_api.manager import Plugins
from tests.browser.test_kernel_in_node import READ, ROOT, run
from tests.collection.test_gate_on_the_phone import on_the_phone

TODAY, NOON = date(2026, 3, 12), datetime(2026, 3, 12, 4, tzinfo=UTC)  # a Thursday, twelve in Shanghai
FACTS = GateFacts(policies.policy_on("CN", TODAY), "Asia/Shanghai")


def method(name: str, **more: Any) -> CollectionMethod:
    return CollectionMethod(name, words(name, name), lambda fields, facts: Decision(words("好", "ok"), "ok"), **more)


METHODS = (
    method("ring", fields=(Field("number", "phone", words("号码", "Number"), opens="tel"),)),
    method("knock", in_person=True), method("write", reach="address"), method("sue", level=3),
    method("count", in_person=True, asks=False), method("seen", on=("visits.logged",), by_hand=False),
)


def brought(judge: Any) -> Plugins:
    """A program with one rule and a method of each way."""
    rule = ComplianceRule("house", words("规矩", "Rule"), words("本公司", "House"), {
        "once": words("一天一次", "Once a day"), "not_so": words("不用这个", "Not by this"),
        "evening": words("傍晚不催", "Not in the evening")}, judge)

    class Module:
        @staticmethod
        @hookimpl
        def compliance_rules() -> list[ComplianceRule]:
            return [rule]

        @staticmethod
        @hookimpl
        def collection_methods() -> list[CollectionMethod]:
            return list(METHODS)

    plugins = Plugins(call_seconds=5)
    assert plugins.add(Found("house", "file", "", "1", lambda: Module)).state == "active"
    return plugins


def midnight(question: ContactQuestion) -> datetime:
    day = (question.there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return day.astimezone(UTC)


def only_knocking(question: ContactQuestion) -> Ruling:
    """Nobody knocks before three in the afternoon."""
    if question.method not in ("knock", "seen") or question.there.hour >= 15:
        return Ruling()
    return Ruling("not_so", question.there.replace(hour=15, minute=0).astimezone(UTC))


def all_but_ringing(question: ContactQuestion) -> Ruling:
    """In the evening one may ring, and nothing else; never to law."""
    if question.method == "sue":
        return Ruling("not_so")
    if question.there.hour < 17 or question.method == "ring":
        return Ruling()
    return Ruling("evening", midnight(question))


def once_a_day(question: ContactQuestion) -> Ruling:
    day = question.there.date()
    made = [one for one in question.made if one.at <= question.at and one.channel != "message"
            and one.at.astimezone(question.there.tzinfo).date() == day]
    return Ruling("once", midnight(question)) if made else Ruling()


def carried(found: Ahead, facts: GateFacts, **more: Any) -> dict[str, Any]:
    """The dossier's section, and what the outbox of this phone has added."""
    beyond = {way: [bar_json(one) for one in bars] for way, bars in found.more.items()}
    return as_json(replace(facts, bars=found.bars), TODAY) | {"bars_more": beyond} | more


def contacts() -> Iterator[tuple[CollectionMethod | None, Contact]]:
    for hour in range(0, 48, 5):
        for one in METHODS:
            if one.purpose:
                yield one, Contact(one.channel, NOON + timedelta(hours=hour), one.purpose, method=one.name)
        yield None, Contact("call", NOON + timedelta(hours=hour))
        yield None, Contact("visit", NOON + timedelta(hours=hour))


def wire(contact: Contact) -> dict[str, str]:
    return {"channel": contact.channel, "at": contact.at.isoformat(), "purpose": contact.purpose,
            "method": contact.method}


@pytest.mark.parametrize("judge", [only_knocking, all_but_ringing, once_a_day])
@pytest.mark.parametrize("made", [(), (Made(NOON + timedelta(hours=-1), "call"),)], ids=["nothing", "called"])
def test_phone_says_of_each_method_what_the_office_says(judge: Any, made: tuple[Made, ...]) -> None:
    plugins, facts = brought(judge), replace(FACTS, made=made)
    asked = [contact for _, contact in contacts()]
    gate = carried(ahead(plugins, facts, TODAY), facts)
    found = on_the_phone([{"contact": wire(one), "facts": gate} for one in asked])
    assert [set(one["codes"]) for one in found] == [set(judged(plugins, one, facts).codes) for one in asked]


def test_what_a_phones_outbox_has_added_is_counted_by_the_rules_of_plugins() -> None:
    plugins = brought(once_a_day)
    found = ahead(plugins, FACTS, TODAY)
    ring = Contact("call", NOON, "demand", method="ring")
    cases = [carried(found, FACTS, more=more) for more in ([], ["message"], ["call"], ["visit", "message"])]
    said = on_the_phone([{"contact": wire(ring), "facts": one} for one in cases])
    assert [one["codes"] for one in said] == [[], [], ["house.once"], ["house.once"]]
    assert said[2]["until"].startswith("2026-03-13T00:00"), "free again when the core's own hours begin"


def test_rule_that_looks_at_nothing_is_asked_once_and_carried_once() -> None:
    asked: list[None] = []

    def judge(question: ContactQuestion) -> Ruling:
        asked.append(None)
        return Ruling("evening", midnight(question)) if question.there.hour >= 17 else Ruling()

    found = ahead(brought(judge), FACTS, TODAY)
    assert len(asked) <= 10 * 72 + 72, "ten ways, three days, and once more for going to law"
    assert not found.more
    assert not any(one.but for one in found.bars)
    assert {one.method for one in found.bars} == {"", "sue"}, "a phone asks of law by its method alone"


def test_a_form_says_how_it_reaches_them_and_its_own_caps() -> None:
    said = {one.name: one.as_form() for one in (*METHODS, method("often", caps=(Cap(2, 30),)))}
    assert {name: (form.get("channel"), form.get("purpose")) for name, form in said.items()} == {
        "ring": ("call", "demand"), "knock": ("visit", "demand"), "write": ("letter", "demand"),
        "sue": ("legal", "legal"), "count": (None, None), "seen": ("visit", "demand"), "often": ("", "demand")}
    assert said["often"]["caps"] == [{"times": 2, "days": 30}]


def test_cap_of_a_method_is_reached_on_the_phone_when_it_is_at_the_office() -> None:
    lot, caps = random.Random(6), (Cap(3, 2), Cap(4, 10))
    days = [[TODAY - timedelta(days=lot.randrange(12)) for _ in range(lot.randrange(8))] for _ in range(200)]
    given = {"caps": [{"times": one.times, "days": one.days} for one in caps],
             "used": [[str(day) for day in one] for one in days]}
    said = run(READ + f'import {{ capped }} from "{ROOT / "static/js/gate/rules.js"}"; console.log(JSON.stringify('
               f'given.used.map((used) => capped(given.caps, used, "{TODAY}")?.times ?? null)))', given)
    office = [reached(caps, one, TODAY) for one in days]
    assert said == [cap and cap.times for cap in office]
    assert {3, 4, None} == set(said), "each cap is the first that is reached somewhere"
