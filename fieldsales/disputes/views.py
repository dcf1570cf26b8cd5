"""Disputes and requests to set off, before the manager who decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.disputes.queries import open_disputes
from fieldsales.kernel.errors import N_
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.store.base import table_of
from fieldsales.web.access import access
from fieldsales.web.forms import done, field_text, refused, submit
from fieldsales.web.here import actor, reading
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("disputes", __name__)


def _open(who: Actor) -> list[Any]:
    with reading() as connection:
        return open_disputes(connection, table_of(Customer), visible(scope_of(who)))


nav(NavItem("disputes.waiting", N_("Disputes"), "disputes", 50, ("manager", "finance", "legal", "admin"),
            count=lambda who: len(_open(who))))


@dataclass(frozen=True, slots=True)
class DisputesPage:
    """What awaits a decision."""

    rows: list[Any]
    may_manage: bool


@views.get("/disputes")
@access("manager", "finance", "legal", "admin")
def waiting() -> str:
    """Disputes and requests to set off that await a manager, oldest first."""
    return page("disputes/waiting.html", DisputesPage(_open(actor()), may_manage(actor())))


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
