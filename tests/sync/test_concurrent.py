"""Many phones at once: no change number is skipped under a reading cursor, nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from fieldsales.app import create_app
from fieldsales.config import Settings
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.store import Store, table_of
from fieldsales.store.models import Change
from fieldsales.sync import queries
from fieldsales.sync.messages import Push
from fieldsales.sync.service import epoch, push
from fieldsales.visits.models import Visit
from tests.cast import FINANCE, REP
from tests.sync.phone import visit

PHONES, PUSHES, COMMANDS = 4, 6, 5


def _pushing(dispatcher: Any, commands: list[list[dict[str, Any]]], statuses: list[str]) -> Callable[[], None]:
    def work() -> None:
        for batch in commands:
            waiting = batch
            while waiting:  # "retry" means: others were quicker, send again
                answers = push(dispatcher, REP, Push(commands=waiting))
                again = {answer.command_id for answer in answers if answer.status == "retry"}
                statuses.extend(answer.status for answer in answers if answer.status != "retry")
                waiting = [command for command in waiting if command["command_id"] in again]
    return work


def test_cursor_never_skips_a_number_and_nothing_is_lost_under_concurrent_pushes(
        any_url: str, tmp_path: Any, clock: FixedClock) -> None:
    """On PostgreSQL a sequence would be given before its commit: a reader could pass a number committed later."""
    settings = Settings(home=tmp_path / "home", database_url=any_url, secret_key="x", log_level="ERROR")
    program = create_app(settings, clock=clock).extensions["fieldsales"]
    store: Store = program.store
    statuses: list[str] = []
    batches = [[[visit() for _ in range(COMMANDS)] for _ in range(PUSHES)] for _ in range(PHONES)]
    threads = [threading.Thread(target=_pushing(program.dispatcher, mine, statuses)) for mine in batches]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    while any(thread.is_alive() for thread in threads):
        with store.reading() as connection:
            seen += [row.seq for row in queries.changes_since(connection, FINANCE, seen[-1] if seen else 0, 7)]
    with store.reading() as connection:
        while rows := queries.changes_since(connection, FINANCE, seen[-1] if seen else 0, 50):
            seen += [row.seq for row in rows]
        every = list(connection.scalars(select(table_of(Change).c.seq).order_by(table_of(Change).c.seq)))
        visits = connection.execute(select(func.count()).select_from(table_of(Visit))).scalar()
    store.engine.dispose()
    assert statuses == ["applied"] * PHONES * PUSHES * COMMANDS
    assert visits == PHONES * PUSHES * COMMANDS
    assert seen == every == list(range(1, len(every) + 1))


def test_epoch_first_asked_for_by_many_at_once_is_one_and_the_same(any_store: Store, clock: FixedClock) -> None:
    dispatcher, told = Dispatcher(any_store, clock), list[str]()
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        told.append(epoch(dispatcher))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 8
    assert len(set(told)) == 1
