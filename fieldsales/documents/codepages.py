"""One-time codes over the API: asked for by whoever has a paper signed, typed in by the signatory."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Blueprint, jsonify, request
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.documents.messages import Confirmation
from fieldsales.documents.models import SigningCode
from fieldsales.documents.onetime import AskCode
from fieldsales.documents.tickets import DIGITS, code_for, is_same
from fieldsales.kernel.operation import SYSTEM
from fieldsales.kernel.refusals import from_validation
from fieldsales.people.rules import scope_of
from fieldsales.store.base import table_of
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.api import api_doc
from fieldsales.web.here import actor, here, reading
from fieldsales.web.limits import limiter

code_views = Blueprint("codes", __name__, url_prefix="/api/v1")
_codes, _customers = table_of(SigningCode), table_of(Customer)
LARGEST = 4096


class CodeAsked(BaseModel):
    """A code is on its way. ``on_file``: the address stood in the customer's file before."""

    code_id: str
    masked: str
    on_file: bool


class CodeState(BaseModel):
    """How sending fares: queued, sent, failed (with the other side's words), confirmed."""

    state: Literal["queued", "sent", "failed", "confirmed"]
    answer: str


class CodeTyped(BaseModel):
    """What the signatory typed."""

    code: Annotated[str, Field(max_length=20)]


class CodeChecked(BaseModel):
    """``confirmation``: for the signing, when it was right; else ``left``: the tries that are left."""

    confirmation: Confirmation | None = None
    left: int = 0


def compare(row: Any, typed: str) -> dict[str, Any]:
    """Compare what was typed with a code's row, and count the try. Digits only; blanks and wide digits are forgiven."""
    digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    right = len(digits) == DIGITS and is_same(
        digits, code_for(here().settings.home, row.id, row.to_address, row.text_sha256))
    return here().dispatcher.perform(
        SYSTEM, "documents.try_code", {"code_id": row.id, "customer_id": row.customer_id, "right": right})


def code_row(code_id: str) -> Any:
    """The code's row, or None; whoever asks for it must have shown already that it is theirs."""
    with reading() as connection:
        return connection.execute(select(_codes).where(_codes.c.id == code_id)).first()


def _read(model: type[Any]) -> Any:
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    try:
        return model.model_validate(request.get_json(force=True, silent=True))
    except ValidationError as error:
        raise from_validation(error) from error


def _row(code_id: str) -> Any:
    """The code, when its customer is in sight."""
    with reading() as connection:
        row = connection.execute(
            select(_codes).join(_customers, _customers.c.id == _codes.c.customer_id)
            .where(_codes.c.id == code_id, visible(scope_of(actor())))).first()
    if row is None:
        raise missing()
    return row


@code_views.post("/signing-codes")
@access(*EVERYONE)
@limiter.limit("10 per minute")
@api_doc(body=AskCode, answer=CodeAsked, status=202)
def ask() -> Any:
    """Send a one-time code to the signatory's own phone or mailbox; it confirms one text and holds ten minutes."""
    command = _read(AskCode)
    answer = here().dispatcher.perform(actor(), "documents.ask_code", command)
    return jsonify({"code_id": command.code_id, "masked": answer["masked"], "on_file": answer["on_file"]}), 202


@code_views.get("/signing-codes/<code_id>")
@access(*EVERYONE)
@api_doc(answer=CodeState)
def state(code_id: str) -> Any:
    """How sending a code fares."""
    row = _row(code_id)
    return jsonify({"state": row.state, "answer": row.answer})


@code_views.post("/signing-codes/<code_id>")
@access(*EVERYONE)
@limiter.limit("20 per minute")
@api_doc(body=CodeTyped, answer=CodeChecked)
def check(code_id: str) -> Any:
    """Compare what the signatory typed. Five wrong tries, or ten minutes, and the code is worth nothing."""
    return jsonify(compare(_row(code_id), _read(CodeTyped).code))


