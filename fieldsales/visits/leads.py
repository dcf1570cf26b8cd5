"""Leads (线索): who might buy, heard in the field. Nobody is a customer yet, so a lead stands without one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from fieldsales.customers.guards import seen_customer
from fieldsales.customers.models import Customer
from fieldsales.kernel.operation import Need, operation
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of
from fieldsales.store.work import Work
from fieldsales.visits.messages import AddLead
from fieldsales.visits.models import Lead, LeadPhoto

_leads, _photos, _users, _customers = table_of(Lead), table_of(LeadPhoto), table_of(User), table_of(Customer)


def may_add_lead(work: Work, command: AddLead) -> None:
    """Guard: anybody may hear of a buyer; a customer named as the source must be the actor's to see."""
    if command.customer_id:
        seen_customer(work, command.customer_id)


@operation(
    "visits.add_lead", AddLead, guard=may_add_lead,
    needs=lambda c: [Need("customer", c.customer_id)] if c.customer_id else [],
)  # fmt: skip
def add_lead(work: Work, command: AddLead) -> None:
    """Put a lead (线索) on record: a name, how to reach them, and how one knows. It belongs to no customer yet."""
    work.insert(
        Lead, id=command.lead_id, customer_id=command.customer_id, user_id=work.actor.user_id, name=command.name,
        phone=command.phone, address=command.address, text=command.text, occurred_at=min(work.occurred, work.now),
        received_at=work.now,
    )  # fmt: skip
    for n, photo in enumerate(command.photos):
        work.insert(
            LeadPhoto, lead_id=command.lead_id, n=n, slot=photo.slot, sha256=photo.sha256,
            original_sha256=photo.original_sha256, mime=photo.mime, size=photo.size,
        )  # fmt: skip
    if command.customer_id:
        work.touch(command.customer_id)


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """Whose leads one sees: one's own, the team's, or everybody's."""
    if scope.kind == "all":
        return true()
    if scope.kind == "team":
        return _leads.c.user_id.in_(select(_users.c.id).where(_users.c.team_id == scope.team_id))
    return _leads.c.user_id == scope.user_id


def newest_leads(connection: Connection, scope: Scope, limit: int = 30) -> list[Any]:
    """The newest leads in sight, with who brought them (``by_name``) and from whom (``from_name``). One query."""
    return list(connection.execute(
        select(_leads, _users.c.name.label("by_name"), _customers.c.name.label("from_name"))
        .outerjoin(_users, _users.c.id == _leads.c.user_id)
        .outerjoin(_customers, _customers.c.id == _leads.c.customer_id)
        .where(in_scope(scope)).order_by(_leads.c.occurred_at.desc(), _leads.c.id.desc()).limit(limit)
    ))


def photos_of(connection: Connection, lead_ids: list[str]) -> dict[str, list[str]]:
    """The photos' SHA-256 by lead, in their order. One query."""
    found: dict[str, list[str]] = {}
    query = select(_photos.c.lead_id, _photos.c.sha256).where(_photos.c.lead_id.in_(lead_ids))
    for row in connection.execute(query.order_by(_photos.c.lead_id, _photos.c.n)):
        found.setdefault(row.lead_id, []).append(row.sha256)
    return found


def may_open_lead_photo(connection: Connection, scope: Scope, sha256: str) -> bool:
    """Whether a file is the photo of a lead in sight."""
    named = (_photos.c.sha256 == sha256) | (_photos.c.original_sha256 == sha256)
    query = select(_leads.c.id).join(_photos, _photos.c.lead_id == _leads.c.id).where(named, in_scope(scope)).limit(1)
    return connection.execute(query).first() is not None
