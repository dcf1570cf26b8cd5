"""Pages of files in and lists out: hand in, map, look, do, undo; every list as CSV or Excel."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.exchange import pagedata as show
from fieldsales.exchange.bundlepages import bundle_views as bundle_views
from fieldsales.exchange.columns import KINDS, LABELS, MORE_LABELS
from fieldsales.exchange.counselpages import counsel_views as counsel_views
from fieldsales.exchange.errorbook import error_workbook
from fieldsales.exchange.filein import FileIn, from_record
from fieldsales.exchange.formats import BY_HAND, known_as, ways
from fieldsales.exchange.importing import Importer
from fieldsales.exchange.keeping import given_from, keep, table_again
from fieldsales.exchange.lists import EXPORTS, Narrowed, listing
from fieldsales.exchange.outcome import Outcome
from fieldsales.exchange.packpages import pack_views  # noqa: F401 - the roof hangs it in
from fieldsales.exchange.queries import PastImport, past_imports
from fieldsales.exchange.tablefiles import write_csv, write_xlsx
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import scope_of
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.errors import say
from fieldsales.web.filters import lang
from fieldsales.web.forms import Errors, command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import asked_for
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("exchange", __name__)
nav(NavItem("exchange.imports", N_("Import"), "import", 32, ("finance", "admin")))
#: A file with more records than this is taken in by the worker, with progress shown.
AT_ONCE = 12_000
#: A list up to so many bytes never touches the disk.
_IN_MEMORY = 8_000_000
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """The form that takes a file, and what was taken in before."""

    kinds: tuple[tuple[str, str], ...]
    kind: str
    past: tuple[PastImport, ...]
    kind_names: dict[str, str]
    states: dict[str, str]
    errors: Errors


def _imports_page(errors: Errors) -> str:
    with reading() as connection:
        past = past_imports(connection)
    names: dict[str, str] = {kind: gettext(show.KIND_NAMES[kind]) for kind in KINDS}
    return page("exchange/imports.html", ImportsPage(
        tuple(names.items()), field_text("kind"), past, names,
        {state: gettext(words) for state, words in show.STATES.items()}, errors))


@views.get("/import")
@access("finance", "admin")
def imports() -> str:
    """Hand in a ledger; see what was taken in before."""
    return _imports_page({})


@views.post("/import")
@access("finance", "admin")
def hand_in() -> Any:
    """Keep the file, and go on to look at it. Nothing is written to the books yet."""
    sent = request.files.get("file")
    data = sent.read() if sent else b""
    if sent is None or not data:
        return _imports_page({"file": gettext("Choose a file.")}), 422
    name = (sent.filename or "ledger").replace("\\", "/").rsplit("/", 1)[-1][-100:]
    try:
        reader, kind = known_as(here(), name, data, field_text("kind"), lang())
    except TradeError as error:
        return _imports_page({"file": say(error)}), 422
    sha256 = keep(here(), actor(), data)
    return redirect(url_for("exchange.look", sha256=sha256, kind=kind, name=name, reader=reader or None), 303)


@dataclass(frozen=True, slots=True)
class LookPage:
    """A file about to be taken in: its mapping, its dates, and what would come of it."""

    sha256: str
    name: str
    kind: str
    kind_name: str
    kinds: tuple[tuple[str, str], ...]
    table: Any
    fields: tuple[show.FieldChoice, ...]
    columns: tuple[tuple[str, str], ...]
    orders: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]
    given: FileIn
    verdict: show.Verdict | None
    query: str
    hidden: tuple[tuple[str, str], ...]
    reader_name: str
    readers: tuple[tuple[str, str, str], ...]
    errors: Errors


def _given(sha256: str) -> FileIn:
    with reading() as connection:
        return given_from(here(), sha256, request.values, lang()).with_saved(connection)


def _judged(given: FileIn) -> tuple[Outcome | None, Errors]:
    try:
        return Importer(here().dispatcher, actor()).preview(given.reading()), {}
    except TradeError as error:
        return None, {error.field or "": say(error)}


@views.get("/import/files/<sha256>")
@access("finance", "admin")
def look(sha256: str) -> str:
    """Which column is what, how dates are meant, and what would come of it: nothing is written."""
    given = _given(sha256)
    outcome, errors = _judged(given)
    return _look_page(given, outcome, errors)


def _look_page(given: FileIn, outcome: Outcome | None, errors: Errors) -> str:
    header = given.header()
    fields = show.field_choices(given, gettext)
    hidden = [
        ("kind", given.kind), ("name", given.filename), ("order", given.date_order), ("currency", given.currency),
        ("seller", given.seller_code), ("term_days", str(given.term_days)), ("sheet", given.table.sheet),
        ("reader", given.table.reader or BY_HAND)]
    hidden += [(f"col_{choice.name}", str(choice.column)) for choice in fields]
    return page("exchange/look.html", LookPage(
        given.sha256, given.filename, given.kind, gettext(show.KIND_NAMES[given.kind]),
        tuple((kind, gettext(show.KIND_NAMES[kind])) for kind in KINDS), given.table, fields,
        show.headings(given, header, gettext), show.order_choices(gettext),
        show.order_examples(given), given, show.verdict_of(outcome, gettext) if outcome else None,
        request.query_string.decode("ascii", "replace"), tuple(hidden),
        *ways(here(), given.table.reader, request.values.get("reader", ""), (given.kind, gettext), lang()), errors))


@views.post("/import/files/<sha256>")
@access("finance", "admin")
def take_in(sha256: str) -> Any:
    """Take the file in as it was looked at; a long one is handed to the worker."""
    given = _given(sha256)
    outcome, errors = _judged(given)
    if outcome is None:
        return _look_page(given, None, errors), 422
    _keep_mapping(given)
    import_id = derived_id(command_id(), "import")
    size = len(outcome.reading.invoices) + len(outcome.reading.payments) + len(outcome.reading.customers)
    try:
        if size > AT_ONCE:
            import_id = _hand_to_worker(given, import_id)
        else:
            import_id = Importer(here().dispatcher, actor()).run(outcome.reading, given.source(), import_id).import_id
    except TradeError as error:
        return _look_page(given, outcome, {"": say(error)}), 409
    return redirect(url_for("exchange.result", import_id=import_id), 303)


def _keep_mapping(given: FileIn) -> None:
    name = field_text("mapping_name")
    if name:
        wrong = submit("exchange.save_mapping", {
            "mapping_id": derived_id(command_id(), "mapping"), "name": name[:120], "kind": given.kind,
            "signature": given.header().signature,
            "columns": dict(given.columns), "date_order": given.date_order})
        if wrong:
            flash(" ".join(wrong.values()), "error")


def _hand_to_worker(given: FileIn, import_id: str) -> str:
    source = given.source()
    here().dispatcher.perform(actor(), "exchange.open_import", {
        "import_id": import_id, "kind": given.kind, "filename": source.filename, "sha256": source.sha256,
        "columns": source.columns, "date_order": source.date_order, "options": source.options, "by_worker": True})
    return import_id


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What came of an import."""

    done: PastImport
    kind_name: str
    state: str
    records: tuple[tuple[str, int], ...]
    currencies: tuple[str, ...]
    sums: tuple[show.SumRow, ...]
    problems: tuple[show.ProblemRow, ...]
    failure: str
    may_undo: bool


