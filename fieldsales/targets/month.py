"""A month as pages show it: both targets beside what came, what is promised, and the gap, at every level."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.people.models import Team, User
from fieldsales.people.rules import Scope
from fieldsales.receivables.models import Due
from fieldsales.store.base import table_of
from fieldsales.targets import figures, pacing
from fieldsales.targets.models import CollectionPlan, Target
from fieldsales.targets.rules import Forecast, Word, counted_minor, forecast, gap_of, month_end, month_of

_customers, _users, _teams, _targets = table_of(Customer), table_of(User), table_of(Team), table_of(Target)
_dues, _plans = table_of(Due), table_of(CollectionPlan)
_c, _t = _customers.c, _targets.c
#: Statements that ``read_month`` runs.
QUERIES = 5 + figures.WORDS_QUERIES


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the company, a team, a rep or a customer stands in a month. Minor units; a target not set is None.

    Two numbers, never one: ``arrears_*`` is money that falls due by the month's end (清欠), ``cash_*`` all money in
    (回款任务).
    """

    id: str = ""
    name: str = ""
    arrears_minor: int | None = None
    cash_minor: int | None = None
    is_proposed: bool = False
    cleared_minor: int = 0
    received_minor: int = 0
    forecast: Forecast = field(default_factory=Forecast)

    @property
    def gap_minor(self) -> int | None:
        """What is missing of the cash target after promises by probability; negative: ahead. None without a target."""
        if self.cash_minor is None:
            return None
        return gap_of(self.cash_minor, self.received_minor, self.forecast.weighted_minor)

    @property
    def arrears_left_minor(self) -> int | None:
        """What of the arrears target is not cleared yet. Promises do not clear: only money does."""
        return None if self.arrears_minor is None else max(0, self.arrears_minor - self.cleared_minor)


@dataclass(frozen=True, slots=True)
class Below:
    """Which part of the company is looked at: a team, a rep, or (both empty) all one may see."""

    team_id: str = ""
    rep_id: str = ""


@dataclass
class Month:
    """Everything of a month in a scope, added up by whom it counts for."""

    month: date
    received: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    expected: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    #: (level, subject) → figures
    cash: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    cleared: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    words: dict[tuple[str, str], list[Word]] = field(default_factory=lambda: defaultdict(list))
    targets: dict[tuple[str, str], Any] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    #: rep → (name, team)
    reps: dict[str, tuple[str, str]] = field(default_factory=dict)

    def standing(self, level: str, subject_id: str = "", name: str = "") -> Standing:
        """One line of the page."""
        key, row = (level, subject_id), self.targets.get((level, subject_id))
        return Standing(
            subject_id, name, row.arrears_minor if row else None, row.cash_minor if row else None,
            row is not None and row.proposed_cash_minor is not None, self.cleared[key], self.cash[key],
            forecast(self.words[key]))


def _below(below: Below) -> ColumnElement[bool]:
    return and_(True, *([_c.team_id == below.team_id] if below.team_id else []),
                *([_c.owner_id == below.rep_id] if below.rep_id else []))


def read_month(connection: Connection, scope: Scope, month: date, today: date, currency: str,
               below: Below | None = None) -> Month:
    """The month's figures in a scope, or of one team or rep in it. ``QUERIES`` statements, whatever its size."""
    below, p = below or Below(), figures._payments.c
    found = Month(month)
    for row in connection.execute(select(_users.c.id, _users.c.name, _users.c.team_id, _users.c.role, _users.c.active)):
        found.reps[row.id] = (row.name, row.team_id or "")
    found.teams = {row.id: row.name for row in connection.execute(select(_teams.c.id, _teams.c.name))}
    for row in connection.execute(select(_targets).where(_t.month == month, _t.currency == currency,
                                                         _t.level != "customer")):
        found.targets[row.level, row.subject_id] = row
    theirs: ColumnElement[bool] = figures.paid_for(scope)
    if below.rep_id:
        theirs = and_(theirs, or_(_c.owner_id == below.rep_id, p.owner_id == below.rep_id))
    elif below.team_id:
        members = [key for key, (_, team_id) in found.reps.items() if team_id == below.team_id]
        theirs = and_(theirs, or_(_c.team_id == below.team_id, p.owner_id.in_(members)))
    _add_money(connection, found, theirs, currency, below)
    words = figures.words_of(connection, and_(visible(scope), _below(below)), month, month_end(month), today, currency)
    for one in words.said:
        for key in _keys(found, one.customer_id, one.owner_id):
            found.words[key].append(one.word)
        if one.word.due_on is not None:
            found.expected[one.word.due_on] += counted_minor(one.word)
    return found


