"""Reads of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from fieldsales.kernel.operation import Actor
from fieldsales.people.models import ApiToken, Device, LoginSession, Team, User
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_users, _sessions = table_of(User), table_of(LoginSession)
_devices, _tokens, _teams = table_of(Device), table_of(ApiToken), table_of(Team)


@dataclass(frozen=True, slots=True)
class UserFact:
    """A user as an operation sees them."""

    id: str
    version: int
    login: str
    name: str
    role: str
    team_id: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class DeviceFact:
    """A phone as an operation sees it."""

    id: str
    user_id: str
    public_key: dict[str, Any]
    revoked: bool


def _to_actor(row: Any) -> Actor:
    return Actor(row.id, row.name, row.role, row.team_id, row.locale)


def actor_by_id(connection: Connection, user_id: str) -> Actor | None:
    """The person, if they may still act."""
    row = connection.execute(select(_users).where(_users.c.id == user_id, _users.c.active)).first()
    return _to_actor(row) if row else None


def actor_by_login(connection: Connection, login: str) -> Actor | None:
    """The person by login name, if they may still act."""
    row = connection.execute(select(_users).where(_users.c.login == login, _users.c.active)).first()
    return _to_actor(row) if row else None


def login_of(connection: Connection, user_id: str) -> str:
    """The login name of somebody on record."""
    return str(connection.scalar(select(_users.c.login).where(_users.c.id == user_id)))


def password_row(connection: Connection, login: str) -> Any:
    """(id, password hash, active) of a login name, or None."""
    return connection.execute(
        select(_users.c.id, _users.c.password, _users.c.active).where(_users.c.login == login)
    ).first()


#: Asked on every request, so built once.
_BY_SESSION = (
    select(_sessions.c.id.label("session_id"), _sessions.c.seen_at, _users)
    .join(_users, _users.c.id == _sessions.c.user_id)
    .where(_sessions.c.token_sha256 == bindparam("token"), _sessions.c.ended_at.is_(None), _users.c.active,
           _sessions.c.seen_at > bindparam("since"))
)


def session_actor(connection: Connection, token_sha256: str, now: datetime, days: int
                  ) -> tuple[str, datetime, Actor] | None:
    """(session id, last seen, person) of a live session used within ``days``; asked anew on every request."""
    row = connection.execute(_BY_SESSION, {"token": token_sha256, "since": now - timedelta(days=days)}).first()
    return (row.session_id, row.seen_at, _to_actor(row)) if row else None


def token_actor(connection: Connection, token_sha256: str) -> tuple[str, list[str], Actor] | None:
    """(token id, scopes, person) of a token that was not revoked."""
    row = connection.execute(
        select(_tokens.c.id.label("token_id"), _tokens.c.scopes, _users)
        .join(_users, _users.c.id == _tokens.c.user_id)
        .where(_tokens.c.token_sha256 == token_sha256, _tokens.c.revoked_at.is_(None), _users.c.active)
    ).first()
    return (row.token_id, list(row.scopes), _to_actor(row)) if row else None


@fact("user", stamp=User)
def load_users(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Users by id."""
    rows = connection.execute(select(_users).where(_users.c.id.in_(keys)))
    return {r.id: UserFact(r.id, r.version, r.login, r.name, r.role, r.team_id, r.active) for r in rows}


@fact("user_by_login")
def load_logins(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """User ids by login name."""
    return {r.login: r.id for r in connection.execute(select(_users.c.id, _users.c.login).where(
        _users.c.login.in_(keys)))}


@fact("managers_of")
def load_managers(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The ids of the managers of a team."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(
        select(_users.c.id, _users.c.team_id)
        .where(_users.c.team_id.in_(keys), _users.c.role == "manager", _users.c.active).order_by(_users.c.id)
    ):
        found.setdefault(row.team_id, []).append(row.id)
    return {team_id: tuple(ids) for team_id, ids in found.items()}


@fact("first_of_role")
def load_first_of_role(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Whoever has had a role longest and still works here, by role: (user id,), or nobody."""
    rows = connection.execute(
        select(_users.c.role, _users.c.id).where(_users.c.role.in_(keys), _users.c.active)
        .order_by(_users.c.created_at.desc(), _users.c.id.desc()))
    return {row.role: (row.id,) for row in rows}


@fact("team")
def load_teams(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Team names by id."""
    return {r.id: r.name for r in connection.execute(select(_teams).where(_teams.c.id.in_(keys)))}


@fact("team_by_name")
def load_team_names(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Team ids by name."""
    return {r.name: r.id for r in connection.execute(select(_teams.c.id, _teams.c.name).where(
        _teams.c.name.in_(keys)))}


@fact("device")
def load_devices(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Phones by id."""
    rows = connection.execute(select(_devices).where(_devices.c.id.in_(keys)))
    return {r.id: DeviceFact(r.id, r.user_id, r.public_key, r.revoked_at is not None) for r in rows}


@fact("devices_of")
def load_devices_of(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The ids of a user's phones that may still speak."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(
        select(_devices.c.id, _devices.c.user_id).where(_devices.c.user_id.in_(keys), _devices.c.revoked_at.is_(None))
    ):
        found.setdefault(row.user_id, []).append(row.id)
    return {user_id: tuple(ids) for user_id, ids in found.items()}


@fact("sessions_of")
def load_sessions_of(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The ids of a user's live sessions."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(
        select(_sessions.c.id, _sessions.c.user_id).where(_sessions.c.user_id.in_(keys), _sessions.c.ended_at.is_(None))
    ):
        found.setdefault(row.user_id, []).append(row.id)
    return {user_id: tuple(ids) for user_id, ids in found.items()}


@fact("token")
def load_tokens(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The owner of a token, by token id."""
    return {r.id: r.user_id for r in connection.execute(select(_tokens.c.id, _tokens.c.user_id).where(
        _tokens.c.id.in_(keys)))}
