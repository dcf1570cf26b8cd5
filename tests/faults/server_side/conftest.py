"""A house of its own for every test of faults, on either engine, and what can be put under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.server import ROOT, House
from tests.faults.server_side import disk
from tests.faults.server_side.phones import Line, Phone, log_in

RIGGING = Path(__file__).parent / "rigging"


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Furnish and start a house: ``open_house(database_url="…", RIG_POINT="…")``; stopped at the end."""
    opened: list[House] = []

    def begin(database_url: str = "", *, home: Path | None = None, start: bool = True, **rig: str) -> House:
        if {"RIG_LOG", "RIG_MOOD"} & rig.keys() and disk.library() is None:
            pytest.skip("this Python has its SQLite inside: no disk can be put under it")
        settings = {"FIELDSALES_LOG_LEVEL": "WARNING", **rig}
        if rig:
            settings["PYTHONPATH"] = f"{RIGGING}:{ROOT}"
        house = House(home or tmp_path / f"home{len(opened)}", database_url=database_url, settings=settings)
        opened.append(house)
        house.furnish()
        return house.start() if start else house

    yield begin
    for house in opened:
        house.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def house_url(request: pytest.FixtureRequest) -> str:
    """What a house's database is: its own SQLite file (empty), or an empty PostgreSQL database."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("empty_postgres"))


@pytest.fixture
def enrol() -> Iterator[Callable[..., Phone]]:
    """A phone of one of the cast at a house: ``enrol(house, "rep", rng=…)``. One login a person and house."""
    known: dict[tuple[int, str], dict[str, str]] = {}
    made: list[Phone] = []

    def make(house: House, login: str = "rep", **more: Any) -> Phone:
        if (house.port, login) not in known:
            known[house.port, login] = log_in(house.port, login)
        made.append(Phone(Line(house.port, known[house.port, login]), **more))
        return made[-1]

    yield make
    for phone in made:
        phone.line.close()
