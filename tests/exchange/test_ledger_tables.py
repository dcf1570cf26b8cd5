"""Files as rows of cells: encodings, delimiters, Excel new, broken and oversized, HTML named .xls."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from fieldsales.exchange.tables import MAX_BYTES, find_delimiter, read_table
from fieldsales.kernel.errors import Invalid

LINES = "客户编码,客户名称,金额\nKH01,海港五金,\"1,234.50\"\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)
def test_csv_in_every_encoding_of_the_trade_reads_the_same(encoding: str, named: str) -> None:
    table = read_table(LINES.encode(encoding))
    assert table.rows == [["客户编码", "客户名称", "金额"], ["KH01", "海港五金", "1,234.50"]]
    assert (table.form, table.encoding) == ("csv", named)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_delimiter_is_found_even_below_title_rows_and_beside_commas_in_amounts(sign: str) -> None:
    text = "应收明细\n\n" + "".join(sign.join(("KH01", '"1,234.50"' if sign == "," else "1,234.50",
                                           "x")) + "\n" for _ in "ab")
    assert find_delimiter(text) == sign


def test_told_delimiter_of_excel_is_taken() -> None:
    assert read_table(b"sep=;\na;b\n1;2\n").rows == [[], ["a", "b"], ["1", "2"]]


def test_hidden_characters_and_line_breaks_in_cells_are_cleaned() -> None:
    rows = read_table("a,b\n\u202e海港\u200b五金,\"两\n行\"\n".encode()).rows
    assert rows[1] == ["海港五金", "两 行"]


def workbook(rows: list[list[object]], sheet: str = "Sheet1") -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet(sheet)
    for at, row in enumerate(rows):
        page.write_row(at, 0, row)
    book.close()
    return stream.getvalue()


def test_excel_is_read_with_its_numbers() -> None:
    table = read_table(workbook([["单号", "金额"], [2960623488, 12.5], ["", ""], ["A1", -3]]))
    assert table.rows[1] == [2960623488.0, 12.5]
    assert table.form == "xlsx"
    assert table.sheets == ("Sheet1",)


def test_workbook_with_an_empty_first_sheet_reads_the_next() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("空")
    book.add_worksheet("应收").write_row(0, 0, ["客户", "金额"])
    book.close()
    table = read_table(stream.getvalue())
    assert table.sheet == "应收"
    assert read_table(stream.getvalue(), "应收").rows == [["客户", "金额"]]


def test_cell_merged_over_rows_stands_in_each_of_them() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet()
    page.write_row(0, 0, ["客户", "单号"])
    page.merge_range(1, 0, 3, 0, "海港五金")
    page.write_column(1, 1, ["A1", "A2", "A3"])
    page.merge_range(4, 0, 4, 1, "合计")
    book.close()
    rows = read_table(stream.getvalue()).rows
    assert rows[1:] == [["海港五金", "A1"], ["海港五金", "A2"], ["海港五金", "A3"], ["合计", ""]]


def test_html_named_xls_is_read() -> None:
    html = ("<html><meta charset=gbk><table><tr><th colspan=2>应收<th>余额</tr>"
            "<tr><td>KH01<td>A&amp;B<td>1,5</tr></table>")
    assert read_table(html.encode("gb18030")).rows == [["应收", "", "余额"], ["KH01", "A&B", "1,5"]]


def broken_xlsx() -> bytes:
    whole = workbook([["客户", "金额"], ["a", 1]])
    return whole[: len(whole) // 2]


def not_a_sheet() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "exchange.file_empty"),
        (b"\n\n , \n", "exchange.file_empty"),
        (broken_xlsx(), "exchange.excel_broken"),
        (not_a_sheet(), "exchange.excel_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "exchange.excel_broken"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\xff" * 3000 + b"\0", "exchange.not_a_table"),
        (b"a,b\n\xff\xff\xff\xff", "exchange.encoding_unknown"),
        (b"x" * (MAX_BYTES + 1), "exchange.file_too_large"),
        (b"a,b\n" + b"," * 500, "exchange.table_too_large"),
        ((b"," * 190 + b"\n") * 50_000, "exchange.table_too_large"),
        (b'a,b\n"' + b"x" * 200_000, "exchange.csv_broken"),
    ],
)
def test_unreadable_file_is_refused_with_what_to_do(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_table(data)
    assert refused.value.code == code


def test_cell_far_away_is_refused_before_it_takes_the_memory() -> None:
    with pytest.raises(Invalid) as refused:
        read_table(_far())
    assert refused.value.code == "exchange.table_too_large"


def _far() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    page = book.add_worksheet()
    page.write_row(0, 0, ["客户", "金额"])
    page.write_number(1_048_575, 16_383, 1)
    book.close()
    return stream.getvalue()
