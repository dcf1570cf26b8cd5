"""What the worker does for scheduled jobs: takes what is due, never twice at once, and carries out its orders."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from fieldsales.jobs import children
from fieldsales.jobs.carrying import NotCarriedOut, Orders
from fieldsales.jobs.models import JobRun, JobState
from fieldsales.jobs.queries import kept_by
from fieldsales.jobs.rules import KEPT_RUNS, hosts_of, lacks, lease_of, next_at
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.jobchild import Brief
from fieldsales.plugin_api.jobs import JobFacts, Log, ScheduledJob
from fieldsales.store.base import table_of

log = logging.getLogger(__name__)
_states, _runs = table_of(JobState), table_of(JobRun)
#: How many jobs of one worker run at once.
MOST_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """A job this worker may run until its lease ends."""

    plugin: str
    job: ScheduledJob
    run_id: str
    until: datetime
    last_at: datetime | None
    failures: int


class Runner:
    """The jobs of one worker. ``look()`` starts what is due, each in a thread that waits for its process."""

    def __init__(self, program: Any, stop: threading.Event | None = None) -> None:
        self.program = program
        self.stop = stop or threading.Event()
        self._threads: list[threading.Thread] = []

    def look(self) -> int:
        """Start what is due and may run; returns how many were started."""
        self._threads = [one for one in self._threads if one.is_alive()]
        started = 0
        for plugin, job in due_jobs(self.program):
            if len(self._threads) >= MOST_AT_ONCE:
                break
            taken = take(self.program, plugin, job)
            if taken is not None:
                thread = threading.Thread(target=self._run, args=(taken,), name=f"fieldsales-job-{plugin}", daemon=True)
                thread.start()
                self._threads.append(thread)
                started += 1
        return started

    def wait(self, seconds: float = 30.0) -> None:
        """Wait until what was started has ended."""
        for one in self._threads:
            one.join(seconds)

    def _run(self, taken: Taken) -> None:
        try:
            carry_through(self.program, taken, self.stop)
        except Exception:  # the worker goes on; the run is found lost when its lease ends
            log.exception("a job's run could not be written down", extra={"plugin": taken.plugin})


def settings_of(program: Any, plugin: str) -> dict[str, Any]:
    """What the administrator set for a plugin."""
    return dict(program.plugins.settings_of(plugin))


def due_jobs(program: Any) -> list[tuple[str, ScheduledJob]]:
    """The jobs of plugins in good health that are due now and have the settings they need."""
    declared = program.plugins.declared("scheduled_jobs")
    if not declared:
        return []
    now = program.clock.now()
    with program.store.reading() as connection:
        waits = set(connection.scalars(select(_states.c.id).where(
            or_(_states.c.due_at > now, _states.c.leased_until >= now))))
    found = []
    for name, job in declared.items():
        plugin = program.plugins.brought_by("scheduled_jobs", name)
        if name not in waits and not lacks(job, settings_of(program, plugin)):
            found.append((plugin, job))
    return found


def take(program: Any, plugin: str, job: ScheduledJob) -> Taken | None:
    """Take the lease of a job that is due, or None when another has it. A run whose lease ended is lost."""
    now, name, run_id = program.clock.now(), f"{plugin}/{job.name}", uuid7()
    until = lease_of(job, now)

    def lease(connection: Connection) -> Taken | None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        fresh = {"id": name, "plugin": plugin, "job": job.name, "due_at": now, "run_id": "", "failures": 0}
        connection.execute(dialect.insert(_states).values(**fresh).on_conflict_do_nothing())
        s = _states.c
        won = connection.execute(
            update(_states).where(s.id == name, s.due_at <= now, or_(s.leased_until.is_(None), s.leased_until < now))
            .values(leased_until=until, run_id=run_id))
        if won.rowcount != 1:
            return None
        row = connection.execute(select(s.last_at, s.failures).where(s.id == name)).one()
        connection.execute(
            update(_runs).where(_runs.c.plugin == plugin, _runs.c.job == job.name, _runs.c.outcome == "running")
            .values(outcome="lost", ended_at=now))
        connection.execute(insert(_runs).values(id=run_id, plugin=plugin, job=job.name, started_at=now,
                                                outcome="running", error="", orders=0, lines=[]))
        return Taken(plugin, job, run_id, until, row.last_at, row.failures)

    taken: Taken | None = program.dispatcher.note(lease)
    return taken


def carry_through(program: Any, taken: Taken, stop: threading.Event | None = None) -> str:
    """Run a job that was taken, carry out its orders, and write down how it went; returns the outcome."""
    ended = children.run(brief_of(program, taken), stop)
    outcome, error, lines, count = ended.outcome, ended.error, [], 0
    if ended.answer is not None:
        orders = Orders(program, taken.plugin, taken.job.name, taken.until)
        count = len(ended.answer.orders)
        lines = [one.text for one in ended.answer.orders if isinstance(one, Log)]
        try:
            orders.carry_out(ended.answer.orders)
        except NotCarriedOut as failed:
            outcome, error = "refused", str(failed)
        lines += orders.lines
    if outcome not in ("done", "stopped", "gone"):
        program.plugins.failed(taken.plugin, outcome, f"{taken.job.name}: {error or outcome}"[:300])
    program.dispatcher.note(lambda connection: settle(connection, program, taken, outcome, error, lines, count))
    return outcome


def brief_of(program: Any, taken: Taken) -> Brief:
    """What the child is told."""
    given = settings_of(program, taken.plugin)
    with program.store.reading() as connection:
        kept = kept_by(connection, taken.plugin)
    facts = JobFacts(program.clock.now(), program.today, program.settings.zone, given, kept, taken.last_at)
    status = next(one for one in program.plugins.status() if one.name == taken.plugin)
    job = taken.job
    return Brief(taken.plugin, status.origin, status.where, job.name, job.seconds, job.memory_mb, job.answer_mb,
                 hosts_of(job, given), (str(program.settings.home),), facts)


def settle(connection: Connection, program: Any, taken: Taken, outcome: str, error: str, lines: list[str], count: int
           ) -> None:
    """Write down how a run went and when the next is due; only the newest runs stay."""
    now, s, r = program.clock.now(), _states.c, _runs.c
    failures = 0 if outcome in ("done", "stopped") else taken.failures + 1
    due_at = now if outcome == "stopped" else next_at(taken.job.every, now, program.settings.zone, failures)
    well = {"last_at": now} if outcome == "done" else {}
    connection.execute(
        update(_states).where(s.id == f"{taken.plugin}/{taken.job.name}", s.run_id == taken.run_id)
        .values(leased_until=None, run_id="", due_at=due_at, failures=failures, **well))
    connection.execute(update(_runs).where(r.id == taken.run_id).values(
        ended_at=now, outcome=outcome, error=error[:500], orders=count, lines=lines[:20]))
    old = connection.scalars(
        select(r.id).where(r.plugin == taken.plugin, r.job == taken.job.name)
        .order_by(r.started_at.desc(), r.id.desc()).offset(KEPT_RUNS)).all()
    if old:
        connection.execute(delete(_runs).where(r.id.in_(old)))
