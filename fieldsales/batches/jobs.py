"""What the worker does for batches: one action a customer, then one file to print. Killed at any point, it goes on."""

from __future__ import annotations

import logging
from typing import Any

from fieldsales.batches import printing
from fieldsales.batches.queries import Piece, batch_row, papers_of, pieces_of
from fieldsales.batches.service import MAKE_TOPIC, PRINT_TOPIC
from fieldsales.documents.keeping import keep
from fieldsales.documents.press import PressFault
from fieldsales.kernel.errors import Invalid, Stale, TradeError
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import SYSTEM, Actor
from fieldsales.kernel.sentences import say
from fieldsales.people.queries import actor_by_id
from fieldsales.plugin_api.manager import PluginFailed
from fieldsales.store.outbox import Later, job
from fieldsales.web.here import Program

log = logging.getLogger(__name__)
#: Of a batch that cannot be ordered any more: who ordered it may not act.
_GONE = {"why_zh": "下单的人已不在", "why_en": "Whoever ordered it may not act any more"}


@job(MAKE_TOPIC)
def make_batch(program: Program, payload: dict[str, Any]) -> None:
    """Make one action for each customer, in order, each by a command whose id is the piece's own: run twice, or gone on
    with after a crash, none is doubled. What stands in the way leaves that customer out, with the reason."""
    batch_id = payload["batch_id"]
    with program.store.reading() as connection:
        batch, pieces = batch_row(connection, batch_id), pieces_of(connection, batch_id)
        actor = actor_by_id(connection, batch.by_id) if batch is not None else None
    if batch is None or batch.state != "running":
        return
    for piece in pieces:
        if piece.state == "waiting" and piece.outcome is None:
            _make(program, actor, batch, piece)
    program.dispatcher.perform(SYSTEM, "batches.record_made", {"batch_id": batch_id})


def _make(program: Program, actor: Actor | None, batch: Any, piece: Piece) -> None:
    left_out = {"batch_id": batch.id, "item_id": piece.item_id}
    if actor is None:
        program.dispatcher.perform(SYSTEM, "batches.leave_out", {**left_out, **_GONE})
        return
    method = program.plugins.method(batch.method)
    if method is None:
        raise Later(f"the method {batch.method} is away", patient=True)
    command = {"action_id": piece.action_id, "customer_id": piece.customer_id, "method": batch.method,
               "form_version": method.version, "fields": batch.fields}  # fmt: skip
    try:
        program.dispatcher.perform(actor, "collection.take_action", command,
                                   command_id=derived_id(piece.action_id, "command"))
    except Stale as error:
        raise Later(str(error), patient=True) from error
    except TradeError as error:
        why = {f"why_{lang}": say(error.message, lang, **error.params) for lang in ("zh", "en")}
        program.dispatcher.perform(SYSTEM, "batches.leave_out", {
            **left_out, **{name: text[:120] for name, text in why.items()}})


@job(PRINT_TOPIC)
def print_batch(program: Program, payload: dict[str, Any]) -> None:
    """Put the file to print together once every paper is sealed: bytes first, then the row that names them."""
    batch_id = payload["batch_id"]
    with program.store.reading() as connection:
        batch, pieces = batch_row(connection, batch_id), pieces_of(connection, batch_id)
        papers = papers_of(connection, [piece.action_id for piece in pieces])
    if batch is None or batch.state == "running":
        return
    waiting = sum(paper.state == "sealing_pending" for group in papers.values() for paper in group)
    if waiting:
        raise Later(f"{waiting} papers are not sealed yet", patient=True)
    printed = printing.in_order(pieces, papers)
    if not printed:
        return
    facts = [printing.facts_of(n, piece, paper) for n, (piece, paper) in enumerate(printed, 1)]
    blobs = program.parts["blobs"]
    try:
        sheets = [printing.before_each(program.plugins, template, facts, "zh")
                  for template in printing.sheets_for(program.plugins, batch.method, "piece")]
        content, pages = printing.together(sheets, [blobs.read(paper.sha256) for _, paper in printed])
    except (PluginFailed, PressFault, Invalid) as error:
        raise Later(str(error)) from error
    sha256 = keep(program.dispatcher, blobs, content, "application/pdf", program.clock.now())
    program.dispatcher.perform(SYSTEM, "batches.record_print", {"batch_id": batch_id, "sha256": sha256, "pages": pages})
