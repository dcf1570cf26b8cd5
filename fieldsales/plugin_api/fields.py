"""Form fields: declared once in Python, drawn by office pages and by the phone without network.

A field's constraints are data, so the phone (``static/js``) and the server judge alike; the cases
both must answer the same way are in ``tests/plugins/field_cases.json``. A field is never
mandatory: what a person did not ask or answer must not stop a record. ``required_hint`` only shows
the gap.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, get_args

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import MAX_MINOR, Money
from fieldsales.kernel.text import forbidden_sign

Labels = Mapping[str, str]
"""A sentence in every language of the program: ``{"zh": "…", "en": "…"}``."""
FieldType = Literal["text", "prose", "money", "date", "choice", "bool", "phone", "photo", "number", "email"]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
PREFILLS = ("", "today", "customer.phone", "contact.phone", "contact.email", "debtor.address", "balance", "overdue")
Value = str | int | bool | date | Money | tuple[str, ...]

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PHONE = re.compile(r"\+?[0-9(][0-9 ()-]{2,30}")
_EMAIL = re.compile(r"[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]{1,180}\.[^\s@<>,;:\".]{2,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST = {"text": 120, "prose": 4000, "photo": 20}


def words(zh: str, en: str) -> Labels:
    """A sentence in both languages: ``words("到期日", "Due date")``."""
    return MappingProxyType({"zh": zh, "en": en})


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice field. ``value`` is stable and stored; the labels are shown."""

    value: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a method's form.

    ``type`` decides what JSON carries and what ``check`` and ``outcome`` are shown:

    ======== ============================ ===================
    type     in JSON                      shown to the plugin
    ======== ============================ ===================
    text     one line, ≤ 120 signs        str
    prose    lines, ≤ 4,000 signs         str
    money    whole minor units (分)       Money
    date     ``"2026-03-12"``             date
    choice   one of ``choices``           str
    bool     true or false                bool
    phone    digits, spaces, ``+()-``     str
    photo    list of SHA-256, ≤ 20        tuple[str, ...]
    number   whole number                 int
    email    one address                  str
    ======== ============================ ===================

    ``minimum``/``maximum``: characters of text and prose, minor units of money, the number itself,
    how many photos. ``when=("stage", ("posted",))`` draws the field only while that choice is
    made. ``prefill`` takes the first value from the case (one of ``PREFILLS``). ``opens`` draws a
    button that opens the dialler (``tel``) or a message (``mailto``, ``sms``) with the value.
    """

    name: str
    type: FieldType
    labels: Labels
    hint: Labels | None = None
    required_hint: bool = False
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    when: tuple[str, tuple[str, ...]] | None = None
    prefill: str = ""
    opens: Literal["", "tel", "mailto", "sms"] = ""

    def as_json(self) -> dict[str, Any]:
        """The field as ``GET /api/v1/forms`` sends it to phones."""
        return {
            "name": self.name,
            "type": self.type,
            "labels": dict(self.labels),
            "hint": dict(self.hint) if self.hint else None,
            "required_hint": self.required_hint,
            "choices": [{"value": choice.value, "labels": dict(choice.labels)} for choice in self.choices],
            "minimum": self.minimum,
            "maximum": _ceiling(self),
            "when": {"field": self.when[0], "in": list(self.when[1])} if self.when else None,
            "prefill": self.prefill,
            "opens": self.opens,
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that breaks its field's constraint. ``message`` is a msgid; ``params`` fill it."""

    field: str
    code: str
    message: str
    params: Mapping[str, str]


class _BadValue(Exception):
    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.message = code, message
        self.params = {name: str(value) for name, value in params.items()}


def read_fields(
    fields: tuple[Field, ...], raw: Mapping[str, Any], *, currency: str = "CNY", locale: str = "zh"
) -> tuple[dict[str, Value], list[Refusal]]:
    """Read a form's JSON into typed values; empty answers are left out, unknown names ignored.

    Returns the values and the refusals. ``locale`` picks the label named in a refusal.
    """
    values: dict[str, Value] = {}
    refusals: list[Refusal] = []
    for field in fields:
        given = raw.get(field.name)
        if given is None or given in ("", []):
            continue
        try:
            values[field.name] = _READERS[field.type](field, given, currency)
        except _BadValue as bad:
            label = field.labels.get(locale) or field.labels.get("en") or field.name
            refusals.append(Refusal(field.name, bad.code, bad.message, {"label": label, **bad.params}))
    return values, refusals


def is_shown(field: Field, raw: Mapping[str, Any]) -> bool:
    """Whether the field is drawn, given the other answers."""
    return field.when is None or raw.get(field.when[0]) in field.when[1]


def gaps(fields: tuple[Field, ...], values: Mapping[str, Value]) -> tuple[str, ...]:
    """The names of fields that should have an answer and have none: shown, never enforced."""
    return tuple(
        field.name
        for field in fields
        if field.required_hint and field.name not in values and is_shown(field, values)
    )


