"""A ledger file as rows of cells: CSV in the encodings of the trade, Excel new and old, HTML named .xls."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound

from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.text import clean
from fieldsales.plugin_api.fields import Labels

#: The largest file read at once, in bytes.
MAX_BYTES = 40_000_000
#: What a workbook may unpack to, in bytes: a small zip can hold a very large sheet.
MAX_UNPACKED = 600_000_000
MAX_ROWS = 300_000
MAX_COLUMNS = 200
#: A table is held whole while it is read: eight million cells take about half a gigabyte.
MAX_CELLS = 8_000_000

Cell = str | int | float | bool | date | datetime | None
Row = list[Cell]
Ranges = Sequence[tuple[tuple[int, int], tuple[int, int]]]
"""Merged cells: (row, column) of the first and the last."""

#: A page is read in pieces of so many characters; no tag or comment in it is longer than the second figure.
_PIECE, _LONGEST_TAG = 65_536, 1_000_000
# A cell with a value far outside the limits would make the reader allocate the whole rectangle.
_FAR_CELL = re.compile(rb'<c r="(?:[A-Z]{3}\d+|[A-Z]+(?:[3-9]\d{5}|\d{7}))"[^>/]*>\s*<(?:v|is|f)')
_BREAKS = re.compile(r"[\r\n]+")


@dataclass(frozen=True)
class Table:
    """What was found in a file: rows as they stand, title and total rows included."""

    rows: list[Row]
    form: str  # csv, xlsx, xls, html, or an importer's name
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    reader: str = ""  # a plugin's importer; then: (row, why) it could not read, its notes, lines it left out
    problems: tuple[tuple[int, Labels], ...] = ()
    notes: tuple[Labels, ...] = ()
    passed: int = 0


def read_table(data: bytes, sheet: str | None = None) -> Table:
    """Read a whole file. Raises Invalid, with what to do, when it cannot be read or is too large."""
    if len(data) > MAX_BYTES:
        raise Invalid(
            "exchange.file_too_large",
            N_("The file has %(size)s MB; at most %(limit)s MB can be read. Split it by month or by company."),
            size=len(data) // 1_000_000,
            limit=MAX_BYTES // 1_000_000,
        )
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        table = _read_workbook(data, sheet)
    else:
        text, encoding = decode(data)
        if re.match(r"\s*(<\?xml[^>]*>\s*)?(<!doctype html|<html|<table|<meta|<head)", text[:500], re.IGNORECASE):
            table = Table(_html_rows(text), "html", encoding)
        else:
            delimiter = find_delimiter(text)
            table = Table(_csv_rows(text, delimiter), "csv", encoding, delimiter)
    if not any(cell not in ("", None) for row in table.rows for cell in row):
        raise Invalid("exchange.file_empty", N_("The file is empty."))
    return table


def decode(data: bytes) -> tuple[str, str]:
    """The text of a CSV file and the name of its encoding: by byte-order mark, UTF-8, else GB18030."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding), encoding
    if data[:2000].count(0) > len(data[:2000]) // 4:
        even = data[:2000:2].count(0) > data[1:2000:2].count(0)
        encoding = "utf-16-be" if even else "utf-16-le"
        return _decoded(data, encoding), encoding
    if b"\0" in data[:100_000]:
        raise _not_a_table()
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded(data, "gb18030"), "gb18030"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid(
            "exchange.encoding_unknown",
            N_("The text encoding of the file cannot be read. Save it in Excel as .xlsx or as CSV UTF-8."),
        ) from error


def _not_a_table() -> Invalid:
    return Invalid(
        "exchange.not_a_table", N_("This is neither an Excel nor a CSV file. Export the ledger as .xlsx or .csv.")
    )


def find_delimiter(text: str) -> str:
    """The sign between columns: comma, semicolon, tab or bar, whichever divides the lines most evenly."""
    first, _, _ = text.partition("\n")
    told = re.fullmatch(r"sep=(.)\s*", first)
    if told:
        return told[1]
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:60]
    best, best_score = ",", 0
    for sign in (",", "\t", ";", "|"):
        try:
            counts = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if len(row) > 1)
        except csv.Error:  # said in full when the rows are read
            continue
        if counts:
            width, times = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
            score = times * 1000 + min(width, 99)
            if score > best_score:
                best, best_score = sign, score
    return best


def _csv_rows(text: str, delimiter: str) -> list[Row]:
    rows: list[Row] = []
    held = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader):
            if number == 0 and len(cells) <= 2 and cells and cells[0].startswith("sep="):
                rows.append([])
                continue
            held += len(cells)
            _check_size(number + 1, len(cells), held)
            rows.append([tidy(cell) for cell in cells])
    except csv.Error as error:
        raise Invalid(
            "exchange.csv_broken",
            N_("Line %(line)s of the file cannot be read: a quotation mark is probably not closed."),
            line=reader.line_num,
        ) from error
    return rows


