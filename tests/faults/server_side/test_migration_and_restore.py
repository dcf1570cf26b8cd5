"""A migration is killed halfway; a backup is put back: nothing is half done, nothing acknowledged stays lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, func, select

from fieldsales.customers.models import Customer
from fieldsales.schema import metadata
from fieldsales.store import Store, make_engine, migrate
from fieldsales.store.base import table_of
from fieldsales.store.migrating import revision_of
from tests import cast
from tests.faults.server import ROOT, House
from tests.faults.server_side import world
from tests.faults.server_side.phones import Phone
from tests.faults.server_side.test_killed import after_the_storm

Open = Callable[..., House]
Enrol = Callable[..., Phone]
#: Counts the statements of a migration, and dies before one of them.
_DYING = """
import os, signal, sys
from sqlalchemy import Engine, event
from fieldsales.store import migrate

seen = 0

@event.listens_for(Engine, "before_cursor_execute")
def count(*_args):
    global seen
    seen += 1
    if seen == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

migrate(sys.argv[1])
print(seen)
"""


def _migrate_until(url: str, statement: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", _DYING, url, str(statement)], cwd=ROOT, capture_output=True, text=True,
                          check=False, timeout=120)


def _opened(url: str) -> Iterator[Store]:
    engine = make_engine(url)
    yield Store(engine)
    engine.dispose()


def _revision(url: str) -> str | None:
    for store in _opened(url):
        with store.reading() as connection:
            return revision_of(connection)
    return None


def test_migration_killed_at_any_statement_leaves_a_whole_revision_and_goes_on(
        house_url: str, tmp_path: Path) -> None:
    """From the first revision, with data in it, to the newest; killed at several places, then once undisturbed."""
    url = house_url or f"sqlite:///{tmp_path / 'killed.db'}"
    beside = f"sqlite:///{tmp_path / 'beside.db'}"
    migrate(beside, to="0001")
    statements = int(_migrate_until(beside, 0).stdout)
    migrate(url, to="0001")
    for store in _opened(url):
        with store.writing() as connection:
            _fill_old(connection)
    for tenth in (2, 4):
        done = _migrate_until(url, max(3, statements * tenth // 10))
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert _revision(url) is not None
    migrate(url)
    assert _revision(url) == _revision(beside)
    for store in _opened(url):
        with store.reading() as connection:
            assert connection.scalar(select(func.count()).select_from(table_of(Customer))) == 1
            searching = ("customer_search", "customers_fts", "ix_customers_grams")
            assert [found for found in compare_metadata(MigrationContext.configure(connection), metadata)
                    if not any(name in str(found) for name in searching)] == []


def _fill_old(connection: Connection) -> None:
    """A team, a person and a customer, with the columns the first revision has."""
    tables = MetaData()
    tables.reflect(connection, only=["teams", "users", "customers"])
    told: dict[str, dict[str, Any]] = {
        "teams": {"id": cast.TEAM}, "users": {"id": cast.REP.user_id, "team_id": cast.TEAM},
        "customers": {"id": cast.HARBOUR, "owner_id": cast.REP.user_id, "team_id": cast.TEAM},
    }
    plain: dict[type, Any] = {str: "", int: 0, bool: False, datetime: cast.NOON}
    for name, values in told.items():
        table = tables.tables[name]
        needed = {one.name: plain[one.type.python_type] for one in table.columns if not one.nullable}
        connection.execute(table.insert().values(needed | values))


def test_backup_put_back_phones_bring_what_was_lost_and_nothing_is_doubled(open_house: Open, enrol: Enrol) -> None:
    """What was acknowledged after the backup is gone from the server; the phone finds its last answer missing."""
    house = open_house()
    phone = enrol(house)
    _work(phone, 3)
    copy = house.back_up()
    _work(phone, 3)
    lost = list(phone.settled)[-1]
    house.kill()
    house.restore(copy)
    house.start()
    while not phone.pull():
        assert phone.statuses.keys() <= {200}
    reply = phone.ask("GET", f"/api/v1/sync/status?ids={lost}")
    assert reply is not None
    assert reply.said["results"] == [], "the test proves nothing: the backup has it"
    phone.start_over()
    phone.drain(most=4)
    assert {result["duplicate"] for result in phone.settled.values()} == {True, False}
    assert after_the_storm(house, [phone]) == []


def _work(phone: Phone, visits: int) -> None:
    for number in range(visits):
        picture = world.photo(len(phone.created) + number)
        phone.save(world.visit(photos=[world.sha256(picture)]), [picture])
        phone.save(world.note(phone.customer_id, f"记 {number}"))
        phone.drain()


@pytest.mark.parametrize("times", [20])
def test_every_push_twenty_times_shuffled_is_one_effect(open_house: Open, enrol: Enrol, times: int) -> None:
    """Duplicates in any order, beside what is new: each is answered as the first time."""
    house = open_house()
    phone = enrol(house)
    for _ in range(6):
        phone.save(world.visit())
        phone.save(world.receipt(phone.customer_id, 100))
    assert phone.push()
    every = list(phone.created.values()) * times
    phone.rng.shuffle(every)
    for start in range(0, len(every), 40):
        phone.save(world.visit())
        assert phone.push(extra=every[start : start + 40])
    assert after_the_storm(house, [phone]) == []
