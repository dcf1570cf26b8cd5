"""A customer's month in the office: our number beside his, steps, measures, what is known of how he pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.customers.lists import visible_name
from fieldsales.customers.sight import in_sight
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.targets import dossier, health, library, reviews, sheetwords
from fieldsales.targets.rules import last_month, month_of, next_month
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.filters import lang
from fieldsales.web.forms import Errors, amount_minor, chosen_date, command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import page

customer_views = Blueprint("customer_month", __name__, url_prefix="/targets/customers/<customer_id>")


@dataclass(frozen=True, slots=True)
class CustomerMonthPage:
    """One customer's month."""

    customer_id: str
    name: str
    owner_id: str
    month: date
    before: str
    after: str
    doc: dict[str, Any]
    known: dict[str, Any]
    versions: tuple[reviews.Version, ...]
    kinds: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str], ...]
    pay_days: tuple[tuple[str, str], ...]
    may_manage: bool


def _month() -> date:
    asked = request.args.get("month", "") or field_text("month")
    try:
        return date.fromisoformat(f"{asked[:7]}-01")
    except ValueError:
        return month_of(here().today)


def _address(customer_id: str, month: date) -> str:
    return url_for("customer_month.show", customer_id=customer_id, month=f"{month:%Y-%m}")


@customer_views.get("")
@access(*EVERYONE)
def show(customer_id: str) -> str:
    """The month of one customer: both numbers, the plan, the gap and what closes it."""
    program, month = here(), _month()
    with reading() as connection:
        name = visible_name(connection, scope_of(actor()), customer_id)
        if name is None:
            raise missing()
        docs, kept = dossier.read_months(connection, [customer_id], [month], program.today, program.settings.currency)
        known = sheetwords.read_sheets(connection, [customer_id], program.today, kept)
        versions = reviews.versions_of(connection, month, "customer", customer_id, program.settings.currency)
        people = reviews.people_of(connection, customer_id)
        own = dossier.own_kinds(connection)
    kinds = [(code, own[code][0] if code in own else gettext(library.KINDS[code][0]))
             for code in dict.fromkeys((*library.KINDS, *own)) if code not in own or not own[code][2]]
    items = tuple((code, gettext(health.AREAS[area]), gettext(text)) for code, (area, text) in health.ITEMS.items())
    codes = [f"d{n}" for n in range(1, 32)] + [f"w{n}" for n in range(1, 8)]
    return page("targets/customer.html", CustomerMonthPage(
        customer_id, name, people.owner_id, month, _address(customer_id, last_month(month)),
        _address(customer_id, next_month(month)), docs[customer_id][0], known.get(customer_id, {}), versions,
        tuple(kinds), items, people.choices, tuple((code, sheetwords.pay_day(code, lang())) for code in codes),
        may_manage(actor())))


def _check_seen(customer_id: str) -> None:
    # before the form's own mistakes: a stranger learns nothing, not even what the form asks for
    in_sight(customer_id)


def _answer(customer_id: str, operation: str, values: dict[str, Any], words: str, errors: Errors) -> Response:
    """Perform what a form of the page asks for, and come back to it."""
    _check_seen(customer_id)
    target = _address(customer_id, _month())
    if not errors:
        errors = submit(operation, {"customer_id": customer_id} | values)
    return refused(errors, target) if errors else done(words, target)


def _id(what: str) -> str:
    return derived_id(command_id(), what)


def _amount(name: str, errors: Errors) -> int | None:
    """An amount that may be left empty."""
    return amount_minor(name, errors, here().settings.currency) if field_text(name) else None


@customer_views.post("/numbers")
@access(*EVERYONE)
def numbers(customer_id: str) -> Response:
    """Both numbers of the month: a rep's wait for the manager."""
    errors: Errors = {}
    values = {"month": _month(), "arrears_minor": _amount("arrears", errors) or 0, "reason": field_text("reason"),
              "cash_minor": amount_minor("cash", errors, here().settings.currency),
              "currency": here().settings.currency}
    words = gettext("The numbers are set.") if may_manage(actor()) else gettext("Proposed. The manager decides.")
    return _answer(customer_id, "targets.propose_target", values, words, errors)


@customer_views.post("/decide")
@access("manager", "admin")
def decide(customer_id: str) -> Response:
    """Approve or decline what the rep proposed."""
    _check_seen(customer_id)
    errors = submit("targets.decide_target", {
        "customer_id": customer_id, "month": _month(), "currency": here().settings.currency,
        "approve": field_text("decision") == "approve", "reason": field_text("reason")})
    target = url_for("targets.approvals")
    return refused(errors, target) if errors else done(gettext("Decided. The rep sees it."), target)


@customer_views.post("/plan")
@access(*EVERYONE)
def plan(customer_id: str) -> Response:
    """What was talked over with the customer."""
    errors: Errors = {}
    values = {"month": _month(), "theirs_minor": _amount("theirs", errors), "currency": here().settings.currency,
              "difficulties": field_text("difficulties"), "remedy": field_text("remedy"),
              "discussed_on": chosen_date("discussed_on", errors) if field_text("discussed_on") else None,
              "discussed_with": field_text("discussed_with"), "reason": field_text("reason")}
    return _answer(customer_id, "targets.write_plan", values, gettext("The plan is kept."), errors)


