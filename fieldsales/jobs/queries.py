"""Reads of scheduled jobs: how their last runs went, and what a plugin keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.extensions.models import PluginRecord
from fieldsales.jobs.models import JobRun, JobState
from fieldsales.plugin_api.keeping import Kept
from fieldsales.store.base import table_of

_states, _runs, _records = table_of(JobState), table_of(JobRun), table_of(PluginRecord)
#: The most records a job is shown.
MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class RunFact:
    """One run as the administrator reads it."""

    plugin: str
    job: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    error: str
    orders: int
    lines: tuple[str, ...]


def job_states(connection: Connection) -> dict[str, Any]:
    """The state of every job that ever ran, by ``plugin/job``."""
    return {row.id: row for row in connection.execute(select(_states))}


def latest_runs(connection: Connection, each: int = 5) -> dict[str, tuple[RunFact, ...]]:
    """The newest runs of every job, by ``plugin/job``."""
    r = _runs.c
    rank = func.row_number().over(partition_by=(r.plugin, r.job), order_by=(r.started_at.desc(), r.id.desc()))
    ranked = select(_runs, rank.label("rank")).subquery("ranked")
    found: dict[str, list[RunFact]] = {}
    for row in connection.execute(select(ranked).where(ranked.c.rank <= each).order_by(ranked.c.rank)):
        found.setdefault(f"{row.plugin}/{row.job}", []).append(RunFact(
            row.plugin, row.job, row.started_at, row.ended_at, row.outcome, row.error, row.orders, tuple(row.lines)))
    return {name: tuple(runs) for name, runs in found.items()}


def kept_by(connection: Connection, plugin: str) -> tuple[Kept, ...]:
    """Everything one plugin keeps, of the house and of customers, newest first, at most ``MOST_KEPT``."""
    r = _records.c
    rows = connection.execute(
        select(r.kind, r.key, r.body, r.version, r.customer_id).where(r.plugin == plugin, r.body.is_not(None))
        .order_by(r.changed_at.desc(), r.id).limit(MOST_KEPT))
    return tuple(Kept(row.kind, row.key, dict(row.body), row.version, row.customer_id or "") for row in rows)
