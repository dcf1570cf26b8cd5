"""The limitation clock of every open debt: both readings, the acts behind them with their proof, what to do now.

Derived whenever it is asked, from dues and acts alone: there is nothing that could be out of date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.people.rules import Scope
from fieldsales.receivables.facts import chunks, stands
from fieldsales.receivables.keepalive import Advice, advise, cap_of
from fieldsales.receivables.limitation import (
    ALERT_MONTHS,
    YEARS,
    Interruption,
    Reckoning,
    alert_of,
    as_day,
    months_after,
    reckon,
    years_after,
)
from fieldsales.receivables.models import Due, Invoice
from fieldsales.receivables.models import Interruption as InterruptionRow
from fieldsales.store.base import table_of

_dues, _invoices, _customers, _acts = (table_of(model) for model in (Due, Invoice, Customer, InterruptionRow))
_d, _i = _dues.c, _invoices.c

SHOWS = ("soon", "lapsed", "all")
#: Debts looked at for the pages of what lapses; beyond it the oldest alone are.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Proven:
    """An act on record and where its proof lies."""

    act: Interruption
    proof_kind: str
    proof_id: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One instalment of one invoice, and until when it can be claimed. Amounts in minor units."""

    customer_id: str
    customer_name: str
    due_id: str
    number: str
    n: int
    due_on: date
    open_minor: int
    currency: str
    disputed: bool
    reckoning: Reckoning
    cap_on: date
    #: 12, 6, 3, 1 months reached, 0 run out, None far off
    alert: int | None
    advice: Advice
    acts: tuple[Proven, ...]


def clocks(connection: Connection, scope: Scope, today: date, show: str = "soon", customer_id: str = "",
           after: str | None = None, limit: int = 50) -> tuple[tuple[Clock, ...], str | None]:
    """Open debts and their clocks, page by page, and the key of the next page. Two queries, whatever their number.

    ``soon``, ``lapsed`` and one customer's: the earliest end first. ``all``: oldest due date first.
    """
    query = _open().where(visible(scope))
    if customer_id:
        query = query.where(_d.customer_id == customer_id)
    if show == "all" and not customer_id:
        return _page(connection, query, today, after, limit)
    if show != "all":
        # An interruption never shortens, so nothing ends before its own three years do.
        horizon = months_after(today, max(ALERT_MONTHS)) if show == "soon" else today
        query = query.where(_d.due_on <= years_after(horizon, -YEARS) + timedelta(days=1))
    found = reckoned(connection, connection.execute(query.order_by(_d.due_on, _d.id).limit(MOST)), today)
    kept = [one for one in found if show == "all" or (one.alert == 0 if show == "lapsed" else one.alert is not None)]
    if after:
        kept = [one for one in kept if _key(one) > after]
    kept.sort(key=_key)
    return tuple(kept[:limit]), _key(kept[limit - 1]) if len(kept) > limit else None


def _key(one: Clock) -> str:
    """By the end of the period, then by the due."""
    return f"{one.reckoning.earliest_on.isoformat()}~{one.due_id}"


def _page(connection: Connection, query: Select[Any], today: date, after: str | None, limit: int
          ) -> tuple[tuple[Clock, ...], str | None]:
    day, _, last = (after or "").partition("~")
    since = as_day(day)
    if since is not None and last:
        query = query.where(tuple_(_d.due_on, _d.id) > (since, last))
    rows = connection.execute(query.order_by(_d.due_on, _d.id).limit(limit + 1)).all()
    following = f"{rows[limit - 1].due_on}~{rows[limit - 1].due_id}" if len(rows) > limit else None
    return reckoned(connection, rows[:limit], today), following


def _open() -> Select[Any]:
    return (
        select(_d.id.label("due_id"), _d.customer_id, _customers.c.name.label("customer_name"), _d.invoice_id,
               _i.number, _d.n, _d.due_on, _i.due_on.label("last_due_on"), _d.open_minor, _d.currency, _i.debtor_id,
               _i.disputed_minor)
        .select_from(_dues.join(_invoices, _i.id == _d.invoice_id)
                     .join(_customers, _customers.c.id == _d.customer_id))
        .where(_d.open_minor > 0)
    )


def open_of(connection: Connection, customer_ids: Sequence[str], today: date) -> tuple[Clock, ...]:
    """Every open debt of these customers, the earliest end first. Two queries."""
    rows = connection.execute(_open().where(_d.customer_id.in_(customer_ids)).order_by(_d.due_on, _d.id)).all()
    return tuple(sorted(reckoned(connection, rows, today), key=lambda one: (one.reckoning.earliest_on, one.due_id)))


def reckoned(connection: Connection, rows: Iterable[Any], today: date) -> tuple[Clock, ...]:
    """The clocks of rows of ``_open``. One query (in portions beyond what a statement can carry)."""
    listed = list(rows)
    acts = proven_acts(connection, dict.fromkeys(row.customer_id for row in listed))
    return tuple(_clock(row, acts.get(row.customer_id, ()), today) for row in listed)


def _clock(row: Any, acts: Sequence[Proven], today: date) -> Clock:
    ours = tuple(one for one in acts if one.act.covers(row.debtor_id, row.invoice_id))
    found = reckon(row.due_on, row.last_due_on, (one.act for one in ours))
    disputed = row.disputed_minor > 0
    return Clock(
        row.customer_id, row.customer_name, row.due_id, row.number, row.n, row.due_on, row.open_minor, row.currency,
        disputed, found, cap_of(row.due_on), alert_of(found.earliest_on, today),
        advise(found, row.due_on, today, disputed=disputed), ours)


def proven_acts(connection: Connection, customer_ids: Iterable[str]) -> dict[str, tuple[Proven, ...]]:
    """By customer: the acts that stand, with their proofs, newest first."""
    a, found = _acts.c, defaultdict[str, list[Proven]](list)
    for part in chunks(customer_ids):
        for row in connection.execute(
            select(a.customer_id, a.occurred_on, a.ground, a.grade, a.debtor_id, a.invoice_ids, a.proof_kind,
                   a.proof_id).where(a.customer_id.in_(part), stands(_acts))
            .order_by(a.occurred_on.desc(), a.id.desc())
        ):
            act = Interruption(row.occurred_on, row.ground, row.grade, row.debtor_id, frozenset(row.invoice_ids or ()))
            found[row.customer_id].append(Proven(act, row.proof_kind, row.proof_id))
    return {key: tuple(acts) for key, acts in found.items()}
