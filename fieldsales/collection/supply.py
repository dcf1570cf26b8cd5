"""Supply decided (停货, 款到发货): what stands, whether its condition has come about, and what is suggested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from fieldsales.collection.faith import standing_of
from fieldsales.collection.models import SupplyDecision
from fieldsales.collection.supplyrules import (
    Progress,
    SupplyFacts,
    is_met,
    over_limit,
    policy_on,
    state_of,
    suggest,
)
from fieldsales.collection.watchlist import open_sightings
from fieldsales.collection.watchmodels import CreditLimit
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.clock import DEFAULT_ZONE, on_date
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.plans.models import Plan
from fieldsales.promises.models import Promise
from fieldsales.receivables.models import CustomerMoney, Payment
from fieldsales.store.base import table_of

_supply, _customers, _money = table_of(SupplyDecision), table_of(Customer), table_of(CustomerMoney)
_users, _limits, _promises = table_of(User), table_of(CreditLimit), table_of(Promise)
_payments, _plans = table_of(Payment), table_of(Plan)
#: Customers looked at for a suggestion, the largest overdue sum first.
LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands: what, why, since when, what releases it, and whether that has come about."""

    id: str
    customer_id: str
    customer_code: str
    customer_name: str
    state: str
    reason: str
    release_kind: str
    release_minor: int
    currency: str
    release_when: str
    by_id: str
    by_name: str
    at: datetime
    overdue_minor: int
    progress: Progress
    met: bool


@dataclass(frozen=True, slots=True)
class Suggested:
    """A customer a tighter supply is suggested for. Amounts in minor units; ``reasons`` with what they count."""

    customer_id: str
    customer_name: str
    currency: str
    overdue_minor: int
    days_past_due: int
    state: str
    reasons: tuple[str, ...]
    broken: int
    over_minor: int


def newest() -> Select[Any]:
    """The newest decision of every customer that has one; of two in the same instant, the later written."""
    order = (_supply.c.at.desc(), _supply.c.id.desc())
    nth = func.row_number().over(partition_by=_supply.c.customer_id, order_by=order).label("nth")
    ranked = select(_supply, nth).subquery("ranked")
    return select(ranked).where(ranked.c.nth == 1)


def state_now(connection: Connection, customer_id: str) -> str:
    """How supply stands for a customer. One query."""
    row = connection.execute(
        select(_supply.c.stop, _supply.c.cash_first).where(_supply.c.customer_id == customer_id)
        .order_by(_supply.c.at.desc(), _supply.c.id.desc()).limit(1)).first()
    return state_of(bool(row.stop), bool(row.cash_first)) if row else "run"


def decided(connection: Connection, scope: Scope, zone: str = DEFAULT_ZONE, *, since: datetime | None = None,
            customer_ids: Iterable[str] | None = None, limit: int = 500) -> tuple[Decided, ...]:
    """The decisions that stand and hold something back, newest first. Four queries.

    ``since``: those made from then on, releases too (for the ERP, which must learn of them).
    """
    last = newest().subquery("last")
    asked = (
        select(last, _customers.c.code, _customers.c.name, func.coalesce(_users.c.name, "").label("by_name"),
               _customers.c.overdue_minor)
        .select_from(last.join(_customers, _customers.c.id == last.c.customer_id)
                     .outerjoin(_users, _users.c.id == last.c.by_id))
        .where(visible(scope)).order_by(last.c.at.desc(), last.c.id.desc()).limit(limit)
    )
    asked = asked.where(last.c.at >= since) if since else asked.where(or_(last.c.stop, last.c.cash_first))
    if customer_ids is not None:
        asked = asked.where(last.c.customer_id.in_(list(customer_ids)))
    rows = list(connection.execute(asked))
    progress = _progress(connection, rows, zone)
    return tuple(_decided(row, progress[row.customer_id]) for row in rows)


def _decided(row: Any, progress: Progress) -> Decided:
    return Decided(
        row.id, row.customer_id, row.code, row.name, state_of(bool(row.stop), bool(row.cash_first)), row.reason,
        row.release_kind, row.release_minor, row.currency, row.release_when, row.by_id, row.by_name,
        row.at, row.overdue_minor, progress, is_met(row.release_kind, row.release_minor, progress))


