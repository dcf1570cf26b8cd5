"""The error workbook: every row that was not taken, as it stood in the file, with the reason beside it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from fieldsales.exchange.columns import LABELS
from fieldsales.exchange.outcome import Outcome
from fieldsales.exchange.records import SKIP_WORDS
from fieldsales.exchange.tablefiles import OutCell, write_xlsx
from fieldsales.exchange.tables import Cell, Row
from fieldsales.kernel.errors import N_

#: Turns an English sentence with places into the reader's language.
Translate = Callable[..., str]
ROW, REASON, COLUMN = N_("Row"), N_("Reason"), N_("Column")
LEFT_OUT = N_("Left out: %(reason)s")


def error_workbook(rows: list[Row], outcome: Outcome, _: Translate, *, with_skipped: bool = True) -> bytes:
    """An Excel workbook: row number, reason, column, then the row itself under the file's own header.

    Correct the rows in it and import it again: the three columns before are not recognised as data.
    """
    names = outcome.reading.header.names
    lines: list[tuple[int, str, str]] = []
    for problem in outcome.problems:
        label = LABELS.get(problem.field, "")
        lines.append((problem.row, _(problem.message, **problem.params), _(label) if label else ""))
    if with_skipped:
        lines += [(at, _(LEFT_OUT, reason=_(SKIP_WORDS[reason])), "") for at, reason in outcome.reading.skipped]
    lines.sort()
    body = ((at, reason, column, *(_out(cell) for cell in rows[at - 1])) for at, reason, column in lines)
    stream = io.BytesIO()
    write_xlsx(stream, (_(ROW), _(REASON), _(COLUMN), *names), body, sheet="errors")
    return stream.getvalue()


def _out(cell: Cell) -> OutCell:
    if isinstance(cell, datetime):
        return cell.date() if not (cell.hour or cell.minute) else str(cell)
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else Decimal(repr(cell))
    return cell
