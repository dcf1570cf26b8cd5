"""Who is asking: a session cookie that the server can end, or a bearer token."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import Flask, Request, g, request
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Connection, insert, update

from fieldsales.kernel.errors import N_, NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.people import queries
from fieldsales.people.models import LoginSession
from fieldsales.people.passwords import fits
from fieldsales.store.base import table_of
from fieldsales.web.here import here, reading

#: A session's last use is written down at most this often, so that reading stays reading.
_SEEN_EVERY = timedelta(minutes=10)


class Person(UserMixin):  # type: ignore[misc]
    """Flask-Login's view of a live session. Its id is the session's secret, not the user's id."""

    def __init__(self, token: str, session_id: str, actor: Actor) -> None:
        self.id = token
        self.session_id = session_id
        self.actor = actor


def sha256(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def init_login(app: Flask) -> None:
    """Ask on every request who it is, and put the answer into ``g.actor``."""
    manager = LoginManager(app)
    # The session itself is on the server; a fingerprint of the browser's address would log phones out on the move.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def by_session(token: str) -> Person | None:
        now = here().clock.now()
        with reading() as connection:
            found = queries.session_actor(connection, sha256(token), now, here().settings.session_days)
        if found is None:
            return None
        session_id, seen_at, actor = found
        if now - seen_at > _SEEN_EVERY:
            _keep_seen(session_id, now)
        return Person(token, session_id, actor)

    @manager.request_loader  # type: ignore[untyped-decorator]
    def by_token(asked: Request) -> Person | None:
        scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        with reading() as connection:
            found = queries.token_actor(connection, sha256(token.strip()))
        if found is None:
            return None
        token_id, scopes, actor = found
        if asked.method not in {"GET", "HEAD"} and "write" not in scopes:
            raise NotAllowed("token_scope", N_("This token may only read."))
        g.token_id = token_id
        return Person("", "", actor)

    @app.before_request
    def who() -> None:
        if request.path.startswith("/static/"):  # nobody is asked for: forty modules, forty look-ups
            return
        person = current_user._get_current_object()
        g.actor = person.actor if isinstance(person, Person) else None
        if isinstance(person, Person) and person.session_id:
            g.session_id = person.session_id


def log_in(login: str, password: str) -> Actor | None:
    """Open a session when name and password fit; else None."""
    now = here().clock.now()
    with reading() as connection:
        row = queries.password_row(connection, login)
        if not fits(row.password if row else None, password) or row is None or not row.active:
            return None
        actor = queries.actor_by_id(connection, row.id)
    if actor is None:
        return None
    token, session_id = secrets.token_urlsafe(32), uuid7()
    agent = request.headers.get("User-Agent", "")[:200]

    def open_session(connection: Connection) -> None:
        connection.execute(insert(table_of(LoginSession)).values(
            id=session_id, user_id=actor.user_id, token_sha256=sha256(token), agent=agent, made_at=now, seen_at=now))

    here().dispatcher.note(open_session)
    login_user(Person(token, session_id, actor))
    g.actor, g.session_id = actor, session_id
    return actor


def log_out() -> None:
    """End the session on the server: the cookie is worth nothing afterwards."""
    session_id, now = g.get("session_id"), here().clock.now()
    if session_id:
        table = table_of(LoginSession)
        here().dispatcher.note(
            lambda connection: connection.execute(update(table).where(table.c.id == session_id).values(ended_at=now)))
    logout_user()


def _keep_seen(session_id: str, now: datetime) -> None:
    table = table_of(LoginSession)
    here().dispatcher.note(
        lambda connection: connection.execute(update(table).where(table.c.id == session_id).values(seen_at=now)))
