"""A paper as pictures: every page, sharp enough to read; what cannot be drawn is refused, and harms nobody."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update

from fieldsales.config import Settings
from fieldsales.documents import pages, press
from fieldsales.documents.copies import Copies
from fieldsales.documents.models import Document
from fieldsales.kernel.errors import Invalid
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests.house import canaries

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def paper(settings: Settings, source: dict[str, Any]) -> bytes:
    return press.make("plan", source, "zh", settings)


def test_every_page_is_drawn_wide_enough_to_read(paper: bytes) -> None:
    drawn = pages.pages_of(paper)
    pictures = [Image.open(io.BytesIO(one)) for one in drawn]
    assert len(drawn) >= 2
    assert {one.width for one in pictures} == {pages.WIDTH}
    assert all(len(one) < 250_000 for one in drawn)
    # text is dark on light: a page that came out empty has one colour
    assert all(len(one.convert("L").getcolors() or range(99)) > 3 for one in pictures)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"GIF89a" * 100])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        pages.pages_of(content)


def test_drawing_that_takes_too_long_is_ended(paper: bytes) -> None:
    with pytest.raises(Invalid):
        pages.pages_of(paper, seconds=0.01)


def test_pages_are_drawn_once_and_kept(paper: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = Copies(tmp_path)
    first, count = copies.page("ab" * 32, paper, 1)
    assert first is not None
    monkeypatch.setattr("fieldsales.documents.copies.pages_of", lambda content: pytest.fail("drawn again"))
    assert copies.page("ab" * 32, paper, 1) == (first, count)
    assert copies.page("ab" * 32, paper, count + 1) == (None, count)
    assert copies.page("ab" * 32, paper, 0) == (None, count)


def test_page_is_shown_to_whoever_sees_the_customer(program: Program, log_in: Enter, paper: bytes) -> None:
    program.dispatcher.note(canaries.fill)
    kept = program.parts["blobs"].put(paper)
    table = table_of(Document)
    ours = table.c.id == canaries.IDS["document_id"]
    program.dispatcher.note(lambda connection: connection.execute(
        update(table).where(ours).values(sha256=str(kept), state="sealed")))
    address = f"/documents/{canaries.IDS['document_id']}/pages/1.png"
    answer = log_in("rep").get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert int(answer.headers["X-Pages"]) >= 2
    assert log_in("rep").get(address.replace("/1.png", "/99.png")).status_code == 404
    assert log_in("other_rep").get(address).status_code == 404
    program.dispatcher.note(lambda connection: connection.execute(
        update(table).where(ours).values(state="sealing_pending")))
    assert log_in("rep").get(address).status_code == 404
