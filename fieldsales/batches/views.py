"""Office pages of batches: chosen and previewed, made with progress, printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask_babel import gettext
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from fieldsales.batches import printing, queries
from fieldsales.batches.messages import MOST_PIECES
from fieldsales.batches.pieceviews import piece_views  # noqa: F401 - a blueprint of this room
from fieldsales.batches.rules import posting_order
from fieldsales.collection.choosing import Judge, Seat, Wanted, candidates, seats, stages
from fieldsales.collection.questions import Drawn, draw_fields, read_answers
from fieldsales.collection.rules import may_use
from fieldsales.documents.press import PressFault
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, Stale
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.paging import whole_key
from fieldsales.people.rules import scope_of
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.fields import Field
from fieldsales.plugin_api.manager import PluginFailed
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.web.access import access, missing
from fieldsales.web.filters import lang
from fieldsales.web.forms import Errors, command_id, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import asked_for
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("batches", __name__)
OFFICE = ("manager", "finance", "legal", "admin")
nav(NavItem("batches.index", N_("Batches"), "mail", 47, OFFICE, group=N_("Collecting")))
#: How late, and how long without proof, the filters offer: in days.
LATE, UNPROVEN = (1, 15, 30, 60, 90), (15, 30, 60, 90)


def methods() -> dict[str, CollectionMethod]:
    """The methods that may be used for many at once by whoever is looking, by name."""
    return {name: one for name, one in here().plugins.methods.items() if one.batch and may_use(actor(), one)}


def chosen_method(name: str) -> CollectionMethod:
    """The method asked for, else the first; nothing is here where there is none."""
    known = methods()
    found = known.get(name) if name else next(iter(known.values()), None)
    if found is None:
        raise missing()
    return found


@dataclass(frozen=True, slots=True)
class BatchesPage:
    """The batches so far. ``names``: of methods, by code."""

    rows: tuple[Any, ...]
    names: dict[str, str]
    may_start: bool


@views.get("/batches")
@access(*OFFICE)
def index() -> str:
    """Batches so far: one's own, everybody's for the administrator."""
    who, known = actor(), methods()
    with reading() as connection:
        rows = queries.batches_of(connection, None if who.role == "admin" else who.user_id)
    return page("batches/index.html", BatchesPage(
        tuple(rows), {name: one.labels[lang()] for name, one in here().plugins.methods.items()}, bool(known)))


@dataclass(frozen=True, slots=True)
class NewPage:
    """Choosing: filters, the questions asked once, and who takes part. ``seats``: in posting order."""

    method: str
    title: str
    choices: tuple[tuple[str, str], ...]
    wanted: Wanted
    stages: tuple[tuple[str, str], ...]
    late: tuple[int, ...]
    unproven: tuple[int, ...]
    fields: tuple[Drawn, ...]
    seats: tuple[Seat, ...]
    ready: int
    today: Any
    lang: str
    currency: str
    errors: Errors


def _asked(method: CollectionMethod) -> tuple[Field, ...]:
    # asked once for the whole batch: its form has no other question they could depend on
    named = method.batch.fields if method.batch else ()
    return tuple(one for one in method.fields if one.name in named)


def _wanted() -> Wanted:
    late, unproven = whole_key(request.values.get("late", "")), whole_key(request.values.get("unproven", ""))
    stage = request.values.get("case_stage", "")
    return Wanted(min(max(late or 30, 1), 3650), stage if stage in dict(stages()) else "",
                          min(max(unproven or 0, 0), 3650))


def _seats(method: CollectionMethod, wanted: Wanted) -> tuple[Seat, ...]:
    program, who = here(), actor()
    answers = {**(method.batch.answers if method.batch else {}), **_answers(method)}
    with reading() as connection:
        found = candidates(connection, scope_of(who), method.name, wanted, program.today, program.clock.now(),
                                   MOST_PIECES)
        judge = Judge(program.plugins, method, answers, who, program.today, program.clock.now())
        judged = {seat.who.id: seat for seat in seats(connection, judge, found)}
    order = posting_order((one.id, one.address, one.name) for one in found)
    return tuple(judged[key] for key in order)


def _answers(method: CollectionMethod) -> dict[str, Any]:
    read = read_answers(_asked(method), request.values, here().settings.currency, lambda field, name: None)
    return {name: value for name, value in read.items() if value not in (None, "")}


def _new(method: CollectionMethod, errors: Errors) -> str:
    wanted = _wanted()
    found: tuple[Seat, ...] = ()
    if request.args.get("look") or request.method == "POST":
        found = _seats(method, wanted)
    return page("batches/new.html", NewPage(
        method.name, method.labels[lang()], tuple((name, one.labels[lang()]) for name, one in methods().items()),
        wanted, tuple((stage, words[lang()]) for stage, words in stages()), LATE, UNPROVEN,
        draw_fields(_without_conditions(method), lang(), dict(request.values.items())), found,
        sum(not seat.out for seat in found), here().today, lang(), here().settings.currency, errors))


def _without_conditions(method: CollectionMethod) -> tuple[Field, ...]:
    answered = method.batch.answers if method.batch else {}
    return tuple(replace(one, when=None) if one.when and one.when[0] in answered else one for one in _asked(method))


@views.get("/batches/new")
@access(*OFFICE)
def new() -> str:
    """Choose customers and see who takes part, and why not; nothing is made yet."""
    return _new(chosen_method(asked_for("method")), {})


@views.post("/batches")
@access(*OFFICE)
def start() -> Any:
    """Make them all: the worker goes to work, the page shows how far it is."""
    method, ticked = chosen_method(field_text("method")), request.form.getlist("customer")
    answers, wanted = _answers(method), _wanted()
    whole = {**(method.batch.answers if method.batch else {}), **answers}
    _, wrong = read_fields(method.fields, whole, currency=here().settings.currency, locale=lang())
    errors = {one.field: gettext(one.message, **one.params) for one in wrong}
    if not ticked:
        errors = {"": gettext("Nobody is chosen. Tick whom it is for.")}
    batch_id = derived_id(command_id(), "batch")
    errors = errors or submit("batches.start_batch", {
        "batch_id": batch_id, "method": method.name, "fields": answers, "customer_ids": ticked,
        "chosen": {"late": wanted.late, "stage": wanted.stage, "unproven": wanted.unproven}})
    if errors:
        return _new(method, errors), 422
    return redirect(url_for("batches.show", batch_id=batch_id), 303)


@dataclass(frozen=True, slots=True)
class Row:
    """A piece as its page shows it."""

    piece: queries.Piece
    papers: tuple[queries.PaperOf, ...]
    why: str


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch. ``sealed`` of ``papers`` are sealed; ``sheets``: (name, label) of what is printed over all of it."""

    batch: Any
    title: str
    rows: tuple[Row, ...]
    made: int
    left_out: int
    papers: int
    sealed: int
    sheets: tuple[tuple[str, str], ...]
    is_followed: bool


