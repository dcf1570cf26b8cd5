"""Acceptance bills not yet honoured: face, days to maturity, what the bank would keep, what they are worth today."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from flask import Blueprint
from sqlalchemy import Connection, select

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.documents.words import percent
from fieldsales.kernel.errors import N_
from fieldsales.people.rules import Scope, scope_of
from fieldsales.receivables.discount import TrueValue, rate_on, true_value
from fieldsales.receivables.interest import Rate
from fieldsales.receivables.models import PaymentReceipt
from fieldsales.receivables.rates import rates_for
from fieldsales.store.base import table_of
from fieldsales.web.access import access
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page

bill_views = Blueprint("bills", __name__)
_LOOK = ("manager", "finance", "admin")
nav(NavItem("bills.every", N_("Bills"), "papers", 32, _LOOK))
_receipts, _customers = table_of(PaymentReceipt), table_of(Customer)


@dataclass(frozen=True, slots=True)
class BillLine:
    """One bill. ``worth`` None: no day of maturity, or no rate on record."""

    number: str
    bill_number: str
    acceptor: str
    customer_id: str
    customer_name: str
    matures_on: date | None
    face_minor: int
    currency: str
    worth: TrueValue | None


@dataclass(frozen=True, slots=True)
class BillSum:
    """All bills of one currency: their face, and of those that can be reckoned the discount and the worth."""

    currency: str
    face_minor: int
    cost_minor: int
    value_minor: int
    unreckoned: int


@dataclass(frozen=True, slots=True)
class BillsPage:
    """The bills and the rate they are reckoned by, empty when there is none."""

    rows: tuple[BillLine, ...]
    totals: tuple[BillSum, ...]
    rate: str
    source: str
    today: date


def bills(connection: Connection, scope: Scope, rates: tuple[Rate, ...], today: date, limit: int = 300
          ) -> tuple[BillLine, ...]:
    """Bills that wait to be honoured, the first to mature first. One query."""
    r = _receipts.c
    rows = connection.execute(
        select(r.number, r.bill_number, r.bill_acceptor, r.customer_id, _customers.c.name, r.bill_matures_on,
               r.amount_minor, r.currency)
        .join(_customers, _customers.c.id == r.customer_id)
        .where(visible(scope), r.method == "bill", r.state == "pending")
        .order_by(r.bill_matures_on.is_(None), r.bill_matures_on, r.id).limit(limit))
    return tuple(BillLine(*row, true_value(row.amount_minor, row.bill_matures_on, rates, today)) for row in rows)


def totals(rows: tuple[BillLine, ...]) -> tuple[BillSum, ...]:
    """Sums by currency."""
    groups: defaultdict[str, list[BillLine]] = defaultdict(list)
    for row in rows:
        groups[row.currency].append(row)
    return tuple(
        BillSum(currency, sum(one.face_minor for one in ours), sum(one.worth.cost_minor for one in ours if one.worth),
                sum(one.worth.value_minor for one in ours if one.worth), sum(one.worth is None for one in ours))
        for currency, ours in sorted(groups.items()))


@bill_views.get("/reports/bills")
@access(*_LOOK)
def every() -> str:
    """What the bills in hand are worth today."""
    with reading() as connection:
        rates = rates_for(connection, [""])[""]
        rows = bills(connection, scope_of(actor()), rates, here().today)
    rate = rate_on(rates, here().today)
    return page("reports/bills.html", BillsPage(
        rows, totals(rows), percent(rate.rate_bp100) if rate else "", rate.source if rate else "", here().today))
