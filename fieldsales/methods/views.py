"""Pages of written methods: the list, the editor, a file in and out, the history, and the way on to Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.extensions.standing import standing_of
from fieldsales.kernel.errors import N_
from fieldsales.methods import queries
from fieldsales.methods.editor import judged, page_of
from fieldsales.methods.packing import packed
from fieldsales.methods.service import KEEPERS
from fieldsales.methods.starting import examples, starter
from fieldsales.methods.typed import Document, document_of, press
from fieldsales.plugin_api.written import MOST_SIGNS, NotWritten, parse, read, write
from fieldsales.plugin_api.written.shape import slim
from fieldsales.web.access import access, missing
from fieldsales.web.filters import lang
from fieldsales.web.forms import Errors, done, field_text, refused, submit
from fieldsales.web.here import here, reading
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("methods", __name__)
nav(NavItem("methods.every", N_("Own methods"), "plugins", 85, KEEPERS, group=N_("Administration")))


@dataclass(frozen=True, slots=True)
class Line:
    """One method in the list. ``state``: active | off | failed | suspended | disabled; ``error``: why it failed."""

    name: str
    label: str
    hint: str
    n: int
    form_version: int
    state: str
    error: str
    by: str
    at: Any


@dataclass(frozen=True, slots=True)
class MethodsPage:
    """Every method written here. ``faults``: what was wrong with a file that was not taken in.

    ``examples``: (name, label) of those that come along and are not in use yet.
    """

    methods: tuple[Line, ...]
    faults: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Every version of one method."""

    name: str
    label: str
    versions: tuple[Any, ...]
    is_on: bool
    text: str


def _document(text: str) -> Document:
    """The document of a kept text; empty when a newer program cannot read it any more."""
    try:
        return parse(text)
    except NotWritten:
        return {}


def _label(text: str, name: str) -> str:
    labels = _document(text).get("labels") or {}
    return str(labels.get(lang()) or labels.get("zh") or name)


def _line(row: Any, states: dict[str, Any]) -> Line:
    known, hint = states.get(row.name), _document(row.text).get("hint") or {}
    state = known.state if known and known.origin == queries.ORIGIN else "failed"
    error = known.last_error if known and known.origin == queries.ORIGIN else gettext("Another plugin has this name.")
    if not row.is_on:
        state, error = "off", ""
    return Line(row.name, _label(row.text, row.name), str(hint.get(lang(), "")), row.n, row.form_version, state,
                error if state in ("failed", "suspended") else "", row.by, row.at)


def _listed(faults: tuple[str, ...] = ()) -> str:
    with reading() as connection:
        rows = queries.every(connection)
    states = {one.name: one for one in here().plugins.status()}
    known = {row.name for row in rows}
    offered = tuple((name, str(one["labels"][lang()])) for name, one in examples().items() if name not in known)
    return page("methods/list.html", MethodsPage(tuple(_line(row, states) for row in rows), faults, offered))


def _versions(name: str) -> list[Any]:
    with reading() as connection:
        found = queries.history(connection, name)
    if not found:
        raise missing()
    return found


def _version(name: str) -> Any:
    """The version asked for with ``n``, else what stands."""
    rows, wanted = _versions(name), request.args.get("n", "")
    found = next((row for row in rows if str(row.n) == wanted), None) if wanted else rows[0]
    if found is None:
        raise missing()
    return found


@views.get("/methods")
@access(*KEEPERS)
def every() -> str:
    """The methods written here."""
    return _listed()


@views.get("/methods/new")
@access(*KEEPERS)
def new() -> str:
    """The editor with the beginning of a method, with an example, or with a copy of one."""
    of, example = request.args.get("of", ""), request.args.get("example", "")
    document = examples().get(example) or starter()
    if of:
        document = {**_document(_version(of).text), "name": "", "version": 1}
        document["labels"] = {key: f"{text} 2"[:40] for key, text in (document.get("labels") or {}).items()}
    return _editor(document, known=False, was=0)


