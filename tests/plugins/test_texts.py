"""Texts to debtors: filled alike by the phone and the office, or not at all; what a plugin may not return."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import CaseFacts, Decision, SendText, StopContact, Text, validate, words
from fieldsales.plugin_api.testing import case
from fieldsales.plugin_api.texts import drafted, figures, fill, objection
from tests.collection.test_table_on_the_phone import on_the_phone

TABLE = json.loads((Path(__file__).parent / "text_cases.json").read_text(encoding="utf-8"))
TEXTS = tuple(Text(**one) for one in TABLE["texts"])


def _facts(one: dict[str, Any]) -> CaseFacts:
    if not one.get("calm"):
        return case()
    facts = case(balance=Money(3_230_000), overdue=Money(0), oldest_due_on=None, days_past_due=0, promises=())
    return replace(facts, invoices=facts.invoices[1:])


def _customer(facts: CaseFacts) -> dict[str, Any]:
    """The same case as a phone carries it."""
    assert facts.debtor is not None
    return {
        "name": facts.customer.name, "currency": "CNY", "open_minor": facts.balance.minor,
        "overdue_minor": facts.overdue.minor, "disputed_minor": 0, "days_past_due": facts.days_past_due,
        "oldest_due_on": facts.oldest_due_on and facts.oldest_due_on.isoformat(),
        "debtors": [{"id": facts.debtor.id, "name": facts.debtor.name}],
        "invoices": [{"number": one.number, "open_minor": one.open.minor} for one in facts.invoices],
        "promises": [{"state": one.state, "amount_minor": one.amount.minor, "due_on": one.due_on.isoformat()}
                     for one in facts.promises],
    }  # fmt: skip


@pytest.mark.parametrize("one", TABLE["cases"], ids=lambda one: str(one["what"]))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_office_fills_a_text_or_leaves_it_out(one: dict[str, Any], lang: str) -> None:
    known = figures(_facts(one), lang)
    assert [fill(getattr(text, lang), known) for text in TEXTS] == one[lang]


def test_phone_fills_what_the_office_fills() -> None:
    customers = [_customer(_facts(one)) for one in TABLE["cases"]]
    found = on_the_phone("""
import { drafts } from "HERE/methods/drafted.js";
import { money } from "HERE/kernel/money.js";
const { texts, customers } = GIVEN;
const given = { company: "华东建材有限公司", me: "李明", today: "2026-03-12" };
const all = (customer, zh) => {
  const known = drafts(texts, customer, given, { money, zh });
  return texts.map((one) => known[one.name] ?? "");
};
console.log(JSON.stringify(customers.map((one) => ({ zh: all(one, true), en: all(one, false) }))));""",
        {"texts": TABLE["texts"], "customers": customers})  # fmt: skip
    assert found == [{"zh": one["zh"], "en": one["en"]} for one in TABLE["cases"]]


def test_another_debtors_debt_is_not_in_the_text_and_what_was_changed_stays() -> None:
    found = on_the_phone("""
import { drafts, nextText } from "HERE/methods/drafted.js";
const money = (minor) => String(minor);
const due = (due_on, open_minor) => [{ due_on, open_minor }];
const customer = {
  name: "K", debtors: [{ id: "a", name: "A" }, { id: "b", name: "B" }], open_minor: 900, overdue_minor: 900,
  days_past_due: 99, oldest_due_on: "2025-01-01", invoices: [
    { debtor_id: "a", open_minor: 300, dues: due("2026-03-02", 300) },
    { debtor_id: "b", open_minor: 500, dues: due("2025-01-01", 500) },
    { debtor_id: "", open_minor: 100, dues: due("2026-05-01", 100) }] };
const texts = [{ name: "x", zh: "{name} {open} {overdue} {days} {oldest_on}" }, { name: "hole", zh: "{promised}" },
  { name: "y", zh: "{name}" }];
const known = drafts(texts, customer, { today: "2026-03-12" }, { money, zh: true });
console.log(JSON.stringify([known.x, nextText(known, "y", known.x), nextText(known, "y", "我改过"),
  nextText(known, "none", ""), Object.keys(known).join()]));""", {})
    assert found == ["A 400 300 10 2026年3月2日", "A", "我改过", "A 400 300 10 2026年3月2日", "x,y"]


def test_text_that_cannot_be_filled_gives_way_to_the_first_that_can() -> None:
    assert drafted(TEXTS, "broken", _facts({"calm": True})) == "应付 ¥32,300.00"


@pytest.mark.parametrize("text", [Text("x", "{secret}", "x"), Text("x", "", "x"), Text("X!", "a", "a"),
                                  Text("x", "a" * 601, "a")])  # fmt: skip
def test_template_with_an_unknown_place_or_too_long_is_not_declared(text: Text) -> None:
    assert objection(text)


@pytest.mark.parametrize("effect", [
    SendText("not a number", "text"), SendText("13800000001", " "), SendText("13800000001", "a" * 601),
    SendText("13800000001", "text", places={"a": 1}),  # type: ignore[dict-item]
    SendText("13800000001", "text", delivered_effect="everything"), SendText("13800000001", "hid\u202eden"),
    StopContact("family"),  # type: ignore[arg-type]
    StopContact(words="x" * 1001),
])  # fmt: skip
def test_message_no_plugin_may_return(effect: SendText | StopContact) -> None:
    decision = Decision(words("消息", "Message"), "sent", effects=(effect,))
    with pytest.raises(validate.Garbage):
        validate.decision(decision, case())
