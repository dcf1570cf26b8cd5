"""Whom a method's form is about, and what is known of him: the head of the office's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from fieldsales.collection.arrival_facts import email_of
from fieldsales.customers.models import Contact, Customer, Debtor
from fieldsales.customers.queries import visible
from fieldsales.kernel.money import Money
from fieldsales.people.rules import Scope
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of

_customers, _contacts, _debtors = table_of(Customer), table_of(Contact), table_of(Debtor)
_money = table_of(CustomerMoney)


@dataclass(frozen=True, slots=True)
class CaseHead:
    """Who the form is about, and what its fields may be filled with."""

    id: str
    name: str
    currency: str
    debtors: tuple[tuple[str, str], ...]
    prefills: Mapping[str, str]


def case_head(connection: Connection, scope: Scope, customer_id: str, today: date, currency: str) -> CaseHead | None:
    """The customer and what is known of it, or None outside the scope. Four small queries."""
    row = connection.execute(
        select(_customers.c.id, _customers.c.name, _customers.c.phone, _customers.c.address)
        .where(_customers.c.id == customer_id, visible(scope))
    ).first()
    if row is None:
        return None
    contact = connection.execute(
        select(_contacts.c.phone, email_of(_contacts).label("email"))
        .where(_contacts.c.customer_id == customer_id, _contacts.c.ended_at.is_(None)).order_by(_contacts.c.id)
    ).first()
    debtors = connection.execute(
        select(_debtors.c.id, _debtors.c.name, _debtors.c.address, _debtors.c.email)
        .where(_debtors.c.customer_id == customer_id).order_by(_debtors.c.id)
    ).all()
    money = connection.execute(
        select(_money).where(_money.c.customer_id == customer_id).order_by(_money.c.overdue_minor.desc())
    ).first()
    own = str(money.currency) if money else currency
    prefills = {
        "today": today.isoformat(), "customer.phone": row.phone,
        "contact.phone": contact.phone if contact else row.phone,
        "contact.email": contact.email if contact else "",
        "debtor.address": debtors[0].address or row.address if debtors else row.address,
        "balance": Money(money.open_minor, own).plain() if money else "",
        "overdue": Money(money.overdue_minor, own).plain() if money else "",
    }
    return CaseHead(row.id, row.name, own, tuple((debtor.id, debtor.name) for debtor in debtors), prefills)
