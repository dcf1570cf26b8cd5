"""The outbox: what must happen after a commit, leased by a worker, done at least once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update

from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow

_rows = table_of(OutboxRow)
#: After this many tries a row is set aside for a person to look at.
MOST_TRIES = 12

Job = Callable[[Any, dict[str, Any]], None]
JOBS: dict[str, Job] = {}


class Later(Exception):
    """The job cannot be done now for a reason that passes; it is tried again."""


def job(topic: str) -> Callable[[Job], Job]:
    """Declare what carries out ``topic``: ``(program, payload)``. It may run twice; its effect may not."""

    def declare(function: Job) -> Job:
        JOBS[topic] = function
        return function

    return declare


@dataclass(frozen=True, slots=True)
class Leased:
    """A row this worker may carry out until its lease ends."""

    id: str
    topic: str
    payload: dict[str, Any]
    attempts: int


def lease(connection: Connection, now: datetime, *, most: int = 8, seconds: int = 120) -> list[Leased]:
    """Take up to ``most`` due rows that nobody holds. A dead worker's rows come back when its lease ends."""
    query = (
        select(_rows.c.id, _rows.c.topic, _rows.c.payload, _rows.c.attempts)
        .where(_rows.c.done_at.is_(None), _rows.c.failed_at.is_(None), _rows.c.due_at <= now,
               or_(_rows.c.leased_until.is_(None), _rows.c.leased_until < now))
        .order_by(_rows.c.due_at).limit(most).with_for_update(skip_locked=True)
    )
    found = [Leased(row.id, row.topic, row.payload, row.attempts) for row in connection.execute(query)]
    if found:
        connection.execute(
            update(_rows).where(_rows.c.id.in_([row.id for row in found]))
            .values(leased_until=now + timedelta(seconds=seconds), attempts=_rows.c.attempts + 1)
        )
    return found


def done(connection: Connection, row_id: str, now: datetime) -> None:
    """It happened."""
    connection.execute(update(_rows).where(_rows.c.id == row_id).values(done_at=now, leased_until=None, error=""))


def failed(connection: Connection, row: Leased, now: datetime, error: str) -> None:
    """It did not happen: try again later and later, then set it aside."""
    values: dict[str, Any] = {"leased_until": None, "error": error[:500]}
    if row.attempts + 1 >= MOST_TRIES:
        values["failed_at"] = now
    else:
        values["due_at"] = now + timedelta(seconds=min(3600, 2 ** (row.attempts + 1)))
    connection.execute(update(_rows).where(_rows.c.id == row.id).values(**values))
