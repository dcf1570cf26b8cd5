"""How long a phone's cursor stays good: change rows are kept for half a year."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from fieldsales.store.base import table_of
from fieldsales.store.models import Change

#: A cursor older than this starts over: what was pulled is dropped, what waits to be sent never is.
KEPT = timedelta(days=180)
#: Rows of one delete: short, so that nobody waits for the night.
_PART = 20_000


def prune_changes(connection: Connection, now: datetime) -> int:
    """Forget the oldest change rows beyond ``KEPT``; returns how many. The newest row stays: numbers go on from it."""
    c = table_of(Change).c
    newest = connection.execute(select(func.max(c.seq))).scalar() or 0
    last_old = connection.execute(select(func.max(c.seq)).where(c.at < now - KEPT)).scalar() or 0
    first = connection.execute(select(func.min(c.seq))).scalar() or 0
    until = min(last_old, newest - 1, first + _PART)
    if until < first:
        return 0
    return int(connection.execute(delete(table_of(Change)).where(c.seq <= until)).rowcount)
