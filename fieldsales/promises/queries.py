"""Reads of promises: the book operations settle by, and what pages and the night run ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, false, func, literal, select, true

from fieldsales.config import as_set
from fieldsales.promises.history import Ids, histories, shape_of
from fieldsales.promises.models import Promise, PromiseOutcome
from fieldsales.promises.pausing import StandingPromise, paused
from fieldsales.promises.probability import Assessment, assess
from fieldsales.promises.rules import Promised, spoken_for
from fieldsales.receivables.earmarks import earmarking
from fieldsales.receivables.messages import PaymentPosted
from fieldsales.receivables.models import Payment
from fieldsales.receivables.rules import MoneyIn
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_promises, _outcomes, _payments = table_of(Promise), table_of(PromiseOutcome), table_of(Payment)


@dataclass(frozen=True, slots=True)
class Book:
    """A customer's promises and the confirmed money since the first of them. No promise: no money is read."""

    promises: tuple[Promised, ...]
    money: tuple[MoneyIn, ...]
    grace_days: int

    def with_money(self, event: PaymentPosted) -> Book:
        """The book after a payment; a reversal takes out the sum it reverses."""
        if event.amount_minor > 0:
            one = MoneyIn(event.amount_minor, event.currency, event.received_on, event.debtor_id)
            return replace(self, money=(*self.money, one))
        gone = MoneyIn(-event.amount_minor, event.currency, event.received_on, event.debtor_id)
        money = list(self.money)
        if gone in money:
            money.remove(gone)
        return replace(self, money=tuple(money))


@fact("promises")
def load_books(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: promises, and the money that may count for them, in one query.

    Reversed payments and their reversals are left out.
    """
    p, m = _promises.c, _payments.c
    back = _payments.alias("back")
    first = (
        select(p.customer_id, func.min(p.made_on).label("since")).where(p.customer_id.in_(keys))
        .group_by(p.customer_id).subquery("first")
    )
    money = (
        select(m.customer_id, true().label("is_money"), m.id, m.amount_minor, m.currency, m.received_on,
               m.received_on, func.coalesce(m.debtor_id, "").label("debtor_id"), func.coalesce("", "").label("state"),
               m.amount_minor, m.received_on, func.coalesce("", "").label("plan_id"), literal(0).label("put_off"))
        .join(first, and_(first.c.customer_id == m.customer_id, m.received_on >= first.c.since))
        .outerjoin(back, back.c.reverses_id == m.id)
        .where(m.amount_minor > 0, back.c.id.is_(None))
    )
    words = select(
        p.customer_id, false().label("is_money"), p.id, p.amount_minor, p.currency, p.made_on, p.due_on,
        func.coalesce(p.debtor_id, ""), p.state, p.kept_minor, func.coalesce(p.superseded_on, p.made_on),
        func.coalesce(p.plan_id, ""), p.put_off,
    ).where(p.customer_id.in_(keys))
    promises: dict[str, list[Promised]] = {key: [] for key in keys}
    received: dict[str, list[MoneyIn]] = {key: [] for key in keys}
    for row in connection.execute(words.union_all(money).order_by("id")):
        customer_id, is_money, row_id, amount, currency, made_on, due_on, debtor_id, state, kept, ended, plan, off = row
        if is_money:
            received[customer_id].append(MoneyIn(amount, currency, made_on, debtor_id or None))
        else:
            promises[customer_id].append(Promised(row_id, amount, currency, made_on, due_on, state, kept,
                                                  debtor_id or None, ended if state == "superseded" else None,
                                                  plan or None, off))
    days = as_set().promise_grace_days
    return {key: Book(tuple(promises[key]), tuple(received[key]), days) for key in keys}


@dataclass(frozen=True, slots=True)
class PromiseFact:
    """A promise as an operation beside it sees it."""

    id: str
    customer_id: str
    debtor_id: str | None


@fact("promise")
def load_promises(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Promises by id."""
    p = _promises.c
    rows = connection.execute(select(p.id, p.customer_id, p.debtor_id).where(p.id.in_(keys)))
    return {row.id: PromiseFact(*row) for row in rows}


@earmarking
def promised_money(connection: Connection, keys: list[str]) -> dict[str, list[MoneyIn]]:
    """By customer: the money that counts for promises of their own, so that no plan counts it again."""
    books: dict[str, Book] = load_books(connection, keys)
    return {key: spoken_for(book.promises, book.money, book.grace_days) for key, book in books.items()}


def due_for_settling(connection: Connection, today: date) -> list[str]:
    """Customers with an open promise whose day and grace are over."""
    p = _promises.c
    last = today - timedelta(days=as_set().promise_grace_days)
    query = select(p.customer_id).distinct().where(p.state == "open", p.due_on < last).order_by(p.customer_id)
    return list(connection.execute(query).scalars())


def judged(connection: Connection, rows: list[Any], truth: Mapping[str, tuple[int, int]] | None = None
           ) -> dict[str, Assessment]:
    """Promises (rows of the table) judged with what is known today, by id. Two queries, none without promises.

    ``truth``: excuses found true or partly true, of those judged, by customer.
    """
    if not rows:
        return {}
    known = histories(connection, sorted({row.customer_id for row in rows}), min(row.made_on for row in rows))
    told = truth or {}
    return {row.id: assess(shape_of(row, known.get(row.customer_id, known[""]), told.get(row.customer_id)))
            for row in rows}


def weighted(connection: Connection, customer_ids: Ids, from_on: date, to_on: date,
             truth: Mapping[str, tuple[int, int]] | None = None) -> dict[str, dict[str, tuple[int, int]]]:
    """What open promises due between two days bring: ``{customer: {currency: (still open, weighted)}}``, minor units.

    Weighted: what has not come, times the probability as it is judged today, rounded half up a promise. A promise
    that repeats a signed plan's instalment (``plan_id``) is left out: that money is the plan's. Three queries.
    """
    p = _promises.c
    rows = list(connection.execute(select(_promises).where(
        p.customer_id.in_(customer_ids), p.state == "open", p.due_on.between(from_on, to_on), p.plan_id.is_(None))))
    assessments = judged(connection, rows, truth)
    found: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        left = row.amount_minor - row.kept_minor
        expected = (left * assessments[row.id].probability_bp + 5_000) // 10_000
        before = found[row.customer_id].get(row.currency, (0, 0))
        found[row.customer_id][row.currency] = (before[0] + left, before[1] + expected)
    return dict(found)


def pausing(connection: Connection, customer_ids: Ids, as_of: date, truth: Mapping[str, tuple[int, int]] | None = None
            ) -> dict[str, dict[str, int]]:
    """The sum open promises keep new demands back for: ``{customer: {currency: minor}}``. Three queries.

    See ``pausing.paused`` for which promises do. Reminders, and demands for what lies beyond the sum, go on.
    """
    p = _promises.c
    grace = as_set().promise_grace_days
    rows = list(connection.execute(select(_promises).where(
        p.customer_id.in_(customer_ids), p.state == "open", p.due_on >= as_of - timedelta(days=grace))))
    assessments = judged(connection, rows, truth)
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        standing = StandingPromise(row.amount_minor - row.kept_minor, row.due_on, assessments[row.id].klass)
        minor = paused(standing, as_of, grace)
        if minor:
            found[row.customer_id][row.currency] = found[row.customer_id].get(row.currency, 0) + minor
    return dict(found)
