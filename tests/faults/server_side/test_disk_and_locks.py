"""The disk is full or broken, another process holds the database: 503 or 507 with Retry-After, and nothing lost."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.disk import small_disk_at
from tests.faults.server import House
from tests.faults.server_side import world
from tests.faults.server_side.phones import TROUBLE, Phone
from tests.faults.server_side.test_killed import after_the_storm

Open = Callable[..., House]
Enrol = Callable[..., Phone]


def _refused(phone: Phone) -> set[int]:
    """Push what is there while the house is in trouble; the statuses it answered."""
    before = dict(phone.statuses)
    phone.push()
    return {status for status, count in phone.statuses.items() if count > before.get(status, 0)}


@pytest.mark.parametrize("mood", ["full", "eio_write", "eio_sync"])
def test_disk_that_fails_is_told_and_nothing_half_done_is_kept(
        open_house: Open, enrol: Enrol, tmp_path: Path, mood: str) -> None:
    trouble = tmp_path / "mood"
    house = open_house(RIG_MOOD=str(trouble))
    phone = enrol(house)
    phone.save(world.visit())
    assert phone.push()
    trouble.write_text(mood)
    phone.save(world.visit())
    phone.save(world.promise(phone.customer_id, 100))
    assert _refused(phone) <= {*TROUBLE}
    assert len(phone.outbox) == 2
    assert phone.ask("GET", "/api/v1/ping") is not None
    trouble.unlink()
    assert phone.push()
    assert phone.statuses[200] >= 2
    assert after_the_storm(house, [phone]) == []


def test_photo_larger_than_what_is_left_of_the_disk_is_507_and_comes_again(
        open_house: Open, enrol: Enrol) -> None:
    house = open_house()
    phone = enrol(house)
    picture = world.photo(1, side=400)
    phone.save(world.visit(photos=[world.sha256(picture)]), [picture])
    assert phone.push()
    # Every process of the house may write files of 20 kB at most from now on: EFBIG, as ENOSPC it is an OSError.
    limit_files(house, 20_000)
    phone.upload()
    assert set(phone.statuses) & {507}, phone.statuses
    limit_files(house, resource.RLIM_INFINITY)
    phone.drain()
    assert after_the_storm(house, [phone]) == []


def limit_files(house: House, size: int) -> None:
    """Let the processes of a house write files of at most ``size`` bytes, but those whose own limit nobody may raise
    (a plugin's job) and those that are over meanwhile."""
    for pid in processes(house):
        with suppress(PermissionError, ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def processes(house: House) -> list[int]:
    """Every process of a house, the first first."""
    found, left = [], [house.pid]
    while left:
        pid = left.pop()
        found.append(pid)
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
                left += [int(child) for child in children.read_text().split()]
    return found


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own of a few megabytes."""
    with small_disk_at(tmp_path / "small", megabytes=24) as folder:
        yield folder


def test_disk_that_is_really_full_is_told_and_emptied_goes_on(
        open_house: Open, enrol: Enrol, small_disk: Path) -> None:
    house = open_house(home=small_disk / "home")
    phone = enrol(house)
    phone.save(world.visit())
    assert phone.push()
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    picture = world.photo(1, side=200)
    for _ in range(30):
        phone.save(world.visit(said="长" * 900, photos=[world.sha256(picture)]), [picture])
    said = _refused(phone)
    phone.upload()
    assert said <= {*TROUBLE}
    assert not phone.arrived
    ballast.unlink()
    phone.drain()
    assert after_the_storm(house, [phone]) == []


@pytest.mark.parametrize("patience_ms", [400, pytest.param(0, marks=pytest.mark.soak)])
def test_database_locked_by_another_process_is_503_and_nothing_is_lost(
        open_house: Open, enrol: Enrol, patience_ms: int) -> None:
    """With the program's own patience of 15 seconds under soak; here with less of it."""
    rig = {"RIG_PRAGMA": f"busy_timeout={patience_ms}"} if patience_ms else {}
    house = open_house(**rig)
    phone = enrol(house)
    phone.save(world.visit())
    other = sqlite3.connect(house.home / "fieldsales.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert _refused(phone) == {503}
        assert phone.pull()  # reading goes on
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert phone.push()
    assert after_the_storm(house, [phone]) == []


