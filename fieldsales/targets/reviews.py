"""What a manager looks back on: versions of a target, late discounts, numbers that wait, what measures brought."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible, who_see
from fieldsales.people.models import Team, User
from fieldsales.people.rules import Scope
from fieldsales.store.base import table_of
from fieldsales.targets import figures, library
from fieldsales.targets.dossier import own_kinds
from fieldsales.targets.models import GapMeasure, Target, TargetVersion
from fieldsales.targets.month import Below

_targets, _versions, _measures = table_of(Target), table_of(TargetVersion), table_of(GapMeasure)
_customers, _users, _teams = table_of(Customer), table_of(User), table_of(Team)
_t, _v, _c, _u = _targets.c, _versions.c, _customers.c, _users.c
_VERSION = (_v.state, _v.arrears_minor, _v.cash_minor, _v.reason, _v.late_discount, func.coalesce(_u.name, ""), _v.at)


@dataclass(frozen=True, slots=True)
class Version:
    """A target as it stood after somebody changed it."""

    state: str
    arrears_minor: int
    cash_minor: int
    reason: str
    late_discount: bool
    by_name: str
    at: datetime
    subject: str = ""


def versions_of(connection: Connection, month: date, level: str, subject_id: str, currency: str
                ) -> tuple[Version, ...]:
    """Every version of one target, newest first. One query."""
    rows = connection.execute(
        select(*_VERSION)
        .select_from(_versions.join(_targets, _t.id == _v.target_id).outerjoin(_users, _u.id == _v.by_id))
        .where(_t.month == month, _t.level == level, _t.subject_id == subject_id, _t.currency == currency)
        .order_by(_v.version.desc()).limit(50))
    return tuple(Version(*row) for row in rows)


def _subjects(scope: Scope) -> ColumnElement[bool]:
    """Targets a scope may see: of its customers, its reps, its team."""
    if scope.kind == "all":
        return true()
    owned = _t.subject_id == scope.user_id
    members = select(_u.id).where(_u.team_id == scope.team_id)
    theirs = or_(owned, _t.subject_id == scope.team_id, _t.subject_id.in_(members)) if scope.kind == "team" else owned
    return or_(theirs, and_(_t.level == "customer", _c.id.is_not(None), visible(scope)))


def late_discounts(connection: Connection, scope: Scope, month: date, limit: int = 20) -> tuple[Version, ...]:
    """Targets of the month lowered in its last days or after it, newest first (S9). One query."""
    subject = _users.alias("subject")
    rows = connection.execute(
        select(*_VERSION, func.coalesce(_c.name, subject.c.name, _teams.c.name, ""))
        .select_from(_versions.join(_targets, _t.id == _v.target_id).outerjoin(_users, _u.id == _v.by_id)
                     .outerjoin(_customers, _c.id == _t.subject_id).outerjoin(subject, subject.c.id == _t.subject_id)
                     .outerjoin(_teams, _teams.c.id == _t.subject_id))
        .where(_t.month == month, _v.late_discount, _subjects(scope)).order_by(_v.at.desc(), _v.id).limit(limit))
    return tuple(Version(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Numbers a rep proposed for a customer, beside those that count."""

    customer_id: str
    customer_name: str
    month: date
    currency: str
    arrears_minor: int
    cash_minor: int
    proposed_arrears_minor: int
    proposed_cash_minor: int
    reason: str
    by_name: str
    at: datetime


def proposals(connection: Connection, scope: Scope, limit: int = 200) -> tuple[Proposal, ...]:
    """What waits, the oldest first. One query."""
    rows = connection.execute(
        select(_c.id, _c.name, _t.month, _t.currency, _t.arrears_minor, _t.cash_minor, _t.proposed_arrears_minor,
               _t.proposed_cash_minor, _v.reason, func.coalesce(_u.name, ""), _v.at)
        .select_from(_targets.join(_customers, _c.id == _t.subject_id)
                     .join(_versions, and_(_v.target_id == _t.id, _v.version == _t.version))
                     .outerjoin(_users, _u.id == _v.by_id))
        .where(_t.level == "customer", _t.proposed_cash_minor.is_not(None), visible(scope))
        .order_by(_v.at, _c.id).limit(limit))
    return tuple(Proposal(*row) for row in rows)


def money_by_day(connection: Connection, scope: Scope, month: date, currency: str, below: Below) -> dict[date, int]:
    """Money of a month by day, of one's scope or a part of it. One query."""
    p = figures._payments.c
    where = figures.paid_for(scope)
    if below.rep_id:
        where = and_(where, p.owner_id == below.rep_id)
    elif below.team_id:
        where = and_(where, p.owner_id.in_(select(_u.id).where(_u.team_id == below.team_id)))
    found: defaultdict[date, int] = defaultdict(int)
    for row in connection.execute(figures.received_in(month, currency, where)):
        found[row.received_on] += int(row.minor)
    return dict(found)


@dataclass(frozen=True, slots=True)
class People:
    """Who looks after a customer, and who may be given something to do there: (id, name)."""

    owner_id: str
    choices: tuple[tuple[str, str], ...]


def people_of(connection: Connection, customer_id: str) -> People:
    """The owner of a customer, and those who see it. Two queries."""
    owner_id = connection.scalar(select(_c.owner_id).where(_c.id == customer_id))
    return People(owner_id or "", who_see(connection, customer_id))


@dataclass(frozen=True, slots=True)
class KindEffect:
    """A kind of measure in the reader's words, and what it has brought where somebody looked."""

    code: str
    name: str
    about: str
    retired: bool
    is_own: bool
    used: int
    cost_minor: int
    expected_minor: int
    reviewed: int
    actual_minor: int
    reviewed_expected_minor: int


def kind_effects(connection: Connection, scope: Scope, currency: str) -> tuple[KindEffect, ...]:
    """The library with every measure that was used: cost, expected, and actual of those reviewed. Two queries."""
    m = _measures.c
    done = m.actual_minor.is_not(None)
    sums = {row.code: row for row in connection.execute(
        select(m.code, func.count().label("used"), func.sum(m.cost_minor).label("cost"),
               func.sum(m.expected_minor).label("expected"), func.count(m.actual_minor).label("reviewed"),
               func.coalesce(func.sum(m.actual_minor), 0).label("actual"),
               func.coalesce(func.sum(m.expected_minor).filter(done), 0).label("reviewed_expected"))
        .join(_customers, _c.id == m.customer_id).where(visible(scope), m.currency == currency).group_by(m.code))}
    own = own_kinds(connection)
    kinds = []
    for code in dict.fromkeys((*library.KINDS, *own, *sums)):
        name, about = library.KINDS.get(code, (code, ""))
        name, about, retired = own.get(code, (gettext(name), gettext(about) if about else "", False))
        row = sums.get(code)
        kinds.append(KindEffect(
            code, name, about, retired, code in own, int(row.used) if row else 0, int(row.cost) if row else 0,
            int(row.expected) if row else 0, int(row.reviewed) if row else 0, int(row.actual) if row else 0,
            int(row.reviewed_expected) if row else 0))
    return tuple(kinds)
