"""Office pages of money: receipts that wait for finance, reversals, papers of invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.customers.lists import visible_name
from fieldsales.kernel.errors import N_, TradeError
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Actor, Envelope
from fieldsales.people.rules import may_post_money, scope_of
from fieldsales.receivables import inbox, papers
from fieldsales.receivables.clockpages import clock_views  # noqa: F401 - the roof hangs it in
from fieldsales.receivables.losspages import loss_views  # noqa: F401 - the roof hangs it in
from fieldsales.receivables.paperfiles import PaperFile, invoice_named, read_paper
from fieldsales.receivables.ratepages import rate_views  # noqa: F401 - the roof hangs it in
from fieldsales.receivables.sellerpages import seller_views  # noqa: F401 - the roof hangs it in
from fieldsales.receivables.setoffpages import set_off_views  # noqa: F401 - the roof hangs it in
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.errors import say
from fieldsales.web.forms import Errors, amount_minor, chosen_date, command_id, done, field_text, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.listing import Chip, address_with, asked_for, chip_row
from fieldsales.web.pages import NavItem, nav, page

views = Blueprint("receivables", __name__)


def _waiting(who: Actor) -> int:
    with reading() as connection:
        return inbox.count_pending(connection, scope_of(who))


#: A lawyer has no business with cash on its way in.
_AT_THE_COUNTER = ("rep", "manager", "finance", "admin")
nav(NavItem("receivables.receipts", N_("To confirm"), "money", 30, _AT_THE_COUNTER, count=_waiting))


@dataclass(frozen=True, slots=True)
class ReceiptsPage:
    """Receipts for money, by what waits."""

    rows: tuple[inbox.Waiting, ...]
    chips: tuple[Chip, ...]
    next_url: str
    late_cash: int
    today: date
    may_post_money: bool
    me: str


@views.get("/receipts")
@access(*_AT_THE_COUNTER)
def receipts() -> str:
    """Money registered at the counter, waiting for finance."""
    scope, now = scope_of(actor()), here().clock.now()
    show = asked_for("show") if asked_for("show") in inbox.SHOWS else "pending"
    with reading() as connection:
        rows, following = inbox.receipts(connection, scope, now, show, request.args.get("after"))
        late = inbox.count_late_cash(connection, scope, now)
    choices = [("pending", gettext("Awaiting confirmation")), ("cash", gettext("Cash not handed in")),
               ("bill", gettext("Bills not yet honoured")), ("settled", gettext("Settled"))]
    return page("receivables/receipts.html", ReceiptsPage(
        rows, chip_row("show", choices, show), address_with(after=following) if following else "", late, here().today,
        may_post_money(actor()), actor().user_id))


def _answer(errors: Errors, message: str, target: str) -> Response:
    return refused(errors, target) if errors else done(message, target)


@views.post("/receipts/<receipt_id>/confirm")
@access("finance", "admin")
def confirm(receipt_id: str) -> Response:
    """Finance has seen the money; a bill was honoured."""
    errors: Errors = {}
    received_on = chosen_date("received_on", errors)
    errors = errors or submit("receivables.confirm_receipt", {
        "receipt_id": receipt_id, "customer_id": field_text("customer_id"), "payment_id": field_text("payment_id"),
        "received_on": received_on.isoformat()})
    return _answer(errors, gettext("Confirmed. The money is booked and allocated."), url_for("receivables.receipts"))


@views.post("/receipts/<receipt_id>/reject")
@access("finance", "admin")
def reject(receipt_id: str) -> Response:
    """Finance has not seen the money; a bill was dishonoured."""
    errors = submit("receivables.reject_receipt", {
        "receipt_id": receipt_id, "customer_id": field_text("customer_id"), "reason": field_text("reason")})
    return _answer(errors, gettext("Rejected. No balance has changed."), url_for("receivables.receipts"))


@views.post("/receipts/<receipt_id>/hand-in")
@access(*_AT_THE_COUNTER)
def hand_in(receipt_id: str) -> Response:
    """The cash reaches the company's till."""
    errors = submit("receivables.hand_in_cash", {"receipt_id": receipt_id, "customer_id": field_text("customer_id")})
    return _answer(errors, gettext("The cash is recorded as handed in."), url_for("receivables.receipts", show="cash"))


@views.post("/customers/<customer_id>/payments/<payment_id>/reverse")
@access("finance", "admin")
def reverse(customer_id: str, payment_id: str) -> Response:
    """Take a payment back by reversal rows."""
    errors = submit("receivables.reverse_payment", {
        "reversal_id": derived_id(command_id(), "reversal"), "payment_id": payment_id, "customer_id": customer_id,
        "reason": field_text("reason")})
    target = url_for("workday.customer", customer_id=customer_id) + "#payments"
    return _answer(errors, gettext("The payment was reversed; its invoices are open again."), target)


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """The form of money that has come in, and the invoices it may be meant for."""

    customer_id: str
    customer_name: str
    today: date
    invoices: tuple[tuple[str, str], ...]
    typed: dict[str, str]
    chosen: tuple[str, ...]
    errors: Errors


