"""Good faith or bad faith (善意拖欠 / 恶意拖欠): what a manager has approved, what is proposed, and what it rests on.

Internal to the house: no reader of this module makes a paper, a shared page or the customer's view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from fieldsales.collection.models import FaithDecision
from fieldsales.store.base import table_of

_decisions = table_of(FaithDecision)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


@dataclass(frozen=True, slots=True)
class FaithFact:
    """A class a manager approved and that stands. ``klass``: good_faith | bad_faith; ``review_on``: the day by which
    it must be looked at again, else the night lets it lapse."""

    klass: str
    review_on: date
    by_id: str
    at: datetime


def _standing() -> Any:
    d = _decisions.c
    rank = func.row_number().over(partition_by=d.customer_id, order_by=(d.at.desc(), d.id.desc())).label("rank")
    newest = (
        select(d.customer_id, d.decision, d.klass, d.review_on, d.by_id, d.at, rank)
        .where(d.customer_id.in_(_IDS), d.decision != "rejected").subquery("newest")
    )
    return select(newest).where(newest.c.rank == 1, newest.c.decision == "approved")


# asked with every case: put together once
_STANDING = _standing()


def standing_of(connection: Connection, customer_ids: Sequence[str]) -> Mapping[str, FaithFact]:
    """The class that stands, by customer; who has none approved is left out. One query."""
    rows = connection.execute(_STANDING, {"ids": list(customer_ids)})
    return {row.customer_id: FaithFact(row.klass, row.review_on, row.by_id, row.at) for row in rows}
