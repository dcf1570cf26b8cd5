"""The office's page of a customer's gate: may they be contacted now, what stands in the way, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.collection import case_lists as lists
from fieldsales.collection.case_words import CHANNELS, ENTRIES, STANDINGS, STOPS
from fieldsales.collection.gate import CODES, STANDING, Contact, GateFacts, Permit
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.gate_rules import judged, words_of_rules
from fieldsales.collection.policies import PACKS
from fieldsales.customers.lists import visible_name
from fieldsales.customers.sight import in_sight
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.filters import lang
from fieldsales.web.forms import command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import page

gate_views = Blueprint("gate", __name__)
#: How long a manager's leave may last, by what the form says: in hours.
LEAVES = (("4", N_("Four hours")), ("24", N_("A day")), ("72", N_("Three days")), ("168", N_("A week")))
#: The ways that are judged on the page, each as a demand, the court as itself.
_WAYS = ("call", "message", "visit", "mail", "letter", "legal")


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and what the gate says to it at this moment."""

    channel: str
    name: str
    found: Permit
    why: str


@dataclass(frozen=True, slots=True)
class GatePage:
    """Everything the gate knows of a customer. ``waivable``: what leave can be given for, of what stands in the way."""

    customer_id: str
    name: str
    ways: tuple[Way, ...]
    facts: GateFacts
    source: str
    local_time: str
    stops: tuple[Any, ...]
    people: tuple[tuple[Any, str], ...]
    counts: tuple[Any, ...]
    entries: tuple[Any, ...]
    waivable: tuple[tuple[str, str], ...]
    words: dict[str, dict[str, str]]
    packs: tuple[tuple[str, str], ...]
    leaves: tuple[tuple[str, str], ...]
    may_manage: bool
    may_lift: bool


def _words(table: dict[str, str]) -> dict[str, str]:
    return {code: gettext(text) for code, text in table.items()}


def _ways(facts: GateFacts, now: Any) -> tuple[Way, ...]:
    found = []
    for channel in _WAYS:
        contact = Contact(channel, now, "legal" if channel == "legal" else "demand")
        answer = judged(here().plugins, contact, facts)
        found.append(Way(channel, gettext(CHANNELS[channel]), answer,
                         answer.why_en if lang() == "en" else answer.why_zh))
    return tuple(found)


@gate_views.get("/customers/<customer_id>/contacting")
@access(*EVERYONE)
def show(customer_id: str) -> str:
    """Whether a customer may be contacted now, by each way, and why not."""
    who, now, today = actor(), here().clock.now(), here().today
    with reading() as connection:
        name = visible_name(connection, scope_of(who), customer_id)
        if name is None:
            raise missing()
        facts = gate_facts(connection, [customer_id], today)[customer_id]
        stops, entries = lists.stops_of(connection, customer_id), lists.gate_entries(connection, customer_id)
        counts = lists.contact_counts(connection, customer_id, now - timedelta(days=7))
        contacts = lists.contacts_of(connection, customer_id)
    ways = _ways(facts, now)
    held = [code for way in ways for code in way.found.codes
            if code in CODES and (code not in STANDING or code == "dispute_open")]
    said = CODES | words_of_rules(here().plugins)
    return page("collection/gate.html", GatePage(
        customer_id, name, ways, facts, facts.policy.source[lang()],
        f"{now.astimezone(ZoneInfo(facts.zone)):%Y-%m-%d %H:%M}", stops,
        tuple((one, facts.people.get(one.id, "permitted")) for one in contacts), counts, entries,
        tuple((code, CODES[code][lang()]) for code in dict.fromkeys(held)),
        {"stops": _words(STOPS), "entries": _words(ENTRIES), "channels": _words(CHANNELS),
         "standings": _words(STANDINGS), "codes": {code: labels[lang()] for code, labels in said.items()}},
        (("", gettext("The house's")), *((code, labels[lang()]) for code, labels in PACKS.items())),
        tuple((hours, gettext(text)) for hours, text in LEAVES), may_manage(who),
        may_manage(who) or who.role == "legal"))


def _do(operation: str, customer_id: str, said: str, values: dict[str, Any]) -> Response:
    in_sight(customer_id)
    target = url_for("gate.show", customer_id=customer_id)
    errors = submit(operation, {"customer_id": customer_id, **values})
    return refused(errors, target) if errors else done(said, target)


@gate_views.post("/customers/<customer_id>/stops")
@access(*EVERYONE)
def record_stop(customer_id: str) -> Response:
    """They objected, asked us to leave, or the police came."""
    return _do("collection.record_stop", customer_id, gettext("On record. Manager and legal are told."), {
        "stop_id": derived_id(command_id(), "stop"), "kind": field_text("kind"), "words": field_text("words"),
        "who": field_text("who")})


@gate_views.post("/customers/<customer_id>/stops/<stop_id>/lift")
@access("manager", "legal", "admin")
def lift_stop(customer_id: str, stop_id: str) -> Response:
    """Lift a stop, with the reason."""
    return _do("collection.lift_stop", customer_id, gettext("Lifted. What was recorded stays on record."), {
        "stop_id": stop_id, "lift_id": derived_id(command_id(), "lift"), "reason": field_text("reason")})


@gate_views.post("/customers/<customer_id>/standing")
@access(*EVERYONE)
def set_standing(customer_id: str) -> Response:
    """Whether a person may be approached about money."""
    return _do("collection.set_standing", customer_id, gettext("On record."), {
        "standing_id": derived_id(command_id(), "standing"), "contact_id": field_text("contact_id"),
        "standing": field_text("standing"), "reason": field_text("reason")})


@gate_views.post("/customers/<customer_id>/terms")
@access("manager", "admin")
def set_terms(customer_id: str) -> Response:
    """The customer's time zone and jurisdiction."""
    return _do("collection.set_terms", customer_id, gettext("On record."), {
        "terms_id": derived_id(command_id(), "terms"), "zone": field_text("zone"), "pack": field_text("pack")})


@gate_views.post("/customers/<customer_id>/leave")
@access("manager", "admin")
def give_leave(customer_id: str) -> Response:
    """Give leave to go beyond what stands in the way, for a while, with the reason."""
    hours = field_text("hours")
    length = timedelta(hours=int(hours) if hours in dict(LEAVES) else 24)
    return _do("collection.give_leave", customer_id, gettext("Leave is given. It stands in the log."), {
        "waiver_id": derived_id(command_id(), "waiver"), "codes": [field_text("code")],
        "until_at": here().clock.now() + length, "reason": field_text("reason")})


@gate_views.post("/customers/<customer_id>/leave/ask")
@access(*EVERYONE)
def ask_leave(customer_id: str) -> Response:
    """Ask the manager for leave."""
    return _do("collection.ask_leave", customer_id, gettext("Asked. The manager has it on the list of today."), {
        "entry_id": derived_id(command_id(), "asked"), "channel": field_text("channel") or "call",
        "codes": [field_text("code")], "reason": field_text("reason")})