def _batch(batch_id: str) -> Any:
    with reading() as connection:
        row = queries.batch_row(connection, batch_id)
    who = actor()
    if row is None or (row.by_id != who.user_id and who.role != "admin"):
        raise missing()
    return row


@views.get("/batches/<batch_id>")
@access(*OFFICE)
def show(batch_id: str) -> str:
    """How far a batch is; then its pieces, what to print, and why some are left out."""
    row = _batch(batch_id)
    with reading() as connection:
        pieces = queries.pieces_of(connection, batch_id)
        papers = queries.papers_of(connection, [one.action_id for one in pieces])
    method, counted = here().plugins.method(row.method), [one for group in papers.values() for one in group]
    over_all = printing.sheets_for(here().plugins, row.method, "batch")
    return page("batches/show.html", BatchPage(
        row, method.labels[lang()] if method else row.method,
        tuple(Row(one, tuple(papers.get(one.action_id, ())), one.why_en if lang() == "en" else one.why_zh)
              for one in pieces),
        sum(one.outcome is not None for one in pieces), sum(one.state == "left_out" for one in pieces), len(counted),
        sum(one.sha256 is not None for one in counted), tuple((one.name, one.labels[lang()]) for one in over_all),
        bool(method and method.batch and method.batch.tracking)))


def _pdf(content: bytes, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers.set("Content-Disposition", "inline", filename=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@views.get("/batches/<batch_id>/print.pdf")
@access(*OFFICE)
def whole_print(batch_id: str) -> Response:
    """Every paper of the batch as one file to print, in posting order, each behind its address."""
    row = _batch(batch_id)
    if not row.print_sha256:
        raise Stale("batches.not_printed", N_("The file to print is still being put together. Try again in a moment."))
    return _pdf(here().parts["blobs"].read(row.print_sha256), f"batch-{on_date(row.made_at):%Y%m%d}.pdf")


@views.get("/batches/<batch_id>/sheets/<sheet>.pdf")
@access(*OFFICE)
def sheet(batch_id: str, sheet: str) -> Any:
    """A sheet over the whole batch, as things stand now: labels, the posting list with its numbers."""
    row, program = _batch(batch_id), here()
    offered = printing.sheets_for(program.plugins, row.method, "batch")
    template = next((one for one in offered if one.name == sheet), None)
    method = program.plugins.method(row.method)
    if template is None or method is None:
        raise missing()
    with reading() as connection:
        pieces = queries.pieces_of(connection, batch_id)
        papers = queries.papers_of(connection, [one.action_id for one in pieces])
        followed = method.batch.tracking if method.batch else None
        known = {one.root: one.number for one in queries.waiting_pieces(
            connection, scope_of(actor()), row.method, followed, ended=True)} if followed else {}
    facts = [printing.facts_of(n, piece, paper, known.get(piece.action_id, ""))
             for n, (piece, paper) in enumerate(printing.in_order(pieces, papers), 1)]
    today = program.today
    on = f"{today:%Y-%m-%d}" if lang() == "en" else f"{today.year}年{today.month}月{today.day}日"
    try:
        made = printing.over_all(program.plugins, template, facts, on, lang())
    except (PluginFailed, PressFault) as failure:
        return refused({"": str(failure)[:200]}, url_for("batches.show", batch_id=batch_id))
    return _pdf(made, f"{sheet}.pdf")
