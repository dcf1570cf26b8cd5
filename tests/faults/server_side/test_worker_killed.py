"""The worker is killed in the middle of a lease: between render and record, and before and after."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from fieldsales.documents.models import Document
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow
from fieldsales.workday.night import last_night
from tests import cast
from tests.faults.server import House
from tests.faults.server_side import world
from tests.faults.server_side.phones import Phone
from tests.faults.server_side.test_killed import after_the_storm

Open = Callable[..., House]
Enrol = Callable[..., Phone]
#: In the order a paper passes them: taken, rendered, its bytes kept, recorded but its errand not crossed out.
POINTS = ("leased", "rendered", "kept", "recorded")


def _until(house: House, found: Callable[[Any], Any], seconds: float = 150) -> Any:
    """What ``found(connection)`` says as soon as it says anything."""
    end = time.monotonic() + seconds
    with house.store() as store:
        while time.monotonic() < end:
            with store.reading() as connection:
                said = found(connection)
            if said:
                return said
            time.sleep(0.1)
    raise AssertionError(f"it never came about:\n{house.log()[-2000:]}")


def _lease_ends(house: House) -> None:
    """Time goes by: what the dead worker held is due again."""
    rows = table_of(OutboxRow)
    with house.store() as store, store.writing() as connection:
        connection.execute(update(rows).where(rows.c.done_at.is_(None)).values(
            leased_until=datetime.now(UTC) - timedelta(seconds=1)))


@pytest.mark.parametrize(
    "place", [pytest.param(one, marks=() if one == "kept" else pytest.mark.soak) for one in POINTS])
def test_worker_killed_with_a_paper_in_hand_leaves_one_paper_sealed_once(
        open_house: Open, enrol: Enrol, tmp_path: Path, place: str) -> None:
    point = tmp_path / "point"
    house = open_house(RIG_POINT=str(point))
    phone = enrol(house)
    papers, rows = table_of(Document), table_of(OutboxRow)
    # the night's own errands are over, so that it is the paper's that the worker dies with
    _until(house, lambda c: last_night(c) and c.scalar(select(rows.c.id).where(rows.c.done_at.is_(None))) is None)
    point.write_text(place)
    phone.save(world.receipt(phone.customer_id, 8_000_00, seller_id=cast.SELLER))
    assert phone.push()
    _until(house, lambda _connection: not point.exists())
    _lease_ends(house)
    _until(house, lambda c: c.scalar(select(papers.c.id).where(papers.c.state == "sealed")))
    done = select(rows.c.id).where(rows.c.topic == "documents.seal", rows.c.done_at.is_not(None))
    _until(house, lambda c: c.scalar(done))
    with house.program() as program, program.store.reading() as connection:
        (paper,) = connection.execute(select(papers)).all()
        content = program.parts["blobs"].read(paper.sha256)
        attempts = connection.scalar(select(rows.c.attempts).where(rows.c.topic == "documents.seal"))
    assert hashlib.sha256(content).hexdigest() == paper.sha256
    assert content.startswith(b"%PDF")
    assert attempts == 2
    assert after_the_storm(house, [phone]) == []