@customer_views.post("/publish")
@access(*EVERYONE)
def publish(customer_id: str) -> Response:
    """The plan stands from now on."""
    return _answer(customer_id, "targets.publish_plan", {"month": _month()}, gettext("The plan is published."), {})


@customer_views.post("/steps")
@access(*EVERYONE)
def add_step(customer_id: str) -> Response:
    """One more dated step."""
    errors: Errors = {}
    values = {"step_id": _id("step"), "month": _month(), "text": field_text("text"),
              "due_on": chosen_date("due_on", errors), "owner_id": field_text("owner_id")}
    return _answer(customer_id, "targets.add_step", values, gettext("The step stands in the plan."), errors)


@customer_views.post("/steps/<step_id>")
@access(*EVERYONE)
def end_step(customer_id: str, step_id: str) -> Response:
    """A step is done, with what proves it; or taken out, with the reason."""
    if field_text("do") == "drop":
        values = {"step_id": step_id, "reason": field_text("evidence")}
        return _answer(customer_id, "targets.drop_step", values, gettext("The step is taken out."), {})
    return _answer(customer_id, "targets.finish_step", {"step_id": step_id, "evidence": field_text("evidence")},
                   gettext("The step is done."), {})


@customer_views.post("/measures")
@access(*EVERYONE)
def add_measure(customer_id: str) -> Response:
    """One more measure against the gap."""
    errors: Errors = {}
    values = {"measure_id": _id("measure"), "month": _month(), "code": field_text("code"), "text": field_text("text"),
              "currency": here().settings.currency, "cost_minor": _amount("cost", errors) or 0,
              "expected_minor": _amount("expected", errors) or 0, "owner_id": field_text("owner_id"),
              "due_on": chosen_date("due_on", errors)}
    return _answer(customer_id, "targets.add_measure", values, gettext("The measure stands against the gap."), errors)


@customer_views.post("/measures/<measure_id>")
@access(*EVERYONE)
def review_measure(customer_id: str, measure_id: str) -> Response:
    """What a measure brought."""
    errors: Errors = {}
    values = {"measure_id": measure_id, "actual_minor": amount_minor("actual", errors, here().settings.currency),
              "note": field_text("note")}
    return _answer(customer_id, "targets.review_measure", values, gettext("The effect is on record."), errors)


@customer_views.post("/support")
@access(*EVERYONE)
def support(customer_id: str) -> Response:
    """What we do so that a weak promise can be kept."""
    errors: Errors = {}
    values = {"support_id": _id("support"), "promise_id": field_text("promise_id"), "text": field_text("text"),
              "due_on": chosen_date("due_on", errors), "owner_id": field_text("owner_id")}
    return _answer(customer_id, "targets.support_promise", values, gettext("The promise counts from now on."), errors)


@customer_views.post("/support/<support_id>")
@access(*EVERYONE)
def end_support(customer_id: str, support_id: str) -> Response:
    """The support is given."""
    return _answer(customer_id, "targets.finish_support", {"support_id": support_id}, gettext("Done."), {})


@customer_views.post("/pay-days")
@access(*EVERYONE)
def pay_days(customer_id: str) -> Response:
    """When the customer pays, and who signs."""
    values = {"calendar_id": _id("calendar"), "run_days": request.form.getlist("run_days")[:10],
              "cash_days": request.form.getlist("cash_days")[:10], "approver_name": field_text("approver_name"),
              "approver_role": field_text("approver_role"), "note": field_text("note")}
    return _answer(customer_id, "targets.note_pay_days", values, gettext("The pay days are kept."), {})


@customer_views.post("/rivals")
@access(*EVERYONE)
def rival(customer_id: str) -> Response:
    """Another supplier, and what he took."""
    errors: Errors = {}
    values = {"sighting_id": _id("sighting"), "supplier": field_text("supplier"), "took_minor": _amount("took", errors),
              "currency": here().settings.currency, "words": field_text("words")}
    return _answer(customer_id, "targets.note_rival", values, gettext("Kept."), errors)


@customer_views.post("/potential")
@access(*EVERYONE)
def potential(customer_id: str) -> Response:
    """What the customer has, sells and is owed."""
    errors: Errors = {}
    names = ("cash", "stock", "sales", "downstream", "others")
    values = {f"{name}_minor": _amount(name, errors) for name in names} | {
        "sheet_id": _id("sheet"), "currency": here().settings.currency, "season": field_text("season") or "normal",
        "sources": field_text("sources"),
        "downstream_on": chosen_date("downstream_on", errors) if field_text("downstream_on") else None}
    return _answer(customer_id, "targets.write_potential", values, gettext("Kept."), errors)


@customer_views.post("/health")
@access(*EVERYONE)
def check(customer_id: str) -> Response:
    """How the basic work stands."""
    answers = {code: field_text(code) for code in health.ITEMS if field_text(code)}
    return _answer(customer_id, "targets.check_health", {
        "check_id": _id("check"), "answers": answers, "note": field_text("note")}, gettext("Kept."), {})
