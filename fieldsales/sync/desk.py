"""Office pages of what came from phones and was not simply applied: read, judged again, put right, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext

from fieldsales.collection import gate
from fieldsales.collection.steprules import NO_YES, NO_YES_WORDS
from fieldsales.kernel.clock import CLOCK_FLAGS
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.kernel.operation import DONE, OPERATIONS, Actor, Answer
from fieldsales.people.rules import RECORD_WATCHERS
from fieldsales.plugin_api.answers import label_at
from fieldsales.plugin_api.fields import Field
from fieldsales.sync import office
from fieldsales.sync.queries import watchers
from fieldsales.sync.records import FIELD_WORDS, SIGNED, Leaf, leaves, operation_words, put_right
from fieldsales.web.access import access, missing
from fieldsales.web.errors import say
from fieldsales.web.filters import lang
from fieldsales.web.forms import Errors, command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page
from fieldsales.workday.unsettled import (
    Beyond,
    Names,
    Waiting,
    beyond_measure,
    count_waiting,
    names_for,
    one_waiting,
    waiting,
)
from fieldsales.workday.words import OUTCOMES, PURPOSES, WAYS

desk_views = Blueprint("records", __name__)
OFFICE = tuple(sorted(RECORD_WATCHERS))


def _count(who: Actor) -> int:
    with reading() as connection:
        return count_waiting(connection, who)


nav(NavItem("records.waiting", N_("From phones"), "devices", 60, OFFICE, count=_count, group=N_("Field work")))

#: Why a record waits, where its verdict says nothing more.
WHY = {
    "id_reused": N_("Its id was used before for another record. It was kept apart and not applied."),
    "contact_field": N_("Two people changed the same contact. The office's value stands."),
    "contact_kept": N_("One removed this contact, another changed it. It is still there."),
}
_SPOKEN = frozenset({"said", "words", "text", "note", "reason"})
_WORDS = {**OUTCOMES, **PURPOSES, **WAYS}


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it is shown. ``said``: the words in it, shortened; ``amount``: as text, or empty."""

    id: str
    kind: str
    what: str
    customer_id: str
    customer_name: str
    who: str
    phone: str
    delivered_by: str
    handed_to: str
    why: str
    amount: str
    said: str
    made_at: datetime | None
    received_at: datetime
    flags: tuple[str, ...]


def _why(record: Waiting) -> str:
    message = str(record.answer.get("message") or WHY.get(record.code) or record.code)
    named = FIELD_WORDS.get(str(record.answer.get("field") or "").rpartition(".")[2], "")
    try:
        why = str(gettext(message, **(record.answer.get("params") or {})))
        return f"{gettext(named)}{'：' if lang() == 'zh' else ': '}{why}" if named else why
    except (KeyError, TypeError, ValueError):  # an answer kept by another version of the program
        return message


def _what(record: Waiting) -> str:
    words = str(gettext(operation_words(record.operation)))
    method = here().plugins.method(str(record.payload.get("method", ""))) if here().plugins else None
    if record.operation != "collection.take_action" or method is None:
        return words
    return str(method.labels.get(actor().locale) or method.labels["zh"])


