"""Statements of account (对账单): what may be signed. Pure."""

from __future__ import annotations

from datetime import timedelta

from fieldsales.kernel.errors import N_, Invalid, RuleBroken
from fieldsales.kernel.ids import paper_number
from fieldsales.kernel.money import Money
from fieldsales.statements.messages import StatementPayload

PREFIX = "DZ"
#: A statement is of the day it is signed; a phone that was offline or in another zone may be a day off.
DAYS_OFF = timedelta(days=1)


def check_payload(payload: StatementPayload) -> None:
    """Refuse a statement that contradicts itself: sums, differences, its own number and day."""
    differences = sum(one.amount_minor for one in payload.differences)
    if payload.balance_minor - differences != payload.agreed_minor:
        raise Invalid(
            "statements.sum", N_("The agreed balance is not the balance less the differences: %(difference)s off."),
            field="agreed_minor",
            difference=Money(abs(payload.balance_minor - differences - payload.agreed_minor), payload.currency).plain(),
        )  # fmt: skip
    if payload.invoices and max(0, sum(minor for _, _, minor in payload.invoices)) != payload.balance_minor:
        raise Invalid("statements.invoices", N_("The invoices listed do not add up to the balance."), field="invoices")
    if payload.number != paper_number(PREFIX, payload.statement_id, payload.as_of):
        raise RuleBroken("statements.number", N_("The statement's number does not belong to it."), field="number")
    if abs(payload.made_at.date() - payload.as_of) > DAYS_OFF:
        raise Invalid("statements.day", N_("A statement is of the day it is signed."), field="as_of")
