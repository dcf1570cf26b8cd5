"""A plan and those it came from and led to. Nothing is rewritten: each is its own signed paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.store.base import table_of

_plans, _parts = table_of(Plan), table_of(PlanInstalment)
#: A line longer than this is a loop or no longer read.
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One plan of the line. ``kept_minor``: what came in under it; it counts, whatever took its place."""

    id: str
    number: str
    signed_at: datetime
    total_minor: int
    currency: str
    kept_minor: int


def _step(connection: Connection, plan_id: str) -> tuple[Step, str | None] | None:
    p = _plans.c
    row = connection.execute(
        select(p.id, p.number, p.signed_at, p.total_minor, p.currency,
               select(func.coalesce(func.sum(_parts.c.kept_minor), 0)).where(_parts.c.plan_id == p.id)
               .scalar_subquery().label("kept"), p.predecessor_id).where(p.id == plan_id)
    ).first()  # fmt: skip
    return (Step(row.id, row.number, row.signed_at, row.total_minor, row.currency, int(row.kept)), row.predecessor_id
            ) if row else None


def line_of(connection: Connection, plan_id: str) -> tuple[Step, ...]:
    """The plans before this one, this one, and those that took its place, oldest first; alone: nothing to tell."""
    before: list[Step] = []
    known, at = {plan_id}, _step(connection, plan_id)
    while at and len(before) < _LONGEST:
        before.insert(0, at[0])
        following = at[1]
        if following is None or following in known:
            break
        known.add(following)
        at = _step(connection, following)
    after: list[Step] = []
    ids = [plan_id]
    while ids and len(after) < _LONGEST:
        asked = select(_plans.c.id).where(_plans.c.predecessor_id.in_(ids), _plans.c.id.not_in(known))
        ids = list(connection.scalars(asked.order_by(_plans.c.signed_at)))
        known.update(ids)
        after += [found[0] for one in ids if (found := _step(connection, one))]
    line = (*before, *after)
    return line if len(line) > 1 else ()
