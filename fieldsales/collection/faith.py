"""Good faith or bad faith (善意拖欠 / 恶意拖欠): what a manager has approved, what is proposed, and what it rests on.

Internal to the house: no reader of this module makes a paper, a shared page or the customer's view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from fieldsales.collection.models import FaithDecision, FaithProposal
from fieldsales.store.base import table_of
from fieldsales.store.remembering import remembered
from fieldsales.store.work import fact

_decisions, _proposals = table_of(FaithDecision), table_of(FaithProposal)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


@dataclass(frozen=True, slots=True)
class FaithFact:
    """A class a manager approved and that stands. ``klass``: good_faith | bad_faith; ``review_on``: the day by which
    it must be looked at again, else the night lets it lapse."""

    klass: str
    review_on: date
    by_id: str
    at: datetime
    id: str = ""


@dataclass(frozen=True, slots=True)
class ProposalFact:
    """A class put before the manager. ``by_id`` empty: the written rules; ``decision`` empty: not answered yet."""

    id: str
    customer_id: str
    klass: str
    by_id: str
    hits: int
    at: datetime
    decision: str = ""


def _standing() -> Any:
    d = _decisions.c
    rank = func.row_number().over(partition_by=d.customer_id, order_by=(d.at.desc(), d.id.desc())).label("rank")
    newest = (
        select(d.customer_id, d.decision, d.klass, d.review_on, d.by_id, d.at, d.id, rank)
        .where(d.customer_id.in_(_IDS), d.decision != "rejected").subquery("newest")
    )
    return select(newest).where(newest.c.rank == 1, newest.c.decision == "approved")


# asked with every case: put together once
_STANDING = _standing()


@remembered
def standing_of(connection: Connection, customer_ids: Sequence[str]) -> Mapping[str, FaithFact]:
    """The class that stands, by customer; who has none approved is left out. One query."""
    rows = connection.execute(_STANDING, {"ids": list(customer_ids)})
    return {row.customer_id: FaithFact(row.klass, row.review_on, row.by_id, row.at, row.id) for row in rows}


@fact("faith")
def load_standing(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The class that stands, by customer."""
    return dict(standing_of(connection, keys))


def _answered() -> Any:
    p, d = _proposals.c, _decisions.c
    return (
        select(p.id, p.customer_id, p.klass, p.by_id, p.hits, p.at, func.coalesce(d.decision, "").label("decision"))
        .outerjoin(_decisions, d.proposal_id == p.id)
    )


def _proposal(row: Any) -> ProposalFact:
    return ProposalFact(row.id, row.customer_id, row.klass, row.by_id, len(row.hits or ()), row.at, row.decision)


@fact("faith_proposal")
def load_proposals(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Proposals by id."""
    return {row.id: _proposal(row) for row in connection.execute(_answered().where(_proposals.c.id.in_(keys)))}


@fact("faith_open")
def load_open(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer, the proposals nobody has answered yet, oldest first."""
    rows = connection.execute(_answered().where(_proposals.c.customer_id.in_(keys), _decisions.c.id.is_(None))
                              .order_by(_proposals.c.at, _proposals.c.id))
    found: dict[str, tuple[ProposalFact, ...]] = {}
    for row in rows:
        found[row.customer_id] = (*found.get(row.customer_id, ()), _proposal(row))
    return found


def refusals(connection: Connection, customer_ids: Sequence[str]) -> Mapping[tuple[str, str], datetime]:
    """When a class was last refused or taken back, by (customer, class). One query."""
    d = _decisions.c
    rows = connection.execute(select(d.customer_id, d.klass, func.max(d.at)).where(
        d.customer_id.in_(list(customer_ids)), d.decision.in_(("rejected", "ended"))).group_by(d.customer_id, d.klass))
    return {(customer_id, klass): at for customer_id, klass, at in rows}


def past_review(connection: Connection, today: date) -> list[str]:
    """Customers whose class has not been looked at again by its day."""
    return [row.customer_id for row in connection.execute(_standing_all()) if row.review_on < today]


def due_for_review(connection: Connection, today: date, ahead: Any) -> list[Any]:
    """Standing decisions (id, customer_id, by_id, review_on) whose review day comes within ``ahead``."""
    return [row for row in connection.execute(_standing_all()) if today <= row.review_on <= today + ahead]


def _standing_all() -> Any:
    # classes are few: every approved one that no later word has ended
    d, later = _decisions.c, _decisions.alias("later")
    ended = select(later.c.id).where(
        later.c.customer_id == d.customer_id, later.c.decision != "rejected",
        (later.c.at > d.at) | ((later.c.at == d.at) & (later.c.id > d.id))).exists()
    return (select(d.id, d.customer_id, d.by_id, d.klass, d.review_on)
            .where(d.decision == "approved", ~ended).order_by(d.review_on, d.id))
