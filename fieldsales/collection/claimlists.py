"""Claims as the office looks at them: which wait to be looked into, one with its story, how often words were true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, select

from fieldsales.collection.models import Claim, ClaimVerdict
from fieldsales.customers.models import Customer
from fieldsales.disputes.models import Dispute
from fieldsales.people.models import User
from fieldsales.receivables.models import CustomerMoney, Invoice
from fieldsales.store.base import table_of

_claims, _verdicts, _customers, _users = (table_of(model) for model in (Claim, ClaimVerdict, Customer, User))
_invoices, _money = table_of(Invoice), table_of(CustomerMoney)


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim on the list."""

    id: str
    customer_id: str
    customer_name: str
    code: str
    words: str
    state: str
    at: datetime
    by_name: str


def _lines(seen: Any) -> Any:
    c = _claims.c
    return (
        select(c.id, c.customer_id, _customers.c.name, c.code, c.words, c.state, c.at,
               func.coalesce(_users.c.name, ""))
        .join(_customers, _customers.c.id == c.customer_id).outerjoin(_users, _users.c.id == c.by_id).where(seen)
    )


def claims_seen(connection: Connection, seen: Any, *, unverified: bool = True, codes: Iterable[str] = (),
                limit: int = 200) -> tuple[ClaimLine, ...]:
    """Claims nobody has looked into, the oldest first; or all, the newest first. ``codes``: of these only."""
    c, wanted = _claims.c, list(codes)
    query = _lines(seen).limit(limit)
    query = (query.where(c.state == "unverified").order_by(c.at, c.id) if unverified
             else query.order_by(c.at.desc(), c.id.desc()))
    if wanted:
        query = query.where(c.code.in_(wanted))
    return tuple(ClaimLine(*row) for row in connection.execute(query))


def count_unverified(connection: Connection, seen: Any) -> int:
    """How many claims nobody has looked into."""
    return int(connection.scalar(select(func.count()).select_from(
        _claims.join(_customers, _customers.c.id == _claims.c.customer_id))
        .where(seen, _claims.c.state == "unverified")) or 0)


def claim_seen(connection: Connection, seen: Any, claim_id: str) -> ClaimLine | None:
    """One claim, or None where there is none for this person."""
    row = connection.execute(_lines(seen).where(_claims.c.id == claim_id)).first()
    return ClaimLine(*row) if row else None


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """What a claim was found to be."""

    n: int
    state: str
    note: str
    product: str
    facts: list[dict[str, str]]
    evidence_sha256: list[str]
    at: datetime
    by_name: str


def verdicts_of(connection: Connection, claim_id: str) -> tuple[VerdictLine, ...]:
    """Every verdict on a claim; the first of them stands."""
    v = _verdicts.c
    rows = connection.execute(
        select(v.n, v.state, v.note, v.product, v.facts, v.evidence_sha256, v.at, func.coalesce(_users.c.name, ""))
        .outerjoin(_users, _users.c.id == v.by_id).where(v.claim_id == claim_id).order_by(v.n.desc()))
    return tuple(VerdictLine(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Worth:
    """What an account is worth to us, in minor units of the currency most was sold in."""

    currency: str
    turnover_minor: int
    open_minor: int
    overdue_minor: int


def worth_of(connection: Connection, customer_ids: Iterable[str], today: date) -> dict[str, Worth]:
    """Turnover of the last twelve months (invoices less credit notes) and what is open, by customer. Two queries."""
    ids, i, m = list(customer_ids), _invoices.c, _money.c
    year_ago = today - timedelta(days=365)
    sold = connection.execute(
        select(i.customer_id, i.currency, func.sum(i.total_minor))
        .where(i.customer_id.in_(ids), i.issued_on > year_ago, i.issued_on <= today)
        .group_by(i.customer_id, i.currency).order_by(func.sum(i.total_minor))).all()
    owed = connection.execute(select(m.customer_id, m.currency, m.open_minor, m.overdue_minor)
                              .where(m.customer_id.in_(ids)).order_by(m.open_minor)).all()
    turnover = {row[0]: (row[1], int(row[2])) for row in sold}
    found: dict[str, Worth] = {}
    for key in ids:
        debts = {row.currency: row for row in owed if row.customer_id == key}
        currency, sales = turnover.get(key, (next(reversed(debts), "CNY"), 0))
        debt = debts.get(currency)
        found[key] = Worth(currency, sales, debt.open_minor if debt else 0, debt.overdue_minor if debt else 0)
    return found


@dataclass(frozen=True, slots=True)
class Rate:
    """How often what was said was true, of somebody or something. ``name``: whose word, or who heard it."""

    key: str
    name: str
    heard: int
    true: int
    partly: int
    false: int

    @property
    def judged(self) -> int:
        """Looked into."""
        return self.true + self.partly + self.false

    @property
    def share(self) -> float | None:
        """True or partly true, of those looked into; None while none was."""
        return round((self.true + self.partly) / self.judged, 4) if self.judged else None


def rates_by(connection: Connection, seen: Any, by: str, since: datetime, limit: int = 100) -> tuple[Rate, ...]:
    """Claims heard since then by ``customer``, ``rep`` (who heard it), ``reason`` or ``product``; most heard first."""
    c, v = _claims.c, _verdicts.c
    joined: Any = _claims.join(_customers, _customers.c.id == c.customer_id).outerjoin(_users, _users.c.id == c.by_id)
    key, name = {"customer": (c.customer_id, _customers.c.name), "rep": (c.by_id, func.coalesce(_users.c.name, "")),
                 "reason": (c.code, c.code), "product": (v.product, v.product)}[by]
    if by == "product":
        newest = select(v.claim_id, func.max(v.n).label("n")).group_by(v.claim_id).subquery("newest")
        joined = joined.join(newest, newest.c.claim_id == c.id).join(
            _verdicts, (v.claim_id == c.id) & (v.n == newest.c.n) & (v.product != ""))
    counts = [func.sum(case((c.state == state, 1), else_=0)) for state in ("true", "partly", "false")]
    rows = connection.execute(
        select(key, name, func.count(), *counts).select_from(joined).where(seen, c.at >= since)
        .group_by(key, name).order_by(func.count().desc(), key).limit(limit))
    return tuple(Rate(str(row[0]), row[1], *(int(value) for value in row[2:])) for row in rows)


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice a dispute may be about."""

    id: str
    number: str
    open_minor: int
    currency: str


def open_invoices(connection: Connection, customer_id: str) -> tuple[OpenInvoice, ...]:
    """The customer's open invoices, oldest due first."""
    i = _invoices.c
    rows = connection.execute(select(i.id, i.number, i.open_minor, i.currency)
                              .where(i.customer_id == customer_id, i.open_minor > 0).order_by(i.due_on, i.number))
    return tuple(OpenInvoice(*row) for row in rows)


def dispute_of(connection: Connection, claim_id: str) -> str:
    """The dispute that came from a claim, or ""."""
    d = table_of(Dispute).c
    return connection.scalar(select(d.id).where(d.claim_id == claim_id).limit(1)) or ""