def _line(record: Waiting, names: Names) -> Line:
    told = leaves(record.payload)
    money = next((f"{one.value}" for one in told if one.kind == "money"), "")
    spoken = " ".join(one.value for one in told if one.name.rpartition(".")[2] in _SPOKEN)
    if record.kind == "clash":
        spoken = names.contacts.get(record.answer["contact_id"], "")
    return Line(
        record.id, record.kind, _what(record), record.customer_id if record.customer_id in names.customers else "",
        names.customers.get(record.customer_id, ""), record.actor_name, names.devices.get(record.device_id or "", ""),
        names.users.get(record.delivered_by or "", ""), names.handed.get(record.id, ""), _why(record), money,
        spoken[:120], record.made_at, record.received_at,
        tuple(str(gettext(CLOCK_FLAGS[flag])) for flag in record.flags if flag in CLOCK_FLAGS))


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Records that wait, by what became of them."""

    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    #: acts of the last days beyond the measure of pressing, and what each code means
    beyond: tuple[Beyond, ...]
    caps: dict[str, str]


@desk_views.get("/records", endpoint="waiting")
@access(*OFFICE)
def waiting_page() -> str:
    """Records from phones that wait for a person."""
    with reading() as connection:
        found = waiting(connection, actor())
        names = names_for(connection, actor(), found)
        beyond = beyond_measure(connection, actor(), here().clock.now() - gate.WEEK)
    lines = [_line(one, names) for one in found]
    kinds = ("held", "reused", "clash", "rejected")
    return page("sync/waiting.html", WaitingPage(tuple(
        (kind, tuple(line for line in lines if line.kind == kind)) for kind in kinds),
        beyond, {code: said[lang()] for code, said in (gate.CODES | {NO_YES: NO_YES_WORDS}).items()}))


@dataclass(frozen=True, slots=True)
class Told:
    """One thing a record says, in words."""

    name: str
    label: str
    kind: str
    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record: what it says, why it waits, and what can be done."""

    line: Line
    told: tuple[Told, ...]
    #: of a clash: (field, what stood there, what the office has, what is proposed)
    proposal: tuple[tuple[str, str, str, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    may_put_right: bool
    errors: Errors
    #: field of the form that was refused when it came
    refused_field: str


def _told(leaf: Leaf, asked: tuple[Field, ...]) -> Told:
    shown = leaf.value
    if leaf.kind == "bool":
        shown = gettext("yes") if leaf.value else gettext("no")
    elif leaf.kind == "text" and leaf.value in _WORDS:
        shown = gettext(_WORDS[leaf.value])
    group, _, place = leaf.name.partition(".")
    label = (label_at(asked, place, lang()) if group == "fields" else "") or str(gettext(leaf.label))
    return Told(leaf.name, f"{gettext(leaf.part)} · {label}" if leaf.part else label, leaf.kind, leaf.value, str(shown))


def _asked(record: Waiting) -> tuple[Field, ...]:
    """The questions of the method's form, for a record that was filled in on one."""
    method = here().plugins.method(str(record.payload.get("method", ""))) if here().plugins else None
    return tuple(method.fields) if method is not None and record.operation == "collection.take_action" else ()


def _found(record_id: str) -> Waiting:
    with reading() as connection:
        record = one_waiting(connection, actor(), record_id)
    if record is None:
        raise missing()
    return record


def _record_page(record: Waiting, errors: Errors) -> str:
    with reading() as connection:
        names, colleagues = names_for(connection, actor(), [record]), watchers(connection, actor().user_id)
    fields = record.answer.get("fields", {}) if record.kind == "clash" else {}
    proposal = tuple(
        (str(gettext(_CONTACT[name])), one.get("was", ""), one.get("office", ""), one.get("now", ""))
        for name, one in fields.items() if name in _CONTACT)
    wanted = str(record.answer.get("field") or "")
    asked = _asked(record)
    wanted = f"fields.{wanted}" if label_at(asked, wanted, "en") else wanted
    told = tuple(_told(leaf, asked) for leaf in leaves(record.payload, wanted)) if record.kind != "clash" else ()
    editable = record.kind != "clash" and record.operation in OPERATIONS and record.operation not in SIGNED
    return page("sync/record.html", RecordPage(
        _line(record, names), told, proposal, colleagues, editable, errors, wanted))


_CONTACT = {name: FIELD_WORDS[name] for name in ("name", "role", "phone", "email")}


@desk_views.get("/records/<record_id>")
@access(*OFFICE)
def record(record_id: str) -> str:
    """One record that waits."""
    return _record_page(_found(record_id), {})


def _told_of(answer: Answer) -> str:
    if answer.status in DONE:
        return str(gettext("On record now."))
    return str(gettext(answer.message, **(answer.params or {}))) if answer.message else answer.code


@desk_views.post("/records/<record_id>/again")
@access(*OFFICE)
def again(record_id: str) -> Any:
    """Judge a held record again, exactly as it came; whoever asks answers for it."""
    found = _found(record_id)
    try:
        answer = office.judge_again(here().dispatcher, actor(), found)
    except TradeError as error:
        return refused({"": say(error)}, url_for("records.record", record_id=record_id))
    if answer.status in DONE:
        return done(_told_of(answer), url_for("records.waiting"))
    return refused({"": gettext("It still waits: %(why)s", why=_told_of(answer))},
                   url_for("records.record", record_id=record_id))


@desk_views.post("/records/<record_id>/right")
@access(*OFFICE)
def right(record_id: str) -> Any:
    """Carry out a corrected copy in one's own name; the record stays as it came."""
    found = _found(record_id)
    typed = {name.removeprefix("f."): value for name, value in request.form.items() if name.startswith("f.")}
    for leaf in leaves(found.payload):
        if leaf.kind == "bool":
            typed.setdefault(leaf.name, "")
    payload, wrong = put_right(found.payload, typed, str(found.answer.get("field") or ""))
    if wrong:
        return _record_page(found, {name: gettext(text) for name, text in wrong.items()}), 422
    try:
        answer = office.put_right(here().dispatcher, actor(), found, payload, command_id())
    except TradeError as error:
        return _record_page(found, {"": say(error)}), 422
    if answer.status in DONE:
        return done(gettext("Put right, and on record in your name."), url_for("records.waiting"))
    return _record_page(found, {answer.field or "": _told_of(answer)}), 422


@desk_views.post("/records/<record_id>/close")
@access(*OFFICE)
def close(record_id: str) -> Any:
    """Close a record with a reason; its author reads it on the phone."""
    _found(record_id)
    errors = submit("sync.close_record", {"record_id": record_id, "reason": field_text("reason")})
    if errors:
        return refused(errors, url_for("records.record", record_id=record_id))
    return done(gettext("Closed. The phone shows the reason."), url_for("records.waiting"))


@desk_views.post("/records/<record_id>/hand")
@access(*OFFICE)
def hand(record_id: str) -> Any:
    """Hand a record to a colleague of the office."""
    _found(record_id)
    errors = submit("sync.hand_record", {"record_id": record_id, "to_user_id": field_text("to_user_id"),
                                         "note": field_text("note")})
    target = url_for("records.record", record_id=record_id)
    return refused(errors, target) if errors else done(gettext("Handed over; it waits on that page too."), target)


@desk_views.post("/records/<record_id>/decide")
@access("manager", "admin")
def decide(record_id: str) -> Any:
    """Take what was proposed for a contact, or leave what stands."""
    found = _found(record_id)
    errors = submit("customers.decide_clash", {"clash_id": record_id, "customer_id": found.customer_id,
                                               "take": field_text("take") == "1"})
    if errors:
        return refused(errors, url_for("records.record", record_id=record_id))
    return done(gettext("Decided."), url_for("records.waiting"))

