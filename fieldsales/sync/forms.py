"""The shape of the forms that phones draw, for the API's schema: what ``CollectionMethod.as_form`` says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from fieldsales.plugin_api.fields import FieldType


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class Words(_Shape):
    """A sentence in both languages."""

    zh: str
    en: str


class FormChoice(_Shape):
    """One answer of a choice: ``value`` is sent, the labels are shown."""

    value: str
    labels: Words


class FormWhen(_Shape):
    """Asked only while ``field`` (in rows, of the same row) is one of these answers; an untouched bool is false."""

    field: str
    one_of: Annotated[list[str | bool], Field(alias="in")]


class FormField(_Shape):
    """One question. What each type carries as JSON stands in the plugin author's handbook; an app that meets a type it
    does not know leaves the question out and says so."""

    name: str
    type: FieldType
    labels: Words
    hint: Words | None = None
    required_hint: bool = False
    choices: list[FormChoice] = []
    minimum: int | None = None
    maximum: int | None = None
    when: FormWhen | None = None
    prefill: str = ""
    opens: Literal["", "tel", "mailto", "sms"] = ""
    fields: list[FormField] = []


class FormCap(_Shape):
    """At most ``times`` in ``days``, today included: more is kept and marked, and the phone says so before."""

    times: int
    days: int


class Form(_Shape):
    """A method's form. ``screen``: the address of the module that draws it instead, or empty. ``channel`` (how it
    reaches the debtor) and ``purpose`` (demand, legal): what the gate is asked before; ``caps``: its own limits."""

    id: str
    version: int
    method: str
    labels: Words
    hint: Words | None = None
    roles: list[str]
    fields: list[FormField]
    screen: str = ""
    channel: Literal["", "call", "message", "visit", "mail", "letter", "legal"] = ""
    purpose: Literal["", "demand", "legal"] = ""
    caps: list[FormCap] = []
