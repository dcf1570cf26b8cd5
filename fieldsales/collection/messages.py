"""Commands and events of collecting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Id
from fieldsales.kernel.text import Line, Prose


class TakeAction(Command):
    """A collection action by a method: ``fields`` are those the method declares.

    ``source_id`` names what it arose from (a visit); empty for an action of its own.
    """

    action_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    method: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    form_version: Annotated[int, Field(ge=1)] = 1
    fields: dict[str, Any]
    occurred_at: datetime | None = None
    source_kind: Line = ""
    source_id: Line = ""


class RecordClaims(Command):
    """Excuses heard, each a claim to verify; each makes its verification task."""

    customer_id: Id
    claims: Annotated[list[tuple[Id, str, Prose]], Field(max_length=20)]
    """(claim id, excuse code, exact words)"""
    source_kind: Line
    source_id: Line


class AddTask(Command):
    """Something to do for a customer by a day."""

    task_id: Id
    customer_id: Id
    kind: Line
    title: Line
    due_on: date
    assignee_id: Line = ""
    """Empty: the customer's owner."""
    source_id: Line = ""


class FinishTask(Command):
    """The task is done."""

    task_id: Id
    customer_id: Id
    note: Prose = ""


class DecideSupply(Command):
    """Stop supply (停货), or take it up again. A manager's decision."""

    decision_id: Id
    customer_id: Id
    stop: bool
    reason: Annotated[Line, Field(min_length=1)]
    release_when: Line = ""


@dataclass(frozen=True, slots=True)
class ActionTaken(Event):
    """A collection action is on record."""

    action_id: str
    customer_id: str
    debtor_id: str | None
    method: str
    grade: str
    effect: str
    """The ground of interruption it gives (``demand`` …) or empty."""
    occurred_at: datetime
    next_on: date | None


@dataclass(frozen=True, slots=True)
class ClaimsRecorded(Event):
    """Excuses are on record, unverified."""

    customer_id: str
    claim_ids: tuple[str, ...]


Decision = Literal["stop", "release"]
