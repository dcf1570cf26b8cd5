"""Signing links from our side: made and shown again over the API, listed and taken back at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask_babel import gettext
from pydantic import BaseModel, ValidationError
from sqlalchemy import or_, select
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.errors import N_
from fieldsales.kernel.refusals import from_validation
from fieldsales.people.rules import scope_of
from fieldsales.plans.linkpages import address_of_link
from fieldsales.plans.links import LinkFact, load_links
from fieldsales.plans.messages import OfferLink
from fieldsales.plans.models import SigningLink
from fieldsales.store.base import table_of
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.api import api_doc
from fieldsales.web.forms import done, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.limits import limiter
from fieldsales.web.pages import NavItem, nav, page

link_api = Blueprint("link_api", __name__, url_prefix="/api/v1")
link_desk = Blueprint("link_desk", __name__)
_links, _customers = table_of(SigningLink), table_of(Customer)
#: A plan of 120 instalments and 500 invoices is 60 kB.
LARGEST = 200_000
#: How long an ended link stays on the list, and how many rows it has.
SHOWN, MOST = timedelta(days=30), 200

nav(NavItem("link_desk.listed", N_("Signing links"), "link", 51, ("manager", "legal", "admin"),
            group=N_("Papers and law")))


class LinkMade(BaseModel):
    """A link: its whole address, and how it stands (open, signed, withdrawn, over)."""

    link_id: str
    url: str
    standing: str
    ends_at: str
    opened_at: str | None = None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link on the list. ``url`` only while it is open."""

    id: str
    number: str
    customer_id: str
    customer_name: str
    plan_id: str
    signatory: str
    total_minor: int
    currency: str
    made_at: Any
    ends_at: Any
    opened_at: Any
    ended_at: Any
    standing: str
    url: str


@dataclass(frozen=True, slots=True)
class LinksPage:
    """Links of the customers in sight."""

    rows: tuple[LinkRow, ...]


def _made(link: LinkFact) -> dict[str, Any]:
    return {
        "link_id": link.id, "url": address_of_link(link), "standing": link.standing(here().clock.now()),
        "ends_at": link.ends_at.isoformat(), "opened_at": link.opened_at.isoformat() if link.opened_at else None,
    }  # fmt: skip


def _in_sight(link_id: str) -> LinkFact:
    with reading() as connection:
        link: LinkFact | None = load_links(connection, [link_id]).get(link_id)
        seen = link and connection.execute(
            select(_customers.c.id).where(_customers.c.id == link.customer_id, visible(scope_of(actor())))).first()
    if link is None or not seen:
        raise missing()
    return link


@link_api.post("/signing-links")
@access(*EVERYONE)
@limiter.limit("20 per minute")
@api_doc(body=OfferLink, answer=LinkMade, status=201)
def offer() -> Any:
    """Make a drafted plan into a link an absent signatory signs by, once, on their own device."""
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    try:
        command = OfferLink.model_validate(request.get_json(force=True, silent=True))
    except ValidationError as error:
        raise from_validation(error) from error
    here().dispatcher.perform(actor(), "plans.offer_link", command)
    return jsonify(_made(_in_sight(command.link_id))), 201


@link_api.get("/signing-links/<link_id>")
@access(*EVERYONE)
@api_doc(answer=LinkMade)
def again(link_id: str) -> Any:
    """A link's address again, and how it stands."""
    return jsonify(_made(_in_sight(link_id)))


def _rows() -> tuple[LinkRow, ...]:
    c, now = _links.c, here().clock.now()
    query = (
        select(_links, _customers.c.name.label("customer_name"))
        .join(_customers, _customers.c.id == c.customer_id)
        .where(visible(scope_of(actor())), or_(c.state == "open", c.made_at > now - SHOWN))
        .order_by(c.made_at.desc(), c.id.desc()).limit(MOST)
    )  # fmt: skip
    with reading() as connection:
        found = connection.execute(query).all()
        facts = load_links(connection, [row.id for row in found])
    return tuple(_row(row, facts[row.id]) for row in found)


def _row(row: Any, link: LinkFact) -> LinkRow:
    standing = link.standing(here().clock.now())
    return LinkRow(
        row.id, row.number, row.customer_id, row.customer_name, row.plan_id, row.signatory["name"],
        row.payload["total_minor"], row.payload["currency"], row.made_at, row.ends_at, row.opened_at, row.ended_at,
        standing, address_of_link(link) if standing == "open" else "")


@link_desk.get("/signing-links")
@access("manager", "legal", "admin")
def listed() -> str:
    """The links of the customers in sight: open ones, and what became of those of the last thirty days."""
    return page("plans/links.html", LinksPage(_rows()))


@link_desk.post("/signing-links/<link_id>/withdraw")
@access("manager", "legal", "admin")
def withdraw(link_id: str) -> Response:
    """Take a link back."""
    link, target = _in_sight(link_id), url_for("link_desk.listed")
    errors = submit("plans.withdraw_link", {"link_id": link.id, "customer_id": link.customer_id})
    return refused(errors, target) if errors else done(gettext("The link was taken back."), target)
