"""Office pages of pieces on their way: numbers typed or scanned in a list, a carrier's table, scans of receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from fieldsales.batches.entering import Entered, Note, enter, match
from fieldsales.batches.queries import Waiting, waiting_pieces
from fieldsales.batches.rules import answers_for, plain, read_told, whose
from fieldsales.collection.rules import may_use
from fieldsales.exchange.tables import read_table
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.people.rules import scope_of
from fieldsales.plugin_api.batches import STEPS, Tracking
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.receivables.paperfiles import read_paper
from fieldsales.receivables.papers import keep_bytes
from fieldsales.web.access import access, missing
from fieldsales.web.errors import say
from fieldsales.web.filters import lang
from fieldsales.web.forms import field_text, refused
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, asked_for, chip_row
from fieldsales.web.pages import NavItem, nav, page

piece_views = Blueprint("pieces", __name__)
OFFICE = ("manager", "finance", "legal", "admin")
nav(NavItem("pieces.on_their_way", N_("On their way"), "mail", 48, OFFICE, group=N_("Collecting")))
STEP_WORDS = {"posted": N_("Posted"), "in_transit": N_("In transit"), "delivered": N_("Delivered"),
              "returned": N_("Came back")}
#: Steps one can put in by hand, row by row; what lies between is of use from a carrier's table alone.
BY_HAND = ("posted", "delivered", "returned")
#: Files of one upload of scans, and problems told at once.
MOST_SCANS, MOST_TOLD = 60, 8


@dataclass(frozen=True, slots=True)
class PiecesPage:
    """The pieces a step may be put in for, the oldest first. ``signers``: as what somebody may have signed."""

    method: str
    title: str
    step: str
    steps: tuple[Chip, ...]
    rows: tuple[Waiting, ...]
    stage_words: dict[str, str]
    signers: tuple[tuple[str, str], ...]
    asks: frozenset[str]
    today: Any
    has_scans: bool


def _followed(name: str) -> tuple[CollectionMethod, Tracking]:
    known = [one for one in here().plugins.methods.values()
             if one.batch and one.batch.tracking and may_use(actor(), one)]
    found = next((one for one in known if not name or one.name == name), None)
    if found is None or found.batch is None or found.batch.tracking is None:
        raise missing()
    return found, found.batch.tracking


def _pieces(method: CollectionMethod, tracking: Tracking, *, ended: bool = False) -> tuple[Waiting, ...]:
    with reading() as connection:
        return waiting_pieces(connection, scope_of(actor()), method.name, tracking, ended=ended)


def _asks(tracking: Tracking, step: str) -> frozenset[str]:
    """Which of number, carrier, day, signed_by, signer, reason the form asks at a step."""
    given = {"number": tracking.number, "day": tracking.days.get(step, ""),
             "carrier": tracking.carrier if step == "posted" else "",
             "signed_by": tracking.signed_by if step == "delivered" else "",
             "signer": tracking.signer if step == "delivered" else "",
             "reason": tracking.reason if step == "returned" else ""}
    return frozenset(name for name, field in given.items() if field)


@piece_views.get("/pieces")
@access(*OFFICE)
def on_their_way() -> str:
    """What waits to be posted, and what is on its way and not proven."""
    method, tracking = _followed(asked_for("method"))
    offered = [step for step in BY_HAND if step in tracking.steps]
    step = asked_for("step") if asked_for("step") in offered else offered[0]
    rows = [one for one in _pieces(method, tracking) if (one.stage.id == one.root) == (step == "posted")]
    signer = next((field for field in method.fields if field.name == tracking.signer), None)
    chips = chip_row("step", [(one, gettext(STEP_WORDS[one])) for one in offered], step)
    return page("batches/pieces.html", PiecesPage(
        method.name, method.labels[lang()], step, chips, tuple(rows),
        {name: gettext(words) for name, words in STEP_WORDS.items()},
        tuple((one.value, one.labels[lang()]) for one in signer.choices) if signer else (), _asks(tracking, step),
        here().today, bool(tracking.proof)))


def _back(method: str, step: str = "") -> str:
    return url_for("pieces.on_their_way", method=method, step=step or None)


def _tell(entered: Entered, *more: str) -> None:
    flash(gettext("%(count)s pieces are put on record.", count=entered.done), "done")
    problems = [f"{name}: {why}" for name, why in entered.refused] + [one for one in more if one]
    if problems:
        flash(" ".join(problems[:MOST_TOLD]), "error")


@piece_views.post("/pieces")
@access(*OFFICE)
def note() -> Response:
    """Put in one step for every row that was filled in."""
    method, tracking = _followed(field_text("method"))
    step = field_text("step")
    if step not in tracking.steps or step not in BY_HAND:
        raise missing()
    notes = []
    for piece in _pieces(method, tracking):
        own = {name: field_text(f"{name}.{piece.root}")[:120] for name in ("number", "day", "signed_by", "signer",
                                                                           "reason")}
        if any(own[name] for name in ("number", "signed_by", "reason")) or (own["day"] and step != "posted"):
            notes.append(Note(piece, answers_for(
                tracking, step, number=own["number"] or piece.number, carrier=field_text("carrier")[:60],
                day=own["day"] or field_text("day"), signed_by=own["signed_by"], signer=own["signer"],
                reason=own["reason"])))
    if not notes:
        return refused({"": gettext("Nothing was filled in.")}, _back(method.name, step))
    _tell(enter(here(), actor(), method, notes))
    return redirect(_back(method.name, step), 303)


@piece_views.post("/pieces/table")
@access(*OFFICE)
def take_table() -> Response:
    """A carrier's table: what it says of our pieces goes on record, the rest is told. The same table twice is one."""
    method, tracking = _followed(field_text("method"))
    sent = request.files.get("file")
    try:
        rows = read_table(sent.read()).rows if sent and sent.filename else []
    except TradeError as error:
        return refused({"": say(error)}, _back(method.name))
    told, is_known = read_told(rows)
    if not is_known:
        return refused({"": gettext("No head with a tracking number and a state, a day or a letter's number was found "
                                    "in the first ten rows.")}, _back(method.name))
    found = match(method, _pieces(method, tracking, ended=True), told, field_text("table_carrier")[:60])
    _tell(enter(here(), actor(), method, found.notes), _named(N_("Not ours: %(names)s."), found.unknown),
          _named(N_("Not understood: %(names)s."), found.unread))
    return redirect(_back(method.name, "delivered"), 303)