def _ceiling(field: Field) -> int | None:
    limit = _LONGEST.get(field.type)
    if field.type == "money":
        limit = MAX_MINOR
    return limit if field.maximum is None else field.maximum if limit is None else min(limit, field.maximum)


def _bounded(field: Field, size: int, low: str, high: str) -> None:
    ceiling = _ceiling(field)
    if field.minimum is not None and size < field.minimum:
        raise _BadValue("too_small", low, limit=field.minimum)
    if ceiling is not None and size > ceiling:
        raise _BadValue("too_large", high, limit=ceiling)


def _string(given: Any) -> str:
    if not isinstance(given, str):
        raise _BadValue("type", N_("%(label)s must be text."))
    sign = forbidden_sign(given)
    if sign:
        raise _BadValue("hidden_sign", N_("%(label)s contains a hidden character (%(sign)s)."), sign=sign)
    if not unicodedata.is_normalized("NFC", given):
        raise _BadValue("not_nfc", N_("%(label)s is not in Unicode form NFC."))
    return given


def _read_prose(field: Field, given: Any, currency: str) -> str:
    text = _string(given)
    _bounded(
        field, len(text), N_("%(label)s needs at least %(limit)s characters."),
        N_("%(label)s may have at most %(limit)s characters."),
    )  # fmt: skip
    return text


def _read_text(field: Field, given: Any, currency: str) -> str:
    text = _read_prose(field, given, currency)
    if "\n" in text or "\r" in text:
        raise _BadValue("one_line", N_("%(label)s must be one line."))
    return text.strip()


def _read_integer(field: Field, given: Any) -> int:
    if type(given) is not int or abs(given) > MAX_MINOR:
        raise _BadValue("type", N_("%(label)s must be a whole number."))
    return given


def _read_number(field: Field, given: Any, currency: str) -> int:
    number = _read_integer(field, given)
    _bounded(field, number, N_("%(label)s must be at least %(limit)s."), N_("%(label)s may be at most %(limit)s."))
    return number


def _read_money(field: Field, given: Any, currency: str) -> Money:
    amount = Money(_read_integer(field, given), currency)
    low, high = N_("%(label)s must be at least %(limit)s."), N_("%(label)s may be at most %(limit)s.")
    floor = 1 if field.minimum is None else field.minimum
    ceiling = _ceiling(field) or MAX_MINOR
    if amount.minor < floor:
        raise _BadValue("too_small", low, limit=Money(floor, currency))
    if amount.minor > ceiling:
        raise _BadValue("too_large", high, limit=Money(ceiling, currency))
    return amount


def _read_date(field: Field, given: Any, currency: str) -> date:
    message = N_("%(label)s is not a date of the calendar. Write it as 2026-03-12.")
    if not isinstance(given, str) or not _DATE.fullmatch(given):
        raise _BadValue("not_date", message)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise _BadValue("not_date", message) from None
    if not 1990 <= day.year <= 2100:
        raise _BadValue("date_range", N_("%(label)s lies outside 1990 to 2100."))
    return day


def _read_choice(field: Field, given: Any, currency: str) -> str:
    if not isinstance(given, str) or given not in {choice.value for choice in field.choices}:
        raise _BadValue("not_a_choice", N_("%(label)s is none of the answers offered."))
    return given


def _read_bool(field: Field, given: Any, currency: str) -> bool:
    if not isinstance(given, bool):
        raise _BadValue("type", N_("%(label)s must be yes or no."))
    return given


def _read_phone(field: Field, given: Any, currency: str) -> str:
    text = _string(given).strip()
    if not _PHONE.fullmatch(text):
        raise _BadValue("not_phone", N_("%(label)s is not a telephone number."))
    return text


def _read_email(field: Field, given: Any, currency: str) -> str:
    text = _string(given).strip()
    if len(text) > 254 or not _EMAIL.fullmatch(text) or not text.isascii():
        raise _BadValue("not_email", N_("%(label)s is not an e-mail address."))
    return text


def _read_photo(field: Field, given: Any, currency: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) and _SHA256.fullmatch(one) for one in given):
        raise _BadValue("not_photos", N_("%(label)s must be photos."))
    _bounded(
        field, len(given), N_("%(label)s needs at least %(limit)s photos."),
        N_("%(label)s may have at most %(limit)s photos."),
    )  # fmt: skip
    return tuple(given)


_READERS: Mapping[str, Callable[[Field, Any, str], Value]] = {
    "text": _read_text,
    "prose": _read_prose,
    "money": _read_money,
    "date": _read_date,
    "choice": _read_choice,
    "bool": _read_bool,
    "phone": _read_phone,
    "photo": _read_photo,
    "number": _read_number,
    "email": _read_email,
}
