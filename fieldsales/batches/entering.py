"""What a carrier says of many pieces, put on record as the method's own actions, each once however often it is said."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldsales.batches.queries import Waiting
from fieldsales.batches.rules import Told, answers_for, plain
from fieldsales.exchange.dates import find_order, read_date
from fieldsales.kernel.errors import Invalid, TradeError
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Actor
from fieldsales.kernel.sentences import say
from fieldsales.plugin_api.batches import STEPS
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.web.here import Program


@dataclass(frozen=True, slots=True)
class Note:
    """One thing said of one piece: the answers on the method's form."""

    piece: Waiting
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entered:
    """How it went. ``refused``: (whose, why) in the actor's language."""

    done: int
    refused: tuple[tuple[str, str], ...] = ()


def enter(program: Program, actor: Actor, method: CollectionMethod, notes: Iterable[Note]) -> Entered:
    """Put each on record. The same said twice of the same piece is one action: its command is derived from what it
    says."""
    done, refused = 0, []
    for note in notes:
        said = json.dumps(note.fields, sort_keys=True, ensure_ascii=False)
        command_id = derived_id(note.piece.root, f"{method.name} {said}")
        command = {"action_id": derived_id(command_id, "action"), "customer_id": note.piece.customer_id,
                   "method": method.name, "form_version": method.version, "fields": dict(note.fields)}
        try:
            program.dispatcher.perform(actor, "collection.take_action", command, command_id=command_id)
            done += 1
        except TradeError as error:
            refused.append((note.piece.debtor_name, say(error.message, actor.locale, **error.params)))
    return Entered(done, tuple(refused))


@dataclass(frozen=True, slots=True)
class Matched:
    """A carrier's table against our pieces. ``unknown``: numbers of nobody's; ``unread``: lines whose words say
    nothing known; ``nothing_new``: lines we knew."""

    notes: tuple[Note, ...]
    unknown: tuple[str, ...]
    unread: tuple[str, ...]
    nothing_new: int


def match(method: CollectionMethod, pieces: Sequence[Waiting], told: Sequence[Told], carrier: str = "") -> Matched:
    """The lines of a table turned into what is new of each piece: found by the carrier's number, else by the paper's
    own number where the carrier was given that. A piece that moves past its posting is posted by the same line."""
    tracking = method.batch.tracking if method.batch else None
    assert tracking is not None  # its callers show no page without
    by_number = {plain(one.number): one for one in pieces if one.number}
    by_paper = {plain(one.paper_number): one for one in pieces if one.paper_number}
    notes: list[Note] = []
    unknown, unread, old, order = [], [], 0, find_order([line.day for line in told]).order
    for line in told:
        piece = by_number.get(plain(line.number)) or by_paper.get(plain(line.paper)) if line.paper else by_number.get(
            plain(line.number))
        step = line.step or ("posted" if line.paper and not line.status else "")
        if piece is None:
            unknown.append(line.number)
        elif not step or step not in tracking.steps:
            unread.append(f"{line.number}: {line.status}")
        elif not _is_news(piece, step, line.number):
            old += 1
        else:
            day = _day(line.day, order)
            notes.append(Note(piece, answers_for(
                tracking, step, number=line.number[:60], carrier=carrier if step == "posted" else "",
                day=day.isoformat() if day else "", signed_by=line.signed_by[:60], reason=line.reason[:100])))
    return Matched(tuple(notes), tuple(unknown), tuple(unread), old)


def _day(cell: Any, order: Any) -> date | None:
    try:
        return read_date(cell, order)
    except Invalid:
        return None  # what is no day is left open: the arrival itself still counts


def _is_news(piece: Waiting, step: str, number: str) -> bool:
    """Whether a step says more of a piece than is known. What has ended begins no new way."""
    known = piece.stage.outcome
    if known not in STEPS:
        return True
    if known in ("delivered", "returned"):
        return step in ("delivered", "returned") and step != known
    renumbered = step == known == "posted" and plain(number) != plain(piece.number)
    return renumbered or STEPS.index(step) > STEPS.index(known)
