"""Reads of promises: the book operations settle by, and what pages and the night run ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, false, func, select, true

from fieldsales.config import as_set
from fieldsales.promises.models import Promise, PromiseOutcome
from fieldsales.promises.rules import Promised
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
               m.amount_minor, m.received_on)
        .join(first, and_(first.c.customer_id == m.customer_id, m.received_on >= first.c.since))
        .outerjoin(back, back.c.reverses_id == m.id)
        .where(m.amount_minor > 0, back.c.id.is_(None))
    )
    words = select(
        p.customer_id, false().label("is_money"), p.id, p.amount_minor, p.currency, p.made_on, p.due_on,
        func.coalesce(p.debtor_id, ""), p.state, p.kept_minor, func.coalesce(p.superseded_on, p.made_on),
    ).where(p.customer_id.in_(keys))
    promises: dict[str, list[Promised]] = {key: [] for key in keys}
    received: dict[str, list[MoneyIn]] = {key: [] for key in keys}
    for row in connection.execute(words.union_all(money).order_by("id")):
        customer_id, is_money, row_id, amount, currency, made_on, due_on, debtor_id, state, kept, ended = row
        if is_money:
            received[customer_id].append(MoneyIn(amount, currency, made_on, debtor_id or None))
        else:
            promises[customer_id].append(Promised(row_id, amount, currency, made_on, due_on, state, kept,
                                                  debtor_id or None, ended if state == "superseded" else None))
    days = as_set().promise_grace_days
    return {key: Book(tuple(promises[key]), tuple(received[key]), days) for key in keys}


def due_for_settling(connection: Connection, today: date) -> list[str]:
    """Customers with an open promise whose day and grace are over."""
    p = _promises.c
    last = today - timedelta(days=as_set().promise_grace_days)
    query = select(p.customer_id).distinct().where(p.state == "open", p.due_on < last).order_by(p.customer_id)
    return list(connection.execute(query).scalars())