def _past(import_id: str) -> PastImport:
    with reading() as connection:
        found = past_imports(connection, 1, import_id)
    if not found:
        raise missing()
    return found[0]


def _again(done_import: PastImport) -> tuple[FileIn, Outcome] | None:
    """The file of a past import, judged as it was read then; None when it cannot be any more."""
    try:
        table = table_again(here(), done_import.sha256, done_import.mapping, lang())
        given = from_record(table, done_import.filename, done_import.sha256, done_import.kind, done_import.mapping,
                            done_import.date_order, lang())
        return given, Outcome.of(given.reading(), dry_run=True)
    except TradeError:
        return None


@views.get("/import/<import_id>")
@access("finance", "admin")
def result(import_id: str) -> str:
    """Rows and sums of an import, what was refused, and the way back."""
    past = _past(import_id)
    again = _again(past) if past.state in {"done", "undone"} and past.counts.get("rows", {}).get("errors") else None
    currencies, sums = show.stored_sums(past.sums, gettext)
    problems = tuple(show.problem_row(problem, gettext) for problem in again[1].problems[:50]) if again else ()
    failed = past.counts.get("error")
    return page("exchange/result.html", ResultPage(
        past, gettext(show.KIND_NAMES.get(past.kind, past.kind)), gettext(show.STATES.get(past.state, past.state)),
        show.record_words(past.counts, gettext), currencies, sums, problems,
        gettext(failed["message"], **failed["params"]) if failed else "",
        past.state == "done" and past.kind != "customers"))


@views.post("/import/<import_id>/undo")
@access("finance", "admin")
def undo(import_id: str) -> Response:
    """Take an import back whole, or say why not."""
    target = url_for("exchange.result", import_id=_past(import_id).id)
    errors = submit("exchange.undo_import", {"import_id": import_id, "reason": field_text("reason")})
    words = gettext("The import was taken back. The books are as they were before it.")
    return refused(errors, target) if errors else done(words, target)


@views.get("/import/<import_id>/errors.xlsx")
@access("finance", "admin")
def errors_of(import_id: str) -> Response:
    """The rows an import did not take, each with its reason."""
    again = _again(_past(import_id))
    if again is None:
        raise missing()
    given, outcome = again
    return _workbook(error_workbook(given.table.rows, outcome, gettext), given.filename)


@views.get("/import/files/<sha256>/errors.xlsx")
@access("finance", "admin")
def errors_ahead(sha256: str) -> Response:
    """The rows that would not be taken, each with its reason."""
    given = _given(sha256)
    outcome, _wrong = _judged(given)
    if outcome is None:
        raise missing()
    return _workbook(error_workbook(given.table.rows, outcome, gettext), given.filename)


def _workbook(data: bytes, name: str) -> Response:
    return send_file(io.BytesIO(data), _EXCEL, as_attachment=True,
                     download_name=f"{name.rsplit('.', 1)[0]}-errors.xlsx")


@views.get("/export/<kind>")
@access(*EVERYONE)
def export(kind: str) -> Any:
    """A list as a file, narrowed as its page was: ``?format=csv`` or Excel. Only what one may see."""
    if kind not in EXPORTS:
        raise missing()
    form = "csv" if request.args.get("format") == "csv" else "xlsx"
    narrowed = Narrowed(*map(asked_for, ("q", "owner", "team", "customer", "show", "month")))
    stream = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the answer reads it and closes it
    with reading() as connection:
        table = listing(connection, kind, scope_of(actor()), narrowed, gettext, here().settings.zone)
        labels = {**LABELS, **MORE_LABELS}
        header = [gettext(labels[name]) for name in table.fields]
        if form == "csv":
            write_csv(stream, header, table.rows)
        else:
            write_xlsx(stream, header, table.rows, kind)
    stream.seek(0)
    name = f"{kind}-{here().today.isoformat()}.{form}"
    return send_file(stream, "text/csv" if form == "csv" else _EXCEL, as_attachment=True, download_name=name)
