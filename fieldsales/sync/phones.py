"""Office pages of phones: who holds unsent work, which are revoked; and of outbox files brought in by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from pydantic import ValidationError

from fieldsales.kernel.errors import N_, Invalid, TradeError
from fieldsales.people.rules import RECORD_WATCHERS, may_administer
from fieldsales.sync.messages import OutboxFile
from fieldsales.sync.outboxfile import TakenIn, take_in
from fieldsales.sync.queries import PhoneLine, phones
from fieldsales.sync.records import operation_words
from fieldsales.sync.rules import read_body
from fieldsales.web.access import access
from fieldsales.web.errors import say
from fieldsales.web.forms import Errors, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page

phone_views = Blueprint("phones", __name__)
nav(NavItem("phones.listed", N_("Phones"), "phone", 61, ("manager", "admin"), group=N_("Field work")))
#: A phone that was not heard of for longer than this is shown as silent.
SILENT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PhonesPage:
    """The phones of the team, or of everybody."""

    phones: tuple[PhoneLine, ...]
    #: not heard of since: those that were last heard of before are silent
    silent_before: Any
    holding: int
    may_revoke: bool


@phone_views.get("/phones")
@access("manager", "admin")
def listed() -> str:
    """Phones, those with unsent work first."""
    with reading() as connection:
        found = phones(connection, actor())
    holding = sum(1 for one in found if one.revoked_at is None and one.pending + one.pending_blobs)
    return page("sync/phones.html", PhonesPage(found, here().clock.now() - SILENT, holding, may_administer(actor())))


@phone_views.post("/phones/<device_id>/revoke")
@access("admin")
def revoke(device_id: str) -> Any:
    """The phone may not speak any more, and wipes itself at its next contact."""
    errors = submit("people.revoke_device", {"device_id": device_id})
    target = url_for("phones.listed")
    return refused(errors, target) if errors else done(gettext("The phone is revoked."), target)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one record of a file."""

    what: str
    status: str
    duplicate: bool
    why: str


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """The form for an outbox file, and what became of the one just brought."""

    errors: Errors
    may_be_own: bool
    author: str
    results: tuple[Became, ...]
    photos: int
    photos_refused: int
    taken: bool


def _outbox_page(errors: Errors, *, may_be_own: bool = False, taken: TakenIn | None = None,
                 file: OutboxFile | None = None) -> str:
    results = []
    for command, answer in zip(file.commands if file else (), taken.answers if taken else (), strict=False):
        name = str(command.get("operation", "")) if isinstance(command, dict) else ""
        why = gettext(answer.message, **(answer.params or {})) if answer.message else ""
        results.append(Became(gettext(operation_words(name)), answer.status, answer.duplicate, why))
    return page("sync/outbox.html", OutboxPage(
        errors, may_be_own, taken.author.name if taken else "", tuple(results), taken.photos if taken else 0,
        len(taken.photos_refused) if taken else 0, taken is not None))


@phone_views.get("/phones/outbox")
@access(*sorted(RECORD_WATCHERS))
def outbox() -> str:
    """Bring in what a phone wrote to a file."""
    return _outbox_page({})


@phone_views.post("/phones/outbox")
@access(*sorted(RECORD_WATCHERS))
def bring() -> Any:
    """Take an outbox file in: as its author's where his phone has signed it, or as one's own."""
    sent = request.files.get("file")
    try:
        file = _file(sent.read() if sent else b"")
        taken = take_in(here(), actor(), file, as_own=field_text("as_own") == "1")
    except TradeError as error:
        return _outbox_page({"file": say(error)}, may_be_own=error.code in {"outbox.unsigned", "outbox.revoked"}), 422
    return _outbox_page({}, taken=taken, file=file)


_NO_FILE = N_("This is not an outbox file, or it was damaged.")


def _file(content: bytes) -> OutboxFile:
    try:
        return OutboxFile.model_validate(read_body(content)[0])
    except (ValidationError, ValueError, RecursionError) as error:
        raise Invalid("outbox.unreadable", _NO_FILE, field="file") from error
