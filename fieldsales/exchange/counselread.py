"""What outside counsel reads of a case: sides, sums, papers, acts. Nothing of what the house thinks of the debtor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.collection.casepapers import limitation_of
from fieldsales.collection.queries import load_case_files
from fieldsales.collection.rules import case_for, letters_of
from fieldsales.documents.models import Document
from fieldsales.exchange.models import Bundle
from fieldsales.kernel.money import Money
from fieldsales.kernel.operation import SYSTEM
from fieldsales.plans.models import Plan
from fieldsales.store.base import table_of

_bundles, _plans, _documents = table_of(Bundle), table_of(Plan), table_of(Document)
_ROWS, _PAPERS, _ACTS = 500, 200, 100


@dataclass(frozen=True, slots=True)
class BundleChoice:
    """A bundle of the customer that can be fetched. ``size``: bytes."""

    id: str
    number: str
    ordered_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What one side owes the other. ``rows``: (number, due date, minor units open)."""

    seller: str
    debtor: str
    debtor_reg_no: str
    debtor_address: str
    currency: str
    total_minor: int
    overdue_minor: int
    limitation_on: date | None
    rows: tuple[tuple[str, date, int], ...]


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case as counsel reads it. ``signed``: (kind, number, day, sum); ``papers``: (kind, or the title of a plugin's
    paper; name; day, of its signing where it was signed)."""

    claims: tuple[Claim, ...]
    signed: tuple[tuple[str, str, date, Money], ...]
    disputes: tuple[Any, ...]
    acts: tuple[Any, ...]
    papers: tuple[tuple[str, str, date | None], ...]


def bundle_rows(connection: Connection, customer_id: str, ids: tuple[str, ...] | None = None
                 ) -> tuple[BundleChoice, ...]:
    b = _bundles.c
    asked = select(b.id, _plans.c.number, b.ordered_at, b.size).join(_plans, _plans.c.id == b.plan_id).where(
        b.customer_id == customer_id, b.state == "ready").order_by(b.ordered_at.desc(), b.id)
    if ids is not None:
        asked = asked.where(b.id.in_(ids))
    return tuple(BundleChoice(*row) for row in connection.execute(asked))


def plans_of(connection: Connection, customer_id: str) -> tuple[tuple[str, str], ...]:
    """(id, number) of the customer's plans, newest first: on their pages bundles are ordered. One query."""
    p = _plans.c
    rows = connection.execute(select(p.id, p.number).where(p.customer_id == customer_id)
                              .order_by(p.signed_at.desc(), p.id).limit(20))
    return tuple((row.id, row.number) for row in rows)


def case_of(connection: Connection, customer_id: str, today: date, now: datetime) -> CaseRead | None:
    """The case of one customer, of every debtor of it; None when there is none."""
    file = load_case_files(connection, [customer_id]).get(customer_id)
    if file is None:
        return None
    facts = case_for(file, SYSTEM, now, today)
    claims = tuple(
        Claim(letter.seller.name, letter.debtor.name, letter.debtor.reg_no, letter.debtor.address, letter.currency,
              letter.total_minor(), letter.overdue_minor(today), limitation_of(file, letter),
              tuple((debt.invoice.number, debt.due_on, debt.open_minor) for debt in letter.debts[:_ROWS]))
        for debtor in file.debtors for letter in letters_of(file, debtor))
    signed = (*(("plan", one.number, one.signed_on, one.total) for one in facts.plans if one.state != "void"),
              *(("statement", one.number, one.as_of, one.agreed) for one in facts.statements))
    listed = facts.evidence[:_PAPERS]
    titles = _titles(connection, [one.id for one in listed if one.kind == "plugin"])
    days = {number: on for _, number, on, _ in signed}
    return CaseRead(claims, signed, facts.disputes, tuple(sorted(file.acts, key=lambda one: one.occurred_on))[-_ACTS:],
                    tuple((titles.get(one.id, one.kind), one.name, days.get(one.name, one.on)) for one in listed))


def _titles(connection: Connection, ids: list[str]) -> dict[str, str]:
    """What papers of plugins are called on themselves; no query without any."""
    if not ids:
        return {}
    d = _documents.c
    return {row.id: str(row.source["payload"]["title"]) for row in connection.execute(
        select(d.id, d.source).where(d.id.in_(ids)))}
