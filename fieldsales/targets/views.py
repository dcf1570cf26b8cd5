"""Pages of targets: the month from the company down to the customer, numbers that wait, the library of measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.kernel.errors import N_
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import Scope, may_manage, scope_of
from fieldsales.targets import customerviews, pacing, reviews
from fieldsales.targets.month import Below, CustomerLine, Month, Standing, customer_lines, read_month
from fieldsales.targets.rules import last_month, month_of, next_month
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.forms import Errors, amount_minor, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import asked_for
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("targets", __name__)
customer_views = customerviews.customer_views
nav(NavItem("targets.month", N_("Targets"), "target", 15))


@dataclass(frozen=True, slots=True)
class Curve:
    """The month by day, drawn and as figures; ``slipped``: last month's share of its last five days (of one)."""

    points: list[pacing.Point]
    drawn: pacing.Drawing
    slipped: float | None
    shows_target: bool


@dataclass(frozen=True, slots=True)
class TargetsPage:
    """Where a part of the company stands in a month, and what is below it."""

    month: date
    before: str
    after: str
    level: str
    subject_id: str
    #: (words, address) of what is above
    above: tuple[tuple[str, str], ...]
    currency: str
    whole: Standing
    rows: tuple[Standing, ...]
    lines: tuple[CustomerLine, ...]
    curve: Curve
    versions: tuple[reviews.Version, ...]
    late: tuple[reviews.Version, ...]
    waiting: int
    may_set: bool
    typed: dict[str, str]
    errors: Errors


def chosen_month() -> date:
    """The month asked for (``?month=2026-03``), else this one."""
    try:
        return date.fromisoformat(f"{asked_for('month') or field_text('month')[:7]}-01")
    except ValueError:
        return month_of(here().today)


@dataclass(frozen=True, slots=True)
class Looked:
    """Which part of the company is looked at."""

    level: str
    subject_id: str
    below: Below


def looked_at(scope: Scope, who: Actor) -> Looked:
    """The part of the company asked for, or the whole of what one leads; a rep has his own month alone."""
    team_id, rep_id = asked_for("team"), asked_for("rep")
    if scope.kind == "self":
        return Looked("rep", who.user_id, Below(rep_id=who.user_id))
    if rep_id:
        return Looked("rep", rep_id, Below(rep_id=rep_id))
    if scope.kind == "team" or team_id:
        team_id = scope.team_id or "" if scope.kind == "team" else team_id
        return Looked("team", team_id, Below(team_id=team_id))
    return Looked("company", "", Below())


def _address(month: date, **arguments: str) -> str:
    values: dict[str, Any] = {k: v for k, v in arguments.items() if v}
    return url_for("targets.month", month=f"{month:%Y-%m}", **values)


def _rows(found: Month, looked: Looked) -> tuple[Standing, ...]:
    """The lines below: teams of the company, reps of a team; those with nothing at all are left out."""
    if looked.level == "company":
        all_ = [found.standing("team", key, name) for key, name in found.teams.items()]
    elif looked.level == "team":
        all_ = [found.standing("rep", key, name) for key, (name, team) in found.reps.items()
                if team == looked.subject_id]
    else:
        return ()
    return tuple(sorted((one for one in all_ if one != Standing(one.id, one.name)),
                        key=lambda one: (-(one.gap_minor or 0), one.name)))


def _above(found: Month, looked: Looked, scope: Scope, month: date) -> tuple[tuple[str, str], ...]:
    above = []
    if scope.kind == "all" and looked.level != "company":
        above.append((gettext("Company"), _address(month)))
    if looked.level == "rep" and scope.kind != "self":
        team_id = found.reps[looked.subject_id][1]
        if team_id in found.teams:
            above.append((found.teams[team_id], _address(month, team=team_id)))
    return tuple(above)


def _name(found: Month, looked: Looked, scope: Scope) -> str:
    """The name of what is looked at; NotFound when it is not there, or not one's to see."""
    if looked.level == "company":
        return str(gettext("Company"))
    name, team_id = found.teams.get(looked.subject_id, ""), looked.subject_id
    if looked.level == "rep":
        name, team_id = found.reps.get(looked.subject_id, ("", ""))
    if not name or (scope.kind == "team" and team_id != scope.team_id):
        raise missing()
    return name


