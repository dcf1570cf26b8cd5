"""Reads of visits and notes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from fieldsales.store.base import table_of
from fieldsales.visits.models import Note, Visit

_visits, _notes = table_of(Visit), table_of(Note)


def last_visits(connection: Connection, seen: ColumnElement[bool] | None, customers: Any, limit: int = 20) -> list[Any]:
    """The newest visits among customers a person may see (``seen`` is ``customers.queries.visible``)."""
    query = select(_visits, customers.c.name.label("customer_name")).join(
        customers, customers.c.id == _visits.c.customer_id)
    if seen is not None:
        query = query.where(seen)
    return list(connection.execute(query.order_by(_visits.c.occurred_at.desc(), _visits.c.id.desc()).limit(limit)))


def last_contact(connection: Connection, customer_ids: Iterable[str]) -> dict[str, datetime]:
    """When each customer was last visited."""
    rows = connection.execute(
        select(_visits.c.customer_id, func.max(_visits.c.occurred_at).label("at"))
        .where(_visits.c.customer_id.in_(list(customer_ids))).group_by(_visits.c.customer_id)
    )
    return {row.customer_id: row.at for row in rows}


def last_place(connection: Connection, user_id: str, since: datetime) -> tuple[str, str] | None:
    """Where a rep last checked in since an instant: (lat, lon), decimal degrees WGS-84."""
    row = connection.execute(
        select(_visits.c.lat, _visits.c.lon)
        .where(_visits.c.user_id == user_id, _visits.c.occurred_at >= since, _visits.c.lat.is_not(None))
        .order_by(_visits.c.occurred_at.desc()).limit(1)
    ).first()
    return (row.lat, row.lon) if row else None
