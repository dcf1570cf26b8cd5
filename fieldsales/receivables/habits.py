"""How customers have paid: their settled debts, and the house's spread that the night reckons from all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select

from fieldsales.receivables.models import Allocation, Due, Payment, PaymentSpread
from fieldsales.receivables.punctuality import Settled, Spread, spread_of
from fieldsales.store.base import table_of

#: Debts paid longer ago say nothing of today: they would weigh an eighth at most.
_REMEMBERED = timedelta(days=3 * 365)
_dues, _payments, _spreads = table_of(Due), table_of(Payment), table_of(PaymentSpread)
_parts = table_of(Allocation)
_reversals = _parts.alias("reversals")


def settled_debts(connection: Connection, today: date, customer_ids: Sequence[str] | None = None
                  ) -> dict[str, list[Settled]]:
    """By customer: the debts paid whole in the last three years, and the day the last money for each came. One query.

    What a credit note settled was not paid; a reversed payment never came. ``None``: of all customers.
    """
    paid_on = func.max(_payments.c.received_on)
    query = (
        select(_dues.c.customer_id, _dues.c.due_on, paid_on)
        .join(_parts, _parts.c.due_id == _dues.c.id).join(_payments, _payments.c.id == _parts.c.payment_id)
        .where(_dues.c.open_minor == 0, _dues.c.amount_minor > 0, _parts.c.amount_minor > 0,
               ~exists().where(_reversals.c.reverses_id == _parts.c.id))
        .group_by(_dues.c.id, _dues.c.customer_id, _dues.c.due_on).having(paid_on >= today - _REMEMBERED)
    )
    if customer_ids is not None:
        query = query.where(_dues.c.customer_id.in_(customer_ids))
    found: dict[str, list[Settled]] = {}
    for customer_id, due_on, last_paid_on in connection.execute(query):
        found.setdefault(customer_id, []).append(Settled(due_on, last_paid_on))
    return found


def newest_spread(connection: Connection) -> Spread | None:
    """The spread the last night left, or None while the house has settled too few debts."""
    row: Any = connection.execute(select(_spreads).order_by(_spreads.c.as_of.desc()).limit(1)).first()
    if row is None:
        return None
    return Spread(row.as_of, row.body["usual_days"], row.body["settled"],
                  tuple((day, share) for day, share in row.body["days"]))


def note_spread(connection: Connection, today: date) -> None:
    """Reckon the house's spread anew, from every settled debt. It takes the place of the last."""
    spread = spread_of(settled_debts(connection, today), today)
    connection.execute(delete(_spreads))
    if spread is not None:
        body = {"usual_days": round(spread.usual_days, 3), "settled": spread.settled, "days": spread.days}
        connection.execute(insert(_spreads).values(as_of=today, body=body))
