"""Classes as the manager looks at them: what is proposed, what stands and until when, one customer's whole story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.collection.models import FaithDecision, FaithProposal, FaithSignal
from fieldsales.customers.models import Customer
from fieldsales.people.models import User
from fieldsales.store.base import table_of

_proposals, _decisions, _signals = table_of(FaithProposal), table_of(FaithDecision), table_of(FaithSignal)
_customers, _users = table_of(Customer), table_of(User)
_NAME = func.coalesce(_users.c.name, "")


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A class put before the manager. ``by_id`` empty: the written rules; ``decision`` empty: not answered."""

    id: str
    customer_id: str
    customer_name: str
    klass: str
    hits: list[dict[str, Any]]
    note: str
    by_id: str
    by_name: str
    at: datetime
    decision: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A manager's word, or the calendar's."""

    id: str
    customer_id: str
    customer_name: str
    decision: str
    klass: str
    note: str
    review_on: date | None
    evidence_sha256: list[str]
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignLine:
    """Something seen."""

    kind: str
    words: str
    seen_on: date
    evidence_sha256: list[str]
    by_name: str


def proposals(connection: Connection, seen: Any, *, customer_id: str = "", limit: int = 200
              ) -> tuple[ProposalLine, ...]:
    """Proposals nobody has answered, oldest first; or all of one customer, newest first."""
    p, d = _proposals.c, _decisions.c
    query: Any = (
        select(p.id, p.customer_id, _customers.c.name, p.klass, p.hits, p.note, p.by_id, _NAME, p.at,
               func.coalesce(d.decision, ""))
        .join(_customers, _customers.c.id == p.customer_id).outerjoin(_users, _users.c.id == p.by_id)
        .outerjoin(_decisions, d.proposal_id == p.id).where(seen).limit(limit))
    if customer_id:
        query = query.where(p.customer_id == customer_id).order_by(p.at.desc(), p.id.desc())
    else:
        query = query.where(d.id.is_(None)).order_by(p.at, p.id)
    return tuple(ProposalLine(*row) for row in connection.execute(query))


def count_waiting(connection: Connection, seen: Any) -> int:
    """How many proposals nobody has answered."""
    return int(connection.scalar(
        select(func.count()).select_from(
            _proposals.join(_customers, _customers.c.id == _proposals.c.customer_id)
            .outerjoin(_decisions, _decisions.c.proposal_id == _proposals.c.id))
        .where(seen, _decisions.c.id.is_(None))) or 0)


def decisions(connection: Connection, seen: Any, *, customer_id: str = "", limit: int = 200
              ) -> tuple[DecisionLine, ...]:
    """What stands, the nearest review first; or all of one customer, newest first."""
    d, later = _decisions.c, _decisions.alias("later")
    query: Any = (
        select(d.id, d.customer_id, _customers.c.name, d.decision, d.klass, d.note, d.review_on, d.evidence_sha256,
               _NAME, d.at)
        .join(_customers, _customers.c.id == d.customer_id).outerjoin(_users, _users.c.id == d.by_id)
        .where(seen).limit(limit))
    if customer_id:
        query = query.where(d.customer_id == customer_id).order_by(d.at.desc(), d.id.desc())
    else:
        newer = select(later.c.id).where(
            later.c.customer_id == d.customer_id, later.c.decision != "rejected",
            (later.c.at > d.at) | ((later.c.at == d.at) & (later.c.id > d.id))).exists()
        query = query.where(d.decision == "approved", ~newer).order_by(d.review_on, d.id)
    return tuple(DecisionLine(*row) for row in connection.execute(query))


def signs(connection: Connection, customer_id: str, limit: int = 100) -> tuple[SignLine, ...]:
    """What was seen at a customer's, newest first."""
    s = _signals.c
    rows = connection.execute(
        select(s.kind, s.words, s.seen_on, s.evidence_sha256, _NAME).outerjoin(_users, _users.c.id == s.by_id)
        .where(s.customer_id == customer_id).order_by(s.seen_on.desc(), s.id.desc()).limit(limit))
    return tuple(SignLine(*row) for row in rows)
