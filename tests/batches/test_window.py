"""Where an address lies on its sheet, in millimetres as measured: in the window however the sheet slips."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldsales.batches import printing
from fieldsales.web.here import Program
from tests.batches.conftest import batch_method

MM = 25.4 / 72


@dataclass(frozen=True)
class Envelope:
    """A window envelope (DIN 680: window 90 × 45 mm, 20 mm from the left; from the bottom 15 mm for DL, 60 mm
    for C5, the last from memory), and the height of an A4 sheet folded for it. All in millimetres."""

    width: float
    height: float
    from_bottom: float
    folded: float

    def always_seen(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) on the sheet of what stays in the window wherever the sheet slips inside."""
        left, top = 20.0, self.height - self.from_bottom - 45.0
        slack_x, slack_y = self.width - 210.0, self.height - self.folded
        return left, top, left + 90.0 - slack_x, top + 45.0 - slack_y


DL, C5 = Envelope(220, 110, 15, 105), Envelope(229, 162, 60, 148.5)
ADDRESSES = (
    ("宁波市海港路1号", "宁波海港五金商行有限公司"),
    ("浙江省金华市义乌市稠江街道长春五区 18 幢 3 单元 202 室（靠近长春菜市场北门）",
     "义乌市稠江街道长春五区日用百货批发经营部有限责任公司"),
)


def words_of(pdf: bytes, folder: Path) -> list[list[tuple[str, float, float, float, float]]]:
    """By page: every word with its box in millimetres from the sheet's top left."""
    (folder / "sheet.pdf").write_bytes(pdf)
    told = subprocess.run(["pdftotext", "-bbox", folder / "sheet.pdf", "-"], check=True, capture_output=True,
                          text=True).stdout
    box = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
    return [[(text, *(float(number) * MM for number in numbers)) for *numbers, text in box.findall(page)]
            for page in told.split("<page ")[1:]]


@pytest.mark.parametrize("envelope", [DL, C5], ids=["DL", "C5"])
def test_address_stays_in_the_window(program: Program, tmp_path: Path, envelope: Envelope) -> None:
    templates = printing.sheets_for(program.plugins, batch_method(program).name, "piece")
    if not templates:
        pytest.skip("no sheet goes before each paper here")
    facts = [{"n": n, "number": "CH260312-ABCDEFGH", "seller_name": "我们", "seller_address": "中山路 1 号",
              "debtor_name": name, "debtor_address": place, "tracking_number": ""}
             for n, (place, name) in enumerate(ADDRESSES, 1)]
    pages = words_of(printing.before_each(program.plugins, templates[0], facts, "zh"), tmp_path)
    left, top, right, bottom = envelope.always_seen()
    for page, (place, name) in zip(pages, ADDRESSES, strict=True):
        # what is printed between the sender's small line and the fold
        block = [one for one in page if 56 < one[2] < 90 and one[1] < 110]
        assert "".join(word for word, *_ in block) == "".join((place + name).split()), "whole, nothing cut off"
        assert min(one[1] for one in block) >= left
        assert min(one[2] for one in block) >= top
        assert max(one[3] for one in block) <= right
        assert max(one[4] for one in block) <= bottom
