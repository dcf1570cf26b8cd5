"""Office pages of cases: the list with its filters, and one case with its whole history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.collection import case_lists as lists
from fieldsales.collection.case_rules import STAGE_MEANS, STAGE_WORDS, STAGES, CaseState, ripe_for_law
from fieldsales.collection.case_words import event_text
from fieldsales.customers.queries import who_see
from fieldsales.kernel.errors import N_
from fieldsales.kernel.paging import whole_key
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.filters import lang
from fieldsales.web.forms import done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, address_with, asked_for, chip_row
from fieldsales.web.pages import NavItem, nav, page

case_views = Blueprint("cases", __name__)
nav(NavItem("cases.waiting", N_("Cases"), "cases", 40, ("manager", "finance", "legal", "admin"),
            group=N_("Collecting")))


@dataclass(frozen=True, slots=True)
class CasesPage:
    """The list of cases. ``stage_words``: a stage's name by its code."""

    rows: tuple[Any, ...]
    wanted: lists.Wanted
    stages: tuple[Chip, ...]
    shows: tuple[Chip, ...]
    owners: tuple[tuple[str, str], ...]
    stage_words: dict[str, str]
    ripe: frozenset[str]
    today: date
    next_url: str


def stage_words() -> dict[str, str]:
    """The stages' names in the reader's language."""
    return {stage: labels[lang()] for stage, labels in STAGE_WORDS.items()}


def _state(row: Any) -> CaseState:
    return CaseState(row.id, row.customer_id, row.debtor_id, row.stage, row.opened_on, closed_on=row.closed_on,
                     oldest_on=row.oldest_on, covered_until=row.covered_until)


@case_views.get("/cases")
@access(*EVERYONE)
def waiting() -> str:
    """Cases, the most to be asked for first: by stage, by owner, by how late."""
    who, today = actor(), here().today
    show = asked_for("show") if asked_for("show") in lists.SHOWS else ""
    wanted = lists.Wanted(asked_for("stage"), asked_for("owner"), max(0, whole_key(asked_for("late")) or 0), show)
    with reading() as connection:
        found = lists.list_cases(connection, scope_of(who), wanted, request.args.get("after"), today, who.user_id)
        owners = lists.owners_of_cases(connection, scope_of(who))
    words = stage_words()
    choices = [("", gettext("Open cases")), ("mine", gettext("With me")), ("covered", gettext("A promise covers it")),
               ("contested", gettext("Partly disputed")), ("closed", gettext("Closed"))]
    return page("collection/cases.html", CasesPage(
        found.rows, wanted, chip_row("stage", [("", gettext("All stages")), *words.items()], wanted.stage),
        chip_row("show", choices, show), owners, words,
        frozenset(row.id for row in found.rows if ripe_for_law(_state(row), row.credit_grade, today)), today,
        address_with(after=found.following) if found.following else ""))


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case: what is overdue by instalment, what was decided, everything that happened."""

    case: Any
    stage: str
    means: str
    days_late: int
    is_ripe: bool
    dues: tuple[Any, ...]
    history: tuple[tuple[str, Any], ...]
    stages: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    today: date
    may_decide: bool
    may_assign: bool


@case_views.get("/cases/<case_id>")
@access(*EVERYONE)
def show(case_id: str) -> str:
    """One case, for whoever sees its customer."""
    who, today = actor(), here().today
    with reading() as connection:
        case = lists.one_case(connection, scope_of(who), case_id)
        if case is None:
            raise missing()
        is_first = lists.first_debtor(connection, case.customer_id) == case.debtor_id
        dues = lists.overdue_dues(connection, case.customer_id, case.debtor_id, is_first, today)
        events = lists.case_events(connection, case_id)
        people = who_see(connection, case.customer_id) if may_manage(who) else ()
    history = tuple((event_text(one.kind, one.stage, one.owner_name, one.until_on, lang()), one) for one in events)
    may_decide = case.closed_on is None and (may_manage(who) or who.role == "legal")
    return page("collection/case.html", CasePage(
        case, STAGE_WORDS[case.stage][lang()], STAGE_MEANS[case.stage][lang()],
        (today - case.oldest_on).days if case.oldest_on else 0, ripe_for_law(_state(case), case.credit_grade, today),
        dues, history, tuple((one, STAGE_WORDS[one][lang()]) for one in STAGES), people, today, may_decide,
        case.closed_on is None and may_manage(who)))


@case_views.post("/cases/<case_id>/stage")
@access("manager", "legal", "admin")
def decide_stage(case_id: str) -> Response:
    """Set the stage, with the reason; held until a day if one is given."""
    return _decided("collection.decide_stage", case_id, {
        "stage": field_text("stage"), "reason": field_text("reason"), "until_on": field_text("until_on") or None})


@case_views.post("/cases/<case_id>/owner")
@access("manager", "admin")
def assign(case_id: str) -> Response:
    """Give the case to somebody, or back to the customer's own rep."""
    return _decided("collection.assign_case", case_id, {
        "owner_id": field_text("owner_id"), "reason": field_text("reason")})


def _decided(operation: str, case_id: str, values: dict[str, Any]) -> Response:
    with reading() as connection:
        case = lists.one_case(connection, scope_of(actor()), case_id)
    if case is None:
        raise missing()
    target = url_for("cases.show", case_id=case_id)
    errors = submit(operation, {"case_id": case_id, "customer_id": case.customer_id, **values})
    return refused(errors, target) if errors else done(gettext("Decided. It stands in the case's history."), target)
