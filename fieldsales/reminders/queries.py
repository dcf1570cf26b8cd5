"""Reads of reminders: what is due within one's sight, and where it shall be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from fieldsales.collection.models import Task
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.operation import Actor
from fieldsales.people.models import Device, LoginSession, Team, User
from fieldsales.people.rules import Scope, scope_of
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.promises.models import Promise
from fieldsales.reminders.models import CalendarFeed, MailChoice, NoticeGroup, PushSubscription, Reminder
from fieldsales.reminders.rules import Digest, DueItem, digest_of
from fieldsales.store.base import table_of
from fieldsales.store.models import CommandReceipt
from fieldsales.store.work import fact

_customers, _users, _teams = table_of(Customer), table_of(User), table_of(Team)
_pushes, _feeds, _groups = table_of(PushSubscription), table_of(CalendarFeed), table_of(NoticeGroup)
_choices, _reminders = table_of(MailChoice), table_of(Reminder)


def due_items(connection: Connection, scope: Scope, first: date, last: date) -> list[DueItem]:
    """Promises and instalments still open, due between two days, of the customers in sight. Two queries."""
    c, p, i, n = _customers.c, table_of(Promise).c, table_of(PlanInstalment).c, table_of(Plan).c
    owner = _users.c.name.label("owner_name")
    promises = connection.execute(
        select(p.id, c.id.label("customer_id"), c.name, owner, p.amount_minor, p.kept_minor, p.currency, p.due_on,
               p.made_at)
        .join(_customers, c.id == p.customer_id).outerjoin(_users, _users.c.id == c.owner_id)
        .where(p.state == "open", p.due_on.between(first, last), visible(scope)))
    instalments = connection.execute(
        select(i.id, c.id.label("customer_id"), c.name, owner, i.amount_minor, i.kept_minor, i.currency, i.due_on,
               n.received_at.label("made_at"), n.number)
        .join(table_of(Plan), n.id == i.plan_id).join(_customers, c.id == i.customer_id)
        .outerjoin(_users, _users.c.id == c.owner_id)
        .where(i.state == "open", i.due_on.between(first, last), visible(scope)))
    return [*(_item("promise", row, "") for row in promises),
            *(_item("instalment", row, row.number) for row in instalments)]


def _item(kind: str, row: Any, number: str) -> DueItem:
    return DueItem(kind, row.id, row.customer_id, row.name, row.owner_name or "", row.amount_minor - row.kept_minor,
                   row.currency, row.due_on, number, row.made_at)


def held_count(connection: Connection, scope: Scope, since: datetime | None = None) -> int:
    """How many records of the people in sight the office still holds; of those that came after ``since``."""
    r = table_of(CommandReceipt).c
    query = select(func.count()).select_from(table_of(CommandReceipt)).where(r.status == "held")
    if since is not None:
        query = query.where(r.received_at > since)
    if scope.kind == "self":
        query = query.where(r.actor_id == scope.user_id)
    elif scope.kind == "team":
        query = query.where(r.actor_id.in_(select(_users.c.id).where(_users.c.team_id == scope.team_id)))
    return int(connection.execute(query).scalar_one())


def digest_for(connection: Connection, scope: Scope, on: date) -> Digest:
    """The morning of whoever sees ``scope``."""
    return digest_of(due_items(connection, scope, on, on + timedelta(days=1)), held_count(connection, scope), on)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Someone to tell: a person, and where."""

    actor: Actor
    address: str
    p256dh: str = ""
    auth: str = ""

    @property
    def scope(self) -> Scope:
        """What this person may see."""
        return scope_of(self.actor)


_PERSON = (_users.c.id.label("user_id"), _users.c.name, _users.c.role, _users.c.team_id, _users.c.locale)


def _receiver(row: Any, address: str, p256dh: str = "", auth: str = "") -> Receiver:
    return Receiver(Actor(row.user_id, row.name, row.role, row.team_id, row.locale), address, p256dh, auth)


def alerted_since(connection: Connection, since: datetime) -> set[str]:
    """Who got the task of a red alert after ``since`` and has not ended it. One query."""
    t = table_of(Task).c
    rows = connection.execute(select(t.assignee_id).distinct().where(
        t.kind == "solvency", t.made_at > since, t.done_at.is_(None), t.assignee_id != ""))
    return set(rows.scalars())


def live_pushes(connection: Connection, since: datetime, subscription_id: str | None = None) -> dict[str, Receiver]:
    """Phones that may be told: enrolled, logged in (used after ``since``), their user active, not ended."""
    d, s = table_of(Device), table_of(LoginSession)
    query = (
        select(_pushes.c.id, _pushes.c.endpoint, _pushes.c.p256dh, _pushes.c.auth, *_PERSON)
        .join(_users, _users.c.id == _pushes.c.user_id).join(d, d.c.id == _pushes.c.device_id)
        .outerjoin(s, s.c.id == _pushes.c.session_id)
        .where(_pushes.c.ended_at.is_(None), _users.c.active, d.c.revoked_at.is_(None),
               d.c.user_id == _pushes.c.user_id,
               or_(_pushes.c.session_id.is_(None), (s.c.ended_at.is_(None)) & (s.c.seen_at > since))))
    if subscription_id:
        query = query.where(_pushes.c.id == subscription_id)
    return {row.id: _receiver(row, row.endpoint, row.p256dh, row.auth) for row in connection.execute(query)}


