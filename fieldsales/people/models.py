"""Tables of people, their sessions, devices and tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class Team(Base):
    """A team of reps under a manager."""

    __tablename__ = "teams"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    region: Mapped[str] = mapped_column(default="")


class User(Base):
    """Someone who logs in. ``role``: rep, manager, finance, legal, admin."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    role: Mapped[str]
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="zh")
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class LoginSession(Base):
    """A logged-in browser: revocable on the server, so that a stolen cookie dies with it."""

    __tablename__ = "login_sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    agent: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Device(Base):
    """A phone, by the public half of a key that never leaves it."""

    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    public_key: Mapped[dict[str, Any]] = mapped_column(JSON)
    app: Mapped[str] = mapped_column(default="")
    enrolled_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    pending: Mapped[int] = mapped_column(default=0)
    #: photos that are not on the server yet
    pending_blobs: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]


class ApiToken(Base):
    """A scoped, revocable token for scripts; only its hash is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
