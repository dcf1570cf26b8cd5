"""What each method has brought, measured at night from actions and payments, and read for the chooser and the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, select

from fieldsales.collection.effectiveness import Cash, Effect, Use, reckon
from fieldsales.collection.faith import standing_of
from fieldsales.collection.models import Action
from fieldsales.collection.stepmodels import MethodEffect
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import Scope
from fieldsales.receivables.models import Payment
from fieldsales.store.base import table_of

#: Uses of the last year count.
BACK = timedelta(days=365)
#: Nights whose figures are kept.
KEPT = timedelta(days=120)
_PART = 5_000
_actions, _payments, _customers, _effects = (table_of(m) for m in (Action, Payment, Customer, MethodEffect))


def effects_now(connection: Connection, today: date, zone: str, currency: str, scope: Scope | None = None
                ) -> list[Effect]:
    """The effect of every method by class and grade over the last year, reckoned from the books. Three queries, and
    one more for every five thousand customers.

    ``scope``: only customers somebody may see. Money of other currencies, and what was reversed, is left out.
    """
    first = today - BACK
    a, p, c = _actions.c, _payments.c, _customers.c
    back = _payments.alias("back")
    acts = (
        select(a.customer_id, a.method, a.occurred_at, c.credit_grade).join(_customers, c.id == a.customer_id)
        .where(a.occurred_at >= datetime.combine(first, time.min, ZoneInfo(zone)))
    )
    money = (
        select(p.customer_id, p.received_on, p.amount_minor).join(_customers, c.id == p.customer_id)
        .outerjoin(back, back.c.reverses_id == p.id)
        .where(p.received_on >= first, p.amount_minor > 0, p.currency == currency, back.c.id.is_(None))
    )
    if scope is not None:
        acts, money = acts.where(visible(scope)), money.where(visible(scope))
    rows = connection.execute(acts).all()
    faith = _classes(connection, sorted({row.customer_id for row in rows}))
    uses = [Use(row.customer_id, row.method, on_date(row.occurred_at, zone),
                faith.get(row.customer_id, ""), row.credit_grade) for row in rows]
    return reckon(uses, (Cash(*row) for row in connection.execute(money)), today)


def _classes(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The class that stands, by customer; asked for in parts, for no engine takes any number of values."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), _PART):
        found |= {key: one.klass for key, one in standing_of(connection, ids[start : start + _PART]).items()}
    return found


def note_effects(connection: Connection, today: date, zone: str, currency: str) -> None:
    """Keep today's figures; those of an earlier run of the same day give way. What is older than ``KEPT`` goes."""
    effects = effects_now(connection, today, zone, currency)
    e = _effects.c
    connection.execute(delete(_effects).where((e.as_of == today) | (e.as_of < today - KEPT)))
    rows = [{"id": uuid7(), "as_of": today, "method": one.method, "faith": one.faith, "grade": one.grade,
             "uses": one.uses, "worked": one.worked, "brought_minor": one.brought_minor} for one in effects]
    if rows:
        connection.execute(insert(_effects), rows)


def newest_effects(connection: Connection) -> Sequence[Effect]:
    """The figures the last night left. One query."""
    e = _effects.c
    newest = select(func.max(e.as_of)).scalar_subquery()
    rows = connection.execute(
        select(e.method, e.faith, e.grade, e.uses, e.worked, e.brought_minor).where(e.as_of == newest)
        .order_by(e.method, e.faith, e.grade))
    return [Effect(*row) for row in rows]