@views.get("/methods/<method>/edit")
@access(*KEEPERS)
def edit(method: str) -> str:
    """The editor with what stands, or with an earlier version to go on from."""
    return _editor(_document(_version(method).text), known=True, was=_versions(method)[0].n)


def _editor(document: Document, *, known: bool, was: int, errors: Errors | None = None, tell: bool = False) -> str:
    return page("methods/edit.html", page_of(
        document, known=known, was=was, lang=lang(), currency=here().settings.currency,
        typed=request.form.to_dict(), errors=errors, tell=tell))


@views.post("/methods/write")
@access(*KEEPERS)
def write_down() -> Any:
    """A button of the editor: rows added and dropped, tried out, or the whole saved."""
    document = document_of(request.form, here().settings.currency, _taken())
    pressed, sent = request.form.get("do", "look"), field_text("was")
    known, was = bool(field_text("known")), int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 0
    if pressed != "save":
        changed = press(document, pressed) if pressed.partition(":")[0] in ("add", "drop", "up") else document
        return _editor(changed, known=known, was=was)
    shown = _editor(document, known=known, was=was, tell=True)
    written, _faults = judged(document)
    if written is None:
        return shown, 422
    text = write(slim(written.document))
    errors = submit("methods.write_method", {"text": text, "was": was, "note": field_text("note")})
    if errors:
        return _editor(document, known=known, was=was, errors=errors, tell=True), 422
    _loaded_anew()
    return done(gettext("Saved. It is on the customers' pages now, and on phones after their next exchange."),
                url_for("methods.every"))


def _taken() -> set[str]:
    """Every name of a plugin or method there is."""
    with reading() as connection:
        found = {row.name for row in queries.every(connection)}
    return found | {name for one in here().plugins.status() for name in (one.name, *one.methods)}


def _loaded_anew() -> None:
    """This process knows the change at once; the others see it within a second."""
    standing_of(here()).look(at_once=True)


@views.post("/methods/import")
@access(*KEEPERS)
def take_in() -> Any:
    """A file made in another house: opened in the editor, to be looked at and tried before it is saved."""
    sent = request.files.get("file")
    try:
        document = dict(read(sent.stream.read(4 * MOST_SIGNS + 1) if sent else b"").document)
    except NotWritten as wrong:
        return _listed(tuple(one.said(lang()) for one in wrong.faults[:30])), 422
    with reading() as connection:
        rows = queries.history(connection, document["name"])
    return _editor(document, known=bool(rows), was=rows[0].n if rows else 0)


@views.get("/methods/<method>/file")
@access(*KEEPERS)
def file(method: str) -> Response:
    """The TOML file: put into another house's plugin folder, or taken in on its page."""
    return _download(_version(method).text.encode(), f"{method}.toml", "application/toml")


@views.get("/methods/<method>/python")
@access(*KEEPERS)
def python(method: str) -> Response:
    """The same method as a plugin in Python, with its tests, for what outgrows the page."""
    return _download(packed(read(_version(method).text)), f"{method}.zip", "application/zip")


def _download(body: bytes, name: str, kind: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@views.get("/methods/<method>/history")
@access(*KEEPERS)
def history(method: str) -> str:
    """Every version: who, when, why, and its text."""
    rows, chosen = _versions(method), _version(method)
    return page("methods/history.html", HistoryPage(
        method, _label(rows[0].text, method), tuple(rows), rows[0].is_on, chosen.text))


@views.post("/methods/<method>/switch")
@access(*KEEPERS)
def switch(method: str) -> Response:
    """Switch a method off, or on again."""
    rows, is_on = _versions(method), field_text("on") == "1"
    target = url_for("methods.every")
    note = gettext("Put to use again") if is_on else gettext("Taken out of use")
    errors = submit("methods.switch_method", {"name": method, "was": rows[0].n, "is_on": is_on, "note": note})
    if errors:
        return refused(errors, target)
    _loaded_anew()
    return done(gettext("Switched on.") if is_on else gettext(
        "Switched off. What phones made with it meanwhile is kept and waits for it."), target)
