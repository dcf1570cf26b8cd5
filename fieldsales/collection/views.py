"""Office pages of collecting: an action by any method, supply stopped and released."""

from __future__ import annotations

from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.collection import supply as supplies
from fieldsales.collection.action_views import pages  # noqa: F401 - a blueprint of this room
from fieldsales.collection.arrival_views import mail_pages  # noqa: F401 - likewise
from fieldsales.collection.beforehand import Before, Drafts, Script, before, drafts, scripts
from fieldsales.collection.case_views import case_views  # noqa: F401 - likewise
from fieldsales.collection.claim_views import claim_pages  # noqa: F401 - likewise
from fieldsales.collection.faith_views import faith_pages  # noqa: F401 - likewise
from fieldsales.collection.forms import CaseHead, case_head
from fieldsales.collection.gate_facts import held_back
from fieldsales.collection.gate_rules import words_of_rules
from fieldsales.collection.gate_views import gate_views  # noqa: F401 - a blueprint of this room
from fieldsales.collection.preview_views import preview_pages  # noqa: F401 - a blueprint of this room
from fieldsales.collection.questions import Drawn, draw_fields, read_answers
from fieldsales.collection.supplying import LIMIT_SETTERS
from fieldsales.collection.supplyout import supply_api  # noqa: F401 - a blueprint of this room
from fieldsales.collection.supplyrules import CONDITIONS, REASONS, STATE_WORDS
from fieldsales.collection.tablepages import table_pages  # noqa: F401 - a blueprint of this room
from fieldsales.collection.text_views import text_views  # noqa: F401 - a blueprint of this room
from fieldsales.collection.uploading import uploaded
from fieldsales.collection.watchpages import watch_views  # noqa: F401 - a blueprint of this room
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.health import PluginFailed
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.errors import say
from fieldsales.web.filters import lang
from fieldsales.web.forms import Errors, amount_minor, command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("collection", __name__)
nav(NavItem("collection.supply", N_("Supply"), "supply", 46, ("manager", "finance", "legal", "admin"),
            group=N_("Collecting")))


@dataclass(frozen=True, slots=True)
class MethodPage:
    """The form of one method for one customer."""

    head: CaseHead
    title: str
    hint: str
    fields: tuple[Drawn, ...]
    debtor_id: str
    errors: Errors
    #: where it is shown what would be sent, "" for a method that sends nothing
    preview: str
    #: what the gate says to it now
    before: Before
    #: what to say to each reason it offers
    scripts: tuple[Script, ...]
    drafts: Drafts


def _method(name: str) -> CollectionMethod:
    found: CollectionMethod | None = here().plugins.method(name)
    if found is None or not found.by_hand or actor().role not in found.can:
        raise missing()
    return found


def _head(customer_id: str) -> CaseHead:
    with reading() as connection:
        head = case_head(connection, scope_of(actor()), customer_id, here().today, here().settings.currency)
    if head is None:
        raise missing()
    return head


def _draw(found: CollectionMethod, head: CaseHead, errors: Errors, *, typed: bool) -> str:
    known = {field.name: head.prefills.get(field.prefill, "") for field in found.fields}
    words = dict(request.form.items()) if typed else known
    with reading() as connection:
        seen = before(connection, here(), head.id, found, lang())
        said = scripts(connection, here(), actor(), head.id, found, lang())
        texts = drafts(connection, here(), actor(), head.id, found, lang())
    form = MethodPage(
        head, str(found.labels.get(lang()) or found.name), str((found.hint or {}).get(lang()) or ""),
        draw_fields(found.fields, lang(), words), field_text("debtor_id"), errors,
        url_for("previews.office", customer_id=head.id, name=found.name) if found.texts else "",
        seen, said, texts)
    return _by_plugin(found, form) or page("collection/method.html", form)


def _by_plugin(found: CollectionMethod, form: MethodPage) -> str:
    """The form as the plugin's own template draws it, within its deadline; "" when it has none or fails."""
    if not found.template:
        return ""
    context = copy_context()
    try:
        return str(here().plugins.ask(
            "collection_methods", found.name, lambda one: context.run(page, one.template, form)))
    except PluginFailed:
        flash(gettext("The page this method brings failed. Here is the standard form."), "error")
        return ""


@views.get("/customers/<customer_id>/actions/<name>")
@access(*EVERYONE)
def method(customer_id: str, name: str) -> str:
    """The form a method declares."""
    return _draw(_method(name), _head(customer_id), {}, typed=False)


@views.post("/customers/<customer_id>/actions/<name>")
@access(*EVERYONE)
def act(customer_id: str, name: str) -> Any:
    """Put an action of the method on record; its plugin decides what it means."""
    found, head = _method(name), _head(customer_id)
    try:
        answers = read_answers(found.fields, request.form, head.currency, uploaded)
    except TradeError as error:
        return _draw(found, head, {"": say(error)}, typed=True), 422
    _, wrong = read_fields(found.fields, answers, currency=head.currency, locale=lang())
    errors = {refusal.field: gettext(refusal.message, **refusal.params) for refusal in wrong}
    action_id = derived_id(command_id(), "action")
    errors = errors or submit("collection.take_action", {
        "action_id": action_id, "customer_id": customer_id,
        "debtor_id": field_text("debtor_id") or None, "method": found.name, "form_version": found.version,
        "fields": answers})
    if errors:
        return _draw(found, head, errors, typed=True), 422
    return done(gettext("On record."), url_for("actions.show", action_id=action_id))


@dataclass(frozen=True, slots=True)
class SupplyPage:
    """Whose supply is stopped, and whose might be."""

    stopped: tuple[supplies.Decided, ...]
    suggested: tuple[supplies.Suggested, ...]
    #: msgids by code
    states: dict[str, str]
    reasons: dict[str, str]
    conditions: dict[str, str]
    may_manage: bool


