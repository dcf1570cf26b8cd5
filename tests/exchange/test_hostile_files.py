"""Files made to stop the server: each is read or refused at once."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from flask.testing import FlaskClient

from fieldsales.exchange import tables
from fieldsales.exchange.tables import read_table
from fieldsales.kernel.errors import Invalid

#: Far above what it takes (hundredths of a second), far below what it took (minutes).
SECONDS = 8


@pytest.mark.parametrize(("text", "rows"), [
    ("甲,你" + " " * 100_000 + "好\n", 1),
    ("<table><tr><td>甲</table>" + "<!" * 500_000, 1),
    ("<table><tr><td>甲</table>" + "<a " * 100_000, 1),
    ("<table><tr><td>甲</table>" + "<!--" * 100_000, 1),
])
def test_file_that_took_minutes_is_read_at_once(text: str, rows: int) -> None:
    began = time.perf_counter()
    assert len(read_table(text.encode()).rows) == rows
    assert time.perf_counter() - began < SECONDS


def test_page_with_a_tag_of_a_million_signs_is_no_table() -> None:
    began = time.perf_counter()
    with pytest.raises(Invalid, match=r"exchange\.not_a_table"):
        read_table(("<table>" + "<a " * 500_000 + "<tr><td>甲").encode())
    assert time.perf_counter() - began < SECONDS


def test_page_read_in_pieces_is_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ("<table><tr><td>A&amp;B<br>丙</td><td colspan=2>1</td></tr><!-- x --><tr><td>乙" * 3).encode()
    whole = read_table(page).rows
    monkeypatch.setattr(tables, "_PIECE", 3)
    assert read_table(page).rows == whole
    assert whole[0] == ["A&B丙", "1", ""]
    assert whole[-1] == ["乙"]


def _book(cells: int) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for row in range(cells):
            sheet.write_string(row, 0, "海港五金" * 20 + str(row))
    return stream.getvalue()


def _lying(data: bytes, name: str, size: int) -> bytes:
    """The archive with another uncompressed size in its list of contents."""
    found, at = bytearray(data), 0
    while (at := found.find(b"PK\x01\x02", at)) >= 0:
        length = struct.unpack("<H", found[at + 28 : at + 30])[0]
        if bytes(found[at + 46 : at + 46 + length]) == name.encode():
            found[at + 24 : at + 28] = struct.pack("<I", size)
        at += 4
    return bytes(found)


def test_workbook_that_lies_about_its_size_is_refused() -> None:
    honest = _book(50)
    assert len(read_table(honest).rows) == 50
    lying = _lying(honest, "xl/sharedStrings.xml", 10)
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        assert archive.getinfo("xl/sharedStrings.xml").file_size == 10
    with pytest.raises(Invalid, match=r"exchange\.excel_broken"):
        read_table(lying)


def test_workbook_with_a_sheet_merged_over_and_over_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_CELLS", 100)
    rows: list[tables.Row] = [[str(n)] for n in range(30)]
    with pytest.raises(Invalid, match=r"exchange\.table_too_large"):
        tables._fill_merged(rows, [((0, 0), (29, 0))] * 5)


def test_amount_of_four_hundred_digits_is_refused_and_the_rest_taken_in(log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in("finance")
    ledger = ("单据编号,客户编码,客户名称,单据日期,到期日,金额\n"
              "A1,C1,甲,2026-01-05,2026-02-05,1e400\nA2,C1,甲,2026-01-05,2026-02-05,100\n").encode()
    handed = client.post("/import", data={"file": (io.BytesIO(ledger), "a.csv"), "kind": "invoices"})
    taken = client.post(handed.headers["Location"])
    assert taken.status_code == 303
    shown = client.get(taken.headers["Location"]).get_data(as_text=True)
    assert 'data-rows="added">1<' in shown
    assert 'data-rows="errors">1<' in shown
