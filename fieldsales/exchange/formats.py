"""Files of formats that plugins know: recognised by their first bytes, read in a process of their own, kept as a table.

What a plugin read becomes a table under our own headings, so that it goes the way of every ledger: the same look
beforehand, the same error book, the same way back. Each row keeps the line it stood in.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from fieldsales.exchange.columns import KINDS, LABELS
from fieldsales.exchange.headers import guess_kind
from fieldsales.exchange.tables import MAX_BYTES, MAX_ROWS, Row, Table, read_table
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.plugin_api import filechild
from fieldsales.plugin_api.importers import (
    FIRST_BYTES,
    LARGEST_FILE,
    CustomerLine,
    FileRead,
    Importer,
    InvoiceLine,
    PaymentLine,
)
from fieldsales.plugin_api.manager import PluginFailed
from fieldsales.plugin_api.validate import Garbage

HOOK = "importers"
#: The choice that leaves every plugin aside: the file's columns are mapped by hand.
BY_HAND = "-"
#: Starting Python and importing the plugin is not held against the reading.
START_S = 15.0
_START = ("import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
          "from fieldsales.plugin_api.filechild import main; main()")
_PAYMENT = ("line", "customer_name", "amount", "currency", "received_on", "number", "payer", "reference",
            "invoice_numbers")
_INVOICE = ("line", "customer_code", "customer_name", "number", "issued_on", "due_on", "total", "currency")
_CUSTOMER = ("line", "customer_code", "customer_name", "phone", "address", "contact", "reg_no")


def recognised(program: Any, name: str, data: bytes) -> str:
    """The name of the importer that knows this file, or "". One that fails is passed over."""
    first = data[:FIRST_BYTES]
    for importer in program.plugins.declared(HOOK):
        with contextlib.suppress(PluginFailed):
            if program.plugins.ask(HOOK, importer, lambda one: one.recognises(name, first)) is True:
                return str(importer)
    return ""


def known_as(program: Any, name: str, data: bytes, wanted: str, lang: str) -> tuple[str, str]:
    """(the importer that knows the file, "" for none; what is in it). ``wanted``: the kind a person chose, or "".

    Raises Invalid when nothing can read it.
    """
    reader = recognised(program, name, data) if len(data) <= MAX_BYTES else ""
    if reader:
        table_by(program, reader, data, lang)
        return reader, str(program.plugins.declared(HOOK)[reader].brings)
    table = read_table(data)
    return "", wanted if wanted in KINDS else guess_kind(table.rows)


def ways(program: Any, now: str, asked: str, by_hand: tuple[str, Callable[[str], str]], lang: str
         ) -> tuple[str, tuple[tuple[str, str, str], ...]]:
    """(what the importer that read the file is called, the other ways to read it: (name, words, kind)).

    ``now``: that importer, or ""; ``asked``: what the address says. A file nobody recognised has no other way.
    """
    known = {name: (str(one.labels[lang]), str(one.brings)) for name, one in program.plugins.declared(HOOK).items()}
    kind, say = by_hand
    every = known | {BY_HAND: (say(N_("columns mapped by hand")), kind)}
    others = tuple((name, *said) for name, said in every.items() if name != (now or BY_HAND) and (now or asked))
    return known.get(now, ("", ""))[0], others


def table_by(program: Any, importer: str, data: bytes, lang: str = "zh") -> Table:
    """The file as a table, read by an importer. Raises Invalid, in words, when it cannot be."""
    one: Importer | None = program.plugins.declared(HOOK).get(importer)
    if one is None:
        raise Invalid("exchange.reader_away", N_("The reader “%(name)s” is not working just now. Map the columns by "
                                                 "hand, or try again later."), name=importer)
    if len(data) > LARGEST_FILE:
        raise Invalid("exchange.too_large_for_reader", N_("The file is larger than %(limit)s MB. Export fewer days."),
                      limit=LARGEST_FILE // 1_000_000)
    return table_of_read(one, _apart(program, one, data, lang))


def _apart(program: Any, one: Importer, data: bytes, lang: str) -> FileRead:
    plugin = program.plugins.brought_by(HOOK, one.name)
    status = next(found for found in program.plugins.status() if found.name == plugin)
    brief = filechild.FileBrief(
        plugin, status.origin, status.where, one.name, dict(program.plugins.settings_of(plugin)),
        (str(program.settings.home),), len(data))
    code, said = _child(pickle.dumps(brief) + data, brief.seconds + START_S)
    if code == filechild.UNREADABLE:
        raise Invalid("exchange.reader_says", N_("%(text)s"), text=json.loads(said).get(lang, ""))
    if code not in (filechild.FINE, filechild.RAISED, filechild.GARBAGE):
        program.plugins.failed(plugin, "timed_out", f"{one.name}: no answer in time, or too much memory")
        raise Invalid("exchange.reader_ended", N_("The reader “%(name)s” took too long or too much memory. Export "
                                                  "fewer days, or map the columns by hand."), name=one.labels[lang])
    try:
        if code == filechild.FINE:
            return filechild.heard(said, one)
        why = said.decode("utf-8", "replace")
    except Garbage as error:
        why = str(error)
    program.plugins.failed(plugin, "raised", f"{one.name}: {why}"[:300])
    raise Invalid("exchange.reader_failed", N_("The reader “%(name)s” could not read the file (%(why)s). Map the "
                                               "columns by hand."), name=one.labels[lang], why=why[:200])


def _child(told: bytes, seconds: float) -> tuple[int, bytes]:
    """Run the child and wait; returns its exit code and what it said. Leaves no process behind."""
    with tempfile.TemporaryDirectory(prefix="fs-file-") as folder, tempfile.TemporaryFile() as given, \
            tempfile.TemporaryFile() as handed:  # fmt: skip
        given.write(told)
        given.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _START, json.dumps([os.path.abspath(one) for one in sys.path])],
            stdin=given, stdout=handed, stderr=subprocess.DEVNULL, cwd=folder, start_new_session=True, close_fds=True,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder},
        )  # fmt: skip
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            return -1, b""
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        handed.seek(0)
        return child.returncode, handed.read()


def table_of_read(one: Importer, found: FileRead) -> Table:
    """What was read as a table under our own headings, in the order of the file's lines."""
    header, cells = {"payments": (_PAYMENT, _payment), "invoices": (_INVOICE, _invoice),
                     "customers": (_CUSTOMER, _customer)}[one.brings]
    lines: list[tuple[int, Row]] = [(row.line, cells(row)) for row in found.rows]  # type: ignore[operator]
    width = len(header)
    lines += [(problem.line, [problem.line, *[""] * (width - 1)]) for problem in found.problems]
    rows: list[Row] = [[LABELS[name] for name in header]]
    at: dict[int, int] = {}
    for line, row in sorted(lines, key=lambda pair: pair[0]):
        # a row stands where its line does, so that what is said of it names the line of the file
        rows += [[] for _ in range(min(line, MAX_ROWS) - len(rows) - 1)]
        rows.append(row)
        at[line] = len(rows)
    if not found.rows and not found.problems:
        raise Invalid("exchange.nothing_came_in", N_("No money came in by this file: %(count)s lines were left out."),
                      count=len(found.passed))
    return Table(rows, one.name, problems=tuple((at[problem.line], problem.text) for problem in found.problems),
                 notes=found.notes, passed=len(found.passed), reader=one.name)


def _payment(row: PaymentLine) -> Row:
    return [row.line, row.payer or "–", str(row.amount), row.currency, row.received_on.isoformat(), row.key, row.payer,
            row.reference[:120], ", ".join(row.invoice_numbers)]


def _invoice(row: InvoiceLine) -> Row:
    return [row.line, row.customer_code, row.customer_name, row.number, row.issued_on.isoformat(),
            row.due_on.isoformat(), str(row.amount), row.currency]


def _customer(row: CustomerLine) -> Row:
    return [row.line, row.code, row.name, row.phone, row.address, row.contact, row.reg_no]
