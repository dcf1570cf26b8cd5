"""Tables out: CSV and Excel that no spreadsheet runs as a formula and that import again unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from fieldsales.exchange.tables import GUARDED

#: A cell of an export: text, a whole number, an exact amount, a day, or nothing.
OutCell = str | int | Decimal | date | None


def guarded(text: str) -> str:
    """Text a spreadsheet cannot run: a leading ``= + - @``, tab or CR gets an apostrophe before it.

    ``tables.tidy`` takes exactly this apostrophe off again, so text that begins with an apostrophe
    and one of these signs gets a second one.
    """
    return "'" + text if text.lstrip("'")[:1] in GUARDED else text


def write_csv(stream: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[OutCell]]) -> int:
    """Write UTF-8 with BOM (Excel opens it rightly) and CRLF. Returns the number of rows."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([guarded(name) for name in header])
    count = 0
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        count += 1
    text.flush()
    text.detach()
    return count


def _csv_cell(cell: OutCell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def write_xlsx(target: Path | IO[bytes], header: Sequence[str], rows: Iterable[Sequence[OutCell]],
               sheet: str = "fieldsales") -> int:
    """Write a workbook row by row in constant memory. Amounts are numbers, dates are dates, text stays text."""
    book = xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False, "in_memory": not isinstance(target, Path)},
    )
    page = book.add_worksheet(sheet[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    forms = {"amount": book.add_format({"num_format": "#,##0.00"}),
             "day": book.add_format({"num_format": "yyyy-mm-dd"})}
    page.freeze_panes(1, 0)
    for column, name in enumerate(header):
        page.set_column(column, column, max(10, min(40, len(name.encode("gb18030")) + 4)))
        page.write_string(0, column, guarded(name), bold)
    count = 0
    for row in rows:
        count += 1
        for column, cell in enumerate(row):
            _write_cell(page, count, column, cell, forms)
    book.close()
    return count


def _write_cell(page: Any, row: int, column: int, cell: OutCell, forms: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        page.write_string(row, column, guarded(cell)[:32_767])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, forms["day"])
    elif isinstance(cell, Decimal):
        page.write_number(row, column, float(cell), forms["amount"])
    else:
        page.write_number(row, column, cell)
