"""Commands and events of a repayment plan (还款计划)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from fieldsales.documents.messages import Lang, Signatory, Signing, Strokes
from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Currency, Id, PositiveMinor, Sha256
from fieldsales.kernel.text import Line, Name
from fieldsales.plugin_api.clauses import LONGEST_PARA, MOST_PARAS, PLACES, wording_problem

#: With those of the house's own set a plan holds no more than its numerals count.
MOST_CLAUSES = 6


class Instalment(Command):
    """One payment of a plan."""

    n: Annotated[int, Field(ge=1, le=120)]
    due_on: date
    amount_minor: PositiveMinor


def _worded(text: str) -> str:
    wrong = wording_problem(text)
    if wrong:
        raise PydanticCustomError("clause_words", "This clause cannot stand in a plan: {wrong}.", {"wrong": wrong})
    return text


Para = Annotated[str, Field(min_length=1, max_length=LONGEST_PARA), AfterValidator(_worded)]


class AddedClause(Command):
    """A clause a plugin brought, word for word, as ``PlanClause.as_json`` gives it."""

    name: Name
    version: Annotated[int, Field(ge=1, le=9999)]
    when: Line = ""
    title_zh: Name
    title_en: Name
    paras_zh: Annotated[list[Para], Field(min_length=1, max_length=MOST_PARAS)]
    paras_en: Annotated[list[Para], Field(min_length=1, max_length=MOST_PARAS)]

    @model_validator(mode="after")
    def _in_step(self) -> AddedClause:
        """The same paragraphs in both languages, and a condition there is."""
        if len(self.paras_zh) != len(self.paras_en) or (self.when and self.when not in PLACES):
            raise PydanticCustomError("clause_words", "This clause cannot stand in a plan: {wrong}.",
                                      {"wrong": self.when or "paragraphs"})
        return self


class PlanPayload(Command):
    """What the debtor signs, canonical (RFC 8785): no floats, money in minor units, dates ISO.

    ``invoices``: (number, open amount in minor units) acknowledged. The instalments sum to
    ``total_minor`` exactly. ``predecessor_paid_minor``: what came in under the plan this one replaces;
    ``limitation_expired``: the text says that the limitation period may have run out (民法典 192);
    ``channel``: ``remote`` when it is to be signed by a link, on the signatory's own device.
    """

    LATER: ClassVar[tuple[str, ...]] = ("predecessor_number", "predecessor_paid_minor", "limitation_expired", "channel",
                                        "clauses")

    plan_id: Id
    number: Name
    customer_id: Id
    debtor_id: Id
    debtor_name: Name
    debtor_kind: Literal["company", "sole_trader", "person"]
    debtor_reg_no: Line = ""
    debtor_address: Line = ""
    seller_id: Id
    seller_name: Name
    seller_account: Line
    total_minor: PositiveMinor
    currency: Currency = "CNY"
    invoices: Annotated[list[tuple[Name, int]], Field(max_length=3000)] = []
    instalments: Annotated[list[Instalment], Field(min_length=1, max_length=120)]
    acknowledged_on: date
    """The day the debt is acknowledged and any interest is reckoned to."""
    late_daily_bp100: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """Contract late rate per day in 1/100 of a basis point (0.05 %/day = 500); None: as the contract says."""
    guarantor_name: Line = ""
    place: Line = ""
    made_at: AwareDatetime
    statement_id: Id | None = None
    predecessor_id: Id | None = None
    predecessor_number: Line = ""
    predecessor_paid_minor: Annotated[int, Field(ge=0, le=10**13)] = 0
    limitation_expired: bool = False
    channel: Literal["", "remote"] = ""
    clauses: Annotated[list[AddedClause], Field(max_length=MOST_CLAUSES)] = []
    """Clauses of plugins in their own words: what was signed stays whatever becomes of the plugin."""


class SignPlan(Command):
    """A plan signed on the spot: payload, strokes and device signature in one, so it is atomic."""

    payload: PlanPayload
    signing: Signing
    visit_id: Id | None = None


class AttachStampedCopy(Command):
    """A photo of the stamped paper copy: a revision of its own, after the plan."""

    revision_id: Id
    plan_id: Id
    customer_id: Id
    sha256: Sha256
    original_sha256: Sha256 | None = None
    mime: Line = "image/jpeg"
    size: Annotated[int, Field(ge=1, le=50_000_000)]


class VoidPlan(Command):
    """Declare a plan void: its instalments are no longer waited for. What was acknowledged and paid stands."""

    revision_id: Id
    plan_id: Id
    customer_id: Id
    reason: Name


class SettlePlans(Command):
    """Measure a customer's instalments against the money that came in (by the system)."""

    customer_id: Id
    as_of: date


class OfferLink(Command):
    """A drafted plan, made into a link. ``code_to``: where the one-time code goes that signing needs; empty: none."""

    link_id: Id
    payload: PlanPayload
    lang: Lang = "zh"
    clause_version: Annotated[int, Field(ge=1)]
    text_sha256: Sha256
    signatory: Signatory
    code_channel: Literal["", "email", "sms"] = ""
    code_to: Line = ""


class WithdrawLink(Command):
    """Take a link back: whoever opens it is told so."""

    link_id: Id
    customer_id: Id


class OpenLink(Command):
    """A link was opened for the first time (by the web process; a messenger's preview may have done it)."""

    link_id: Id
    customer_id: Id


class SignByLink(Command):
    """The signatory's own part (by the web process, which has checked the link's address).

    ``name``: as they typed it; ``ip`` and ``user_agent`` as the connection had them.
    """

    link_id: Id
    customer_id: Id
    plan_id: Id
    name: Name
    consent: Literal[True]
    strokes: Strokes
    code_id: Id | None = None
    ip: Annotated[str, Field(max_length=60)] = ""
    user_agent: Annotated[str, Field(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class PlanSigned(Event):
    """A plan was signed; its paper is yet to be sealed."""

    plan_id: str
    number: str
    customer_id: str
    debtor_id: str
    total_minor: int
    currency: str
    signed_on: date
    invoice_numbers: tuple[str, ...]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanVoided(Event):
    """A plan was declared void, by whom and why is in its history."""

    plan_id: str
    number: str
    customer_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class InstalmentSettled(Event):
    """An instalment was kept, partly kept, or broken."""

    plan_id: str
    customer_id: str
    n: int
    state: str
    kept_minor: int
