"""Commands and events of a dispute (争议) or a request to set off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Currency, Id, Sha256
from fieldsales.kernel.text import Prose

DisputeKind = Literal["quality", "not_received", "return", "rebate", "price", "account", "fapiao", "other"]


Desk = Literal["", "quality", "logistics", "sales_support", "finance"]
"""Who settles it; "" is the manager."""


class OpenDispute(Command):
    """A disputed part, or a request to set off returns or rebates. No balance changes by it.

    ``desk``: who settles it; None: whoever settles such things (``rules.DESK_OF``). ``claim_id``: the excuse it
    came from, once somebody had looked into it.
    """

    dispute_id: Id
    customer_id: Id
    invoice_id: Id | None = None
    kind: DisputeKind
    amount_minor: Annotated[int, Field(ge=0, le=10**13)] = 0
    currency: Currency = "CNY"
    words: Prose = ""
    visit_id: Id | None = None
    proof_sha256: Annotated[list[Sha256], Field(max_length=20)] = []
    desk: Desk | None = None
    claim_id: Id | None = None


class AssignDispute(Command):
    """Who is to settle it, and by when: a manager's word. ``owner_id`` empty: whoever answers for the desk."""

    dispute_id: Id
    customer_id: Id
    desk: Desk
    owner_id: Id | Literal[""] = ""
    due_on: date
    reason: Prose = ""


class AnswerDispute(Command):
    """What the owner found: whether the customer is right, in words, with proof. The manager decides on it."""

    dispute_id: Id
    customer_id: Id
    finding: Literal["right", "partly", "wrong"]
    words: Annotated[Prose, Field(min_length=1)]
    proof_sha256: Annotated[list[Sha256], Field(max_length=20)] = []


class DecideDispute(Command):
    """A manager's decision. Granted money still needs its credit note before any balance changes."""

    dispute_id: Id
    customer_id: Id
    decision: Literal["granted", "partly", "denied", "withdrawn"]
    note: Prose = ""


@dataclass(frozen=True, slots=True)
class DisputeOpened(Event):
    """A dispute or request awaits a manager."""

    dispute_id: str
    customer_id: str
    kind: str
    amount_minor: int
    currency: str
    invoice_id: str | None = None
    contested_minor: int | None = None
    """Of the invoice, with what else is contested there; 0: all of it; None: nothing."""


@dataclass(frozen=True, slots=True)
class DisputeAssigned(Event):
    """Somebody is to settle a dispute by a day. ``n``: the how many-th to be asked."""

    dispute_id: str
    customer_id: str
    n: int
    desk: str
    owner_id: str
    due_on: date


@dataclass(frozen=True, slots=True)
class DisputeAnswered(Event):
    """The owner has found out. ``n``: the assignment it answers."""

    dispute_id: str
    customer_id: str
    n: int
    finding: str


@dataclass(frozen=True, slots=True)
class DisputeDecided(Event):
    """A manager has decided."""

    dispute_id: str
    customer_id: str
    decision: str
    invoice_id: str | None = None
    contested_minor: int | None = None
    """What of the invoice stays contested by other disputes; 0: all of it; None: nothing."""
    n: int = 0
    """The assignment that stood."""