@views.get("/supply")
@access("manager", "finance", "legal", "admin")
def supply() -> str:
    """Supply stops: standing and suggested."""
    with reading() as connection:
        scope, zone = scope_of(actor()), here().settings.zone
        stopped = supplies.decided(connection, scope, zone)
        suggested = supplies.suggested(connection, scope, here().today, 100, zone)
    return page("collection/supply.html", SupplyPage(
        stopped, suggested, STATE_WORDS, REASONS, CONDITIONS, may_manage(actor())))


@dataclass(frozen=True, slots=True)
class SupplyForm:
    """A decision on one customer's supply, and its credit limit. ``typed``: what stood in the form."""

    head: CaseHead
    state: str
    states: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str], ...]
    limit: tuple[int, str] | None
    may_manage: bool
    typed: dict[str, str]
    errors: Errors


_FIELDS = ("state", "reason", "release_kind", "release_minor", "release_when", "limit_minor", "limit_reason")


def _supply_form(customer_id: str, errors: Errors) -> str:
    head = _head(customer_id)
    with reading() as connection:
        state = supplies.state_now(connection, customer_id)
        limit = supplies.limits_of(connection, [customer_id]).get(customer_id)
    conditions = (("paid", gettext("So much has come in")), ("plan", gettext("A repayment plan is signed")),
                  ("cleared", gettext("Nothing is overdue any more")), ("", gettext("Only in words")))
    return page("collection/supply_form.html", SupplyForm(
        head, state, tuple((code, gettext(words)) for code, words in STATE_WORDS.items()), conditions, limit,
        may_manage(actor()), {name: field_text(name) for name in _FIELDS}, errors))


@views.get("/customers/<customer_id>/supply")
@access(*LIMIT_SETTERS)
def supply_form(customer_id: str) -> str:
    """Stop supply, deliver for cash only, or take it up again; and the credit limit."""
    return _supply_form(customer_id, {})


@views.post("/customers/<customer_id>/supply")
@access("manager", "admin")
def decide_supply(customer_id: str) -> Any:
    """A manager decides, with a reason and what releases it."""
    errors: Errors = {}
    state, kind = field_text("state") or ("stop" if field_text("stop") == "1" else "run"), field_text("release_kind")
    minor = amount_minor("release_minor", errors) if kind == "paid" and state != "run" else 0
    errors = errors or submit("collection.decide_supply", {
        "decision_id": derived_id(command_id(), "decision"), "customer_id": customer_id, "stop": state == "stop",
        "cash_first": state == "cash_first", "reason": field_text("reason"),
        "release_kind": kind if state != "run" else "", "release_minor": minor,
        "release_when": field_text("release_when")})
    if errors:
        return _supply_form(customer_id, errors), 422
    words = {"stop": gettext("Supply is stopped. The rep is told."),
             "cash_first": gettext("Delivered for cash only. The rep is told."),
             "run": gettext("Supply runs again. The rep is told.")}
    return done(words.get(state, words["run"]), url_for("workday.customer", customer_id=customer_id))


@views.post("/customers/<customer_id>/credit-limit")
@access(*LIMIT_SETTERS)
def set_limit(customer_id: str) -> Any:
    """How much the customer may owe; empty takes the limit away."""
    errors: Errors = {}
    minor = amount_minor("limit_minor", errors) if field_text("limit_minor") else None
    errors = errors or submit("collection.set_credit_limit", {
        "limit_id": derived_id(command_id(), "limit"), "customer_id": customer_id, "limit_minor": minor,
        "reason": field_text("limit_reason")}, {"reason": "limit_reason"})
    if errors:
        return _supply_form(customer_id, errors), 422
    return done(gettext("The credit limit is on record."), url_for("collection.supply_form", customer_id=customer_id))


@views.post("/customers/<customer_id>/tasks/<task_id>/done")
@access(*EVERYONE)
def finish(customer_id: str, task_id: str) -> Response:
    """A task is done."""
    errors = submit("collection.finish_task", {
        "task_id": task_id, "customer_id": customer_id, "note": field_text("note")})
    target = url_for("workday.customer", customer_id=customer_id)
    return done(" ".join(errors.values()) or gettext("Done."), target)


@views.post("/customers/<customer_id>/tasks/<task_id>/change")
@access("manager", "admin")
def change_task(customer_id: str, task_id: str) -> Response:
    """Give a task another day, or take it back: the office's word stands on every phone."""
    target, ids = url_for("workday.customer", customer_id=customer_id), {"task_id": task_id, "customer_id": customer_id}
    if field_text("withdraw"):
        errors = submit("collection.withdraw_task", ids)
    else:
        errors = submit("collection.change_task", {**ids, "due_on": field_text("due_on") or None})
    if errors:
        return refused(errors, target)
    return done(gettext("Changed. The phone shows it at its next contact."), target)


@views.post("/customers/<customer_id>/documents/<document_id>/mail")
@access(*EVERYONE)
def mail_document(customer_id: str, document_id: str) -> Response:
    """Mail a sealed paper to the debtor; the worker sends it."""
    target, mail_id = url_for("workday.customer", customer_id=customer_id), derived_id(command_id(), "mail")
    errors = submit("collection.send_document", {
        "mail_id": mail_id, "customer_id": customer_id, "document_id": document_id, "to": field_text("to")})
    if errors:
        return refused(errors, target)
    with reading() as connection:
        held = held_back(connection, mail_id, words_of_rules(here().plugins))
    if held is not None:
        return refused({"": held[lang()]}, url_for("gate.show", customer_id=customer_id))
    return done(gettext("The mail is on its way."), target)
