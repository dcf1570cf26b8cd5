"""A file as a person hands it in: its bytes, its kind, and the choices made so far, saved ones included."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Connection

from fieldsales.exchange.columns import KINDS, Kind
from fieldsales.exchange.dates import ORDERS, Order
from fieldsales.exchange.headers import Header, find_header
from fieldsales.exchange.importing import Source
from fieldsales.exchange.ledger import Choice, read_ledger
from fieldsales.exchange.queries import saved_mapping
from fieldsales.exchange.records import Notice, Problem, Reading
from fieldsales.exchange.rowreader import Options
from fieldsales.exchange.tables import Table
from fieldsales.kernel.errors import N_, Invalid


@dataclass(frozen=True)
class FileIn:
    """A file read as a table, and how it is to be understood. ``columns`` empty: as recognised."""

    filename: str
    sha256: str
    table: Table
    kind: Kind
    columns: Mapping[str, int] = field(default_factory=dict)
    date_order: str = ""
    currency: str = "CNY"
    seller_code: str = ""
    term_days: int = 0
    lang: str = "zh"
    """The language in which what an importer could not read is said."""
    mapping_name: str = ""
    """The saved mapping that was used, if one was."""

    def header(self) -> Header:
        """The header as recognised, whatever was chosen."""
        return find_header(self.table.rows, self.kind)

    def reading(self) -> Reading:
        """The file understood. Raises Invalid as ``ledger.read_ledger`` does."""
        order: Order | None = next((order for order in ORDERS if order == self.date_order), None)
        options = Options(order, self.currency, self.seller_code, self.term_days)
        return with_lines(read_ledger(self.table.rows, self.kind, Choice(self.columns or None, options)), self.table,
                          self.lang)

    def source(self) -> Source:
        """What the record of the import keeps of it."""
        order: Order | Literal[""] = next((order for order in ORDERS if order == self.date_order), "")
        return Source(self.filename, self.sha256, dict(self.columns), order, {
            "currency": self.currency, "seller_code": self.seller_code, "term_days": self.term_days,
            "sheet": self.table.sheet, **({"reader": self.table.reader} if self.table.reader else {})})

    def with_saved(self, connection: Connection, name: str = "") -> FileIn:
        """The file with a saved mapping: the one called ``name``, else the one kept for its header.

        What was chosen by hand stays. Raises Invalid when nothing is saved under the name.
        """
        saved = saved_mapping(connection, name=name) if name else None
        if name and saved is None:
            raise Invalid("exchange.no_mapping", N_("No mapping is saved under the name “%(name)s”."), name=name)
        if saved is None:
            saved = saved_mapping(connection, signature=self.header().signature, kind=self.kind)
        if saved is None:
            return self
        return replace(self, columns=self.columns or saved.columns, date_order=self.date_order or saved.date_order,
                       mapping_name=saved.name)


def with_lines(reading: Reading, table: Table, lang: str) -> Reading:
    """The reading of a table that an importer made, with what it said of single lines and of the whole file.

    Whoever pays by the bank is no customer for that: an unknown payer is refused, never added.
    """
    if not table.reader:
        return reading
    told = dict(table.problems)
    reading.skipped = [(row, why) for row, why in reading.skipped if row not in told]
    reading.problems = [one for one in reading.problems if one.row not in told]
    reading.problems += [Problem(row, "", "exchange.line", N_("%(text)s"), {"text": text[lang]})
                         for row, text in told.items()]
    reading.notices += [Notice(N_("%(text)s"), {"text": note[lang]}) for note in table.notes]
    if table.passed:
        reading.notices.append(Notice(N_("%(count)s lines of money that went out were left out."),
                                      {"count": table.passed}))
    reading.adds_customers = reading.kind != "payments"
    return reading


def sha256_of(data: bytes) -> str:
    """The name of the bytes."""
    return hashlib.sha256(data).hexdigest()


def from_record(table: Table, filename: str, sha256: str, kind: str, mapping: Mapping[str, Any],
                date_order: str, lang: str = "zh") -> FileIn:
    """A file as the record of its import has it."""
    options = mapping.get("options", {})
    return FileIn(filename, sha256, table, next(k for k in KINDS if k == kind), mapping.get("columns", {}), date_order,
                  options.get("currency", "CNY"), options.get("seller_code", ""), options.get("term_days", 0), lang)
