"""What the manager's page of ways and frequency is read from, in a constant number of queries (``QUERIES``)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, union_all

from fieldsales.collection.cadence import Debt
from fieldsales.collection.frequency import Followed
from fieldsales.collection.models import Action
from fieldsales.collection.stepmodels import StepAnswer
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.money import exponent
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.receivables.models import CustomerMoney, Payment
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit

#: Days the figures of the page look back.
BACK = 90
_customers, _users, _money, _payments = (table_of(m) for m in (Customer, User, CustomerMoney, Payment))
_visits, _actions, _answers = table_of(Visit), table_of(Action), table_of(StepAnswer)


def followed(connection: Connection, scope: Scope, today: date, zone: str, currency: str) -> list[Followed]:
    """Every customer in view who owes something overdue or has paid lately, in the house currency. Three queries.

    A visit and the action its method made of it are one contact.
    """
    since = datetime.combine(today - timedelta(days=BACK), time.min, ZoneInfo(zone))
    contacts, last = _contacts(connection, scope, since, zone)
    paid = _paid(connection, scope, today, currency)
    c, m = _customers.c, _money.c
    rows = connection.execute(
        select(c.id, c.name, c.credit_grade, func.coalesce(_users.c.name, ""), m.overdue_minor, m.oldest_due_on)
        .select_from(_customers.join(_money, m.customer_id == c.id).outerjoin(_users, _users.c.id == c.owner_id))
        .where(visible(scope), m.currency == currency).order_by(c.id)
    )
    found = []
    for key, name, grade, owner, overdue, oldest in rows:
        if (overdue or 0) <= 0 and not paid.get(key):
            continue
        late = (today - oldest).days if oldest and overdue > 0 else 0
        debt = Debt(grade, max(0, overdue) // 10 ** exponent(currency), max(0, late))
        found.append(Followed(key, name, owner, max(0, overdue), contacts[key], paid.get(key, 0), last.get(key), debt))
    return found


def _contacts(connection: Connection, scope: Scope, since: datetime, zone: str) -> tuple[Counter[str], dict[str, date]]:
    v, a = _visits.c, _actions.c
    both = union_all(
        select(v.customer_id, v.occurred_at).join(_customers, _customers.c.id == v.customer_id)
        .where(visible(scope), v.occurred_at >= since),
        select(a.customer_id, a.occurred_at).join(_customers, _customers.c.id == a.customer_id)
        .where(visible(scope), a.occurred_at >= since, a.source_kind != "visit"),
    )
    counts: Counter[str] = Counter()
    last: dict[str, date] = {}
    for key, at in connection.execute(both):
        on = on_date(at, zone)
        counts[key] += 1
        last[key] = max(on, last.get(key, on))
    return counts, last


def _paid(connection: Connection, scope: Scope, today: date, currency: str) -> dict[str, int]:
    p = _payments.c
    rows = connection.execute(
        select(p.customer_id, func.sum(p.amount_minor)).join(_customers, _customers.c.id == p.customer_id)
        .where(visible(scope), p.received_on >= today - timedelta(days=BACK), p.currency == currency)
        .group_by(p.customer_id)
    )
    return {key: max(0, int(minor)) for key, minor in rows}


@dataclass(frozen=True, slots=True)
class Asked:
    """A rep's question to the manager that nobody has answered."""

    customer_id: str
    customer_name: str
    method: str
    by_name: str
    words: str
    at: datetime
    overdue_minor: int


@dataclass(frozen=True, slots=True)
class Declined:
    """A suggestion a rep did not take."""

    customer_id: str
    customer_name: str
    step: str
    method: str
    reason: str
    words: str
    by_name: str
    at: datetime


def answers(connection: Connection, scope: Scope, today: date, zone: str
            ) -> tuple[tuple[Asked, ...], tuple[Declined, ...]]:
    """Questions that wait, and suggestions declined in the period, newest first. One query."""
    s, c = _answers.c, _customers.c
    since = datetime.combine(today - timedelta(days=BACK), time.min, ZoneInfo(zone))
    rows = connection.execute(
        select(s.customer_id, c.name, s.answer, s.step, s.method, s.reason, s.words, s.at,
               func.coalesce(_users.c.name, "").label("by_name"), c.overdue_minor)
        .select_from(_answers.join(_customers, c.id == s.customer_id).outerjoin(_users, _users.c.id == s.by_id))
        .where(visible(scope), s.at >= since).order_by(s.at.desc(), s.id.desc())
    )
    newest: dict[tuple[str, str], Any] = {}
    declined = []
    for row in rows:
        if row.answer == "declined":
            declined.append(Declined(row.customer_id, row.name, row.step, row.method, row.reason, row.words,
                                     row.by_name, row.at))
        else:
            newest.setdefault((row.customer_id, row.method), row)
    asked = tuple(Asked(row.customer_id, row.name, row.method, row.by_name, row.words, row.at, row.overdue_minor)
                  for row in newest.values() if row.answer == "asked")
    return asked, tuple(declined)


#: Statements of the page: contacts, money, customers, answers, the night's figures.
QUERIES = 5
