"""Pages of late loss and allocation: each line with rate, days and rounding; who the buyer is; security; charges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from fieldsales.config import as_set
from fieldsales.customers.lists import visible_name
from fieldsales.customers.sight import in_sight
from fieldsales.documents.words import percent
from fieldsales.kernel.ids import derived_id
from fieldsales.people.rules import may_post_money, scope_of
from fieldsales.receivables import lossqueries
from fieldsales.receivables.claimterms import KEEPERS
from fieldsales.receivables.lateloss import BASIS_WORDS, COUNTING, Loss, late_loss
from fieldsales.receivables.limitation import as_day
from fieldsales.receivables.papers import invoice_numbers
from fieldsales.receivables.rates import rates_for
from fieldsales.receivables.ruleinterest import Reckoned, by_rules
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.forms import Errors, amount_minor, command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import asked_for
from fieldsales.web.pages import page

loss_views = Blueprint("loss", __name__)


@dataclass(frozen=True, slots=True)
class LossPage:
    """Late loss of one customer to a day, and what it depends on. ``basis``: msgids by code;
    ``by_rules``: what rules of plugins reckon beside it."""

    customer_id: str
    customer_name: str
    to_on: date
    loss: Loss
    basis: dict[str, str]
    counting: str
    by_rules: tuple[Reckoned, ...]
    rates: dict[int, str]
    creditor_sme: bool
    debtors: tuple[lossqueries.Buyer, ...]
    securities: tuple[lossqueries.SecurityLine, ...]
    invoices: tuple[tuple[str, str], ...]
    may_post_money: bool
    today: date


@loss_views.get("/customers/<customer_id>/late-loss")
@access(*KEEPERS)
def late(customer_id: str) -> str:
    """What late payment costs this customer, line by line."""
    today = here().today
    to_on = as_day(asked_for("to")) or today
    with reading() as connection:
        name = visible_name(connection, scope_of(actor()), customer_id)
        if name is None:
            raise missing()
        debts = lossqueries.late_debts(connection, customer_id)
        rates = rates_for(connection, [customer_id])[customer_id]
        debtors = lossqueries.buyers(connection, customer_id)
        securities = lossqueries.securities(connection, customer_id)
        numbers = invoice_numbers(connection, customer_id, only_open=True)
        ruled = by_rules(connection, here().plugins, customer_id, debts, to_on)
    sme = as_set().creditor_sme
    loss = late_loss(debts, to_on, rates, creditor_sme=sme)
    return page("receivables/loss.html", LossPage(
        customer_id, name, to_on, loss, BASIS_WORDS, COUNTING, ruled,
        {line.rate_bp100: percent(line.rate_bp100) for line in loss.lines}, sme, debtors, securities,
        tuple((invoice_id, number) for number, invoice_id in numbers.items()), may_post_money(actor()), today))


def _back(errors: Errors, customer_id: str, words: str) -> Any:
    target = url_for("loss.late", customer_id=customer_id)
    return refused(errors, target) if errors else done(words, target)


@loss_views.post("/customers/<customer_id>/securities")
@access(*KEEPERS)
def add_security(customer_id: str) -> Any:
    """Put a security on record."""
    in_sight(customer_id)
    errors: Errors = {}
    covers = amount_minor("covers", errors) if field_text("covers") else None
    errors = errors or submit("receivables.add_security", {
        "security_id": derived_id(command_id(), "security"), "customer_id": customer_id,
        "debtor_id": field_text("debtor_id") or None, "invoice_id": field_text("invoice_id") or None,
        "kind": field_text("kind"), "giver": field_text("giver"), "covers_minor": covers,
        "source": field_text("source")})
    return _back(errors, customer_id, gettext("On record. Payments settle unsecured debts first."))


@loss_views.post("/customers/<customer_id>/securities/<security_id>/end")
@access(*KEEPERS)
def end_security(customer_id: str, security_id: str) -> Any:
    """The security has ended."""
    in_sight(customer_id)
    errors = submit("receivables.end_security", {"security_id": security_id, "customer_id": customer_id})
    return _back(errors, customer_id, gettext("It no longer counts."))


@loss_views.post("/customers/<customer_id>/charges")
@access("finance", "admin")
def book_charge(customer_id: str) -> Any:
    """Book costs of collecting or claimed interest."""
    in_sight(customer_id)
    errors: Errors = {}
    minor = amount_minor("amount", errors)
    errors = errors or submit("receivables.book_charge", {
        "charge_id": derived_id(command_id(), "charge"), "customer_id": customer_id,
        "for_invoice_id": field_text("for_invoice_id"), "kind": field_text("kind"), "amount_minor": minor,
        "on": here().today.isoformat(), "source": field_text("source")}, {"amount_minor": "amount"})
    return _back(errors, customer_id, gettext("Booked: the next payment settles it before the principal."))


@loss_views.post("/customers/<customer_id>/profile")
@access(*KEEPERS)
def set_profile(customer_id: str) -> Any:
    """How large the buyer is, and which law it falls under."""
    in_sight(customer_id)
    errors = submit("receivables.set_profile", {
        "profile_id": derived_id(command_id(), "profile"), "customer_id": customer_id,
        "debtor_id": field_text("debtor_id"), "size": field_text("size"), "market": field_text("market") or "CN",
        "source": field_text("source")})
    return _back(errors, customer_id, gettext("On record. Late loss is reckoned accordingly."))


@dataclass(frozen=True, slots=True)
class AllocationPage:
    """What one payment settled, line by line, and by which rule. ``why``: sentences in the reader's language."""

    customer_id: str
    customer_name: str
    payment: lossqueries.PaymentHead
    lines: tuple[lossqueries.Placed, ...]
    why: tuple[str, ...]


@loss_views.get("/customers/<customer_id>/payments/<payment_id>/allocation")
@access(*EVERYONE)
def allocation(customer_id: str, payment_id: str) -> str:
    """How a payment was allocated: the debtor's word, else 民法典 560, and within each debt 561."""
    with reading() as connection:
        name = visible_name(connection, scope_of(actor()), customer_id)
        found = lossqueries.payment(connection, customer_id, payment_id) if name else None
    if name is None or found is None:
        raise missing()
    head, lines = found
    why = tuple(gettext(line.sentence, number=line.number) for line in lines)
    return page("receivables/allocation.html", AllocationPage(customer_id, name, head, lines, why))