def tidy(cell: str) -> str:
    """A text cell without hidden characters and line breaks, and as it was before our own export guarded it."""
    if cell.isascii() and cell.isprintable():
        text = cell.strip()
    else:
        # Taken apart, not replaced with the spaces around it: that took minutes for a cell of many spaces.
        lines = map(str.strip, _BREAKS.split(clean(cell.replace("\t", " ").replace("\u3000", " "))))
        text = " ".join(line for line in lines if line)
    if text[:1] == "'" and text.lstrip("'")[:1] in GUARDED:
        return text[1:]
    return text


#: Signs that make a spreadsheet run a cell as a formula, full-width ones included.
GUARDED = frozenset("=+-@\t\r\n＝＋－＠")


def _check_size(rows: int, columns: int, cells: int = 0) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS or cells > MAX_CELLS:
        raise Invalid(
            "exchange.table_too_large",
            N_("The table is larger than %(rows)s rows or %(columns)s columns. Split it, or delete empty rows."),
            rows=MAX_ROWS,
            columns=MAX_COLUMNS,
        )


def _read_workbook(data: bytes, sheet: str | None) -> Table:
    form = "xlsx" if data[:2] == b"PK" else "xls"
    if form == "xlsx":
        _check_zip(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = tuple(meta.name for meta in book.sheets_metadata if "sheet" in str(meta.typ).lower())
        names = names or tuple(book.sheet_names)
        chosen = sheet if sheet in names else None
        for name in (chosen,) if chosen else names:
            page = book.get_sheet_by_name(name)
            _check_size(page.total_height, page.total_width, page.total_height * page.total_width)
            rows = [_sheet_row(cells) for cells in page.to_python(skip_empty_area=False)]
            _fill_merged(rows, page.merged_cell_ranges)
            if rows or name == names[-1]:
                return Table(rows, form, sheet=name, sheets=names)
    except PasswordError as error:
        raise Invalid(
            "exchange.excel_locked", N_("The workbook is protected by a password. Save it without one and try again.")
        ) from error
    except (CalamineError, WorksheetNotFound, OSError, ValueError) as error:
        raise _broken_workbook() from error
    raise _broken_workbook()


def _fill_merged(rows: list[Row], ranges: Ranges | None) -> None:
    """A cell merged over several rows (a customer over his invoices) stands in each of them."""
    if sum(bottom - top for (top, _), (bottom, _) in ranges or ()) > MAX_CELLS:
        _check_size(MAX_ROWS + 1, 1)
    for (top, left), (bottom, _right) in ranges or ():
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]


def _broken_workbook() -> Invalid:
    return Invalid(
        "exchange.excel_broken",
        N_("The Excel file is damaged and cannot be read. Open it in Excel, save it again, and try again."),
    )


def _check_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                _check_size(MAX_ROWS + 1, 1)
            for entry in archive.infolist():
                if entry.filename.endswith(".xml"):  # read to its end: what it says of its size may be a lie
                    _check_sheet(archive, entry)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError,
            RuntimeError) as error:
        raise _broken_workbook() from error


def _check_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    tail = b""
    with archive.open(entry) as stream:
        while part := stream.read(4_000_000):
            if _FAR_CELL.search(tail + part):
                _check_size(MAX_ROWS + 1, 1)
            tail = part[-200:]


def _sheet_row(cells: Sequence[object]) -> Row:
    return [tidy(cell) if type(cell) is str else cell for cell in cells]  # type: ignore[misc]


class _TableReader(HTMLParser):
    """The rows of the tables in a page; 用友 and 金蝶 save such pages under the name .xls."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._close()
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self._close()
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), MAX_COLUMNS) if span.isascii() and span.isdigit() else 1

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._close()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def finish(self) -> None:
        """The page ends. A tag that it leaves open is dropped: looking for its end would start over at every sign."""
        if not self.rawdata.startswith("<"):
            self.close()
        self._close()

    def _close(self) -> None:
        if self._cell is not None:
            self.rows[-1].append(tidy("".join(self._cell)))
            self.rows[-1].extend([""] * (self._span - 1))
            _check_size(len(self.rows), len(self.rows[-1]))
            self._cell = None


def _html_rows(text: str) -> list[Row]:
    reader = _TableReader()
    for start in range(0, len(text), _PIECE):
        reader.feed(text[start : start + _PIECE])
        if len(reader.rawdata) > _LONGEST_TAG:
            raise _not_a_table()
    reader.finish()
    return reader.rows
