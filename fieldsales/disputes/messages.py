"""Commands and events of a dispute (争议) or a request to set off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Currency, Id, Sha256
from fieldsales.kernel.text import Prose

DisputeKind = Literal["quality", "not_received", "return", "rebate", "price", "account", "fapiao", "other"]


class OpenDispute(Command):
    """A disputed part, or a request to set off returns or rebates. No balance changes by it."""

    dispute_id: Id
    customer_id: Id
    invoice_id: Id | None = None
    kind: DisputeKind
    amount_minor: Annotated[int, Field(ge=0, le=10**13)] = 0
    currency: Currency = "CNY"
    words: Prose = ""
    visit_id: Id | None = None
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
class DisputeDecided(Event):
    """A manager has decided."""

    dispute_id: str
    customer_id: str
    decision: str
    invoice_id: str | None = None
    contested_minor: int | None = None
    """What of the invoice stays contested by other disputes; 0: all of it; None: nothing."""
