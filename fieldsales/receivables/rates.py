"""The table of interest rates: dated, each with its source and who entered it. Append-only; the newest entry counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection, or_, select

from fieldsales.customers.guards import seen_customer
from fieldsales.kernel.errors import N_, Invalid, NotAllowed
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.kernel.text import Name
from fieldsales.people.models import User
from fieldsales.receivables.interest import LPR_SINCE, Rate
from fieldsales.receivables.models import InterestRate
from fieldsales.store.base import table_of
from fieldsales.store.work import Work

_rates, _users = table_of(InterestRate), table_of(User)
KEEPERS = ("finance", "legal", "admin")
#: The highest that is believed: 24 % a year, 1 % a day. More is a slip of the pen.
HIGHEST = {"lpr_1y": 240_000, "contract": 10_000, "ecb_ref": 240_000, "bill_discount": 240_000}
#: No LPR is known this far ahead.
AHEAD = timedelta(days=31)


class SetRate(Command):
    """A rate from a day on, in 1/100 of a basis point; None takes an entry of that day back.

    For everybody, a year: ``lpr_1y`` the one-year LPR, ``ecb_ref`` the ECB's reference rate, ``bill_discount`` our
    bank's discount for bills. ``contract``: one customer's contract rate a day.
    """

    rate_id: Id
    kind: Literal["lpr_1y", "contract", "ecb_ref", "bill_discount"]
    customer_id: Id | None = None
    from_on: date
    rate_bp100: Annotated[int, Field(ge=1, le=10_000_000)] | None
    source: Name
    """Where it can be looked up: the publication and its day, or the contract and its clause."""


def may_keep_rates(work: Work, command: SetRate) -> None:
    """Guard: finance, legal and the administrator; for a customer's contract, one they see."""
    if work.actor.role not in KEEPERS:
        raise NotAllowed("receivables.rate_keepers", N_("Only finance, legal or the administrator keep the rates."))
    if command.customer_id:
        seen_customer(work, command.customer_id)


@operation("receivables.set_rate", SetRate, guard=may_keep_rates,
           needs=lambda c: [Need("customer", c.customer_id)] if c.customer_id else [])
def set_rate(work: Work, command: SetRate) -> None:
    """Enter an interest rate with its day and source. An entry is never changed: a later one of the same day counts."""
    if (command.kind == "contract") != bool(command.customer_id):
        raise Invalid("receivables.rate_owner", N_("A contract rate belongs to one customer, any other rate to none."))
    if command.rate_bp100 is not None and command.rate_bp100 > HIGHEST[command.kind]:
        raise Invalid("receivables.rate_high", N_("Check the rate: it is higher than any that could apply."),
                      field="rate_bp100")
    if command.kind == "lpr_1y" and command.from_on < LPR_SINCE:
        raise Invalid("receivables.lpr_since", N_("There is no LPR for this rule before 20 August 2019."),
                      field="from_on")
    if command.from_on > work.today + AHEAD:
        raise Invalid("receivables.rate_ahead", N_("Check the day: it lies more than a month ahead."), field="from_on")
    work.insert(
        InterestRate, id=command.rate_id, kind=command.kind, customer_id=command.customer_id, from_on=command.from_on,
        rate_bp100=command.rate_bp100, source=command.source, by_id=work.actor.user_id, at=work.now,
    )  # fmt: skip
    if command.customer_id:
        work.touch(command.customer_id)


def _standing(rows: Iterable[Any]) -> list[Any]:
    """Of several entries of one day the newest; without those taken back."""
    newest = {(row.kind, row.customer_id, row.from_on): row for row in rows}
    return [row for row in newest.values() if row.rate_bp100 is not None]


def rates_for(connection: Connection, customer_ids: list[str]) -> dict[str, tuple[Rate, ...]]:
    """The rates that may apply to each customer: the LPR, and the contract's own. One query."""
    r = _rates.c
    rows = connection.execute(
        select(r.kind, r.customer_id, r.from_on, r.rate_bp100, r.source)
        .where(or_(r.customer_id.is_(None), r.customer_id.in_(customer_ids))).order_by(r.at, r.id)
    )  # fmt: skip
    found: dict[str | None, list[Rate]] = defaultdict(list)
    for row in _standing(rows):
        found[row.customer_id].append(Rate(row.kind, row.from_on, row.rate_bp100, row.source))
    return {key: tuple(found[None] + found[key]) for key in customer_ids}


def kept_rates(connection: Connection, customer_id: str | None) -> list[Any]:
    """The table as the office sees it: what stands, newest day first, with who entered it."""
    r = _rates.c
    owner = r.customer_id == customer_id if customer_id else r.customer_id.is_(None)
    rows = connection.execute(
        select(r.id, r.kind, r.customer_id, r.from_on, r.rate_bp100, r.source, r.at, _users.c.name.label("by"))
        .outerjoin(_users, _users.c.id == r.by_id).where(owner).order_by(r.at, r.id)
    )  # fmt: skip
    return sorted(_standing(rows), key=lambda row: row.from_on, reverse=True)
