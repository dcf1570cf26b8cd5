"""Operations beside the ledger: what secures a debt, what it cost to collect or bears in interest, who the buyer is."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, select

from fieldsales.customers.guards import finance_for, seen_customer
from fieldsales.kernel.errors import N_, NotAllowed, RuleBroken
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.operation import Command, Currency, Id, Need, PositiveMinor, operation
from fieldsales.kernel.text import Name
from fieldsales.receivables.booking import Fresh, settle_loose
from fieldsales.receivables.facts import InvoiceFact
from fieldsales.receivables.models import Due, Invoice, Seller
from fieldsales.receivables.moneymodels import Charge, DebtorProfile, Security
from fieldsales.receivables.posting import OpenDebt
from fieldsales.receivables.rules import check_dates
from fieldsales.receivables.sides import own_debtor
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

KEEPERS = ("manager", "finance", "legal", "admin")
#: What a charge's number begins with: 费用, 利息.
PREFIXES = {"costs": "FY", "interest": "LX"}
_securities, _invoices, _sellers = table_of(Security), table_of(Invoice), table_of(Seller)


class AddSecurity(Command):
    """A guarantee, mortgage, pledge or retained title for one invoice, or (without one) for all a debtor owes."""

    security_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    invoice_id: Id | None = None
    kind: Literal["guarantee", "mortgage", "pledge", "retained_title", "other"]
    giver: Name
    """Who answers for it, or what it lies on."""
    covers_minor: PositiveMinor | None = None
    """None: all of it."""
    currency: Currency = "CNY"
    source: Name
    """The paper it stands in."""


class EndSecurity(Command):
    """The security has ended (paid, released, lapsed)."""

    security_id: Id
    customer_id: Id


class BookCharge(Command):
    """Costs of collecting, or interest claimed, on an invoice: a debt of its own that a payment settles before it."""

    charge_id: Id
    customer_id: Id
    for_invoice_id: Id
    kind: Literal["costs", "interest"]
    amount_minor: PositiveMinor
    on: date
    source: Name
    """The voucher of the costs, or the clause and reckoning of the interest."""


class SetProfile(Command):
    """How large a buyer is and which law it falls under; the newest entry counts."""

    profile_id: Id
    customer_id: Id
    debtor_id: Id
    size: Literal["", "large", "public", "small"]
    market: Literal["CN", "EU"] = "CN"
    source: Name


def may_keep(work: Work, command: Any) -> None:
    """Guard: manager, finance, legal or the administrator, for a customer they see."""
    if work.actor.role not in KEEPERS:
        raise NotAllowed("receivables.term_keepers", N_("Only the office keeps this."))
    seen_customer(work, command.customer_id)


@fact("security")
def load_securities(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """(customer id, whether it has ended) by id."""
    s = _securities.c
    rows = connection.execute(select(s.id, s.customer_id, s.ended_at).where(s.id.in_(keys)))
    return {row.id: (row.customer_id, row.ended_at is not None) for row in rows}


@fact("invoice_sides")
def load_sides(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """(debtor id, seller id, kind, seller's code) of invoices."""
    i = _invoices.c
    rows = connection.execute(
        select(i.id, i.debtor_id, i.seller_id, i.kind, _sellers.c.code)
        .outerjoin(_sellers, _sellers.c.id == i.seller_id).where(i.id.in_(keys)))
    return {row.id: (row.debtor_id, row.seller_id, row.kind, row.code or "") for row in rows}


def _needs_of_security(command: AddSecurity) -> list[Need]:
    needs = [Need("customer", command.customer_id)]
    return [*needs, Need("invoice", command.invoice_id)] if command.invoice_id else needs


@operation("receivables.add_security", AddSecurity, needs=_needs_of_security, guard=may_keep)
def add_security(work: Work, command: AddSecurity) -> None:
    """Put a security (担保) on record: a secured debt is settled after one that is not (民法典 560)."""
    if command.debtor_id:
        own_debtor(work, command.customer_id, command.debtor_id)
    if command.invoice_id:
        _own_invoice(work, command.customer_id, command.invoice_id)
    work.insert(
        Security, id=command.security_id, customer_id=command.customer_id, debtor_id=command.debtor_id,
        invoice_id=command.invoice_id, kind=command.kind, giver=command.giver, covers_minor=command.covers_minor,
        currency=command.currency, source=command.source, by_id=work.actor.user_id, at=work.now, ended_at=None,
        ended_by_id="",
    )
    work.touch(command.customer_id)


@operation("receivables.end_security", EndSecurity, guard=may_keep,
           needs=lambda c: [Need("customer", c.customer_id), Need("security", c.security_id)])
def end_security(work: Work, command: EndSecurity) -> None:
    """The security no longer stands; that it stood stays on record."""
    customer_id, ended = work.require("security", command.security_id)
    if customer_id != command.customer_id:
        raise RuleBroken("receivables.other_security", N_("That security belongs to another customer."))
    if not ended:
        work.update(Security, command.security_id, ended_at=work.now, ended_by_id=work.actor.user_id)
        work.facts.put("security", command.security_id, (customer_id, True))
        work.touch(command.customer_id)


@operation(
    "receivables.book_charge", BookCharge, guard=finance_for,
    needs=lambda c: [Need("customer", c.customer_id), Need("invoice", c.for_invoice_id),
                     Need("invoice_sides", c.for_invoice_id), Need("open_debts", c.customer_id),
                     Need("loose_money", c.customer_id)],
)
def book_charge(work: Work, command: BookCharge) -> None:
    """Book costs or claimed interest as a debt beside the invoice: the next payment settles it before the principal
    (民法典 561). Interest the program reckons is never booked by itself. Answers ``number``.
    """
    invoice = _own_invoice(work, command.customer_id, command.for_invoice_id)
    debtor_id, seller_id, kind, seller_code = work.require("invoice_sides", command.for_invoice_id)
    if invoice.total_minor < 0 or kind in PREFIXES:
        raise RuleBroken("receivables.charge_on", N_("Costs and interest belong to an invoice, not to such a row."),
                         field="for_invoice_id")
    check_dates(command.on)
    number, due_id = paper_number(PREFIXES[command.kind], command.charge_id, command.on), uuid7()
    debt = OpenDebt(due_id, command.charge_id, number, debtor_id, seller_id, invoice.currency, command.on,
                    command.amount_minor, command.amount_minor, 0, 0, command.for_invoice_id, command.kind)
    key = f"{seller_code}|{number}"  # as an import would call it: a list taken out comes in again unchanged
    fresh = Fresh(_invoice_row(work, command, number, invoice.currency, (debtor_id, seller_id), key), {due_id: {
        "id": due_id, "invoice_id": command.charge_id, "customer_id": command.customer_id, "n": 1,
        "due_on": command.on, "amount_minor": command.amount_minor, "open_minor": command.amount_minor,
        "currency": invoice.currency}})
    settle_loose(work, command.customer_id, (*work.fact("open_debts", command.customer_id), debt), fresh)
    work.insert(Invoice, **fresh.invoices[command.charge_id])
    work.insert(Due, **fresh.dues[due_id])
    work.insert(
        Charge, invoice_id=command.charge_id, customer_id=command.customer_id, for_invoice_id=command.for_invoice_id,
        kind=command.kind, source=command.source, by_id=work.actor.user_id, at=work.now,
    )
    work.touch(command.customer_id)
    work.answer(number=number)


def _invoice_row(work: Work, command: BookCharge, number: str, currency: str, sides: tuple[str | None, str | None],
                 key: str) -> dict[str, dict[str, object]]:
    return {command.charge_id: {
        "id": command.charge_id, "customer_id": command.customer_id, "debtor_id": sides[0], "seller_id": sides[1],
        "number": number, "kind": command.kind, "issued_on": command.on, "due_on": command.on,
        "total_minor": command.amount_minor, "open_minor": command.amount_minor, "currency": currency,
        "fapiao_number": "", "terms": "", "disputed": False, "disputed_minor": 0, "external_key": key,
        "import_id": None, "added_at": work.now, "cancelled_at": None, "cancel_reason": ""}}


@operation("receivables.set_profile", SetProfile, guard=may_keep, needs=lambda c: [Need("customer", c.customer_id)])
def set_profile(work: Work, command: SetProfile) -> None:
    """Enter a buyer's size and market, with where it can be looked up."""
    own_debtor(work, command.customer_id, command.debtor_id)
    work.insert(
        DebtorProfile, id=command.profile_id, customer_id=command.customer_id, debtor_id=command.debtor_id,
        size=command.size, market=command.market, source=command.source, by_id=work.actor.user_id, at=work.now,
    )
    work.touch(command.customer_id)


def _own_invoice(work: Work, customer_id: str, invoice_id: str) -> InvoiceFact:
    invoice: InvoiceFact = work.require("invoice", invoice_id)
    if invoice.customer_id != customer_id or invoice.cancelled:
        raise RuleBroken("receivables.other_customer", N_("That invoice belongs to another customer."))
    return invoice
