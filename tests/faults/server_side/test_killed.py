"""The server is killed at every step of a push and of an upload, and at any moment under load."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests import cast
from tests.faults.server import House
from tests.faults.server_side import world
from tests.faults.server_side.oracle import flaws_of
from tests.faults.server_side.phones import Phone

Open = Callable[..., House]
Enrol = Callable[..., Phone]
#: In the order a push passes them (rigging/sitecustomize.py); the last three are a photo's.
POINTS = ("judged", "rows", "receipts", "audit", "written", "committed", "answering", "appended", "whole", "renamed")


def after_the_storm(house: House, phones: Sequence[Phone]) -> list[str]:
    """What the oracle finds once everything has been sent."""
    with house.program() as program, program.store.reading() as connection:
        return flaws_of(connection, phones, program.parts["blobs"])


@pytest.mark.parametrize(
    "house_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
def test_killed_at_each_step_nothing_acknowledged_is_lost_and_nothing_doubled(
        open_house: Open, enrol: Enrol, house_url: str, tmp_path: Path) -> None:
    point = tmp_path / "point"
    house = open_house(house_url, RIG_POINT=str(point))
    phone = enrol(house)
    for number, name in enumerate(POINTS):
        picture = world.photo(number)
        phone.save(world.visit(photos=[world.sha256(picture)]), [picture])
        phone.save(world.promise(phone.customer_id, 100 + number))
        point.write_text(name)
        cuts = phone.cuts
        phone.push()
        phone.upload()
        assert phone.cuts > cuts, f"nobody died at {name}"
        assert not point.exists()
        phone.drain(most=1 + number % 3)
    assert after_the_storm(house, [phone]) == []


def test_killed_before_what_waited_could_follow_it_follows_when_the_phone_asks_again(
        open_house: Open, enrol: Enrol, tmp_path: Path) -> None:
    """The predecessor is on record, its answer was not given: sent again it still frees what waits."""
    point = tmp_path / "point"
    house = open_house(RIG_POINT=str(point))
    phone = enrol(house)
    first = world.visit()
    waiting = phone.save(world.visit(needs=[first["entity_id"]]))
    phone.push()
    assert phone.held[waiting["command_id"]]["code"] == "needs_missing"
    phone.save(first)
    point.write_text("committed")
    phone.push()
    assert phone.cuts
    phone.drain()
    phone.ask_held()
    assert phone.held == {}
    assert after_the_storm(house, [phone]) == []


def _under_load(house: House, phones: Sequence[Phone], rounds: int, rng: random.Random) -> None:
    """Phones push and upload without pause while the house is killed and started again ``rounds`` times."""
    over = threading.Event()

    def work(phone: Phone) -> None:
        while not over.is_set():
            picture = world.photo(phone.rng.randrange(1000))
            phone.save(world.visit(phone.customer_id, photos=[world.sha256(picture)]), [picture])
            phone.save(world.note(phone.customer_id, f"记 {phone.rng.randrange(10**6)}"))
            phone.push(phone.rng.randrange(1, 8))
            phone.upload(piece=400)
            phone.pull()

    threads = [threading.Thread(target=work, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    try:
        for _round in range(rounds):
            time.sleep(rng.uniform(0.15, 0.8))
            house.kill()
            house.start()
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(("house_url", "rounds"), [
    ("sqlite", 1), *(pytest.param(one, 12, marks=pytest.mark.soak) for one in ("sqlite", "postgresql"))],
    indirect=["house_url"])
def test_killed_at_any_moment_under_load_nothing_acknowledged_is_lost(
        open_house: Open, enrol: Enrol, house_url: str, rounds: int) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    house = open_house(house_url)
    phones = [enrol(house, login, customer_id=customer, rng=random.Random(seed + n))
              for n, (login, customer) in enumerate([("rep", cast.HARBOUR), ("rep", cast.HARBOUR),
                                                     ("other_rep", cast.RIVER)])]
    _under_load(house, phones, rounds, rng)
    for phone in phones:
        phone.drain()
    assert sum(len(phone.settled) for phone in phones) > 5 * rounds
    assert after_the_storm(house, phones) == []