def _progress(connection: Connection, rows: list[Any], zone: str) -> dict[str, Progress]:
    """Since each decision: money of its currency from its own day on, plans signed after it, what is overdue now."""
    ids = [row.customer_id for row in rows]
    days = {row.customer_id: on_date(row.at, zone) for row in rows}
    paid, p = dict.fromkeys(ids, 0), _payments.c
    currency = {row.customer_id: row.currency for row in rows}
    for row in connection.execute(
        select(p.customer_id, p.received_on, p.currency, func.sum(p.amount_minor).label("minor"))
        .where(p.customer_id.in_(ids), p.received_on >= min(days.values(), default=date.max))
        .group_by(p.customer_id, p.received_on, p.currency)
    ):
        if row.received_on >= days[row.customer_id] and row.currency == currency[row.customer_id]:
            paid[row.customer_id] += int(row.minor)
    signed = {row.customer_id: row.at for row in connection.execute(
        select(_plans.c.customer_id, func.max(_plans.c.signed_at).label("at")).where(_plans.c.customer_id.in_(ids))
        .group_by(_plans.c.customer_id))}  # fmt: skip
    overdue = {row.customer_id: int(row.minor) for row in connection.execute(
        select(_money.c.customer_id, func.sum(_money.c.overdue_minor).label("minor"))
        .where(_money.c.customer_id.in_(ids)).group_by(_money.c.customer_id))}  # fmt: skip
    return {
        row.customer_id: Progress(paid[row.customer_id], row.customer_id in signed and signed[row.customer_id] > row.at,
                                  overdue.get(row.customer_id, 0)) for row in rows
    }


def suggested(connection: Connection, scope: Scope, today: date, limit: int = 20, zone: str = DEFAULT_ZONE
              ) -> tuple[Suggested, ...]:
    """Customers a tighter supply is suggested for, the largest overdue sum first. Three queries."""
    rows = connection.execute(_candidates(scope, today)).all()
    ids = list(dict.fromkeys(row.customer_id for row in rows))
    classes, watches = standing_of(connection, ids), open_sightings(connection, ids, today, zone)
    found: dict[str, Suggested] = {}
    for row in rows:
        faith, watch = classes.get(row.customer_id), watches.get(row.customer_id)
        days = (today - row.oldest_due_on).days if row.oldest_due_on else 0
        facts = SupplyFacts(
            row.overdue_minor, row.open_minor, max(0, days), int(row.broken or 0), faith.klass if faith else "",
            row.limit_minor if row.limit_currency == row.currency else None, watch[0].level if watch else "",
            state_of(bool(row.stop), bool(row.cash_first)))
        one = suggest(facts, today)
        if one is not None:
            found.setdefault(row.customer_id, Suggested(
                row.customer_id, row.name, row.currency, row.overdue_minor, facts.days_past_due, one.state,
                one.reasons, facts.broken, over_limit(facts)))
    return tuple(list(found.values())[:limit])


def _candidates(scope: Scope, today: date) -> Select[Any]:
    """Whoever owes most, with the newest decision, the newest limit and the promises broken lately.

    Promises are counted for those few alone: the list is cut before.
    """
    last, m, p = newest().subquery("last"), _money.c, _promises.c
    nth = func.row_number().over(partition_by=_limits.c.customer_id,
                                 order_by=(_limits.c.at.desc(), _limits.c.id.desc())).label("nth")
    ranked = select(_limits.c.customer_id, _limits.c.limit_minor, _limits.c.currency, nth).subquery("ranked_limits")
    few = (
        select(m.customer_id, _customers.c.name, m.currency, m.overdue_minor, m.open_minor, m.oldest_due_on,
               last.c.stop, last.c.cash_first, ranked.c.limit_minor, ranked.c.currency.label("limit_currency"))
        .select_from(_money.join(_customers, _customers.c.id == m.customer_id)
                     .outerjoin(last, last.c.customer_id == m.customer_id)
                     .outerjoin(ranked, and_(ranked.c.customer_id == m.customer_id, ranked.c.nth == 1)))
        .where(visible(scope), m.open_minor > 0, last.c.stop.is_not(True),
               or_(m.overdue_minor > 0, m.open_minor > ranked.c.limit_minor))
        .order_by(m.overdue_minor.desc(), m.customer_id, m.currency).limit(LOOKED_AT).subquery("few")
    )
    since = today - timedelta(days=policy_on(today).remembered_days)
    broken = select(func.count()).where(
        p.customer_id == few.c.customer_id, p.state.in_(("broken", "partly")), p.due_on >= since).scalar_subquery()
    return select(few, broken.label("broken")).order_by(few.c.overdue_minor.desc(), few.c.customer_id, few.c.currency)


def limits_of(connection: Connection, customer_ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """(limit, currency) of each customer that has one; the newest counts. One query."""
    found: defaultdict[str, tuple[int | None, str]] = defaultdict(lambda: (None, ""))
    for row in connection.execute(
        select(_limits.c.customer_id, _limits.c.limit_minor, _limits.c.currency)
        .where(_limits.c.customer_id.in_(list(customer_ids))).order_by(_limits.c.at, _limits.c.id)
    ):
        found[row.customer_id] = (row.limit_minor, row.currency)
    return {key: (minor, currency) for key, (minor, currency) in found.items() if minor is not None}
