"""Leads before whoever takes them up: those of one's own, of the team, or of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint

from fieldsales.kernel.errors import N_
from fieldsales.people.rules import scope_of
from fieldsales.visits.leads import newest_leads, photos_of
from fieldsales.web.access import EVERYONE, access
from fieldsales.web.here import actor, reading
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("visits", __name__)
nav(NavItem("visits.leads", N_("Leads"), "lead", 62, ("manager", "admin"), group=N_("Field work")))
_MOST = 200


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead as the page shows it; ``photos`` by SHA-256, ``from_name`` the customer one heard of it from."""

    name: str
    phone: str
    address: str
    text: str
    by_name: str
    occurred_at: datetime
    customer_id: str | None
    from_name: str
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadsPage:
    """The newest leads in sight."""

    rows: tuple[LeadRow, ...]


@views.get("/leads")
@access(*EVERYONE)
def leads() -> str:
    """The newest leads in sight, the newest first. Two queries, whatever their number."""
    with reading() as connection:
        found = newest_leads(connection, scope_of(actor()), _MOST)
        photos = photos_of(connection, [row.id for row in found])
    rows = tuple(
        LeadRow(row.name, row.phone, row.address, row.text, row.by_name or "", row.occurred_at, row.customer_id,
                row.from_name or "", tuple(photos.get(row.id, ())))
        for row in found
    )
    return page("visits/leads.html", LeadsPage(rows))
