"""Commands and events of a statement of account (对账单)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from fieldsales.documents.messages import Signing
from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Currency, Id
from fieldsales.kernel.text import Line, Name


class Difference(Command):
    """Something the two sides do not agree on. Positive: the customer says it lowers the debt."""

    kind: Literal["not_booked", "returned", "rebate", "price", "fapiao"]  # 未入账 退货 返利 价差 发票
    amount_minor: Annotated[int, Field(ge=0, le=10**13)]
    note: Line = ""


class StatementPayload(Command):
    """What the customer signs: ``agreed_minor`` = ``balance_minor`` − the differences, exactly."""

    statement_id: Id
    number: Name
    customer_id: Id
    debtor_id: Id
    debtor_name: Name
    debtor_kind: Literal["company", "sole_trader", "person"]
    debtor_reg_no: Line = ""
    seller_id: Id
    seller_name: Name
    seller_account: Line
    as_of: date
    currency: Currency = "CNY"
    balance_minor: Annotated[int, Field(ge=0, le=10**13)]
    agreed_minor: Annotated[int, Field(ge=0, le=10**13)]
    differences: Annotated[list[Difference], Field(max_length=50)] = []
    invoices: Annotated[list[tuple[Name, date, int]], Field(max_length=3000)] = []
    """(number, due date, open amount in minor units)"""
    made_at: AwareDatetime
    place: Line = ""


class SignStatement(Command):
    """A statement signed with the same machinery as a plan."""

    payload: StatementPayload
    signing: Signing
    visit_id: Id | None = None


@dataclass(frozen=True, slots=True)
class StatementSigned(Event):
    """A balance, or its undisputed part, was acknowledged in writing."""

    statement_id: str
    customer_id: str
    debtor_id: str
    agreed_minor: int
    currency: str
    signed_on: date
    differences: tuple[tuple[str, int, str], ...]
    flags: tuple[str, ...] = ()
