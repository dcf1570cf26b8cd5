"""Lists as tables to take out: the columns our own import knows, rows streamed in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, exists, false, func, select

from fieldsales.customers.lists import like, owned_by
from fieldsales.customers.models import Contact, Customer, CustomerAlias, Debtor
from fieldsales.customers.queries import visible
from fieldsales.customers.search import terms
from fieldsales.exchange.morelists import PROMISE_FIELDS, RECEIPT_FIELDS, promise_rows, receipt_rows, stream
from fieldsales.exchange.tablefiles import OutCell
from fieldsales.kernel.clock import DEFAULT_ZONE
from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.people.models import Team, User
from fieldsales.people.rules import Scope
from fieldsales.receivables.models import CustomerMoney, Due, Invoice, Payment, Seller
from fieldsales.store.base import table_of

_customers, _users, _teams = table_of(Customer), table_of(User), table_of(Team)
_invoices, _dues, _payments, _sellers = table_of(Invoice), table_of(Due), table_of(Payment), table_of(Seller)
_debtors, _contacts = table_of(Debtor), table_of(Contact)
_aliases, _money = table_of(CustomerAlias), table_of(CustomerMoney)
_c = _customers.c

KIND_WORDS = {"invoice": N_("Receivable"), "credit_note": N_("Red-letter receivable"),
              "opening": N_("Opening balance"), "costs": N_("Costs of collecting"), "interest": N_("Interest claimed"),
              "company": N_("Company"), "sole_trader": N_("Sole trader"), "person": N_("Individual"),
              True: N_("Yes"), False: N_("No")}
"""Words of cells that the import reads back."""
EXPORTS = ("customers", "invoices", "payments", "ageing", "receipts", "promises")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to, as its page was. Empty fields narrow nothing."""

    question: str = ""
    owner_id: str = ""
    team_id: str = ""
    customer_id: str = ""
    show: str = ""
    month: str = ""
    """The month promises fall due in, ``2026-11``."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to take out: its columns by field name, and its rows."""

    fields: tuple[str, ...]
    rows: Iterator[tuple[OutCell, ...]]


Say = Callable[[str], str]


def listing(connection: Connection, kind: str, scope: Scope, narrowed: Narrowed, say: Say, zone: str = DEFAULT_ZONE
            ) -> Listing:
    """The rows of one list that the scope may see. ``say`` translates the words in its cells."""
    where = [visible(scope), *_conditions(narrowed)]
    if kind == "receipts":
        return Listing(RECEIPT_FIELDS, receipt_rows(connection, where, say, zone))
    if kind == "promises":
        return Listing(PROMISE_FIELDS, promise_rows(connection, where, say, narrowed.month))
    makers = {"customers": _customer_rows, "invoices": _invoice_rows, "payments": _payment_rows, "ageing": _ageing_rows}
    return makers[kind](connection, where, say)


