"""The worker is killed at each step of a time stamp: the revisions stay one line, each the beginning of the next."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from fieldsales.documents.models import Document, DocumentRevision
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow
from tests import cast
from tests.documents.authority import Authority, serving
from tests.faults.server import House
from tests.faults.server_side import world
from tests.faults.server_side.phones import Phone
from tests.faults.server_side.test_worker_killed import _lease_ends, _until

Open = Callable[..., House]
Enrol = Callable[..., Phone]
#: In the order a stamp passes them: leased but not asked for, fetched and appended, its bytes kept, its row written.
POINTS = ("asked", "stamped", "kept", "noted")
_rows, _papers, _revisions = table_of(OutboxRow), table_of(Document), table_of(DocumentRevision)


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    """Whoever tells the time, closed at first."""
    with serving(tmp_path / "authority") as running:
        running.mood = "refused"
        yield running


def _due_now(house: House) -> None:
    """What was put off is due again."""
    with house.store() as store, store.writing() as connection:
        connection.execute(update(_rows).where(_rows.c.done_at.is_(None)).values(
            due_at=datetime.now(UTC) - timedelta(seconds=1)))


@pytest.mark.parametrize(
    "place", [pytest.param(one, marks=() if one == "kept" else pytest.mark.soak) for one in POINTS])
def test_worker_killed_while_stamping_leaves_one_line_of_revisions(
        open_house: Open, enrol: Enrol, tmp_path: Path, authority: Authority, place: str) -> None:
    point = tmp_path / "point"
    house = open_house(
        RIG_POINT=str(point), FIELDSALES_TSA_URLS=authority.url,
        FIELDSALES_TSA_ROOTS=str(authority.folder / "root.pem"), FIELDSALES_PRODUCTION="true",
        FIELDSALES_SIGNER_P12=str(authority.sealing_key()), FIELDSALES_SIGNER_PASSWORD="test")
    phone = enrol(house)
    phone.save(world.receipt(phone.customer_id, 8_000_00, seller_id=cast.SELLER))
    assert phone.push()
    _until(house, lambda c: c.scalar(select(_papers.c.id).where(_papers.c.state == "sealed")))
    _until(house, lambda _c: authority.asked)  # refused: the paper stands at B-B, and waits
    point.write_text(place)
    authority.mood = "fine"
    # the first refusal puts the errand off, and only then may it be pulled forward
    _until(house, lambda c: c.scalar(select(_rows.c.id).where(
        _rows.c.topic == "documents.stamp", _rows.c.error != "", _rows.c.leased_until.is_(None))) or point.exists())
    _due_now(house)
    _until(house, lambda _c: _due_now(house) or not point.exists())
    _lease_ends(house)
    whole = select(_papers.c.id).where(_papers.c.level == "B-LTA")
    _until(house, lambda c: _due_now(house) or c.scalar(whole))
    with house.program() as program, program.store.reading() as connection:
        found = connection.execute(select(_revisions).order_by(_revisions.c.n)).all()
        files = [program.parts["blobs"].read(one.sha256) for one in found]
    assert [(one.n, one.kind) for one in found] == [(1, "sealed"), (2, "time"), (3, "archive")]
    for before, after in itertools.pairwise(files):
        assert after.startswith(before)
        assert len(after) > len(before)
    assert [hashlib.sha256(one).hexdigest() for one in files] == [one.sha256 for one in found]