def _keys(found: Month, customer_id: str, owner_id: str | None) -> list[tuple[str, str]]:
    team_id = found.reps.get(owner_id or "", ("", ""))[1]
    return [("company", ""), ("team", team_id), ("rep", owner_id or ""), ("customer", customer_id)]


def _add_money(connection: Connection, found: Month, theirs: ColumnElement[bool], currency: str, below: Below) -> None:
    for row in connection.execute(figures.received_in(found.month, currency, theirs)):
        keys = _keys(found, row.customer_id, row.owner_id)
        for key in keys:
            found.cash[key] += int(row.minor)
        if _counts(keys, below):
            found.received[row.received_on] += int(row.minor)
    for row in connection.execute(figures.cleared_in(found.month, currency, theirs)):
        for key in _keys(found, row.customer_id, row.owner_id):
            found.cleared[key] += int(row.minor)


def _counts(keys: list[tuple[str, str]], below: Below) -> bool:
    if below.rep_id:
        return ("rep", below.rep_id) in keys
    return not below.team_id or ("team", below.team_id) in keys


def own_month(connection: Connection, user_id: str, today: date, currency: str) -> dict[str, Any]:
    """A rep's own month, for his phone. ``QUERIES`` statements."""
    month = month_of(today)
    scope, mine = Scope("self", user_id, None), Below(rep_id=user_id)
    standing = read_month(connection, scope, month, today, currency, mine).standing("rep", user_id)
    told = standing.forecast
    return {
        "month": month.isoformat(), "currency": currency, "arrears_minor": standing.arrears_minor,
        "cash_minor": standing.cash_minor, "cleared_minor": standing.cleared_minor,
        "received_minor": standing.received_minor, "open_minor": told.open_minor,
        "weighted_minor": told.weighted_minor, "held_back_minor": told.held_back_minor, "held_back": told.held_back,
        "gap_minor": standing.gap_minor, "days_left": (month_end(month) - today).days,
    }


@dataclass(frozen=True, slots=True)
class Glance:
    """The month on the manager's page: where what he leads stands, and the curve."""

    month: date
    standing: Standing
    points: list[pacing.Point]
    drawn: pacing.Drawing


def read_glance(connection: Connection, scope: Scope, today: date, currency: str) -> Glance:
    """The present month of the company or of one's team. ``QUERIES`` statements."""
    month = month_of(today)
    team_id = scope.team_id or "" if scope.kind == "team" else ""
    found = read_month(connection, scope, month, today, currency, Below(team_id=team_id))
    standing = found.standing("team" if team_id else "company", team_id)
    points = pacing.curve(month, standing.cash_minor or 0, found.received, found.expected, today)
    return Glance(month, standing, points, pacing.drawing(points, today))


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer of a rep in the month: where he stands, his own number, and how far his plan is."""

    standing: Standing
    due_minor: int
    theirs_minor: int | None
    #: "", draft, published
    plan: str
    discussed: bool


def customer_lines(connection: Connection, scope: Scope, month: date, currency: str, rep_id: str, found: Month,
                   limit: int = 300) -> list[CustomerLine]:
    """A rep's customers with a target, money, promises or something due, the widest gap first. Two queries."""
    t, p, d = _t, _plans.c, _dues.c
    due = func.coalesce(func.sum(d.open_minor), 0)
    rows = connection.execute(
        select(_c.id, _c.name, t.arrears_minor, t.cash_minor, t.proposed_cash_minor, p.theirs_minor, p.state,
               p.discussed_on)
        .select_from(_customers.outerjoin(_targets, and_(t.subject_id == _c.id, t.level == "customer",
                                                         t.month == month, t.currency == currency))
                     .outerjoin(_plans, and_(p.customer_id == _c.id, p.month == month)))
        .where(visible(scope), _c.owner_id == rep_id)).all()
    dues = {row.customer_id: int(row.due) for row in connection.execute(
        select(d.customer_id, due.label("due")).join(_customers, _c.id == d.customer_id)
        .where(visible(scope), _c.owner_id == rep_id, d.open_minor != 0, d.due_on <= month_end(month),
               d.currency == currency).group_by(d.customer_id))}
    lines = []
    for row in rows:
        found.targets["customer", row.id] = row if row.cash_minor is not None else None
        standing = found.standing("customer", row.id, row.name)
        line = CustomerLine(standing, max(0, dues.get(row.id, 0)), row.theirs_minor, row.state or "",
                            row.discussed_on is not None)
        if line.due_minor or line.plan or standing != Standing(row.id, row.name):
            lines.append(line)
    lines.sort(key=lambda one: (-(one.standing.gap_minor or 0), -one.due_minor, one.standing.name))
    return lines[:limit]
