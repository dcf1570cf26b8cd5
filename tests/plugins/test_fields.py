"""The constraints of form fields, from the cases the phone's own code must answer alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.answers import gaps, only_asked, read_fields, shown
from fieldsales.plugin_api.fields import FIELD_TYPES, Choice, Field, Location, Recording, field_of
from fieldsales.plugin_api.types import CollectionMethod

SHARED = json.loads((Path(__file__).parent / "field_cases.json").read_text("utf-8"))
LABELS = {"zh": "问题", "en": "Question"}


def declared(given: Mapping[str, Any]) -> tuple[Field, ...]:
    """Fields as the shared table writes them: name -> type, bounds, choices, when, a row's own fields."""
    return tuple(
        Field(
            name, one["type"], LABELS, choices=tuple(Choice(value, LABELS) for value in one.get("choices", ())),
            minimum=one.get("minimum"), maximum=one.get("maximum"), fields=declared(one.get("fields", {})),
            when=(one["when"][0], tuple(one["when"][1])) if "when" in one else None,
        )
        for name, one in given.items()
    )  # fmt: skip


FIELDS = {field.name: field for field in declared(SHARED["fields"])}
FORM = declared(SHARED["forms"]["fields"])


def plain(value: Any) -> Any:
    """A value as JSON writes it."""
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Recording):
        return {"sha256": value.sha256, "mime": value.mime, "size": value.size, "consent": True}
    if isinstance(value, Location):
        lat, lon = (one if one is None else str(one) for one in (value.lat, value.lon))
        known = {"lat": lat, "lon": lon, "accuracy_m": value.accuracy_m,
                 "at": value.at and f"{value.at:%Y-%m-%dT%H:%M:%SZ}", "address": value.address or None}  # fmt: skip
        return {name: one for name, one in known.items() if one is not None}
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("shared", SHARED["cases"], ids=lambda one: f"{one['field']}-{one['given']!r:.30}")
def test_field_constraint_answers_as_the_shared_case_says(shared: dict[str, Any]) -> None:
    field = FIELDS[shared["field"]]
    values, refusals = read_fields((field,), {field.name: shared["given"]})
    if "code" in shared:
        assert [refusal.code for refusal in refusals] == [shared["code"]]
        assert refusals[0].field == shared.get("at", field.name)
        assert refusals[0].message % refusals[0].params
    else:
        assert not refusals
        assert plain(values.get(field.name)) == shared["value"]


def test_every_type_has_cases_of_either_kind() -> None:
    seen = {(FIELDS[one["field"]].type, "code" in one) for one in SHARED["cases"]}
    assert seen == {(kind, bad) for kind in FIELD_TYPES for bad in (True, False)}


@pytest.mark.parametrize("shared", SHARED["forms"]["cases"], ids=lambda one: str(one["given"])[:40])
def test_question_not_asked_is_neither_read_nor_kept(shared: dict[str, Any]) -> None:
    assert [field.name for field in shown(FORM, shared["given"])] == shared["asked"]
    assert only_asked(FORM, shared["given"]) == shared["kept"]
    values, refusals = read_fields(FORM, shared["given"])
    assert (dict(values), refusals) == (shared["kept"], [])


def test_row_loses_what_it_does_not_ask_and_a_name_from_elsewhere_stays() -> None:
    raw = {"stock": [{"item": "a", "fault": "wet", "older": 1}], "from_an_older_form": "x"}
    assert only_asked((FIELDS["stock"],), raw) == {"stock": [{"item": "a", "older": 1}], "from_an_older_form": "x"}


@pytest.mark.parametrize("field", [*FIELDS.values(), *FORM], ids=lambda one: str(one.name))
def test_field_comes_back_whole_from_what_phones_are_sent(field: Field) -> None:
    again = field_of(json.loads(json.dumps(field.as_json())))
    assert again.as_json() == field.as_json()
    assert validate.field(again) == again


ON_TOLD = replace(FIELDS["name"], when=("told", (True,)))


def _row(**changes: Any) -> Field:
    return replace(FIELDS["stock"], **changes)


BAD_FIELDS: dict[str, tuple[Field, ...]] = {
    "rows without fields": (_row(fields=()),),
    "fields without rows": (replace(FIELDS["name"], fields=(FIELDS["day"],)),),
    "rows in rows": (_row(fields=(FIELDS["two"],)),),
    "photos in rows": (_row(fields=(FIELDS["photo"],)),),
    "thirteen in a row": (_row(fields=tuple(replace(FIELDS["day"], name=f"f{n}") for n in range(13))),),
    "a row's when names a field outside": (FIELDS["told"], _row(fields=(ON_TOLD,))),
    "when on a text": (FIELDS["name"], replace(FIELDS["day"], when=("name", ("a",)))),
    "a number for yes": (FIELDS["told"], replace(FIELDS["day"], when=("told", (1,)))),  # type: ignore[arg-type]
    "a word for yes": (FIELDS["told"], replace(FIELDS["day"], when=("told", ("true",)))),
    "when of itself": (replace(FIELDS["told"], when=("told", (True,))),),
    "when in a circle": (
        Field("first", "bool", LABELS, when=("second", (True,))),
        Field("second", "bool", LABELS, when=("first", (True,)))),
    "the page's own name": (replace(FIELDS["name"], name="command_id"),),
}  # fmt: skip


@pytest.mark.parametrize("fields", BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_badly_declared_field_is_garbage(fields: tuple[Field, ...]) -> None:
    method = CollectionMethod("bad", LABELS, lambda answers, facts: None, fields=fields)
    with pytest.raises(validate.Garbage):
        validate.method(method)


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
    assert gaps((stage, number), {"stage": "made"}) == ()
    assert gaps((stage, number), {"stage": "posted"}) == ("number",)


def test_money_takes_the_currency_of_the_case() -> None:
    values, _ = read_fields((Field("amount", "money", LABELS),), {"amount": 100}, currency="JPY")
    assert values["amount"] == Money(100, "JPY")
