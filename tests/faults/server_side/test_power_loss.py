"""The power fails while phones push: whatever was acknowledged before is there afterwards, whole."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldsales.store import Store, make_engine
from fieldsales.store.base import table_of
from fieldsales.store.blobs import BlobStore
from fieldsales.store.models import Blob
from tests.faults.server import House
from tests.faults.server_side import world
from tests.faults.server_side.phones import Phone
from tests.faults.server_side.replay import after_power_loss

Open = Callable[..., House]
PUSHES, CUTS = 24, 14


def _recorded(open_house: Open, tmp_path: Path, **rig: str) -> tuple[House, Path, Path]:
    """A house whose disk is recorded from a quiet state on, that state, and the record."""
    log = tmp_path / "record"
    house = open_house(start=False, RIG_LOG=str(log), RIG_BELOW=str(tmp_path / "home0"), **rig)
    with sqlite3.connect(house.home / "fieldsales.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = tmp_path / "before"
    shutil.copytree(house.home, before)
    return house, before, log


def _push_all(phone: Phone, log: Path) -> list[tuple[int, set[str], set[str]]]:
    """Push visits with photos; after each answer: the record's length then, and all that was acknowledged by then."""
    moments = []
    for number in range(PUSHES):
        picture = [world.photo(number)] if number % 3 == 0 else []
        names = [world.sha256(one) for one in picture]
        phone.save(world.visit(photos=names), picture)
        phone.save(world.promise(phone.customer_id, 100 + number))
        assert phone.push()
        assert phone.upload()
        moments.append((log.stat().st_size, set(phone.settled), set(phone.arrived)))
    return moments


def _lost(home: Path, phone: Phone, commands: set[str], photos: set[str]) -> list[str]:
    """What was acknowledged and is not there."""
    engine = make_engine(f"sqlite:///{home / 'fieldsales.db'}")
    blobs = BlobStore(home / "blobs")
    try:
        with Store(engine).reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            receipts = set(connection.exec_driver_sql("SELECT command_id FROM command_receipts").scalars())
            visits = set(connection.exec_driver_sql("SELECT id FROM visits UNION SELECT id FROM promises").scalars())
            named = set(connection.execute(select(table_of(Blob).c.sha256)).scalars())
    finally:
        engine.dispose()
    lost = [name for name in commands if name not in receipts or phone.created[name]["entity_id"] not in visits]
    lost += [name for name in photos
             if name not in named or not blobs.has(name) or world.sha256(blobs.read(name)) != name]
    return lost


def _replayed(open_house: Open, enrol: Callable[..., Phone], tmp_path: Path, seed: int, **rig: str) -> list[int]:
    """Push, cut the power at seeded moments, and count what is lost at each."""
    house, before, log = _recorded(open_house, tmp_path, **rig)
    house.start()
    phone = enrol(house)
    moments = _push_all(phone, log)
    house.kill()
    rng, counts = random.Random(seed), []
    for cut in range(CUTS):
        end, commands, photos = rng.choice(moments[2:])
        target = tmp_path / f"after{cut}"
        after_power_loss(before, house.home, log, end, target, rng if cut % 2 else None)
        counts.append(len(_lost(target, phone, commands, photos)))
    return counts


def test_nothing_acknowledged_is_lost_when_the_power_fails(
        open_house: Open, enrol: Callable[..., Phone], tmp_path: Path) -> None:
    assert _replayed(open_house, enrol, tmp_path, seed=20261122) == [0] * CUTS


def test_the_replay_finds_what_synchronous_normal_loses(
        open_house: Open, enrol: Callable[..., Phone], tmp_path: Path) -> None:
    """The judge's own proof: the same replay, one setting changed, must find losses."""
    counts = _replayed(open_house, enrol, tmp_path, seed=20261122, RIG_PRAGMA="synchronous=NORMAL")
    assert sum(1 for one in counts if one) > CUTS // 2


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(8))
def test_power_fails_at_many_moments(
        open_house: Open, enrol: Callable[..., Phone], tmp_path: Path, seed: int,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "PUSHES", 120)
    monkeypatch.setitem(globals(), "CUTS", 60)
    print(f"seed {seed}")
    rig: dict[str, Any] = {"RIG_PRAGMA": "wal_autocheckpoint=30"} if seed % 2 else {}
    assert sum(_replayed(open_house, enrol, tmp_path, seed, **rig)) == 0
