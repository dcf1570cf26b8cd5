"""Disputes and requests to set off: who settles each and by when, what was found, and the manager who decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.customers.queries import visible
from fieldsales.disputes.queries import DisputeLine, count_open, is_seen, open_disputes, people_to_ask
from fieldsales.disputes.rules import DESKS
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.receivables.paperfiles import read_paper
from fieldsales.receivables.papers import keep_bytes
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.errors import say
from fieldsales.web.forms import done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, asked_for, chip_row
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("disputes", __name__)
SHOWS = ("mine", "overdue")


def _count(who: Actor) -> int:
    with reading() as connection:
        return count_open(connection, visible(scope_of(who)), who.user_id)


nav(NavItem("disputes.waiting", N_("Disputes"), "disputes", 42, ("manager", "finance", "legal", "admin"),
            count=_count, group=N_("Collecting")))


@dataclass(frozen=True, slots=True)
class DisputesPage:
    """What awaits an answer or a decision."""

    rows: tuple[DisputeLine, ...]
    chips: tuple[Chip, ...]
    show: str
    desks: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    user_id: str
    today: date
    is_rep: bool
    may_manage: bool


@views.get("/disputes")
@access(*EVERYONE)
def waiting() -> str:
    """Disputes and requests to set off: all, one's own, or those past their day."""
    who, today = actor(), here().today
    show = asked_for("show") if asked_for("show") in SHOWS else ""
    with reading() as connection:
        rows = open_disputes(connection, visible(scope_of(who)), who.user_id,
                             owner_id=who.user_id if show == "mine" else "",
                             before=today if show == "overdue" else None)
        people = people_to_ask(connection) if may_manage(who) else ()
    choices = [("", gettext("All")), ("mine", gettext("Mine to settle")), ("overdue", gettext("Past their day"))]
    return page("disputes/waiting.html", DisputesPage(
        rows, chip_row("show", choices, show), show, DESKS, people, who.user_id, today, who.role == "rep",
        may_manage(who)))


@views.post("/disputes/<dispute_id>/assign")
@access("manager", "admin")
def assign(dispute_id: str) -> Response:
    """Say who settles it, and by when."""
    errors = submit("disputes.assign_dispute", {
        "dispute_id": dispute_id, "customer_id": field_text("customer_id"), "desk": field_text("desk"),
        "owner_id": field_text("owner_id"), "due_on": field_text("due_on"), "reason": field_text("reason")})
    target = url_for("disputes.waiting")
    return refused(errors, target) if errors else done(gettext("Given on. It stands on their list."), target)


@views.post("/disputes/<dispute_id>/answer")
@access(*EVERYONE)
def answer(dispute_id: str) -> Response:
    """What the owner found, with proof. The manager decides on it."""
    target, who = url_for("disputes.waiting"), actor()
    with reading() as connection:
        customer_id = is_seen(connection, dispute_id, visible(scope_of(who)), who.user_id)
    if customer_id is None:
        raise missing()
    try:
        proof = _proofs()
    except TradeError as error:
        return refused({"": say(error)}, target)
    errors = submit("disputes.answer_dispute", {
        "dispute_id": dispute_id, "customer_id": customer_id, "finding": field_text("finding"),
        "words": field_text("words"), "proof_sha256": proof})
    return refused(errors, target) if errors else done(gettext("On record. The manager decides on it."), target)


def _proofs() -> list[str]:
    files: list[Any] = [one for one in request.files.getlist("proof") if one.filename]
    read = [read_paper(one.filename, one.read()) for one in files[:20]]
    return keep_bytes(here(), actor(), read) if read else []


@views.post("/disputes/<dispute_id>/decide")
@access("manager", "admin")
def decide(dispute_id: str) -> Response:
    """Decide once; no balance changes before an approved credit note."""
    errors = submit("disputes.decide_dispute", {
        "dispute_id": dispute_id, "customer_id": field_text("customer_id"), "decision": field_text("decision"),
        "note": field_text("note")})
    target = url_for("disputes.waiting")
    if errors:
        return refused(errors, target)
    return done(gettext("Decided. The rep is told; no balance has changed."), target)
