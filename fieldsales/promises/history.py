"""What is known of a customer's word before it is judged: promises kept, and what came in month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, case, extract, func, literal, select, union_all

from fieldsales.promises.models import Promise
from fieldsales.promises.probability import PromiseShape, house_bp
from fieldsales.promises.rules import SETTLED
from fieldsales.receivables.models import Payment
from fieldsales.receivables.rules import FIRST_YEAR
from fieldsales.store.base import table_of
from fieldsales.store.remembering import remembered
from fieldsales.store.work import fact

#: Customer ids, or a statement that gives them.
Ids = Iterable[str] | Select[Any]
#: How many calendar months before a promise its sum is compared with.
MONTHS = 12
#: Statements that ``histories`` runs.
QUERIES = 2
_promises, _payments = table_of(Promise), table_of(Payment)
_p = _promises.c
_COUNTS = [func.count().label("settled"), *(
    func.coalesce(func.sum(case((_p.state == state, 1), else_=0)), 0).label(state) for state in ("kept", "partly"))]


@dataclass(frozen=True, slots=True)
class History:
    """One customer's. ``received``: minor units by (currency, year, month); ``house_bp``: everybody's kept rate."""

    kept: int = 0
    partly: int = 0
    settled: int = 0
    house_bp: int = 5000
    received: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def months(self, currency: str, before: date) -> tuple[int, ...]:
        """What came in in each of the twelve calendar months before a day's own, from the first with money on."""
        first = before.year * 12 + before.month - 1 - MONTHS
        sums = [self.received.get((currency, *_month(first + n)), 0) for n in range(MONTHS)]
        paid = next((n for n, minor in enumerate(sums) if minor > 0), MONTHS)
        return tuple(sums[paid:])


def _month(months: int) -> tuple[int, int]:
    return months // 12, months % 12 + 1


@remembered
def histories(connection: Connection, customer_ids: Ids, since: date) -> dict[str, History]:
    """Histories by customer; money from twelve months before ``since`` on. Two queries, whatever their number.

    Whoever has neither promise nor payment is left out: ``History(house_bp=…)`` stands under the empty id.
    """
    ids = customer_ids if isinstance(customer_ids, Select) else list(customer_ids)
    settled = _p.state.in_(SETTLED)
    own = select(_p.customer_id, *_COUNTS).where(settled, _p.customer_id.in_(ids)).group_by(_p.customer_id)
    whole = select(literal("").label("customer_id"), *_COUNTS).where(settled)
    counts = {row.customer_id: row for row in connection.execute(union_all(own, whole))}
    received: defaultdict[str, dict[tuple[str, int, int], int]] = defaultdict(dict)
    m = _payments.c
    year, month = extract("year", m.received_on), extract("month", m.received_on)
    for customer_id, *key, minor in connection.execute(
        select(m.customer_id, m.currency, year, month, func.sum(m.amount_minor))
        .where(m.customer_id.in_(ids), m.received_on >= date(since.year - 1, since.month, 1))
        .group_by(m.customer_id, m.currency, year, month)
    ):
        received[customer_id][key[0], int(key[1]), int(key[2])] = int(minor)
    all_ = counts[""]
    house = house_bp(int(all_.kept), int(all_.partly), int(all_.settled))
    found = {"": History(house_bp=house)}
    for customer_id in {*counts, *received} - {""}:
        row = counts.get(customer_id)
        figures = (int(row.kept), int(row.partly), int(row.settled)) if row else (0, 0, 0)
        found[customer_id] = History(*figures, house, received[customer_id])
    return found


@fact("promise_history")
def load_histories(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Histories by customer, for judging a promise as it is made."""
    # a phone may bring a promise of any day: all the money there ever was
    found = histories(connection, keys, date(FIRST_YEAR + 1, 1, 1))
    return {key: found.get(key, found[""]) for key in keys}


def shape_of(row: Any, history: History, truth: tuple[int, int] | None = None) -> PromiseShape:
    """The shape of a promise on record (a row with its columns), for judging it with what is known today.

    Only the months before the promise was made count: what it brought in itself is no history of it.
    """
    return PromiseShape(
        amount_minor=row.amount_minor, currency=row.currency, made_on=row.made_on, due_on=row.due_on,
        day_named=bool(row.day_named), payer_named=bool(row.promisor_name), decides=row.decides, words=row.words,
        funding=row.funding, funding_proven=bool(row.funding_proven), others_promised=row.others_promised,
        confirmed=bool(row.confirmed), put_off=row.put_off, kept=history.kept, partly=history.partly,
        settled=history.settled, house_bp=history.house_bp, months=history.months(row.currency, row.made_on),
        truth=truth,
    )
