"""Commands and events of classing a debtor (善意拖欠 / 恶意拖欠): seen, proposed, decided, lapsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Id, Sha256
from fieldsales.kernel.text import Line, Prose

Klass = Literal["good_faith", "bad_faith"]
Evidence = Annotated[list[Sha256], Field(max_length=20)]


class NoteSign(Command):
    """Something seen at the customer's that speaks for or against them: one of ``faith_rules.SEEN``."""

    sign_id: Id
    customer_id: Id
    kind: Literal["asset_moves", "pays_others", "hides", "denies_papers", "told_before", "opens_books",
                  "offers_security"]  # fmt: skip
    words: Prose = ""
    seen_on: date
    visit_id: Id | None = None
    evidence_sha256: Evidence = []


class SignProof(Command):
    """One thing on record that a proposal rests on."""

    kind: Line
    id: Line
    on: date
    words: Prose = ""


class SignHit(Command):
    """A criterion that is met, with what it rests on."""

    code: Line
    count: Annotated[int, Field(ge=1)]
    needed: Annotated[int, Field(ge=1)]
    proofs: Annotated[list[SignProof], Field(max_length=50)] = []


class ProposeFaith(Command):
    """A class put before the manager: by the written rules (the system), or by a person with a note."""

    proposal_id: Id
    customer_id: Id
    klass: Klass
    hits: Annotated[list[SignHit], Field(max_length=20)] = []
    note: Prose = ""


class DecideFaith(Command):
    """A manager's word on a proposal, or the end of what stands.

    ``approved`` needs ``review_on``; bad faith needs a proposal that is not the manager's own, and evidence.
    """

    decision_id: Id
    customer_id: Id
    decision: Literal["approved", "rejected", "ended"]
    klass: Klass
    proposal_id: Id | None = None
    note: Annotated[Prose, Field(min_length=1)]
    review_on: date | None = None
    evidence_sha256: Evidence = []


class LapseFaith(Command):
    """The review day has passed without a decision: the class no longer stands (by the system)."""

    customer_id: Id


@dataclass(frozen=True, slots=True)
class FaithProposed(Event):
    """A class awaits the manager."""

    proposal_id: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class FaithDecided(Event):
    """What a manager (or the calendar) made of a class. ``klass``: what stands now, "" for none.

    ``proposal_id``: the proposal answered; ``ended_id``: the decision that stood until now.
    """

    customer_id: str
    decision: str
    klass: str
    proposal_id: str | None = None
    ended_id: str | None = None
