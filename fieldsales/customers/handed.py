"""Reads for handing customers over: who has how many, and what was handed over before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from fieldsales.customers.models import Customer, Handover
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of

_customers, _users, _handovers = table_of(Customer), table_of(User), table_of(Handover)


@dataclass(frozen=True, slots=True)
class Rep:
    """Someone who owns customers, or could."""

    id: str
    name: str
    role: str
    active: bool
    customers: int


@dataclass(frozen=True, slots=True)
class Past:
    """A handover of the past, with the notice it drafted."""

    id: str
    from_name: str
    to_name: str
    at: datetime
    customers: int
    reason: str
    notice_zh: str
    notice_en: str


def reps_with_customers(connection: Connection, scope: Scope) -> tuple[Rep, ...]:
    """Reps and managers of the scope with the number of customers they own. One query."""
    u = _users.c
    asked = (
        select(u.id, u.name, u.role, u.active, func.count(_customers.c.id))
        .select_from(_users.outerjoin(_customers, _customers.c.owner_id == u.id))
        .where(u.role.in_(("rep", "manager"))).group_by(u.id, u.name, u.role, u.active).order_by(u.name))
    if scope.kind == "team":
        asked = asked.where(u.team_id == scope.team_id)
    return tuple(Rep(*row) for row in connection.execute(asked))


def past_handovers(connection: Connection, scope: Scope, limit: int = 20) -> tuple[Past, ...]:
    """Handovers of the scope, newest first. One query."""
    h, leaver, successor = _handovers.c, _users.alias("leaver"), _users.alias("successor")
    asked = (
        select(h.id, leaver.c.name, successor.c.name, h.at, h.customers, h.reason, h.notice_zh, h.notice_en)
        .join(leaver, leaver.c.id == h.from_user_id).join(successor, successor.c.id == h.to_user_id)
        .order_by(h.at.desc()).limit(limit))
    if scope.kind == "team":
        asked = asked.where(leaver.c.team_id == scope.team_id)
    return tuple(Past(*row) for row in connection.execute(asked))
