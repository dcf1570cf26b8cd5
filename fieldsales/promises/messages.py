"""Commands and events of a promise to pay (付款承诺)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Currency, Id, PositiveMinor, Sha256
from fieldsales.kernel.text import Line, Prose


class MakePromise(Command):
    """What somebody promised to pay, and when, in their own words."""

    promise_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    amount_minor: PositiveMinor
    currency: Currency = "CNY"
    due_on: date
    promisor_name: Line = ""
    promisor_role: Line = ""
    words: Prose = ""
    pay_by: Line = ""
    """How it will be paid: transfer, cash, bill."""
    channel: Literal["visit", "phone", "message", "email", "letter", "other"] = "visit"
    visit_id: Id | None = None
    confirmation_text: Prose = ""
    proof_sha256: Annotated[list[Sha256], Field(max_length=10)] = []
    """Screenshots of the debtor's reply."""
    supersedes: Annotated[list[Id], Field(max_length=20)] = []
    """Promises this one takes the place of."""


class SettlePromises(Command):
    """Measure a customer's open promises against the money that came in (by the system)."""

    customer_id: Id
    as_of: date


class SupersedePromises(Command):
    """A signed plan takes the place of a debtor's open promises (by the system)."""

    customer_id: Id
    debtor_id: Id | None = None
    on: date


@dataclass(frozen=True, slots=True)
class PromiseMade(Event):
    """A promise is on record."""

    promise_id: str
    customer_id: str
    amount_minor: int
    currency: str
    due_on: date
    debtor_id: str | None = None


@dataclass(frozen=True, slots=True)
class PromiseSettled(Event):
    """A promise was kept, partly kept, or broken."""

    promise_id: str
    customer_id: str
    state: str
    kept_minor: int