def _page(errors: Errors) -> str:
    who, program, month = actor(), here(), chosen_month()
    scope, currency, today = scope_of(who), program.settings.currency, program.today
    looked = looked_at(scope, who)
    with reading() as connection:
        found = read_month(connection, scope, month, today, currency, looked.below)
        name = _name(found, looked, scope)
        lines = customer_lines(connection, scope, month, currency, looked.subject_id,
                               found) if looked.level == "rep" else []
        money = reviews.money_by_day(connection, scope, last_month(month), currency, looked.below)
        versions = reviews.versions_of(connection, month, looked.level, looked.subject_id, currency)
        late = reviews.late_discounts(connection, scope, month)
        waiting = len(reviews.proposals(connection, scope)) if may_manage(who) else 0
    whole = found.standing(looked.level, looked.subject_id, name)
    points = pacing.curve(month, whole.cash_minor or 0, found.received, found.expected, today)
    slipped = pacing.slipped_bp(last_month(month), money)
    curve = Curve(points, pacing.drawing(points, today), None if slipped is None else slipped / 10_000,
                  whole.cash_minor is not None)
    leads = may_manage(who) and (looked.level != "company" or scope.kind == "all")
    part = {"team": looked.below.team_id, "rep": looked.below.rep_id if scope.kind != "self" else ""}
    return page("targets/month.html", TargetsPage(
        month, _address(last_month(month), **part), _address(next_month(month), **part), looked.level,
        looked.subject_id, _above(found, looked, scope, month), currency, whole, _rows(found, looked), tuple(lines),
        curve, versions, late, waiting, leads, {key: field_text(key) for key in ("arrears", "cash", "reason")}, errors))


@views.get("/targets")
@access(*EVERYONE)
def month() -> str:
    """A month's two numbers, from the company down to the customer."""
    return _page({})


def _back() -> str:
    level, subject = field_text("level"), field_text("subject_id")
    return _address(chosen_month(), **({level: subject} if level in ("team", "rep") else {}))


@views.post("/targets/set")
@access("manager", "admin")
def set_numbers() -> Response:
    """Set both numbers of the company, a team or a rep."""
    errors: Errors = {}
    currency = here().settings.currency
    arrears, cash = amount_minor("arrears", errors, currency), amount_minor("cash", errors, currency)
    if not errors:
        errors = submit("targets.set_target", {
            "month": chosen_month(), "level": field_text("level"), "subject_id": field_text("subject_id"),
            "currency": currency, "arrears_minor": arrears, "cash_minor": cash, "reason": field_text("reason")})
    return refused(errors, _back()) if errors else done(gettext("The target is set."), _back())


@views.post("/targets/split")
@access("manager", "admin")
def split() -> Response:
    """Deal a target out to every team, rep and customer below it."""
    errors = submit("targets.split_target", {
        "month": chosen_month(), "level": field_text("level"), "subject_id": field_text("subject_id"),
        "currency": here().settings.currency, "reason": gettext("Split from above")})
    return refused(errors, _back()) if errors else done(gettext("Split to everyone below."), _back())


@dataclass(frozen=True, slots=True)
class ApprovalsPage:
    """Numbers reps proposed that wait for a manager."""

    rows: tuple[reviews.Proposal, ...]
    may_decide: bool


@views.get("/targets/approvals")
@access("manager", "finance", "legal", "admin")
def approvals() -> str:
    """What waits for a manager."""
    with reading() as connection:
        rows = reviews.proposals(connection, scope_of(actor()))
    return page("targets/approvals.html", ApprovalsPage(rows, may_manage(actor())))


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """The library of gap measures, and what each has brought."""

    kinds: tuple[reviews.KindEffect, ...]
    month: date
    currency: str
    may_edit: bool
    errors: Errors


def _measures(errors: Errors) -> str:
    with reading() as connection:
        kinds = reviews.kind_effects(connection, scope_of(actor()), here().settings.currency)
    return page("targets/measures.html", MeasuresPage(
        kinds, chosen_month(), here().settings.currency, may_manage(actor()), errors))


@views.get("/targets/measures")
@access(*EVERYONE)
def measures() -> str:
    """The library of gap measures with expected and actual effect."""
    return _measures({})


@views.post("/targets/measures")
@access("manager", "admin")
def edit_kind() -> Any:
    """Word a kind of measure, add one, or retire it."""
    errors = submit("targets.edit_measure_kind", {
        "code": field_text("code"), "name": field_text("name"), "about": field_text("about"),
        "retired": bool(request.form.get("retired"))})
    if errors:
        return _measures(errors), 422
    return done(gettext("The library is changed."), url_for("targets.measures"))
