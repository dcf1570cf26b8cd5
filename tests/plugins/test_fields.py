"""The constraints of form fields, from the cases the phone's own code must answer alike."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api.fields import Choice, Field, Value, gaps, is_shown, read_fields

SHARED = json.loads((Path(__file__).parent / "field_cases.json").read_text("utf-8"))
LABELS = {"zh": "问题", "en": "Question"}


def _field(name: str) -> Field:
    declared = SHARED["fields"][name]
    choices = tuple(Choice(value, LABELS) for value in declared.get("choices", ()))
    return Field(
        name, declared["type"], LABELS, choices=choices,
        minimum=declared.get("minimum"), maximum=declared.get("maximum"),
    )  # fmt: skip


def _plain(value: Value | None) -> Any:
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("shared", SHARED["cases"], ids=lambda one: f"{one['field']}-{one['given']!r:.30}")
def test_field_constraint_answers_as_the_shared_case_says(shared: dict[str, Any]) -> None:
    values, refusals = read_fields((_field(shared["field"]),), {shared["field"]: shared["given"]})
    if "code" in shared:
        assert [refusal.code for refusal in refusals] == [shared["code"]]
        refusals[0].message % refusals[0].params
    else:
        assert not refusals
        assert _plain(values.get(shared["field"])) == shared["value"]


def test_refusal_names_the_field_in_the_readers_language() -> None:
    field = Field("day", "date", {"zh": "寄出日", "en": "Posted on"})
    _, [refusal] = read_fields((field,), {"day": "x"}, locale="en")
    assert refusal.message % refusal.params == (
        "Posted on is not a date of the calendar. Write it as 2026-03-12."
    )


def test_unknown_and_missing_answers_are_no_refusals() -> None:
    field = Field("day", "date", LABELS, required_hint=True)
    values, refusals = read_fields((field,), {"from_an_older_form": "x"})
    assert (values, refusals) == ({}, [])
    assert gaps((field,), values) == ("day",)


def test_conditional_field_is_no_gap_while_it_is_not_drawn() -> None:
    stage = Field("stage", "choice", LABELS, choices=(Choice("made", LABELS), Choice("posted", LABELS)))
    number = Field("number", "text", LABELS, required_hint=True, when=("stage", ("posted",)))
    assert not is_shown(number, {"stage": "made"})
    assert gaps((stage, number), {"stage": "made"}) == ()
    assert gaps((stage, number), {"stage": "posted"}) == ("number",)


def test_money_takes_the_currency_of_the_case() -> None:
    values, _ = read_fields((Field("amount", "money", LABELS),), {"amount": 100}, currency="JPY")
    assert values["amount"] == Money(100, "JPY")
