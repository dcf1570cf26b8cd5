"""The outbox: what must happen after a commit, leased by a worker, done at least once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow

_rows = table_of(OutboxRow)
#: After this many tries a row is set aside for a person to look at.
MOST_TRIES = 12

Job = Callable[[Any, dict[str, Any]], None]
JOBS: dict[str, Job] = {}


class Later(Exception):
    """The job cannot be done now for a reason that passes; it is tried again.

    ``patient``: however often it takes, at the end once an hour; it is never set aside.
    """

    def __init__(self, reason: str, *, patient: bool = False) -> None:
        super().__init__(reason)
        self.patient = patient


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


def ask(connection: Connection, topic: str, payload: dict[str, Any], now: datetime) -> None:
    """Put an errand down that no command asks for (the night's work)."""
    connection.execute(insert(_rows).values(id=uuid7(), topic=topic, payload=payload, made_at=now, due_at=now,
                                            attempts=0, error=""))


def done(connection: Connection, row_id: str, now: datetime) -> None:
    """It happened."""
    connection.execute(update(_rows).where(_rows.c.id == row_id).values(done_at=now, leased_until=None, error=""))


def failed(connection: Connection, row: Leased, now: datetime, error: str, *, patient: bool = False) -> None:
    """It did not happen: try again later and later, then set it aside (never with ``patient``)."""
    values: dict[str, Any] = {"leased_until": None, "error": error[:500]}
    if row.attempts + 1 >= MOST_TRIES and not patient:
        values["failed_at"] = now
    else:
        values["due_at"] = now + timedelta(seconds=min(3600, 2 ** min(row.attempts + 1, MOST_TRIES)))
    connection.execute(update(_rows).where(_rows.c.id == row.id).values(**values))
