"""A form's answers, read: JSON into typed values by the fields' declared constraints, a refusal for each breach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fieldsales.kernel.errors import N_
from fieldsales.plugin_api.fields import Field, Value
from fieldsales.plugin_api.readers import READERS, BadValue, bounded


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that breaks its field's constraint. ``message`` is a msgid; ``params`` fill it.

    ``field``: the field's name; in rows ``stock.0.count`` is the question ``count`` of the first row.
    """

    field: str
    code: str
    message: str
    params: Mapping[str, str]


def read_fields(
    fields: tuple[Field, ...], raw: Mapping[str, Any], *, currency: str = "CNY", locale: str = "zh"
) -> tuple[dict[str, Value], list[Refusal]]:
    """Read a form's JSON into typed values; empty answers and questions not asked are left out, unknown names ignored.

    Returns the values and the refusals. ``locale`` picks the label named in a refusal.
    """
    values: dict[str, Value] = {}
    refusals: list[Refusal] = []
    for field in shown(fields, raw):
        given = raw.get(field.name)
        if is_empty(given):
            continue
        try:
            if field.type == "rows":
                value: Value = _read_rows(field, given, currency, locale, refusals)
            else:
                value = READERS[field.type](field, given, currency)
        except BadValue as bad:
            said = {"label": label_of(field, locale), **bad.params}
            refusals.append(Refusal(field.name, bad.code, bad.message, said))
        else:
            if value != ():
                values[field.name] = value
    return values, refusals


def label_of(field: Field, locale: str) -> str:
    """What the field is called in a language, else in English."""
    return field.labels.get(locale) or field.labels.get("en") or field.name


def label_at(fields: tuple[Field, ...], place: str, locale: str) -> str:
    """What the question at a place is called: ``stock.0.count`` is "库存 1 · 数量"; "" for a place no field knows."""
    name, _, rest = place.partition(".")
    field = next((one for one in fields if one.name == name), None)
    if field is None:
        return ""
    label, (number, _, inner) = label_of(field, locale), rest.partition(".")
    if field.type != "rows" or not number.isdigit():
        return label
    within = label_at(field.fields, inner, locale)
    return f"{label} {int(number) + 1}{' · ' if within else ''}{within}"


def is_empty(given: Any) -> bool:
    """Whether nothing was answered."""
    return given is None or given in ("", [], {})


def shown(fields: tuple[Field, ...], raw: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields that are asked, given the answers. What hangs on a question that is not asked is not asked either."""
    by_name = {field.name: field for field in fields}
    return tuple(field for field in fields if is_shown(field, raw, by_name))


def is_shown(field: Field, raw: Mapping[str, Any], others: Mapping[str, Field]) -> bool:
    """Whether one field is asked; ``others``: the form's fields by name. A yes-or-no nobody touched is no."""
    seen: set[str] = set()
    asked: Field | None = field
    while asked is not None and asked.when is not None and asked.name not in seen:
        seen.add(asked.name)
        name, answers = asked.when
        asked, given = others.get(name), raw.get(name)
        if asked is not None and asked.type == "bool" and given is None:
            given = False
        if not any(type(given) is type(one) and given == one for one in answers):
            return False
    return True


def only_asked(fields: tuple[Field, ...], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without those to questions that are not asked, in rows too. Names no field has are kept."""
    hidden = {field.name for field in fields} - {field.name for field in shown(fields, raw)}
    tables = {field.name: field.fields for field in fields if field.type == "rows"}

    def left(name: str, value: Any) -> Any:
        if name in tables and isinstance(value, list):
            return [only_asked(tables[name], row) if isinstance(row, Mapping) else row for row in value]
        return value

    return {name: left(name, value) for name, value in raw.items() if name not in hidden}


def gaps(fields: tuple[Field, ...], values: Mapping[str, Value]) -> tuple[str, ...]:
    """The names of fields that should have an answer and have none: shown, never enforced."""
    return tuple(field.name for field in shown(fields, values) if field.required_hint and field.name not in values)


def _read_rows(
    field: Field, given: Any, currency: str, locale: str, refusals: list[Refusal]
) -> tuple[Mapping[str, Any], ...]:
    """The rows that hold an answer; what is wrong in one is named by its place: ``stock.0.count``."""
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        raise BadValue("not_rows", N_("%(label)s must be rows."))
    too_many = N_("%(label)s may have at most %(limit)s rows.")
    if len(given) > (field.ceiling or 0):
        raise BadValue("too_large", too_many, limit=field.ceiling)
    label, found = label_of(field, locale), []
    for n, row in enumerate(given):
        values, wrong = read_fields(field.fields, row, currency=currency, locale=locale)
        refusals += [Refusal(f"{field.name}.{n}.{one.field}", one.code, one.message,
                             {**one.params, "label": f"{label} {n + 1} · {one.params['label']}"}) for one in wrong]
        if values or wrong:
            found.append(MappingProxyType(values))
    if found:
        bounded(field, len(found), N_("%(label)s needs at least %(limit)s rows."), too_many)
    return tuple(found)
