"""Answers of a form as they are read: words, amounts, places, pictures, a recording, rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from fieldsales.kernel.money import Money
from fieldsales.plugin_api.fields import Field
from fieldsales.web.filters import lang


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer. ``pictures`` and ``sound``: files by SHA-256; ``head`` and ``rows``: of a table."""

    question: str
    text: str = ""
    pictures: tuple[str, ...] = ()
    sound: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def answered(fields: tuple[Field, ...], given: Mapping[str, Any], currency: str) -> tuple[Answered, ...]:
    """What was answered, in the form's order; an answer no field knows stands under its own name, at the end."""
    declared = {field.name: field for field in fields}
    order = [*(name for name in declared if name in given), *(name for name in given if name not in declared)]
    return tuple(_one(declared.get(name), name, given[name], currency) for name in order
                 if given[name] not in (None, "", [], {}))  # fmt: skip


def _one(field: Field | None, name: str, value: Any, currency: str) -> Answered:
    question = field.labels[lang()] if field else name
    kind = field.type if field else ""
    if kind == "photo" and isinstance(value, list):
        return Answered(question, gettext("%(count)s photos", count=len(value)), tuple(map(str, value)))
    if kind == "signature" and isinstance(value, str):
        return Answered(question, "", (value,))
    if kind == "recording" and isinstance(value, Mapping):
        return Answered(question, _size(value.get("size")), sound=str(value.get("sha256", "")))
    if field and kind == "rows" and isinstance(value, list):
        rows = [row for row in value if isinstance(row, Mapping) and row]
        asked = [one for one in field.fields if any(one.name in row for row in rows)]
        return Answered(question, head=tuple(one.labels[lang()] for one in asked), rows=tuple(
            tuple(words_of(one, row[one.name], currency) if one.name in row else "" for one in asked) for row in rows))
    return Answered(question, words_of(field, value, currency))


def words_of(field: Field | None, value: Any, currency: str) -> str:
    """One plain answer in the reader's language: the choice's words, an amount with its sign."""
    if field is not None and field.type == "choice":
        labels = next((one.labels for one in field.choices if one.value == value), {})
        return str(labels.get(lang(), value))
    if field is not None and field.type == "money" and isinstance(value, int):
        return str(Money(value, currency))
    if field is not None and field.type == "duration" and isinstance(value, int):
        return str(gettext("%(count)s minutes", count=value))
    if field is not None and field.type == "location" and isinstance(value, Mapping):
        return _place(value)
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, list):
        return "、".join(words_of(None, one, currency) for one in value)
    if isinstance(value, Mapping):
        return "、".join(f"{name}: {words_of(None, one, currency)}" for name, one in value.items())
    return str(value)


def _place(place: Mapping[str, Any]) -> str:
    known = [str(place["address"])] if place.get("address") else []
    if place.get("lat"):
        known.append(f"{place['lat']}, {place.get('lon')}")
    if place.get("accuracy_m") is not None:
        known.append(gettext("within %(metres)s m", metres=place["accuracy_m"]))
    return " · ".join(known)


def _size(size: Any) -> str:
    if not isinstance(size, int):
        return ""
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{-(-size // 1024)} kB"
