"""Reads of visits and notes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from fieldsales.store.base import table_of
from fieldsales.visits.models import Note, Visit

_visits, _notes = table_of(Visit), table_of(Note)


def last_place(connection: Connection, user_id: str, since: datetime) -> tuple[str, str] | None:
    """Where a rep last checked in since an instant: (lat, lon), decimal degrees WGS-84."""
    row = connection.execute(
        select(_visits.c.lat, _visits.c.lon)
        .where(_visits.c.user_id == user_id, _visits.c.occurred_at >= since, _visits.c.lat.is_not(None))
        .order_by(_visits.c.occurred_at.desc()).limit(1)
    ).first()
    return (row.lat, row.lon) if row else None
