"""The file handed in, kept by its hash until it is taken in, and the record it leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from fieldsales.exchange.columns import FIELDS, KINDS, Kind
from fieldsales.exchange.filein import FileIn
from fieldsales.exchange.formats import BY_HAND, table_by
from fieldsales.exchange.tables import Table, read_table
from fieldsales.kernel.errors import N_, NotFound
from fieldsales.kernel.operation import Actor
from fieldsales.store.base import table_of
from fieldsales.store.models import Blob
from fieldsales.web.here import Program


def keep(program: Program, actor: Actor, data: bytes) -> str:
    """Keep a file's bytes; returns their SHA-256."""
    sha256: str = program.parts["blobs"].put(data)
    blobs = table_of(Blob)

    def note(connection: Connection) -> None:
        if connection.execute(select(blobs.c.sha256).where(blobs.c.sha256 == sha256)).first() is None:
            connection.execute(insert(blobs).values(sha256=sha256, size=len(data), mime="application/octet-stream",
                                                    stored_at=program.clock.now(), by_id=actor.user_id))

    program.dispatcher.note(note)
    return sha256


def table_from(program: Program, sha256: str, sheet: str = "", reader: str = "", lang: str = "zh") -> Table:
    """A kept file as a table, read by a plugin's importer where one is named. Raises NotFound when it is not here,
    Invalid when it cannot be read."""
    blobs = program.parts["blobs"]
    if not blobs.has(sha256):
        raise NotFound("not_found", N_("There is no such record, or you cannot see it."))
    by = reader if reader != BY_HAND else ""
    return _read(str(blobs.path(sha256)), sheet, lambda data: table_by(program, by, data, lang) if by else None, by)


def table_again(program: Program, sha256: str, mapping: Mapping[str, Any], lang: str = "zh") -> Table:
    """The file of a past import, read as it was read then."""
    options = mapping.get("options", {})
    return table_from(program, sha256, options.get("sheet", ""), options.get("reader", ""), lang)


def given_from(program: Program, sha256: str, values: Mapping[str, str], lang: str = "zh") -> FileIn:
    """A kept file with the choices of a form or an address; what cannot be a choice is passed over."""
    kind: Kind = next((kind for kind in KINDS if kind == values.get("kind")), "invoices")
    chosen = {name: _whole(values.get(f"col_{name}", ""), 200) for name in FIELDS[kind]}
    return FileIn(
        values.get("name", "ledger")[:120], sha256,
        table_from(program, sha256, values.get("sheet", ""), values.get("reader", ""), lang), kind,
        {name: index for name, index in chosen.items() if index is not None}, values.get("order", ""),
        _currency(values.get("currency", "")) or program.settings.currency, values.get("seller", "").strip()[:40],
        max(0, _whole(values.get("term_days", ""), 3660) or 0), lang)


def _whole(text: str, most: int) -> int | None:
    """A whole number from -1 to ``most``, or None."""
    return min(int(text), most) if re.fullmatch(r"-1|\d{1,4}", text) else None


def _currency(text: str) -> str:
    code = text.strip().upper()
    return code if re.fullmatch(r"[A-Z]{3}", code) else ""


#: A larger table is read anew for each step of its import rather than kept in the web process.
_KEPT_ROWS = 20_000
_kept: dict[tuple[str, str, str], Table] = {}


def _read(path: str, sheet: str, by: Callable[[bytes], Table | None], reader: str) -> Table:
    """Read once for the several steps of one import (bytes under a hash never change); one table is kept."""
    key = (path, sheet, reader)
    found = _kept.get(key)
    if found is None:
        with open(path, "rb") as file:
            data = file.read()
        found = by(data) or read_table(data, sheet or None)
        _kept.clear()
        if len(found.rows) <= _KEPT_ROWS:
            _kept[key] = found
    return found
