"""An action previewed, at a desk and on a phone with a connection: nothing is written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.wrappers import Response

from fieldsales.collection.messages import FieldName, FieldValue
from fieldsales.collection.previews import Preview, preview
from fieldsales.collection.questions import read_answers
from fieldsales.customers.sight import in_sight
from fieldsales.kernel.errors import N_, Invalid, RuleBroken
from fieldsales.kernel.refusals import from_validation
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.health import PluginFailed
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.api import api_doc
from fieldsales.web.filters import lang
from fieldsales.web.forms import field_text
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import page

preview_pages = Blueprint("previews", __name__)


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """What an action would do."""

    customer_id: str
    customer_name: str
    title: str
    seen: Preview


class PreviewAsked(BaseModel):
    """The answers on a method's form, as the action would carry them."""

    model_config = ConfigDict(extra="forbid")

    method: str = Field(max_length=40)
    fields: dict[FieldName, FieldValue] = Field(max_length=100)
    debtor_id: str | None = None


class LetterSeen(BaseModel):
    """A mail or a text message as it would leave."""

    to: str
    subject: str
    text: str
    attached: bool


class PreviewSeen(BaseModel):
    """What the action would do; ``held``: why nothing would leave now; ``said``: warnings and objections."""

    summary: str
    letters: list[LetterSeen]
    papers: int
    said: list[str]
    held: str
    next_step: str


def _method(name: str) -> CollectionMethod:
    found: CollectionMethod | None = here().plugins.method(name)
    if found is None or not found.by_hand or actor().role not in found.can:
        raise missing()
    return found


def _seen(customer_id: str, found: CollectionMethod, answers: dict[str, Any], debtor_id: str | None) -> Preview:
    values, wrong = read_fields(found.fields, answers, currency=here().settings.currency, locale=lang())
    if wrong:
        first = wrong[0]
        raise Invalid(f"collection.field_{first.code}", first.message, field=first.field, **first.params)
    try:
        with reading() as connection:
            return preview(connection, here(), actor(), customer_id, found, values, debtor_id)
    except PluginFailed as failed:
        raise RuleBroken("collection.no_preview", N_("The method could not say what it would do. It can be recorded "
                                                     "all the same.")) from failed


@preview_pages.post("/customers/<customer_id>/actions/<name>/preview")
@access(*EVERYONE)
def office(customer_id: str, name: str) -> str:
    """What would be sent, before it is put on record. Files are not looked at."""
    found, customer = _method(name), in_sight(customer_id)
    answers = read_answers(found.fields, request.form, here().settings.currency, lambda *_given: None)
    seen = _seen(customer_id, found, answers, field_text("debtor_id") or None)
    title = str(found.labels.get(lang()) or found.name)
    return page("collection/preview.html", PreviewPage(customer_id, customer, title, seen))


@preview_pages.post("/api/v1/customers/<customer_id>/preview")
@access(*EVERYONE)
@api_doc(body=PreviewAsked, answer=PreviewSeen)
def phone(customer_id: str) -> Response:
    """What an action would do, word for word; nothing is written."""
    try:
        asked = PreviewAsked.model_validate(request.get_json(force=True, silent=True))
    except ValidationError as error:
        raise from_validation(error) from error
    in_sight(customer_id)
    return jsonify(asdict(_seen(customer_id, _method(asked.method), dict(asked.fields), asked.debtor_id)))
