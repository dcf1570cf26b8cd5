"""Pages of interest rates: the LPR for all, and a customer's contract rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext
from sqlalchemy import select

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.documents.words import percent
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import scope_of
from fieldsales.receivables.rates import KEEPERS, kept_rates
from fieldsales.store.base import table_of
from fieldsales.web.access import access, missing
from fieldsales.web.forms import Errors, chosen_date, done, field_text, submit
from fieldsales.web.here import actor, reading
from fieldsales.web.pages import NavItem, nav, page

rate_views = Blueprint("rates", __name__)
nav(NavItem("rates.every", N_("Interest rates"), "money", 82, KEEPERS, group=N_("Administration")))
_customers = table_of(Customer)
#: The rates that hold for everybody.
KINDS = {"lpr_1y": N_("One-year LPR, a year"), "ecb_ref": N_("ECB reference rate, a year"),
         "bill_discount": N_("Bank discount rate of bills, a year")}
NOT_A_RATE = N_("Write a rate in per cent, such as 3.45 or 0.05.")


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate as it is shown."""

    kind: str
    from_on: Any
    rate: str
    source: str
    by: str
    at: Any


@dataclass(frozen=True, slots=True)
class RatesPage:
    """The table and the form. ``customer_id`` empty: the LPR, for everybody."""

    customer_id: str
    customer_name: str
    rates: tuple[RateRow, ...]
    #: (code, words) of the rates that hold for everybody
    kinds: tuple[tuple[str, str], ...]
    values: dict[str, str]
    errors: Errors


def _customer_name(customer_id: str | None) -> str:
    if not customer_id:
        return ""
    with reading() as connection:
        name = connection.execute(
            select(_customers.c.name).where(_customers.c.id == customer_id, visible(scope_of(actor())))
        ).scalar()
    if name is None:
        raise missing()
    return str(name)


def _shown(customer_id: str | None, values: dict[str, str], errors: Errors) -> str:
    name = _customer_name(customer_id)
    with reading() as connection:
        rows = kept_rates(connection, customer_id)
    rates = tuple(RateRow(row.kind, row.from_on, percent(row.rate_bp100), row.source, row.by or "", row.at)
                  for row in rows)
    kinds = tuple((code, gettext(words)) for code, words in KINDS.items())
    return page("receivables/rates.html", RatesPage(customer_id or "", name, rates, kinds, values, errors))


def _bp100(typed: str, errors: Errors) -> int | None:
    """Per cent as typed, in 1/100 of a basis point; empty takes the day's entry back."""
    if not typed:
        return None
    try:
        value = Decimal(typed.rstrip("%％ ")) * 10_000
        if value == value.to_integral_value() and 0 < value <= 10_000_000:
            return int(value)
    except InvalidOperation:
        pass
    errors["rate_bp100"] = gettext(NOT_A_RATE)
    return None


def _save(customer_id: str | None) -> Any:
    values = {name: field_text(name) for name in ("kind", "from_on", "rate_bp100", "source")}
    errors: Errors = {}
    _customer_name(customer_id)
    command = {
        "rate_id": uuid7(), "customer_id": customer_id,
        "kind": "contract" if customer_id else values["kind"] or "lpr_1y",
        "from_on": chosen_date("from_on", errors).isoformat(), "rate_bp100": _bp100(values["rate_bp100"], errors),
        "source": values["source"],
    }  # fmt: skip
    errors = errors or submit("receivables.set_rate", command)
    if errors:
        return _shown(customer_id, values, errors), 422
    target = url_for("rates.of_customer", customer_id=customer_id) if customer_id else url_for("rates.every")
    return done(gettext("Entered. Papers made from now on reckon with it."), target)


@rate_views.get("/rates")
@access(*KEEPERS)
def every() -> str:
    """The one-year LPR, by day."""
    return _shown(None, {}, {})


@rate_views.post("/rates")
@access(*KEEPERS)
def enter() -> Any:
    """Enter an LPR."""
    return _save(None)


@rate_views.get("/customers/<customer_id>/rates")
@access(*KEEPERS)
def of_customer(customer_id: str) -> str:
    """A customer's contract rate, by day."""
    return _shown(customer_id, {}, {})


@rate_views.post("/customers/<customer_id>/rates")
@access(*KEEPERS)
def enter_of_customer(customer_id: str) -> Any:
    """Enter a contract rate."""
    return _save(customer_id)
