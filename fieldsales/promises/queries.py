"""Reads of promises: the book operations settle by, and what pages and the night run ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Date, Select, and_, cast, exists, func, literal, select

from fieldsales.config import as_set
from fieldsales.kernel.clock import on_date
from fieldsales.promises.history import Ids, histories, shape_of
from fieldsales.promises.models import Promise, PromiseOutcome
from fieldsales.promises.pausing import StandingPromise, paused
from fieldsales.promises.probability import Assessment, assess
from fieldsales.promises.rules import Promised, spoken_for
from fieldsales.receivables.earmarks import earmarking
from fieldsales.receivables.messages import PaymentPosted, ReceiptRegistered
from fieldsales.receivables.models import Payment, PaymentReceipt
from fieldsales.receivables.rules import MoneyIn
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_promises, _outcomes, _payments = table_of(Promise), table_of(PromiseOutcome), table_of(Payment)
_receipts = table_of(PaymentReceipt)


@dataclass(frozen=True, slots=True)
class Book:
    """A customer's promises and the confirmed money since the first of them. No promise: no money is read.

    ``waiting``: what reps were given and finance has not confirmed, by the receipt's id.
    """

    promises: tuple[Promised, ...]
    money: tuple[MoneyIn, ...]
    grace_days: int
    waiting: Mapping[str, MoneyIn] = field(default_factory=dict)

    def with_money(self, event: PaymentPosted) -> Book:
        """The book after a payment; a reversal takes out the sum it reverses."""
        if event.amount_minor > 0:
            seen = self.waiting.get(event.receipt_id or "")
            one = MoneyIn(event.amount_minor, event.currency, event.received_on, event.debtor_id,
                          seen.taken_at if seen else None, seen.visit_id if seen else None)
            return replace(self.without(event.receipt_id), money=(*self.money, one))
        gone = MoneyIn(-event.amount_minor, event.currency, event.received_on, event.debtor_id)
        money = list(self.money)
        if gone in money:
            money.remove(gone)
        return replace(self, money=tuple(money))

    def with_receipt(self, event: ReceiptRegistered) -> Book:
        """The book after a rep was given money."""
        if event.taken_at is None:
            return self
        one = MoneyIn(event.amount_minor, event.currency, on_date(event.taken_at, as_set().zone), event.debtor_id,
                      event.taken_at, event.visit_id)
        return replace(self, waiting={**self.waiting, event.receipt_id: one})

    def without(self, receipt_id: str | None) -> Book:
        """The book without what waited on a receipt."""
        return replace(self, waiting={key: one for key, one in self.waiting.items() if key != receipt_id})


@fact("promises")
def load_books(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: promises, and the money that may count for them, in one query.

    Reversed payments and their reversals are left out.
    """
    promises: dict[str, list[Promised]] = {key: [] for key in keys}
    received: dict[str, list[MoneyIn]] = {key: [] for key in keys}
    waiting: dict[str, dict[str, MoneyIn]] = {key: {} for key in keys}
    zone = as_set().zone
    for row in connection.execute(_words(keys).union_all(_money(keys), _given(keys)).order_by("id")):
        debtor_id, visit_id = row.debtor_id or None, row.visit_id or None
        if row.what == "money":
            received[row.customer_id].append(
                MoneyIn(row.minor, row.currency, row.made_on, debtor_id, row.made_at, visit_id))
        elif row.what == "given":
            waiting[row.customer_id][row.id] = MoneyIn(
                row.minor, row.currency, on_date(row.made_at, zone), debtor_id, row.made_at, visit_id)
        else:
            promises[row.customer_id].append(Promised(
                row.id, row.minor, row.currency, row.made_on, row.due_on, row.state, row.kept_minor, debtor_id,
                row.ended_on if row.state == "superseded" else None, row.plan_id or None, row.put_off, row.made_at,
                visit_id))
    days = as_set().promise_grace_days
    return {key: Book(tuple(promises[key]), tuple(received[key]), days, waiting[key]) for key in keys}


def _words(keys: list[str]) -> Select[Any]:
    p = _promises.c
    return select(
        p.customer_id, literal("word").label("what"), p.id, p.amount_minor.label("minor"), p.currency, p.made_on,
        p.due_on, func.coalesce(p.debtor_id, "").label("debtor_id"), p.state, p.kept_minor,
        func.coalesce(p.superseded_on, p.made_on).label("ended_on"), func.coalesce(p.plan_id, "").label("plan_id"),
        p.put_off, p.made_at, func.coalesce(p.visit_id, "").label("visit_id"),
    ).where(p.customer_id.in_(keys))


def _money(keys: list[str]) -> Select[Any]:
    """Confirmed money since the first promise, with when and where a rep was given it."""
    p, m, r = _promises.c, _payments.c, _receipts.c
    back = _payments.alias("back")
    first = (
        select(p.customer_id, func.min(p.made_on).label("since")).where(p.customer_id.in_(keys))
        .group_by(p.customer_id).subquery("first")
    )
    return (
        select(m.customer_id, literal("money"), m.id, m.amount_minor, m.currency, m.received_on, m.received_on,
               func.coalesce(m.debtor_id, ""), literal(""), m.amount_minor, m.received_on, literal(""), literal(0),
               r.received_at, func.coalesce(r.visit_id, ""))
        .join(first, and_(first.c.customer_id == m.customer_id, m.received_on >= first.c.since))
        .outerjoin(back, back.c.reverses_id == m.id).outerjoin(_receipts, r.id == m.receipt_id)
        .where(m.amount_minor > 0, back.c.id.is_(None))
    )


def _given(keys: list[str]) -> Select[Any]:
    """What reps were given and finance has not confirmed yet, of customers who promised something."""
    p, r = _promises.c, _receipts.c
    day = cast(literal(None), Date)
    return (
        select(r.customer_id, literal("given"), r.id, r.amount_minor, r.currency, day, day,
               func.coalesce(r.debtor_id, ""), literal(""), r.amount_minor, day, literal(""), literal(0),
               r.received_at, func.coalesce(r.visit_id, ""))
        .where(r.customer_id.in_(keys), r.state == "pending", exists().where(p.customer_id == r.customer_id))
    )


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