def mail_receivers(connection: Connection, user_id: str | None = None) -> dict[str, Receiver]:
    """People who want the digest by mail, by user id."""
    query = (select(_users.c.email, *_PERSON).join(_choices, _choices.c.id == _users.c.id)
             .where(_choices.c.wanted, _users.c.active, _users.c.email != ""))
    if user_id:
        query = query.where(_users.c.id == user_id)
    return {row.user_id: _receiver(row, row.email) for row in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Group:
    """A chat group. Its address and secret are for the worker alone."""

    id: str
    team_id: str | None
    team_name: str | None
    name: str
    channel: str
    url: str
    secret: str

    @property
    def scope(self) -> Scope:
        """Whose customers the group is told of."""
        return Scope("team" if self.team_id else "all", "", self.team_id)


def live_groups(connection: Connection, group_id: str | None = None) -> list[Group]:
    """Groups that are told."""
    g = _groups.c
    query = (select(g.id, g.team_id, _teams.c.name.label("team_name"), g.name, g.channel, g.url, g.secret)
             .outerjoin(_teams, _teams.c.id == g.team_id).where(g.ended_at.is_(None)).order_by(g.made_at, g.id))
    return [Group(*row) for row in connection.execute(query.where(g.id == group_id) if group_id else query)]


def last_of(connection: Connection, target_ids: Sequence[str]) -> dict[str, Any]:
    """The newest reminder to each target: (state, answer, at)."""
    r = _reminders.c
    rows = connection.execute(select(r.target_id, r.state, r.answer, r.at).where(r.target_id.in_(target_ids))
                              .order_by(r.at, r.id)) if target_ids else ()
    return {row.target_id: row for row in rows}


def reminder_row(connection: Connection, reminder_id: str) -> Any:
    """One reminder, or None."""
    return connection.execute(select(_reminders).where(_reminders.c.id == reminder_id)).first()


def feed_row(connection: Connection, token_sha256: str) -> Any:
    """(feed id, person) behind a calendar's secret, or None when it is void or its owner gone."""
    row = connection.execute(
        select(_feeds.c.id, *_PERSON).join(_users, _users.c.id == _feeds.c.user_id)
        .where(_feeds.c.token_sha256 == token_sha256, _feeds.c.revoked_at.is_(None), _users.c.active)).first()
    return (row.id, _receiver(row, "").actor) if row else None


def own_feed(connection: Connection, user_id: str) -> Any:
    """(made_at, read_at) of one's calendar address, or None."""
    return connection.execute(select(_feeds.c.made_at, _feeds.c.read_at).where(
        _feeds.c.user_id == user_id, _feeds.c.revoked_at.is_(None))).first()


def mark_read(connection: Connection, feed_id: str, now: datetime) -> None:
    """A calendar has read its address just now."""
    connection.execute(update(_feeds).where(_feeds.c.id == feed_id).values(read_at=now))


def all_teams(connection: Connection) -> tuple[tuple[str, str], ...]:
    """(id, name) of every team."""
    return tuple((row.id, row.name) for row in connection.execute(
        select(_teams.c.id, _teams.c.name).order_by(_teams.c.name)))


def own_mail(connection: Connection, user_id: str) -> tuple[str, bool]:
    """(mail address, whether the digest is wanted)."""
    row = connection.execute(select(_users.c.email, _choices.c.wanted).outerjoin(
        _choices, _choices.c.id == _users.c.id).where(_users.c.id == user_id)).one()
    return row.email, bool(row.wanted)


@fact("push_by_endpoint")
def load_endpoints(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Subscription ids by endpoint, ended ones too."""
    rows = connection.execute(select(_pushes.c.id, _pushes.c.endpoint).where(_pushes.c.endpoint.in_(keys)))
    return {row.endpoint: row.id for row in rows}


@fact("pushes_of_device")
def load_device_pushes(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The ids of a phone's subscriptions that live."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(_pushes.c.id, _pushes.c.device_id).where(
            _pushes.c.device_id.in_(keys), _pushes.c.ended_at.is_(None))):
        found.setdefault(row.device_id, []).append(row.id)
    return {key: tuple(ids) for key, ids in found.items()}


@fact("feeds_of")
def load_feeds(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The ids of a user's calendar addresses that are good."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(_feeds.c.id, _feeds.c.user_id).where(
            _feeds.c.user_id.in_(keys), _feeds.c.revoked_at.is_(None))):
        found.setdefault(row.user_id, []).append(row.id)
    return {key: tuple(ids) for key, ids in found.items()}


@fact("mail_choice")
def load_choices(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Whether a user once chose, by user id."""
    return {row.id: row.wanted for row in connection.execute(select(_choices).where(_choices.c.id.in_(keys)))}


@fact("notice_group")
def load_groups(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Groups that are told, by id."""
    return {group.id: group for group in live_groups(connection) if group.id in set(keys)}
