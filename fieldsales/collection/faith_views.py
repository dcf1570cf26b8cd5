"""Office pages of classing debtors: what the rules propose, what stands and until when, one customer's story.

For managers and legal alone: no rep opens them, and nothing here is printed or shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext

from fieldsales.collection import faithlists
from fieldsales.collection.conduct import conducts
from fieldsales.collection.faith_rules import (
    CRITERIA_WORDS,
    FOLLOW_UP,
    GOOD_SEEN,
    LONGEST_REVIEW,
    SEEN,
    Weighed,
    weigh,
)
from fieldsales.collection.faithlists import DecisionLine, ProposalLine, SignLine
from fieldsales.customers.lists import visible_name
from fieldsales.customers.queries import visible
from fieldsales.customers.sight import in_sight
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.receivables.paperfiles import read_paper
from fieldsales.receivables.papers import keep_bytes
from fieldsales.web.access import access, missing
from fieldsales.web.errors import say
from fieldsales.web.forms import Errors, command_id, done, field_text, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page

faith_pages = Blueprint("faith", __name__)
ROLES = ("manager", "legal", "admin")
#: The review day a form begins with.
USUAL_REVIEW = timedelta(days=90)


def _waiting(who: Actor) -> int:
    with reading() as connection:
        return faithlists.count_waiting(connection, visible(scope_of(who)))


nav(NavItem("faith.overview", N_("Good faith"), "faith", 45, ROLES, count=_waiting, group=N_("Collecting")))


@dataclass(frozen=True, slots=True)
class FaithPage:
    """What waits for a decision, and what stands."""

    proposals: tuple[ProposalLine, ...]
    standing: tuple[DecisionLine, ...]
    criteria: dict[str, str]
    today: date


@faith_pages.get("/faith")
@access(*ROLES)
def overview() -> str:
    """Proposals to decide, and classes that stand with their review day."""
    seen = visible(scope_of(actor()))
    with reading() as connection:
        waiting, standing = faithlists.proposals(connection, seen), faithlists.decisions(connection, seen)
    return page("collection/faith.html", FaithPage(waiting, standing, _criteria(), here().today))


def _criteria() -> dict[str, str]:
    return {code: gettext(words) for code, words in CRITERIA_WORDS.items()}


@dataclass(frozen=True, slots=True)
class CustomerFaithPage:
    """One customer: both sides of the scales today, what was seen, proposed and decided."""

    customer_id: str
    name: str
    weighed: Weighed
    standing: DecisionLine | None
    waiting: tuple[ProposalLine, ...]
    proposals: tuple[ProposalLine, ...]
    decisions: tuple[DecisionLine, ...]
    signs: tuple[SignLine, ...]
    criteria: dict[str, str]
    kinds: dict[str, str]
    good_kinds: frozenset[str]
    #: what a rep is told, by class
    told: dict[str, str]
    review_on: date
    last_review_on: date
    today: date
    may_manage: bool
    user_id: str
    errors: Errors


def _page(customer_id: str, errors: Errors) -> str:
    who, today = actor(), here().today
    seen = visible(scope_of(who))
    with reading() as connection:
        name = visible_name(connection, scope_of(who), customer_id)
        if name is None:
            raise missing()
        weighed = weigh(conducts(connection, [customer_id], today)[customer_id])
        every = faithlists.proposals(connection, seen, customer_id=customer_id)
        decided = faithlists.decisions(connection, seen, customer_id=customer_id)
        noted = faithlists.signs(connection, customer_id)
    newest = next((one for one in decided if one.decision != "rejected"), None)
    return page("collection/faith_customer.html", CustomerFaithPage(
        customer_id, name, weighed, newest if newest and newest.decision == "approved" else None,
        tuple(one for one in every if not one.decision), every, decided, noted, _criteria(),
        {kind: gettext(words) for kind, words in SEEN.items()}, GOOD_SEEN,
        {klass: gettext(pace) for klass, (pace, _) in FOLLOW_UP.items()}, today + USUAL_REVIEW, today + LONGEST_REVIEW,
        today, may_manage(who), who.user_id, errors))


@faith_pages.get("/customers/<customer_id>/faith")
@access(*ROLES)
def customer(customer_id: str) -> str:
    """One customer's signs, proposals and decisions."""
    return _page(customer_id, {})


def _kept() -> list[str]:
    files: list[Any] = [one for one in request.files.getlist("evidence") if one.filename]
    read = [read_paper(one.filename, one.read()) for one in files[:20]]
    return keep_bytes(here(), actor(), read) if read else []


def _seen_or_missing(customer_id: str) -> None:
    in_sight(customer_id)


def _after(customer_id: str, errors: Errors, words: str) -> Any:
    if errors:
        return _page(customer_id, errors), 422
    return done(words, url_for("faith.customer", customer_id=customer_id))


@faith_pages.post("/customers/<customer_id>/faith/decide")
@access("manager", "admin")
def decide(customer_id: str) -> Any:
    """Approve a class for a time, refuse a proposal, or take back what stands."""
    _seen_or_missing(customer_id)
    try:
        kept = _kept()
    except TradeError as error:
        return _page(customer_id, {"evidence": say(error)}), 422
    errors = submit("collection.decide_faith", {
        "decision_id": derived_id(command_id(), "faith"), "customer_id": customer_id,
        "decision": field_text("decision"), "klass": field_text("klass"),
        "proposal_id": field_text("proposal_id") or None, "note": field_text("note"),
        "review_on": field_text("review_on") or None, "evidence_sha256": kept})
    return _after(customer_id, errors, gettext("Decided. The rep is told how to follow up, in neutral words."))


@faith_pages.post("/customers/<customer_id>/faith/propose")
@access(*ROLES)
def propose(customer_id: str) -> Any:
    """Put a class before the manager, with a note; another person decides."""
    errors = submit("collection.propose_faith", {
        "proposal_id": derived_id(command_id(), "proposal"), "customer_id": customer_id, "klass": field_text("klass"),
        "note": field_text("note")})
    return _after(customer_id, errors, gettext("Proposed. A manager decides."))


@faith_pages.post("/customers/<customer_id>/faith/signs")
@access(*ROLES)
def note_sign(customer_id: str) -> Any:
    """Put what was seen on record, with its photos."""
    _seen_or_missing(customer_id)
    try:
        kept = _kept()
    except TradeError as error:
        return _page(customer_id, {"evidence": say(error)}), 422
    errors = submit("collection.note_sign", {
        "sign_id": derived_id(command_id(), "sign"), "customer_id": customer_id, "kind": field_text("kind"),
        "words": field_text("words"), "seen_on": field_text("seen_on"), "evidence_sha256": kept})
    return _after(customer_id, errors, gettext("On record. The rules weigh it tonight."))
