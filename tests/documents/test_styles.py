"""The look of papers: looked at first, published only when it prints, and never a change to what is sealed."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from fieldsales.documents import press
from fieldsales.documents.styles import worn
from fieldsales.kernel.errors import NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.web.here import Program
from tests import cast
from tests.documents import samples

LogIn = Callable[[str], FlaskClient]
LETTERHEAD = "海川五金批发有限公司\n宁波市海曙区一号路 1 号　0574-8000 0000"


def logo(size: tuple[int, int] = (240, 80)) -> tuple[io.BytesIO, str]:
    target = io.BytesIO()
    Image.new("RGB", size, (10, 90, 80)).save(target, "PNG")
    target.seek(0)
    return target, "logo.png"


def send(client: FlaskClient, path: str = "/paper-style", **form: object) -> tuple[int, bytes]:
    data = {"command_id": uuid7(), "letterhead": LETTERHEAD, "seal": "left", **form}
    answer = client.post(path, data=data, content_type="multipart/form-data")
    return answer.status_code, answer.data


def text_of(pdf: bytes, tmp_path: Path) -> str:
    target = tmp_path / "p.pdf"
    target.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", target, "-"], capture_output=True, text=True, check=True).stdout


def pictures(pdf: bytes, tmp_path: Path) -> int:
    target = tmp_path / "p.pdf"
    target.write_bytes(pdf)
    listed = subprocess.run(["pdfimages", "-list", target], capture_output=True, text=True, check=True).stdout
    return listed.count(" image ")


def test_published_look_is_on_new_papers_and_preview_changes_nothing(
    program: Program, log_in: LogIn, tmp_path: Path
) -> None:
    client, plain = log_in("admin"), press.make("letter", samples.letter(), "zh", program.settings)
    status, pdf = send(client, "/paper-style/preview", logo=logo())
    assert status == 200
    assert "一号路 1 号" in text_of(pdf, tmp_path)
    assert press.make("letter", samples.letter(), "zh", program.settings) == plain
    assert send(client, logo=logo())[0] == 303
    dressed = press.make("letter", samples.letter(), "zh", program.settings)
    assert "一号路 1 号" in text_of(dressed, tmp_path)
    assert pictures(dressed, tmp_path) > pictures(plain, tmp_path)
    assert worn(program.settings.home).style.seal == "left"
    assert send(client, no_logo="1")[0] == 303
    assert worn(program.settings.home).logo == b""


@pytest.mark.parametrize("broken", [
    {"letterhead": "\U00013000"}, {"letterhead": "a\nb\nc\nd\ne"}, {"letterhead": "甲\u202e乙"},
    {"letterhead": "x" * 121}, {"logo": (io.BytesIO(b"<svg/>"), "logo.png")},
])  # fmt: skip
def test_broken_look_cannot_be_published(program: Program, log_in: LogIn, broken: dict[str, object]) -> None:
    client = log_in("admin")
    assert send(client, **broken)[0] == 422
    assert worn(program.settings.home).style.letterhead == []


def test_only_the_administrator_shapes_papers(program: Program) -> None:
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(cast.LEGAL, "documents.publish_style", {
            "style_id": uuid7(), "style": {"letterhead": ["x"]}})
