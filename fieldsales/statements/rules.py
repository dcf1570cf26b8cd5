"""Statements of account (对账单): what may be signed. Pure."""

from __future__ import annotations

from datetime import timedelta

from fieldsales.kernel.clock import DEFAULT_ZONE, on_date
from fieldsales.kernel.errors import N_, Invalid, RuleBroken
from fieldsales.kernel.ids import paper_number
from fieldsales.kernel.money import Money
from fieldsales.statements.messages import StatementPayload

PREFIX = "DZ"
#: A phone that crossed a zone may be a day ahead.
DAYS_AHEAD = timedelta(days=1)


def check_payload(payload: StatementPayload, zone: str = DEFAULT_ZONE) -> None:
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
    made_on = on_date(payload.made_at, zone)
    numbers = {paper_number(PREFIX, payload.statement_id, day) for day in (made_on, payload.as_of)}
    if payload.number not in numbers:
        raise RuleBroken("statements.number", N_("The statement's number does not belong to it."), field="number")
    if payload.as_of > made_on + DAYS_AHEAD:
        raise Invalid("statements.future", N_("A statement cannot be of a day to come."), field="as_of")