def _payment_page(customer_id: str, errors: Errors) -> str:
    with reading() as connection:
        name = visible_name(connection, scope_of(actor()), customer_id)
        if name is None:
            raise missing()
        numbers = papers.invoice_numbers(connection, customer_id, only_open=True)
    typed = {key: field_text(key) for key in ("amount", "received_on", "method", "reference", "payer_name")}
    return page("receivables/payment.html", PaymentPage(
        customer_id, name, here().today, tuple((invoice_id, number) for number, invoice_id in numbers.items()), typed,
        tuple(request.form.getlist("invoice_numbers")), errors))


@views.get("/customers/<customer_id>/payments/new")
@access("finance", "admin")
def payment_form(customer_id: str) -> str:
    """Record money that has come in."""
    return _payment_page(customer_id, {})


@views.post("/customers/<customer_id>/payments/new")
@access("finance", "admin")
def record_payment(customer_id: str) -> Any:
    """Confirmed money, allocated as the debtor designated, else in the statutory order."""
    errors: Errors = {}
    minor, received_on = amount_minor("amount", errors), chosen_date("received_on", errors)
    errors = errors or submit("receivables.record_payments", {"payments": [{
        "payment_id": derived_id(command_id(), "payment"), "customer_id": customer_id, "amount_minor": minor,
        "received_on": received_on.isoformat(), "method": field_text("method") or "transfer",
        "reference": field_text("reference"), "payer_name": field_text("payer_name"),
        "invoice_numbers": request.form.getlist("invoice_numbers")}]}, {"amount_minor": "amount"})
    if errors:
        return _payment_page(customer_id, errors), 422
    return done(gettext("The payment is booked and allocated."),
                url_for("workday.customer", customer_id=customer_id) + "#payments")


@dataclass(frozen=True, slots=True)
class PapersPage:
    """Papers of a customer and its invoices, and the form that adds to them."""

    customer_id: str
    customer_name: str
    kinds: tuple[tuple[str, str], ...]
    kind: str
    invoices: tuple[tuple[str, str], ...]
    papers: tuple[papers.Kept, ...]
    errors: Errors


def _papers_page(customer_id: str, errors: Errors) -> str:
    with reading() as connection:
        name = visible_name(connection, scope_of(actor()), customer_id)
        if name is None:
            raise missing()
        kept, numbers = papers.kept_papers(connection, customer_id), papers.invoice_numbers(connection, customer_id)
    kinds = (("delivery_note", gettext("Delivery note")), ("contract", gettext("Contract")),
             ("fapiao", gettext("Fapiao")), ("payment_slip", gettext("Payment slip")),
             ("other", gettext("Other paper")))
    return page("receivables/papers.html", PapersPage(
        customer_id, name, kinds, field_text("kind") or "delivery_note",
        tuple((invoice_id, number) for number, invoice_id in numbers.items()), kept, errors))


@views.get("/customers/<customer_id>/papers")
@access(*EVERYONE)
def papers_form(customer_id: str) -> str:
    """What is attached, and a form for more."""
    return _papers_page(customer_id, {})


@views.post("/customers/<customer_id>/papers")
@access(*EVERYONE)
def attach(customer_id: str) -> Any:
    """Attach photos and PDFs: all of them, or none."""
    with reading() as connection:
        if visible_name(connection, scope_of(actor()), customer_id) is None:
            raise missing()
        numbers = papers.invoice_numbers(connection, customer_id)
    try:
        chosen_files = [sent for sent in request.files.getlist("files") if sent.filename]
        files = [read_paper(sent.filename or "", sent.read()) for sent in chosen_files]
        kept = papers.keep_bytes(here(), actor(), files) if files else []
    except TradeError as error:
        return _papers_page(customer_id, {"files": say(error)}), 422
    if not files:
        return _papers_page(customer_id, {"files": gettext("Choose one or more files.")}), 422
    chosen = field_text("invoice_id")
    placed = [(file, chosen or invoice_named(file.name, numbers)) for file in files]
    errors = _attach(customer_id, placed, kept)
    if errors:
        return _papers_page(customer_id, errors), 422
    loose = sum(1 for _, invoice_id in placed if invoice_id is None)
    words = gettext("%(count)s papers attached.", count=len(files))
    if loose:
        words += " " + gettext("%(count)s bear no invoice's name and stand with the customer.", count=loose)
    return done(words, url_for("receivables.papers_form", customer_id=customer_id))


def _attach(customer_id: str, placed: list[tuple[PaperFile, str | None]], kept: list[str]) -> Errors:
    whole, kind = command_id(), field_text("kind")
    envelopes = [
        Envelope(derived_id(whole, f"command {n}"), "receivables.attach_paper", {
            "paper_id": derived_id(whole, f"paper {n}"), "customer_id": customer_id, "invoice_id": invoice_id,
            "kind": kind, "sha256": sha256, "name": file.name, "mime": file.mime, "size": len(file.data)})
        for n, ((file, invoice_id), sha256) in enumerate(zip(placed, kept, strict=True))
    ]
    answers = here().dispatcher.perform_batch(actor(), envelopes, keep_refusals=False)
    wrong = next((answer for answer in answers if answer.status != "applied"), None)
    return {} if wrong is None else {"files": gettext(wrong.message, **(wrong.params or {}))}
