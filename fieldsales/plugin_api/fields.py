"""Form fields: declared once in Python, drawn by office pages and by the phone without network.

A field's constraints are data, so the phone (``static/js/methods``) and the server judge alike; the
cases both must answer the same way are in ``tests/plugins/field_cases.json``. A field is never
mandatory: what a person did not ask or answer must not stop a record. ``required_hint`` only shows
the gap. How answers are read: ``plugin_api.answers``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, get_args

from fieldsales.kernel.money import MAX_MINOR, Money

Labels = Mapping[str, str]
"""A sentence in every language of the program: ``{"zh": "…", "en": "…"}``."""
FieldType = Literal[
    "text", "prose", "money", "date", "time", "duration", "choice", "bool", "phone", "photo", "number", "email",
    "location", "signature", "recording", "rows",
]  # fmt: skip
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
#: What a row may ask. Whatever carries a file or a place stands outside of rows.
ROW_TYPES: tuple[str, ...] = (
    "text", "prose", "money", "date", "time", "duration", "choice", "bool", "phone", "number", "email",
)  # fmt: skip
#: Types whose answers name files by SHA-256: their bytes follow by the blob route.
FILE_TYPES: tuple[str, ...] = ("photo", "signature", "recording")
PREFILLS = ("", "today", "customer.phone", "contact.phone", "contact.email", "debtor.address", "balance", "overdue")
#: What a recording may be. The bytes are looked at as well: ``documents/sounds.py``.
SOUNDS: tuple[str, ...] = (
    "audio/mpeg", "audio/mp4", "audio/aac", "audio/wav", "audio/ogg", "audio/webm", "audio/amr", "audio/3gpp",
)  # fmt: skip

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
#: What a type allows at most where the field itself does not say less.
LARGEST: Mapping[str, int] = MappingProxyType({
    "text": 120, "prose": 4000, "photo": 20, "money": MAX_MINOR, "time": 1439, "duration": 1440, "rows": 50,
    "recording": 20 * 1024 * 1024,
})  # fmt: skip
When = tuple[str, tuple["str | bool", ...]]
"""(field, answers): asked only while that choice, or that yes or no, is one of the answers."""


def words(zh: str, en: str) -> Labels:
    """A sentence in both languages: ``words("到期日", "Due date")``."""
    return MappingProxyType({"zh": zh, "en": en})


@dataclass(frozen=True, slots=True)
class Location:
    """A place: where the phone was (degrees WGS-84, metres, an instant in UTC), an address as typed, or both."""

    lat: Decimal | None = None
    lon: Decimal | None = None
    accuracy_m: int | None = None
    at: datetime | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording the other side agreed to: its bytes by SHA-256, what they are, their size in bytes."""

    sha256: str
    mime: str
    size: int


Simple = str | int | bool | date | time | Money
Value = Simple | tuple[str, ...] | Location | Recording | tuple[Mapping[str, Simple], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice field. ``value`` is stable and stored; the labels are shown.

    ``opens``: while it is chosen the phone offers to hand the form's drafted text on: by the system's share sheet
    (``share``: WeChat and the like), or as a text message of its own (``sms``). The gate is asked first.
    """

    value: str
    labels: Labels
    opens: Literal["", "share", "sms"] = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a method's form.

    ``type`` decides what JSON carries and what ``check`` and ``outcome`` are shown:

    ========= ========================================= ===============================
    type      in JSON                                   shown to the plugin
    ========= ========================================= ===============================
    text      one line, ≤ 120 signs                     str
    prose     lines, ≤ 4,000 signs                      str
    money     whole minor units (分)                    Money
    date      ``"2026-03-12"``                          date
    time      ``"14:30"``                               datetime.time
    duration  whole minutes, ≤ 1,440                    int
    choice    one of ``choices``                        str
    bool      true or false                             bool
    phone     digits, spaces, ``+()-``                  str
    photo     list of SHA-256, ≤ 20                     tuple[str, ...]
    number    whole number                              int
    email     one address                               str
    location  ``{lat, lon, accuracy_m, at, address}``   Location
    signature SHA-256 of its picture (PNG)              str
    recording ``{sha256, mime, size, consent: true}``   Recording
    rows      list of objects, ≤ 50                     tuple[Mapping[str, value], ...]
    ========= ========================================= ===============================

    ``minimum``/``maximum``: characters of text and prose, minor units of money, the number itself,
    minutes of a duration, minutes since midnight of a time, how many photos or rows, bytes of a recording.
    ``when=("stage", ("posted",))`` asks the field only while that choice is made, ``when=("told",
    (True,))`` while that yes-or-no stands (untouched is no); in a row ``when`` names a field of the
    same row. What is not asked is never sent and never kept, whatever was typed before.
    ``fields``: what each row of ``rows`` asks, of the types in ``ROW_TYPES``. A location is typed or
    taken by a tap and may be refused; a recording counts only with consent.
    ``prefill`` takes the first value from the case (one of ``PREFILLS``). ``opens`` draws a
    button that opens the dialler (``tel``) or a message (``mailto``, ``sms``) with the value.
    ``draft``: of a prose field, the choice field whose answer names one of the method's ``texts``: that text stands in
    it with the case's figures, to be changed before it goes.
    """

    name: str
    type: FieldType
    labels: Labels
    hint: Labels | None = None
    required_hint: bool = False
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    when: When | None = None
    prefill: str = ""
    opens: Literal["", "tel", "mailto", "sms"] = ""
    fields: tuple[Field, ...] = ()
    draft: str = ""

    @property
    def ceiling(self) -> int | None:
        """The most that may be answered: the field's own maximum, within what its type allows."""
        most = LARGEST.get(self.type)
        return most if self.maximum is None else self.maximum if most is None else min(most, self.maximum)

    def as_json(self) -> dict[str, Any]:
        """The field as ``GET /api/v1/forms`` sends it to phones."""
        return {
            "name": self.name,
            "type": self.type,
            "labels": dict(self.labels),
            "hint": dict(self.hint) if self.hint else None,
            "required_hint": self.required_hint,
            "choices": [{"value": one.value, "labels": dict(one.labels), **({"opens": one.opens} if one.opens else {})}
                        for one in self.choices],
            "minimum": self.minimum,
            "maximum": self.ceiling,
            "when": {"field": self.when[0], "in": list(self.when[1])} if self.when else None,
            "prefill": self.prefill,
            "opens": self.opens,
            "fields": [one.as_json() for one in self.fields],
            **({"draft": self.draft} if self.draft else {}),
        }


def field_of(form: Mapping[str, Any]) -> Field:
    """A field again from what ``as_json`` made of it: a form that was kept, or one written by hand."""
    when = form.get("when")
    return Field(
        form["name"], form["type"], form["labels"], form.get("hint"), bool(form.get("required_hint")),
        tuple(Choice(one["value"], one["labels"], one.get("opens") or "") for one in form.get("choices") or ()),
        form.get("minimum"),
        form.get("maximum"), (when["field"], tuple(when["in"])) if when else None, form.get("prefill") or "",
        form.get("opens") or "", tuple(field_of(one) for one in form.get("fields") or ()),
        form.get("draft") or "")  # fmt: skip
