"""Commands of the case and of the gate before every contact."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.clock import Claimed
from fieldsales.kernel.operation import Command, Id
from fieldsales.kernel.text import Line, Prose

Stage = Literal["reminder", "firm", "final", "manager", "legal"]
StopKind = Literal["objection", "asked_to_leave", "police"]
Standing = Literal["permitted", "third_party", "family", "refused", "left"]
Channel = Literal["call", "message", "mail", "letter", "visit", "legal"]
#: What a manager may give leave to go beyond: never a stop, never somebody who is not the debtor's own.
Waivable = Literal["after_hours", "calls_today", "calls_week", "after_talk", "too_often", "promise_open",
                   "dispute_open"]
Reason = Annotated[Prose, Field(min_length=1)]


class ReckonCases(Command):
    """Bring customers' cases to the present day (by the night run)."""

    customer_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class DecideStage(Command):
    """A manager or legal sets the stage of a case. ``until_on``: it stays there till then, whatever the days say."""

    case_id: Id
    customer_id: Id
    stage: Stage
    reason: Reason
    until_on: date | None = None


class AssignCase(Command):
    """A manager gives a case to a person; an empty ``owner_id`` gives it back to the customer's own rep."""

    case_id: Id
    customer_id: Id
    owner_id: Id | Literal[""] = ""
    reason: Reason


class RecordStop(Command):
    """They objected, asked us to leave, or the police came: what happened, recorded in one tap."""

    stop_id: Id
    customer_id: Id
    kind: StopKind
    words: Prose = ""
    who: Line = ""
    occurred_at: Claimed = None


class LiftStop(Command):
    """A manager or legal lifts a stop, with the reason."""

    stop_id: Id
    lift_id: Id
    customer_id: Id
    reason: Reason


class SetStanding(Command):
    """Whether a person may be approached about money. A rep takes leave away; a manager or legal gives it back."""

    standing_id: Id
    customer_id: Id
    contact_id: Id
    standing: Standing
    reason: Prose = ""


class SetTerms(Command):
    """A customer's time zone and jurisdiction, where they are not the house's; empty: the house's."""

    terms_id: Id
    customer_id: Id
    zone: Line = ""
    pack: Literal["", "CN", "EU", "US"] = ""


class AskLeave(Command):
    """Ask the manager for leave to go beyond what the gate allows."""

    entry_id: Id
    customer_id: Id
    channel: Channel
    codes: Annotated[list[Line], Field(min_length=1, max_length=20)]
    reason: Reason


class GiveLeave(Command):
    """A manager gives leave, with the reason, until an instant at most a week away."""

    waiver_id: Id
    customer_id: Id
    codes: Annotated[list[Waivable], Field(min_length=1, max_length=7)]
    until_at: datetime
    reason: Reason


class NoteContact(Command):
    """A contact that has no form of its own, such as a message shared from the phone. ``beyond``: what the phone
    found in the way and the person made all the same."""

    contact_made_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    channel: Literal["call", "message", "visit"]
    demand: bool = True
    effective: bool = True
    occurred_at: Claimed = None
    beyond: Annotated[list[Line], Field(max_length=20)] = []
    reason: Prose = ""
