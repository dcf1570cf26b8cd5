"""The outbox and its worker: done once, tried again, given back by the dead; observers told after the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api import Happened, Tell
from fieldsales.store import outbox
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow
from fieldsales.web.here import Program
from fieldsales.worker import run_once
from tests import cast

ROWS = table_of(OutboxRow)


@pytest.fixture
def both(any_url: str, make_app: Callable[..., Flask]) -> Program:
    """The program on both engines."""
    found: Program = make_app(any_url).extensions["fieldsales"]
    return found


@pytest.fixture
def seen() -> Iterator[list[Any]]:
    """What the job ``trial`` was called with; it fails when the payload says so."""
    calls: list[Any] = []

    @outbox.job("trial")
    def trial(_program: Any, payload: dict[str, Any]) -> None:
        calls.append(payload)
        if payload.get("fail"):
            raise OSError("no luck")

    yield calls
    del outbox.JOBS["trial"]


def put(program: Program, **payload: Any) -> str:
    row_id = uuid7()
    program.dispatcher.note(lambda c: c.execute(insert(ROWS).values(
        id=row_id, topic="trial", payload=payload, made_at=cast.NOON, due_at=cast.NOON)))
    return row_id


def row(program: Program, row_id: str) -> Any:
    with program.store.reading() as connection:
        return connection.execute(select(ROWS).where(ROWS.c.id == row_id)).one()


def test_row_is_carried_out_once(both: Program, seen: list[Any]) -> None:
    row_id = put(both, n=1)
    assert (run_once(both), run_once(both)) == (1, 0)
    assert seen == [{"n": 1}]
    assert row(both, row_id).done_at == cast.NOON


def test_failure_is_tried_again_later_and_set_aside_in_the_end(
    both: Program, seen: list[Any], clock: FixedClock
) -> None:
    row_id = put(both, fail=True)
    assert (run_once(both), run_once(both)) == (1, 0)
    for _ in range(outbox.MOST_TRIES):
        clock.at += timedelta(hours=2)
        run_once(both)
    assert len(seen) == outbox.MOST_TRIES
    left = row(both, row_id)
    assert left.failed_at is not None
    assert left.error == "OSError: no luck"


def test_dead_workers_row_comes_back_when_its_lease_ends(both: Program, seen: list[Any], clock: FixedClock) -> None:
    put(both, n=1)
    both.dispatcher.note(lambda connection: outbox.lease(connection, both.clock.now()))
    assert run_once(both) == 0
    clock.at += timedelta(seconds=121)
    assert run_once(both) == 1


def test_observer_is_told_after_the_commit_and_cannot_break_it(program: Program) -> None:
    told: list[Any] = []

    class Watching:
        def observers_of(self, name: str) -> tuple[str, ...]:
            return ("eyes/eyes",) if name == "notes.added" else ()

        def brought_by(self, _hook: str, _name: str) -> str:
            return "eyes"

        def settings_of(self, _plugin: str) -> dict[str, Any]:
            return {}

        def subscribers(self, _name: str) -> tuple[str, ...]:
            return ()

        def observe(self, name: str, happened: Happened) -> tuple[Tell, ...]:
            told.append((happened.event, happened.data["customer_id"]))
            return ()

    program.plugins = program.dispatcher.plugins = Watching()
    program.dispatcher.perform(cast.REP, "visits.add_note",
                               {"note_id": uuid7(), "customer_id": cast.HARBOUR, "text": "你好"})
    assert told == []
    run_once(program)
    assert told == [("notes.added", cast.HARBOUR)]
