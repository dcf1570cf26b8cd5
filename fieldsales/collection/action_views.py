"""The page of one collection action: what was answered, what its method made of it, and the mail that went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from sqlalchemy import and_, func, select
from werkzeug.wrappers import Response

from fieldsales.collection.answered import Answered, answered
from fieldsales.collection.formversions import fields_of, form_key
from fieldsales.collection.models import Action, Mail
from fieldsales.collection.queries import load_forms
from fieldsales.collection.stages import Stage, stages_of
from fieldsales.collection.text_views import STATES, texts_of
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.documents.models import Document
from fieldsales.kernel.ids import derived_id
from fieldsales.people.models import User
from fieldsales.people.rules import scope_of
from fieldsales.plugin_api.fields import Field
from fieldsales.receivables.interruptions import is_doubted
from fieldsales.receivables.limitation import WITHDRAWN
from fieldsales.store.base import table_of
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.filters import lang
from fieldsales.web.forms import command_id, done, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import page

pages = Blueprint("actions", __name__)
_actions, _mails, _customers = table_of(Action), table_of(Mail), table_of(Customer)
_documents, _users = table_of(Document), table_of(User)


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action. ``grade`` and ``effect``: its own, or what a mail gained once it was accepted, or lost with a suit
    that came to nothing.

    ``answers``: in the form's order; ``details``: the method's own lines.
    """

    action: Any
    title: str
    summary: str
    grade: str
    effect: str
    answers: tuple[Answered, ...]
    details: tuple[str, ...]
    warnings: tuple[str, ...]
    mails: tuple[Any, ...]
    texts: tuple[Any, ...]
    text_states: dict[str, str]
    may_judge_again: bool
    stages: tuple[Stage, ...]
    """The whole thread this action is a stage of, the oldest first; empty when it stands alone."""


def _row(action_id: str) -> tuple[Any, tuple[Any, ...]]:
    query = (
        select(_actions, _customers.c.name.label("customer_name"), func.coalesce(_users.c.name, "").label("by_name"),
               _documents.c.number.label("document_number"), _documents.c.state.label("document_state"))
        .join(_customers, _customers.c.id == _actions.c.customer_id)
        .outerjoin(_users, _users.c.id == _actions.c.by_id)
        .outerjoin(_documents, _documents.c.id == _actions.c.document_id)
        .where(and_(_actions.c.id == action_id, visible(scope_of(actor()))))
    )  # fmt: skip
    with reading() as connection:
        row = connection.execute(query).first()
        if row is None:
            raise missing()
        mails = connection.execute(select(_mails).where(_mails.c.action_id == action_id).order_by(_mails.c.id)).all()
    return row, tuple(mails)


def _fields(action: Any) -> tuple[Field, ...]:
    """The questions as they stood on the form that was filled in, else as the method asks them today."""
    method = here().plugins.method(action.method)
    if action.form_version and (method is None or method.version != action.form_version):
        with reading() as connection:
            kept = load_forms(connection, [form_key(action.method, action.form_version)])
        if kept:
            return fields_of(*kept.values())
    return tuple(method.fields) if method else ()


@pages.get("/actions/<action_id>")
@access(*EVERYONE)
def show(action_id: str) -> str:
    """One action, for whoever sees its customer."""
    action, mails = _row(action_id)
    method = here().plugins.method(action.method)
    title = method.labels[lang()] if method else action.method
    with reading() as connection:
        texts = texts_of(connection, action_id)
        root = action.follows_id or action.id
        stages = stages_of(connection, [root]).get(root, ())
        doubted = action.effect == "suit" and is_doubted(connection, derived_id(action.id, "interruption suit"))
    arrived = next((mail.accepted_effect for mail in mails if mail.state == "sent" and mail.accepted_effect), "")
    arrived = arrived or next((text.delivered_effect for text in texts if text.state == "delivered"), "")
    grade, effect = ("B", arrived) if arrived and not action.effect else (action.grade, action.effect)
    effect = WITHDRAWN if doubted else effect
    is_event = bool(action.source_kind) and action.source_kind != "action"
    return page("collection/action.html", ActionPage(
        action, title, action.summary_en if lang() == "en" else action.summary_zh, grade, effect,
        () if is_event else answered(_fields(action), action.fields, here().settings.currency),
        tuple(line[lang()] for line in action.details),
        tuple(line[lang()] for line in action.warnings), mails, texts,
        {code: gettext(words) for code, words in STATES.items()},
        bool(action.plugin_error and method and method.by_hand), stages if len(stages) > 1 else (),
    ))  # fmt: skip


@pages.post("/actions/<action_id>/again")
@access(*EVERYONE)
def judge_again(action_id: str) -> Response:
    """Ask the method again about an action it could not judge."""
    action, _ = _row(action_id)
    new_id = derived_id(command_id(), "action")
    errors = submit("collection.judge_again", {
        "action_id": new_id, "customer_id": action.customer_id, "of_action_id": action_id})  # fmt: skip
    if errors:
        return refused(errors, url_for("actions.show", action_id=action_id))
    return done(gettext("On record."), url_for("actions.show", action_id=new_id))
