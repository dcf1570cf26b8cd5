"""The process a file is read in: the limits and walls of a job, no host at all, and the lines back as JSON."""

from __future__ import annotations

import json
import os
import pickle
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from fieldsales.plugin_api import importers as i
from fieldsales.plugin_api import jobchild
from fieldsales.plugin_api.contributing import contribution
from fieldsales.plugin_api.isolation import describe
from fieldsales.plugin_api.loading import in_folder, installed
from fieldsales.plugin_api.validate import Garbage

#: How a reading ends, by the process's exit code: read, raised, garbage, the file cannot be read (in its own words).
FINE, RAISED, GARBAGE, UNREADABLE = 0, 81, 82, 85
SECONDS, MEMORY_MB, ANSWER_MB = 60, 512, 100
_KINDS: Mapping[str, type] = {"payments": i.PaymentLine, "invoices": i.InvoiceLine, "customers": i.CustomerLine}


@dataclass(frozen=True, slots=True)
class FileBrief:
    """What the child is told. ``closed``: folders it may not read. The file's bytes follow on the same pipe."""

    plugin: str
    origin: str
    where: str
    importer: str
    settings: Mapping[str, object]
    closed: tuple[str, ...]
    size: int
    seconds: int = SECONDS
    memory_mb: int = MEMORY_MB
    answer_mb: int = ANSWER_MB
    hosts: tuple[str, ...] = ()


def main() -> None:
    """Read the brief and the file from stdin, write the lines to stdout; the exit code says how it went."""
    brief: FileBrief = pickle.load(sys.stdin.buffer)  # written by the program, of our own making
    data = sys.stdin.buffer.read(brief.size)
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a plugin prints is no answer
    jobchild.limit(brief)
    code, said = _read(brief, data)
    answer.write(said)
    answer.close()
    sys.exit(code)


def _read(brief: FileBrief, data: bytes) -> tuple[int, bytes]:
    try:
        every = installed() if brief.origin == "installed" else in_folder(Path(brief.where).parent, brief.origin)
        plugin = next(one for one in every if one.name == brief.plugin)
        declared = contribution(plugin).declared["importers"]
        one: i.Importer = next(one for one in declared if one.name == brief.importer)
        jobchild.walls(brief)
        return FINE, written(i.file_read(one.read(data, brief.settings), one))
    except i.Unreadable as error:
        return UNREADABLE, json.dumps({"zh": str(error.text.get("zh", ""))[:300],
                                       "en": str(error.text.get("en", ""))[:300]}, ensure_ascii=False).encode()
    except Garbage as error:
        return GARBAGE, describe(error).encode()
    except BaseException as error:
        traceback.print_exc()
        return RAISED, describe(error).encode()


def written(found: i.FileRead) -> bytes:
    """The lines as they go through the pipe. They have been checked."""
    def plain(row: Any) -> list[Any]:
        values = (getattr(row, one.name) for one in fields(row))
        return [str(v) if isinstance(v, Decimal) else v.isoformat() if isinstance(v, date)
                else list(v) if isinstance(v, tuple) else v for v in values]

    return json.dumps({
        "rows": [plain(row) for row in found.rows], "passed": list(found.passed),
        "problems": [[one.line, dict(one.text)] for one in found.problems],
        "notes": [dict(one) for one in found.notes]}, ensure_ascii=False, allow_nan=False).encode()


def heard(data: bytes, of: i.Importer) -> i.FileRead:
    """The answer of a process nobody trusts, checked by type and bound. Raises Garbage."""
    kind = _KINDS[of.brings]
    try:
        told = json.loads(data)
        rows = tuple(kind(**_row(kind, row)) for row in told["rows"])
        problems = tuple(i.LineProblem(line, text) for line, text in told["problems"])
        found = i.FileRead(rows, problems, tuple(told["passed"]), tuple(told["notes"]))
    except (ValueError, TypeError, KeyError, InvalidOperation, RecursionError) as error:
        raise Garbage(f"the answer cannot be read: {type(error).__name__}: {error}") from error
    return i.file_read(found, of)


def _row(kind: type, values: list[Any]) -> dict[str, Any]:
    names = [one.name for one in fields(kind)]
    row = dict(zip(names, values, strict=True))
    for name in names:
        if name == "amount":
            row[name] = Decimal(row[name])
        elif name.endswith("_on"):
            row[name] = date.fromisoformat(row[name])
        elif name == "invoice_numbers":
            row[name] = tuple(row[name])
    return row
