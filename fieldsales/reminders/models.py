"""Tables of reminders: where they go, and what was sent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldsales.store.base import Base


class PushSubscription(Base):
    """A phone's address at its maker's push service. It lives as long as the phone's enrolment and its login."""

    __tablename__ = "push_subscriptions"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    session_id: Mapped[str | None] = mapped_column(ForeignKey("login_sessions.id"))
    endpoint: Mapped[str] = mapped_column(unique=True)
    p256dh: Mapped[str]
    auth: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CalendarFeed(Base):
    """A secret address a calendar reads one's due promises from; only the hash of its secret is kept."""

    __tablename__ = "calendar_feeds"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class NoticeGroup(Base):
    """A chat group that is told what is due to a team, or (``team_id`` None) to the whole company."""

    __tablename__ = "notice_groups"

    id: Mapped[str] = mapped_column(primary_key=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str]
    channel: Mapped[str]
    url: Mapped[str]
    secret: Mapped[str] = mapped_column(default="")
    by_id: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MailChoice(Base):
    """Who wants the morning's digest by mail; ``id`` is the user's."""

    __tablename__ = "mail_choices"

    id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    wanted: Mapped[bool]


class Reminder(Base):
    """One digest to one receiver on one day. ``state``: queued, sending, sent, nothing, late, unsure, failed."""

    __tablename__ = "reminders"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    target_id: Mapped[str]
    on_day: Mapped[date]
    trial: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="queued")
    answer: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

    __table_args__ = (Index("ix_reminders_target", "target_id", "at"),)
