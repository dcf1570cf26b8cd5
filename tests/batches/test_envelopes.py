"""Envelope fronts by GB/T 1416: what is printed where, in millimetres as measured, and the postcode in an address."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from fieldsales.batches import printing
from fieldsales.batches.printing import postcode_of
from fieldsales.web.here import Program
from tests.batches.conftest import batch_method
from tests.batches.test_window import ADDRESSES, words_of


@pytest.mark.parametrize(("address", "code", "place"), [
    ("宁波市中山东路181号 315000", "315000", "宁波市中山东路181号"),
    ("315000 宁波市中山东路181号", "315000", "宁波市中山东路181号"),
    ("杭州市解放路26号8楼，310009", "310009", "杭州市解放路26号8楼"),
    ("义乌市长春五区（菜市场北门，邮编：322000）", "322000", "义乌市长春五区（菜市场北门）"),
    ("义乌市长春五区（邮编322000）", "322000", "义乌市长春五区"),
    ("邮政编码：100020 北京市朝阳区光华路1号", "100020", "北京市朝阳区光华路1号"),
    ("北京市朝阳区光华路1号", "", "北京市朝阳区光华路1号"), ("", "", ""),
    ("上海市沪太路 123456 弄 3 号", "", "上海市沪太路 123456 弄 3 号"),  # a number inside is no postcode
    ("深圳市南山区科技园 9518001", "", "深圳市南山区科技园 9518001"), ("宁波 915000", "", "宁波 915000"),
])  # fmt: skip
def test_postcode_is_taken_out_of_an_address(address: str, code: str, place: str) -> None:
    assert postcode_of(address) == (code, place)


@pytest.mark.parametrize(("sheet", "width", "height"), [
    ("envelope_dl", 220, 110), ("envelope_zl", 230, 120), ("envelope_c5", 229, 162)])
def test_envelope_keeps_clear_what_the_post_reads(
    program: Program, tmp_path: Path, sheet: str, width: int, height: int
) -> None:
    offered = {one.name: one for one in printing.sheets_for(program.plugins, batch_method(program).name, "batch")}
    if sheet not in offered:
        pytest.skip("no envelopes are printed here")
    facts = [{"n": n, "number": "CH260312-ABCDEFGH", "debtor_name": name, "debtor_postcode": "315000"[:6 * (n % 2)],
              "debtor_place": place, "seller_name": "海川五金批发有限公司", "seller_place": "杭州市解放路26号",
              "seller_postcode": "310009", "seller_address": "", "debtor_address": place, "tracking_number": ""}
             for n, (place, name) in enumerate(ADDRESSES, 1)]
    pdf = printing.over_all(program.plugins, offered[sheet], facts, "2026-03-12", "zh")
    pages = words_of(pdf, tmp_path)
    told = subprocess.run(["pdfinfo", tmp_path / "sheet.pdf"], check=True, capture_output=True, text=True).stdout
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", told)
    assert size is not None
    assert [round(float(one) * 25.4 / 72) for one in size.groups()] == [width, height]
    assert len(pages) == len(ADDRESSES), "one envelope each"
    for page, (place, name), one in zip(pages, ADDRESSES, facts, strict=True):
        whole = "".join(word for word, *_ in page).replace("　", "")
        assert "".join((place + name + "收").split()) in whole, "nothing cut off"
        in_corner = [word for word, left, top, right, bottom in page if left < 90 and top < 26]
        assert "".join(in_corner) == one["debtor_postcode"], "the postcode alone stands in its corner"
        below = [(word, left, right) for word, left, top, right, bottom in page if bottom > height - 20]
        assert "".join(word for word, *_ in below) == "邮政编码310009"
        assert all(width - 55 <= left and right <= width for _, left, right in below), "off the bar code"