def _named(words: str, names: Sequence[str]) -> str:
    shown = "、".join(names[:MOST_TOLD]) + (" …" if len(names) > MOST_TOLD else "")
    return str(gettext(words, names=shown)) if names else ""


@piece_views.post("/pieces/scans")
@access(*OFFICE)
def take_scans() -> Response:
    """Scans of return receipts, matched by the number in each file's name: each is proof of arrival."""
    method, tracking = _followed(field_text("method"))
    pieces = _pieces(method, tracking, ended=True)
    by_root = {one.root: one for one in pieces}
    numbers = {plain(number): one.root for one in pieces for number in (one.paper_number, one.number) if number}
    notes, unknown = [], []
    if not tracking.proof or "delivered" not in tracking.steps:
        raise missing()
    for sent in request.files.getlist("files")[:MOST_SCANS]:
        root = whose(sent.filename or "", numbers)
        if not root:
            unknown += [sent.filename or "?"]
            continue
        try:
            kept = keep_bytes(here(), actor(), [read_paper(sent.filename or "scan", sent.read())])
        except TradeError as error:
            unknown.append(say(error))
            continue
        notes.append(Note(by_root[root], answers_for(
            tracking, "delivered", number=by_root[root].number, day=field_text("scan_day"),
            signed_by=field_text("scan_by")[:60], signer=field_text("scan_as"), proof=kept)))
    _tell(enter(here(), actor(), method, notes), _named(N_("No piece has this number: %(names)s."), unknown))
    return redirect(_back(method.name, "delivered"), 303)


assert set(STEP_WORDS) == set(STEPS)
