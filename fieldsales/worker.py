"""The worker: carries out the outbox, and keeps the database's log short. One process beside the web."""

from __future__ import annotations

import logging
import signal
import threading
from datetime import timedelta

from sqlalchemy import Connection

from fieldsales.documents import press
from fieldsales.extensions.standing import standing_of
from fieldsales.jobs.runner import Runner
from fieldsales.kernel.clock import on_date
from fieldsales.reminders.daily import remind_groups_at_once, remind_if_due, remind_of_alerts, remind_of_held
from fieldsales.store import outbox
from fieldsales.store.base import table_of
from fieldsales.store.models import Beat, OutboxRow
from fieldsales.sync.epoch import watch
from fieldsales.sync.service import let_methods_follow
from fieldsales.web.here import Program
from fieldsales.workday.night import last_night, run_night

log = logging.getLogger(__name__)
_PAUSE_S = 0.25
#: The web process has the machine to itself so long.
WARM_AFTER_S = 4.0
_PULSE = timedelta(seconds=20)


def run_once(program: Program) -> int:
    """Carry out what is due now; returns how many rows were taken."""
    rows = program.dispatcher.note(lambda connection: outbox.lease(connection, program.clock.now()))
    for row in rows:
        _carry_out(program, row)
    return len(rows)


def _carry_out(program: Program, row: outbox.Leased) -> None:
    work = outbox.JOBS.get(row.topic)
    try:
        if work is None:
            raise outbox.Later(f"nothing carries out {row.topic}")
        work(program, row.payload)
    except Exception as error:  # a job that fails must not end the worker
        if not isinstance(error, outbox.Later):
            log.exception("job failed", extra={"topic": row.topic, "row": row.id})
        words, patient = f"{type(error).__name__}: {error}", isinstance(error, outbox.Later) and error.patient
        program.dispatcher.note(
            lambda connection: outbox.failed(connection, row, program.clock.now(), words, patient=patient))
    else:
        program.dispatcher.note(lambda connection: outbox.done(connection, row.id, program.clock.now()))


def run(program: Program, stop: threading.Event | None = None) -> None:
    """Go on until ``stop`` is set or the process is told to end."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        signal.signal(signal.SIGINT, lambda *_: stop.set())
        # a process of its own, once the start is over: the first paper somebody waits for is as quick as the next
        warming = threading.Timer(WARM_AFTER_S, press.warm)
        warming.daemon = True
        warming.start()
    pulse, runner = program.clock.now() - _PULSE, Runner(program, stop)
    standing_of(program).process = "worker"
    while not stop.is_set():
        follow_plugins(program)
        if program.clock.now() - pulse >= _PULSE:
            pulse = program.clock.now()
            _beat(program)
            night_if_due(program)
            held_if_back(program)
            restored_if_so(program)
            remind(program)
            look_after_jobs(runner)
        with program.store.reading() as connection:
            waiting = _something_waits(connection, program)
        if not waiting or not run_once(program):
            stop.wait(_PAUSE_S)
    runner.wait()


def night_if_due(program: Program) -> bool:
    """Do the night's work once a calendar day, also after days without a worker; whether it was done now."""
    with program.store.reading() as connection:
        last = last_night(connection)
    if last is not None and on_date(last, program.settings.zone) >= program.today:
        return False
    try:
        figures = run_night(program.dispatcher)
    except Exception:  # the worker goes on; the next pulse tries again
        log.exception("the night run failed")
        return False
    log.info("night run", extra=figures)
    return True


def remind(program: Program) -> int:
    """Write down the morning's reminders when their hour has come, and those of records held; returns how many."""
    try:
        return (remind_if_due(program) + remind_of_held(program) + remind_of_alerts(program)
                + remind_groups_at_once(program))
    except Exception:  # the worker goes on; the next pulse tries again
        log.exception("the reminders could not be written down")
        return 0


def look_after_jobs(runner: Runner) -> int:
    """Start the plugins' jobs that are due; returns how many."""
    try:
        return runner.look()
    except Exception:  # the worker goes on; the next pulse tries again
        log.exception("the jobs of plugins could not be looked after")
        return 0


def follow_plugins(program: Program) -> bool:
    """Switch plugins on and off as somebody has decided; what was held for one that is back is applied at once."""
    standing = standing_of(program)
    if standing.has_news:
        standing.tell()
    followed = standing.look()
    if followed:
        held_if_back(program)
    return followed


def held_if_back(program: Program) -> int:
    """Apply what was held because its method was away; returns how many were judged."""
    try:
        return len(let_methods_follow(program.dispatcher))
    except Exception:  # the worker goes on; the next pulse tries again
        log.exception("held records could not be judged again")
        return 0


def restored_if_so(program: Program) -> bool:
    """Begin a new epoch when the database was restored from a backup; whether it was so."""
    try:
        return watch(program.dispatcher, program.settings.home)
    except Exception:  # the worker goes on; the next pulse tries again
        log.exception("the note beside the database could not be compared")
        return False


def _something_waits(connection: Connection, program: Program) -> bool:
    rows = table_of(OutboxRow)
    query = rows.select().with_only_columns(rows.c.id).where(
        rows.c.done_at.is_(None), rows.c.failed_at.is_(None), rows.c.due_at <= program.clock.now()).limit(1)
    return connection.execute(query).first() is not None


def _beat(program: Program) -> None:
    table, now = table_of(Beat), program.clock.now()

    def mark(connection: Connection) -> None:
        connection.execute(table.delete().where(table.c.name == "worker"))
        connection.execute(table.insert().values(name="worker", at=now, note=""))

    program.dispatcher.note(mark)
    if program.store.is_sqlite:
        # Checkpoints happen here, so that no request waits for one.
        raw = program.store.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            raw.close()


