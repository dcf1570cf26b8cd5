"""Commands and events of collecting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool

from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Currency, Id, Sha256
from fieldsales.kernel.text import Line, Prose

#: One address, plain ASCII; the same form as a method's e-mail field.
EMAIL = r"^[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]{1,180}\.[^\s@<>,;:\".]{2,63}$"


FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Scalar = Annotated[str, Field(max_length=4000)] | StrictBool | Annotated[int, Field(ge=-(10**15), le=10**15)] | None
#: What a form may carry at most, whatever the method: the method's own fields say more.
Row = Annotated[dict[FieldName, Scalar], Field(max_length=12)]
FieldValue = Scalar | Row | Annotated[list[Scalar | Row], Field(max_length=50)]


class TakeAction(Command):
    """A collection action by a method: ``fields`` are those the method declares.

    ``source_id`` names what it arose from (a visit); empty for an action of its own.
    """

    action_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    method: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    form_version: Annotated[int, Field(ge=1)] = 1
    fields: Annotated[dict[FieldName, FieldValue], Field(max_length=100)]
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


class SkipTask(Command):
    """The task is passed over, with the reason: it is no longer to be done."""

    task_id: Id
    customer_id: Id
    reason: Annotated[Prose, Field(min_length=1)]


class ChangeTask(Command):
    """Another day or another person for a task; what is None stays. ``was``: the day it had when it was changed.

    The office wins: a phone's new day for a task that the office moved meanwhile is kept as a conflict.
    """

    task_id: Id
    customer_id: Id
    due_on: date | None = None
    assignee_id: Line | None = None
    was_due_on: date | None = None


class WithdrawTask(Command):
    """The office takes the task back. Finished or passed over on a phone before it knew, it counts as that."""

    task_id: Id
    customer_id: Id
    reason: Line = ""


class DecideSupply(Command):
    """Stop supply (停货), deliver for cash only (款到发货), or take it up again. A manager's decision."""

    decision_id: Id
    customer_id: Id
    stop: bool
    cash_first: bool = False
    """Not stopped, but delivered only once the money is there."""
    reason: Annotated[Line, Field(min_length=1)]
    release_kind: Literal["", "paid", "plan", "cleared"] = ""
    """What releases it: so much paid since, a plan signed since, nothing overdue any more; empty: only in words."""
    release_minor: Annotated[int, Field(ge=0, le=10**13)] = 0
    currency: Currency = "CNY"
    release_when: Line = ""


class JudgeAgain(Command):
    """Ask the method again about an action it could not judge; the answer is an action of its own."""

    action_id: Id
    customer_id: Id
    of_action_id: Id


class FactSeen(Command):
    """Something on record that answered a claim. ``kind``: one of ``plugin_api.types.FACTS``; ``id``: its row."""

    kind: Line
    id: Line
    name: Line = ""


class VerifyClaim(Command):
    """What an excuse turned out to be, and on what evidence. The claim, earlier verdicts and who looked stay on record.

    ``product``: the goods it is about, where it is about goods. ``facts``: what on record answered it;
    ``evidence_sha256``: photos and files made for it.
    """

    claim_id: Id
    customer_id: Id
    state: Literal["true", "false", "partly"]
    note: Prose = ""
    product: Line = ""
    facts: Annotated[list[FactSeen], Field(max_length=20)] = []
    evidence_sha256: Annotated[list[Sha256], Field(max_length=20)] = []


class SendDocument(Command):
    """Mail a sealed paper to the debtor. Empty subject and text: the usual ones."""

    mail_id: Id
    customer_id: Id
    document_id: Id
    to: Annotated[str, Field(max_length=254, pattern=EMAIL)]
    subject: Line = ""
    text: Prose = ""


class BeginMail(Command):
    """The worker is about to hand a mail to the server (by the system)."""

    mail_id: Id


class RecordMail(Command):
    """What became of a mail (by the system)."""

    mail_id: Id
    state: Literal["queued", "sent", "refused", "ambiguous"]
    server_answer: Annotated[str, Field(max_length=1000)] = ""


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
    outcome: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    follows: str = ""
    """The action that began the thread this one goes on with."""


@dataclass(frozen=True, slots=True)
class SuitCameToNothing(Event):
    """What was filed with a court from ``since`` to ``until`` ended without a decision; ``action_id`` tells of it."""

    action_id: str
    customer_id: str
    debtor_id: str | None
    since: date
    until: date
    served_on: date | None


@dataclass(frozen=True, slots=True)
class MailAccepted(Event):
    """The receiving server has accepted a mail: it has arrived (诉讼时效规定 art. 8)."""

    mail_id: str
    customer_id: str
    debtor_id: str | None
    effect: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class TextDelivered(Event):
    """The network reports that a text message reached the debtor's phone: it has arrived (诉讼时效规定 art. 8)."""

    text_id: str
    customer_id: str
    debtor_id: str | None
    effect: str
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimsRecorded(Event):
    """Excuses are on record, unverified. ``flagged``: those a manager is told of at once."""

    customer_id: str
    claim_ids: tuple[str, ...]
    flagged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimVerified(Event):
    """Somebody has looked into an excuse; ``was``: what it stood at before."""

    claim_id: str
    customer_id: str
    code: str
    state: str
    was: str


Decision = Literal["stop", "release"]
