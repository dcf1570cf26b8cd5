"""A server restored from a backup asks for everything again, and old cursors start over; nothing is lost or doubled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from fieldsales.store.base import table_of
from fieldsales.store.changes import KEPT, prune_changes
from fieldsales.store.models import Change
from fieldsales.sync.commands import epoch as epoch_command
from fieldsales.sync.epoch import watch
from fieldsales.visits.models import Visit
from fieldsales.worker import restored_if_so
from tests.sync.conftest import House
from tests.sync.phone import visit


def epoch_of(house: House) -> str:
    return str(house.app.test_client().get("/api/v1/ping").get_json()["epoch"])


def backup(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)


def test_database_restored_from_a_backup_begins_a_new_epoch_and_gets_all_again(
        make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path) -> None:
    """The demo of a bad night: saved at noon, lost at five, restored; a phone brings the afternoon back."""
    def start() -> House:
        app = make_app(sqlite_url)
        return House(app, app.extensions["fieldsales"])

    database = tmp_path / "fieldsales.db"
    house = start()
    before, after = [visit() for _ in range(3)], [visit() for _ in range(2)]
    house.phone().results(*before)
    first = epoch_of(house)
    backup(database, tmp_path / "backup.db")
    house.phone().results(*after)
    assert not restored_if_so(house.program)  # the worker's pulse notes how far it has come
    house.program.store.engine.dispose()
    backup(tmp_path / "backup.db", database)
    house = start()
    assert len(house.rows(Visit)) == 3
    second = epoch_of(house)
    assert second != first
    # the phone sees another epoch and sends everything it ever sent
    results = house.phone().results(*before, *after)
    assert [(r["status"], r["duplicate"]) for r in results] == [("applied", True)] * 3 + [("applied", False)] * 2
    assert len(house.rows(Visit)) == 5
    assert epoch_of(start()) == second  # once noticed, it is over


def test_program_started_again_begins_no_new_epoch(make_app: Callable[..., Flask], sqlite_url: str) -> None:
    found = set()
    for _ in range(3):
        app = make_app(sqlite_url)
        house = House(app, app.extensions["fieldsales"])
        house.phone().results(visit())
        restored_if_so(house.program)
        found.add(epoch_of(house))
    assert len(found) == 1


def test_note_that_cannot_be_read_is_written_anew(house: House) -> None:
    house.phone().results(visit())
    (house.program.settings.home / "epoch.json").write_text("{half")
    assert watch(house.program.dispatcher, house.program.settings.home) is False
    assert watch(house.program.dispatcher, house.program.settings.home) is False


def test_epoch_command_shows_and_renews(house: House) -> None:
    first = epoch_of(house)
    run = CliRunner()
    assert run.invoke(epoch_command, [], obj=lambda: house.program).output.strip() == first
    assert run.invoke(epoch_command, ["renew"], obj=lambda: house.program).exit_code == 0
    assert epoch_of(house) != first


def test_changes_are_kept_half_a_year_and_numbers_go_on(both: House, clock: Any) -> None:
    phone = both.phone()
    for _ in range(2):  # one change for each push: they are of one customer
        phone.results(visit())
    page = phone.get("/sync/pull?cursor=0").get_json()
    old = page["cursor"]
    assert not phone.get(f"/sync/pull?cursor={old}").get_json().get("reset")
    clock.at += KEPT - timedelta(days=1)
    phone = both.phone()  # the login has run out long ago
    phone.results(visit())
    both.program.dispatcher.note(lambda connection: prune_changes(connection, clock.at))
    assert not phone.get(f"/sync/pull?cursor={old}").get_json().get("reset")
    clock.at += timedelta(days=2)
    assert both.program.dispatcher.note(lambda connection: prune_changes(connection, clock.at)) == 2
    phone.results(visit())
    with both.program.store.reading() as connection:
        seqs = list(connection.execute(select(table_of(Change).c.seq).order_by(table_of(Change).c.seq)).scalars())
    assert seqs == [3, 4]
    # a cursor from before the gap starts over; one that had seen everything pruned goes on
    assert phone.get("/sync/pull?cursor=1" + old[1:]).get_json().get("reset") is True
    assert not phone.get(f"/sync/pull?cursor={old}").get_json().get("reset")


def test_everything_pruned_leaves_the_newest_number(both: House, clock: Any) -> None:
    for _ in range(3):
        both.phone().results(visit())
    clock.at += 3 * KEPT
    both.program.dispatcher.note(lambda connection: prune_changes(connection, clock.at))
    both.phone().results(visit())
    assert [row["seq"] for row in both.rows(Change)] == [3, 4]
