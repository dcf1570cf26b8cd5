"""Office pages of customers' standing: a new customer, contact data, and a rep's customers handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from fieldsales.customers.assigning import assigning_views as assigning_views
from fieldsales.customers.handed import Past, Rep, past_handovers, reps_with_customers
from fieldsales.customers.sight import in_sight
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import scope_of
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.forms import Errors, command_id, done, field_text, submit
from fieldsales.web.here import actor, reading
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("customers", __name__)
nav(NavItem("customers.handover", N_("Handover"), "handover", 80, ("manager", "admin"), group=N_("Administration")))


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """Who leaves, who takes over, and what was handed over before."""

    reps: tuple[Rep, ...]
    past: tuple[Past, ...]
    typed: dict[str, str]
    errors: Errors


def _handover_page(errors: Errors) -> str:
    with reading() as connection:
        scope = scope_of(actor())
        reps, past = reps_with_customers(connection, scope), past_handovers(connection, scope)
    typed = {key: field_text(key) for key in ("from_user_id", "to_user_id", "reason")}
    return page("customers/handover.html", HandoverPage(reps, past, typed, errors))


@views.get("/handover")
@access("manager", "admin")
def handover() -> str:
    """Hand a rep's customers to another."""
    return _handover_page({})


@views.post("/handover")
@access("manager", "admin")
def hand_over() -> Any:
    """Customers, promises, tasks and cash not handed in move in one act; the leaver's phones are revoked."""
    errors = submit("customers.hand_over", {
        "handover_id": derived_id(command_id(), "handover"), "from_user_id": field_text("from_user_id"),
        "to_user_id": field_text("to_user_id"), "reason": field_text("reason"),
        "disable": field_text("disable") == "1"})
    if errors:
        return _handover_page(errors), 422
    return done(gettext("Handed over. The notice to customers is drafted below."), url_for("customers.handover"))


@dataclass(frozen=True, slots=True)
class NewCustomerPage:
    """The form of a new customer."""

    typed: dict[str, str]
    errors: Errors


_FIELDS = ("code", "name", "debtor_kind", "reg_no", "phone", "address", "contact_name", "contact_role")


@views.get("/customers/new")
@access(*EVERYONE)
def new() -> str:
    """The form of a new customer."""
    return page("customers/new.html", NewCustomerPage(dict.fromkeys(_FIELDS, ""), {}))


@views.post("/customers/new")
@access(*EVERYONE)
def add() -> Any:
    """Add a customer with its legal debtor."""
    typed = {key: field_text(key) for key in _FIELDS}
    customer_id = derived_id(command_id(), "customer")
    errors = submit("customers.add_customer", {
        **typed, "customer_id": customer_id, "debtor_id": derived_id(command_id(), "debtor")})
    if errors:
        return page("customers/new.html", NewCustomerPage(typed, errors)), 422
    target = url_for("workday.customer", customer_id=customer_id)
    return done(gettext("%(name)s is on record.", name=typed["name"]), target)


@views.post("/customers/<customer_id>/contacts")
@access(*EVERYONE)
def add_contact(customer_id: str) -> Any:
    """Add someone at the customer's."""
    in_sight(customer_id)
    errors = submit("customers.add_contact", {
        "customer_id": customer_id, "contact_id": derived_id(command_id(), "contact"), "name": field_text("name"),
        "role": field_text("role"), "phone": field_text("phone"), "email": field_text("email")})
    target = url_for("workday.customer", customer_id=customer_id)
    return done(" ".join(errors.values()) or gettext("The contact is on record."), target)
