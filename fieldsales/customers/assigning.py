"""Several customers given to another rep at once, with a way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection, select
from werkzeug.utils import redirect

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Answer, Envelope
from fieldsales.people.models import User
from fieldsales.people.rules import Scope, scope_of
from fieldsales.store.base import table_of
from fieldsales.web.access import access
from fieldsales.web.forms import command_id, field_text
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import page

assigning_views = Blueprint("assigning", __name__)
_customers, _users = table_of(Customer), table_of(User)

#: As many as a page of the list shows.
MOST = 50


@dataclass(frozen=True, slots=True)
class Moved:
    """A customer before and after."""

    id: str
    name: str
    former_id: str | None
    former_name: str | None


@dataclass(frozen=True, slots=True)
class AssignedPage:
    """What was done, and the form that takes it back."""

    moved: tuple[Moved, ...]
    to_name: str
    left: int


def _owned(connection: Connection, scope: Scope, ids: list[str]) -> tuple[Moved, ...]:
    rows = connection.execute(
        select(_customers.c.id, _customers.c.name, _customers.c.owner_id, _users.c.name)
        .select_from(_customers.outerjoin(_users, _users.c.id == _customers.c.owner_id))
        .where(_customers.c.id.in_(ids), visible(scope)).order_by(_customers.c.name))
    return tuple(Moved(*row) for row in rows)


def _assign(pairs: list[tuple[str, str]]) -> list[Answer]:
    whole = command_id()
    return here().dispatcher.perform_batch(actor(), [
        Envelope(derived_id(whole, customer_id), "customers.assign_owner",
                 {"customer_id": customer_id, "owner_id": owner_id}) for customer_id, owner_id in pairs
    ], keep_refusals=False)


@assigning_views.post("/customers/assign")
@access("manager", "admin")
def assign() -> Any:
    """Give the chosen customers to one rep; say whose they were, and offer to take it back."""
    ids, owner_id = list(dict.fromkeys(request.form.getlist("ids")))[:MOST], field_text("owner_id")
    with reading() as connection:
        before = _owned(connection, scope_of(actor()), ids)
        to_name = connection.scalar(select(_users.c.name).where(_users.c.id == owner_id)) or ""
    if not before or not to_name:
        flash(gettext("Choose customers, and who is to have them. Nothing was changed."), "error")
        return redirect(url_for("workday.customers"), 303)
    answers = _assign([(one.id, owner_id) for one in before])
    wrong = next((answer for answer in answers if answer.status != "applied"), None)
    if wrong is not None:
        flash(gettext(wrong.message, **(wrong.params or {})), "error")
    done = tuple(one for one, answer in zip(before, answers, strict=True)
                 if answer.status == "applied" and not answer.duplicate)
    return page("customers/assigned.html", AssignedPage(done, to_name, len(ids) - len(done)))


@assigning_views.post("/customers/assign/undo")
@access("manager", "admin")
def undo() -> Any:
    """Give each customer back to whom it was taken from."""
    pairs = [(customer_id, owner_id) for customer_id, _, owner_id in
             (pair.partition(" ") for pair in request.form.getlist("pairs")[:MOST]) if owner_id]
    back = sum(answer.status == "applied" for answer in _assign(pairs)) if pairs else 0
    flash(gettext("%(count)s customers are with their former owners again.", count=back), "done")
    return redirect(url_for("workday.customers"), 303)
