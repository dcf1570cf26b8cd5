"""Commands and events of a promise to pay (付款承诺), and of none."""

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
    day_named: bool = True
    """False: they named no day; ``due_on`` is when they are asked again."""
    witness_name: Line = ""
    decides: Literal["", "yes", "no"] = ""
    """Whether whoever promised decides about payments; empty: not known."""
    funding: Literal["", "own_cash", "customers_pay", "bank_loan", "bill", "owner_money", "other"] = ""
    """Where the money comes from; empty: not said."""
    funding_sha256: Annotated[list[Sha256], Field(max_length=10)] = []
    """Photos of the money's proof: a bill, a payment order, a balance."""
    others_promised: Literal["", "yes", "no"] = ""
    """Whether other suppliers were promised money as well; empty: not asked."""
    plan_id: Id | None = None
    """The signed plan whose instalments this promise repeats: the same money then counts for both."""


class AddEvidence(Command):
    """What came after a promise was made: the reply to its confirmation, proof of the money, another paper."""

    evidence_id: Id
    promise_id: Id
    customer_id: Id
    kind: Literal["reply", "funding", "other"]
    words: Prose = ""
    proof_sha256: Annotated[list[Sha256], Field(max_length=10)] = []


#: Why nothing was promised: the keys of ``refusals.REASONS``.
Reason = Literal[
    "not_said", "refused", "evasive", "no_money", "waits_for_others", "disputed", "absent", "no_authority", "other"]


class NoteNoPromise(Command):
    """They were asked, and promised nothing: why, in their own words."""

    no_promise_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    reason: Reason
    words: Prose = ""
    person_name: Line = ""
    person_role: Line = ""
    channel: Literal["visit", "phone", "message", "email", "letter", "other"] = "visit"
    visit_id: Id | None = None
    ask_again_on: date | None = None
    """When they are asked again; without it the reason decides."""
    followed: bool = False
    """A next step was agreed already: only a manager is told."""


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
class PromisePartPaid(Event):
    """Some of a promised sum came, and not all: the rest is asked for the same day."""

    promise_id: str
    customer_id: str
    kept_minor: int
    left_minor: int
    before_minor: int


@dataclass(frozen=True, slots=True)
class EvidenceAdded(Event):
    """A promise has more to show for itself. ``seen``: with a photo."""

    evidence_id: str
    promise_id: str
    customer_id: str
    debtor_id: str | None
    kind: str
    seen: bool


@dataclass(frozen=True, slots=True)
class NoPromiseNoted(Event):
    """They promised nothing. ``ask_on``: when somebody does something about it."""

    no_promise_id: str
    customer_id: str
    reason: Reason
    ask_on: date
    followed: bool


@dataclass(frozen=True, slots=True)
class PromiseSettled(Event):
    """A promise was kept, partly kept, or broken."""

    promise_id: str
    customer_id: str
    state: str
    kept_minor: int
    before_minor: int = 0
    """What of it had come before; the event says what the newest money did."""
    amount_minor: int = 0
    currency: str = ""
    """The sum that was promised."""