def _conditions(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.owner_id:
        found.append(owned_by(narrowed.owner_id))
    for column, value in ((_c.team_id, narrowed.team_id), (_c.id, narrowed.customer_id)):
        if value:
            found.append(column == value)
    if narrowed.show == "overdue":
        found.append(_c.overdue_minor > 0)
    if narrowed.show == "over90":
        found.append(exists().where(_money.c.customer_id == _c.id, _money.c.d91p_minor > 0))
    if terms(narrowed.question):
        found.append(like(narrowed.question))
    elif narrowed.question:
        found.append(false())
    return found


def _amount(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).major


def _joined(column: ColumnElement[str]) -> ColumnElement[str]:
    return func.coalesce(func.aggregate_strings(column, ";"), "")


def _customer_rows(connection: Connection, where: list[ColumnElement[bool]], say: Say) -> Listing:
    """One row a customer, with its first debtor and first contact."""
    firm, person = _debtors.alias("firm"), _contacts.alias("someone")
    debtor = select(func.min(firm.c.id)).where(firm.c.customer_id == _c.id).scalar_subquery()
    contact = select(func.min(person.c.id)).where(
        person.c.customer_id == _c.id, person.c.ended_at.is_(None)).scalar_subquery()
    names = select(_joined(_aliases.c.name)).where(_aliases.c.customer_id == _c.id).scalar_subquery()
    d, k = _debtors.c, _contacts.c
    query = (
        select(_c.code, _c.name, names, func.coalesce(d.kind, "company"), func.coalesce(d.reg_no, ""),
               func.coalesce(k.name, ""), func.coalesce(k.role, ""), _c.phone, _c.address, _c.region, _c.lat, _c.lon,
               _c.tier, _c.credit_grade, func.coalesce(_users.c.name, ""), func.coalesce(_teams.c.name, ""))
        .select_from(_customers.outerjoin(_debtors, d.id == debtor).outerjoin(_contacts, k.id == contact)
                     .outerjoin(_users, _users.c.id == _c.owner_id).outerjoin(_teams, _teams.c.id == _c.team_id))
        .where(*where).order_by(_c.code)
    )
    fields = ("customer_code", "customer_name", "aliases", "debtor_kind", "reg_no", "contact", "contact_role", "phone",
              "address", "region", "lat", "lon", "tier", "credit_grade", "rep", "team")
    return Listing(fields, ((*row[:3], say(KIND_WORDS[row[3]]), *row[4:]) for row in stream(connection, query)))


def _invoice_rows(connection: Connection, where: list[ColumnElement[bool]], say: Say) -> Listing:
    """One row an instalment due; an invoice of several has as many rows with its number."""
    i, d = _invoices.c, _dues.c
    query = (
        select(_c.code, _c.name, i.number, i.kind, i.issued_on, d.due_on, d.amount_minor, d.open_minor, i.currency,
               func.coalesce(_sellers.c.code, ""), i.terms, i.fapiao_number, i.disputed,
               func.coalesce(_users.c.name, ""))
        .select_from(_dues.join(_invoices, i.id == d.invoice_id).join(_customers, _c.id == i.customer_id)
                     .outerjoin(_sellers, _sellers.c.id == i.seller_id).outerjoin(_users, _users.c.id == _c.owner_id))
        .where(i.cancelled_at.is_(None), *where).order_by(_c.code, i.issued_on, i.number, i.id, d.n)
    )
    fields = ("customer_code", "customer_name", "number", "doc_type", "issued_on", "due_on", "total", "paid", "open",
              "currency", "seller_code", "terms", "fapiao_number", "disputed", "rep")
    return Listing(fields, (
        (code, name, number, say(KIND_WORDS[kind]), issued, due, _amount(amount, currency),
         _amount(amount - left, currency), _amount(left, currency), currency, seller, terms_, fapiao,
         say(KIND_WORDS[bool(disputed)]), rep)
        for code, name, number, kind, issued, due, amount, left, currency, seller, terms_, fapiao, disputed, rep
        in stream(connection, query)))


def _payment_rows(connection: Connection, where: list[ColumnElement[bool]], say: Say) -> Listing:
    """Payments that stand: what was reversed, and its reversal, are left out together."""
    p, back = _payments.c, _payments.alias("back")
    query = (
        select(func.coalesce(p.external_key, p.id), p.received_on, _c.code, _c.name, p.amount_minor, p.currency,
               p.method, p.payer_name, p.reference, p.designation, func.coalesce(_sellers.c.code, ""))
        .select_from(_payments.join(_customers, _c.id == p.customer_id)
                     .outerjoin(back, back.c.reverses_id == p.id).outerjoin(_sellers, _sellers.c.id == p.seller_id))
        .where(p.reverses_id.is_(None), back.c.id.is_(None), *where).order_by(p.received_on, p.id)
    )
    fields = ("number", "received_on", "customer_code", "customer_name", "amount", "currency", "method", "payer",
              "reference", "invoice_numbers", "seller_code")
    return Listing(fields, (
        (number, on, code, name, _amount(minor, currency), currency, method, payer, reference,
         ";".join(designation or ()), seller)
        for number, on, code, name, minor, currency, method, payer, reference, designation, seller
        in stream(connection, query)))


def _ageing_rows(connection: Connection, where: list[ColumnElement[bool]], say: Say) -> Listing:
    """What each customer owes by age, as the kept summaries have it; currencies apart."""
    m = _money.c
    query = (
        select(_c.code, _c.name, func.coalesce(_users.c.name, ""), m.currency, m.open_minor, m.overdue_minor,
               m.not_due_minor, m.d1_30_minor, m.d31_60_minor, m.d61_90_minor, m.d91p_minor, m.oldest_due_on)
        .select_from(_money.join(_customers, _c.id == m.customer_id).outerjoin(_users, _users.c.id == _c.owner_id))
        .where(m.open_minor != 0, *where).order_by(m.overdue_minor.desc(), _c.id)
    )
    fields = ("customer_code", "customer_name", "rep", "currency", "open", "overdue", "not_due", "d1_30", "d31_60",
              "d61_90", "d91p", "oldest_due_on")
    return Listing(fields, (
        (code, name, rep, currency, *(_amount(minor, currency) for minor in minors), oldest)
        for code, name, rep, currency, *minors, oldest in stream(connection, query)))
