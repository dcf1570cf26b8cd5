"""The summary row a customer has for each currency: kept by the transaction that moves money.

Pages and lists read it instead of scanning; the audit holds it equal to the scan, to the cent.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Connection,
    Date,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from fieldsales.customers.models import Customer
from fieldsales.receivables.ageing import EDGES
from fieldsales.receivables.facts import chunks
from fieldsales.receivables.models import CustomerMoney, Due, Invoice, Payment
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, rollup

_dues, _invoices, _payments = table_of(Due), table_of(Invoice), table_of(Payment)
_money, _customers = table_of(CustomerMoney), table_of(Customer)
_ZERO = literal(0, BigInteger)


def _movements(customer_ids: list[str] | None) -> CompoundSelect[Any]:
    """One row for each open due, unapplied payment and disputed invoice."""
    d, p, i = _dues.c, _payments.c, _invoices.c
    disputed = case((i.disputed_minor < i.open_minor, i.disputed_minor), else_=i.open_minor)
    parts = [
        (select(d.customer_id, d.currency, d.due_on, d.open_minor, _ZERO.label("unapplied"), _ZERO.label("disputed"))
         .where(d.open_minor != 0), d.customer_id),
        (select(p.customer_id, p.currency, cast(null(), Date), _ZERO, p.unapplied_minor, _ZERO)
         .where(p.unapplied_minor != 0), p.customer_id),
        (select(i.customer_id, i.currency, cast(null(), Date), _ZERO, _ZERO, disputed)
         .where(i.disputed_minor > 0, i.open_minor > 0), i.customer_id),
    ]
    if customer_ids is None:
        return union_all(*(query for query, _ in parts))
    return union_all(*(query.where(column.in_(customer_ids)) for query, column in parts))


def scanned(today: date, customer_ids: list[str] | None = None) -> Any:
    """The summary by scanning what is open: the columns of ``customer_money``, aged on ``today``."""
    row = _movements(customer_ids).subquery("movements").c
    floors = [today - timedelta(days=edge) for edge in EDGES]
    conditions = [
        row.due_on >= floors[0],
        *(and_(row.due_on < newer, row.due_on >= older) for newer, older in itertools.pairwise(floors)),
        row.due_on < floors[-1],
    ]
    buckets = [func.coalesce(func.sum(case((when, row.open_minor), else_=0)), 0) for when in conditions]
    late = func.coalesce(func.sum(case((row.due_on < today, row.open_minor), else_=0)), 0)
    return select(
        row.customer_id, row.currency, literal(today, Date), func.sum(row.open_minor),
        case((late > 0, late), else_=0), *buckets, func.sum(row.unapplied), func.sum(row.disputed),
        func.coalesce(func.sum(case((row.open_minor > 0, 1), else_=0)), 0),
        func.min(case((row.open_minor > 0, row.due_on))),
    ).group_by(row.customer_id, row.currency)


COLUMNS = (
    "customer_id", "currency", "as_of", "open_minor", "overdue_minor", "not_due_minor", "d1_30_minor", "d31_60_minor",
    "d61_90_minor", "d91p_minor", "unapplied_minor", "disputed_minor", "open_count", "oldest_due_on",
)


@rollup(Due, Invoice, Payment, CustomerMoney)
def roll_money(connection: Connection, customer_ids: list[str], today: date) -> None:
    """Recompute the summaries of the touched customers, and the sort key of every list beside them."""
    for part in chunks(customer_ids):
        connection.execute(delete(_money).where(_money.c.customer_id.in_(part)))
        connection.execute(insert(_money).from_select(list(COLUMNS), scanned(today, part)))
        # Lists sort across currencies by the largest sum; each currency is shown by itself.
        largest = select(func.max(_money.c.overdue_minor)).where(_money.c.customer_id == _customers.c.id)
        connection.execute(
            update(_customers).where(_customers.c.id.in_(part))
            .values(overdue_minor=func.coalesce(largest.scalar_subquery(), 0))
        )


def ask_for_roll(work: Work, customer_ids: Iterable[str]) -> None:
    """Have the summaries of customers recomputed at the end of this write."""
    for customer_id in customer_ids:
        work.update(CustomerMoney, customer_id, as_of=work.today)
        work.touch(customer_id)


def out_of_date(connection: Connection, today: date) -> list[str]:
    """Customers whose summary is no longer what a scan says today, though no one wrote anything.

    Two aggregate queries for the whole house; a day changes few customers, and only those are told to phones.
    """
    kept = {(row[0], row[1]): tuple(row[3:]) for row in connection.execute(select(*(_money.c[c] for c in COLUMNS)))}
    found = {(row[0], row[1]): tuple(row[3:]) for row in connection.execute(scanned(today))}
    return sorted({key[0] for key in kept.keys() | found.keys() if kept.get(key) != found.get(key)})
