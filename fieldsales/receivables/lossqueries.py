"""What the pages of late loss and allocation read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.customers.models import Debtor
from fieldsales.people.models import User
from fieldsales.receivables.allocation import explanation
from fieldsales.receivables.lateloss import LateDebt, Piece
from fieldsales.receivables.models import Allocation, Due, Invoice, Payment
from fieldsales.receivables.moneymodels import DebtorProfile, Security
from fieldsales.store.base import table_of

_dues, _invoices, _payments, _allocations = (table_of(model) for model in (Due, Invoice, Payment, Allocation))
_debtors, _profiles, _securities, _users = (table_of(model) for model in (Debtor, DebtorProfile, Security, User))


@dataclass(frozen=True, slots=True)
class Buyer:
    """A legal debtor with its size and market, and where that stands."""

    id: str
    name: str
    size: str
    market: str
    source: str


@dataclass(frozen=True, slots=True)
class SecurityLine:
    """A security that stands. ``invoice_number`` empty: for all the debtor owes."""

    id: str
    kind: str
    giver: str
    covers_minor: int | None
    currency: str
    invoice_number: str
    debtor_name: str
    source: str


@dataclass(frozen=True, slots=True)
class PaymentHead:
    """A payment and what of it waits. Minor units."""

    id: str
    received_on: date
    amount_minor: int
    unapplied_minor: int
    currency: str
    method: str
    payer_name: str
    designation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of a payment set against an instalment. ``part``: costs, interest or principal."""

    number: str
    due_on: date
    amount_minor: int
    rule: str
    part: str
    at: datetime

    @property
    def sentence(self) -> str:
        """The msgid that says why."""
        return explanation(self.rule)


def buyers(connection: Connection, customer_id: str) -> tuple[Buyer, ...]:
    """The customer's debtors with the newest entry of each. One query."""
    p = _profiles.c
    nth = func.row_number().over(partition_by=p.debtor_id, order_by=(p.at.desc(), p.id.desc())).label("nth")
    last = select(p.debtor_id, p.size, p.market, p.source, nth).where(p.customer_id == customer_id).subquery("last")
    rows = connection.execute(
        select(_debtors.c.id, _debtors.c.name, func.coalesce(last.c.size, "").label("size"),
               func.coalesce(last.c.market, "CN").label("market"), func.coalesce(last.c.source, "").label("source"))
        .select_from(_debtors.outerjoin(last, (last.c.debtor_id == _debtors.c.id) & (last.c.nth == 1)))
        .where(_debtors.c.customer_id == customer_id).order_by(_debtors.c.id))
    return tuple(Buyer(*row) for row in rows)


def securities(connection: Connection, customer_id: str) -> tuple[SecurityLine, ...]:
    """The securities that stand. One query."""
    s = _securities.c
    rows = connection.execute(
        select(s.id, s.kind, s.giver, s.covers_minor, s.currency, func.coalesce(_invoices.c.number, ""),
               func.coalesce(_debtors.c.name, ""), s.source)
        .select_from(_securities.outerjoin(_invoices, _invoices.c.id == s.invoice_id)
                     .outerjoin(_debtors, _debtors.c.id == s.debtor_id))
        .where(s.customer_id == customer_id, s.ended_at.is_(None)).order_by(s.at, s.id))
    return tuple(SecurityLine(*row) for row in rows)


def late_debts(connection: Connection, customer_id: str) -> tuple[LateDebt, ...]:
    """Every instalment that is or was late, in pieces by when each was paid; charges bear no interest. Three queries.

    Credit notes count from the day they were issued, payments from the day they were received.
    """
    paid = _paid_late(connection, customer_id)
    known = {one.id: one for one in buyers(connection, customer_id)}
    only = next(iter(known.values())) if len(known) == 1 else None
    d, i = _dues.c, _invoices.c
    rows = connection.execute(
        select(d.id, i.number, d.n, d.due_on, d.open_minor, d.currency, i.debtor_id)
        .join(_invoices, i.id == d.invoice_id)
        .where(d.customer_id == customer_id, d.amount_minor > 0, i.cancelled_at.is_(None),
               i.kind.not_in(("costs", "interest"))).order_by(d.due_on, i.number, d.n, d.id))
    found = []
    for row in rows:
        pieces = [Piece(minor, until) for until, minor in sorted(paid[row.id].items())
                  if minor > 0 and until > row.due_on]
        if row.open_minor > 0:
            pieces.append(Piece(row.open_minor))
        buyer = known.get(row.debtor_id or "", only)
        if pieces:
            found.append(LateDebt(row.number, row.n, row.due_on, row.currency, tuple(pieces),
                                  buyer.size if buyer else "", buyer.market if buyer else "CN"))
    return tuple(found)


def _paid_late(connection: Connection, customer_id: str) -> dict[str, dict[date, int]]:
    """By due and day: what was allocated, reversals taken off."""
    a, p = _allocations.c, _payments.c
    credit = _invoices.alias("credit")
    day = func.coalesce(p.received_on, credit.c.issued_on)
    rows = connection.execute(
        select(a.due_id, day.label("day"), func.sum(a.amount_minor).label("minor"))
        .select_from(_allocations.outerjoin(_payments, p.id == a.payment_id)
                     .outerjoin(credit, credit.c.id == a.credit_id))
        .where(a.customer_id == customer_id).group_by(a.due_id, day))
    found: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for row in rows:
        found[row.due_id][row.day] = int(row.minor)
    return found


def payment(connection: Connection, customer_id: str, payment_id: str
            ) -> tuple[PaymentHead, tuple[Placed, ...]] | None:
    """A payment of the customer with its allocations in the order they were made. Two queries."""
    p, a = _payments.c, _allocations.c
    row: Any = connection.execute(select(_payments).where(p.id == payment_id, p.customer_id == customer_id)).first()
    if row is None:
        return None
    head = PaymentHead(row.id, row.received_on, row.amount_minor, row.unapplied_minor, row.currency, row.method,
                       row.payer_name, tuple(row.designation or ()))
    rows = connection.execute(
        select(_invoices.c.number, _dues.c.due_on, a.amount_minor, a.rule, _invoices.c.kind, a.at)
        .select_from(_allocations.join(_invoices, _invoices.c.id == a.invoice_id).join(_dues, _dues.c.id == a.due_id))
        .where(a.payment_id == payment_id).order_by(a.at, a.id))
    return head, tuple(Placed(one.number, one.due_on, one.amount_minor, one.rule,
                              one.kind if one.kind in ("costs", "interest") else "principal", one.at) for one in rows)
