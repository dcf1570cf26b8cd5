"""Declared fields as an office form: drawn with what is known, read back as the phone sends them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldsales.kernel.money import Money, MoneyError
from fieldsales.plugin_api.answers import is_empty
from fieldsales.plugin_api.fields import Field

#: Rows drawn empty where nothing was filled in yet; a press on "one more" adds to them.
BLANK_ROWS = 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A field as it is drawn. ``name``: of its control, in a row ``stock.0.count``. ``kind``: the field's own type.

    ``value``: what stands in it; a recording's consent stands under ``<name>.consent``.
    """

    name: str
    kind: str
    label: str
    hint: str
    value: str
    choices: tuple[tuple[str, str], ...]
    wanted: bool
    opens: str
    #: the control and answers it depends on: ``stage=posted,arrived``, ``told=1``, or empty
    when: str
    consent: bool = False
    rows: tuple[tuple[Drawn, ...], ...] = ()
    #: how many rows there may be, or bytes of a recording
    most: int = 0


def draw_fields(fields: tuple[Field, ...], lang: str, values: Mapping[str, str], prefix: str = "") -> tuple[Drawn, ...]:
    """The fields in order, with ``values`` by the name of the control."""
    return tuple(_drawn(field, lang, values, prefix) for field in fields)


def _drawn(field: Field, lang: str, values: Mapping[str, str], prefix: str) -> Drawn:
    def said(labels: Mapping[str, str] | None) -> str:
        return str(labels.get(lang) or labels.get("en") or "") if labels else ""

    name = prefix + field.name
    rows: tuple[tuple[Drawn, ...], ...] = ()
    if field.type == "rows":
        filled = max(_filled_rows(name, values), default=-1) + 1
        count = min(max(filled, field.minimum or 0, BLANK_ROWS), field.ceiling or 0)
        rows = tuple(draw_fields(field.fields, lang, values, f"{name}.{n}.") for n in range(count))
    most = (field.ceiling or 0) if field.type in ("rows", "recording") else 0
    return Drawn(
        name, field.type, said(field.labels), said(field.hint), values.get(name, ""),
        tuple((choice.value, said(choice.labels)) for choice in field.choices), field.required_hint, field.opens,
        _condition(field, prefix), bool(values.get(f"{name}.consent")), rows, most,
    )  # fmt: skip


def _condition(field: Field, prefix: str) -> str:
    if field.when is None:
        return ""
    name, answers = field.when
    return f"{prefix}{name}={','.join(('1' if one else '') if isinstance(one, bool) else one for one in answers)}"


def _filled_rows(name: str, typed: Mapping[str, str]) -> set[int]:
    place = re.compile(re.escape(name) + r"\.([0-9]{1,3})\.")
    found = (place.match(key) for key, text in typed.items() if text)
    return {int(one[1]) for one in found if one}


Files = Callable[[Field, str], Any]
"""What a field of files makes of what was uploaded under a name: as JSON carries it, or None."""


def read_answers(
    fields: tuple[Field, ...], typed: Mapping[str, str], currency: str, files: Files, prefix: str = ""
) -> dict[str, Any]:
    """What was typed, as a phone would send it: money in minor units, yes or no, files by SHA-256, rows as objects.

    What cannot be read is passed on as it is, so that the field's own check refuses it in words.
    """
    raw = {field.name: _answer(field, typed, currency, files, prefix) for field in fields}
    return {name: value for name, value in raw.items() if not is_empty(value)}


def _answer(field: Field, typed: Mapping[str, str], currency: str, files: Files, prefix: str) -> Any:
    name = prefix + field.name
    text = typed.get(name, "").strip()
    if field.type in ("photo", "signature", "recording"):
        return files(field, name)
    if field.type == "bool":
        return bool(text) if not prefix else bool(text) or None
    if field.type == "rows":
        count = max(_filled_rows(name, typed), default=-1) + 1
        return [read_answers(field.fields, typed, currency, files, f"{name}.{n}.") for n in range(count)]
    if not text:
        return None
    if field.type == "money":
        return _minor(text, currency)
    if field.type in ("number", "duration") and text.lstrip("-").isascii() and text.lstrip("-").isdigit():
        return int(text)
    if field.type == "location":
        return {"address": text}
    return text.replace("\r\n", "\n")


def _minor(text: str, currency: str) -> int | str:
    try:
        return Money.of(text.replace(",", "").replace("¥", ""), currency).minor
    except MoneyError:
        return text
