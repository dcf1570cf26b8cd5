"""The morning: once a day, at the hour chosen, one reminder to each receiver is written down for the worker."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.reminders import queries
from fieldsales.reminders.models import Reminder
from fieldsales.reminders.rules import LAST_HOUR
from fieldsales.reminders.service import GROUP_TOPIC, MAIL_TOPIC, PUSH_TOPIC
from fieldsales.store.base import table_of
from fieldsales.store.models import Beat, OutboxRow

TOPICS = {"push": PUSH_TOPIC, "mail": MAIL_TOPIC, "group": GROUP_TOPIC}
_beats, _reminders, _outbox = table_of(Beat), table_of(Reminder), table_of(OutboxRow)


def remind_if_due(program: Any) -> int:
    """Write down today's reminders if their hour has come and they are not written yet; returns how many."""
    now = program.clock.now()
    local = now.astimezone(ZoneInfo(program.settings.zone))
    if not program.settings.remind_hour <= local.hour < LAST_HOUR:
        return 0
    with program.store.reading() as connection:
        last = connection.execute(select(_beats.c.at).where(_beats.c.name == "reminders")).scalar()
    if last is not None and on_date(last, program.settings.zone) >= local.date():
        return 0
    written: int = program.dispatcher.note(
        lambda connection: _write(connection, local.date(), now, program.settings.session_days))
    return written


def _write(connection: Connection, today: date, now: datetime, days: int) -> int:
    targets = [
        *(("push", one) for one in queries.live_pushes(connection, now - timedelta(days=days))),
        *(("mail", one) for one in queries.mail_receivers(connection)),
        *(("group", one.id) for one in queries.live_groups(connection)),
    ]
    # The same day, the same receiver: the same id, so that nobody is written down twice.
    rows = {derived_id(target, f"reminder {kind} {today}"): (kind, target) for kind, target in targets}
    known = set(connection.execute(select(_reminders.c.id).where(_reminders.c.on_day == today)).scalars())
    new = {key: pair for key, pair in rows.items() if key not in known}
    if new:
        connection.execute(insert(_reminders), [
            {"id": key, "kind": kind, "target_id": target, "on_day": today, "trial": False, "state": "queued",
             "answer": "", "at": now} for key, (kind, target) in new.items()])
        connection.execute(insert(_outbox), [
            {"id": uuid7(), "topic": TOPICS[kind], "payload": {"reminder_id": key}, "made_at": now, "due_at": now,
             "attempts": 0, "error": ""} for key, (kind, _target) in new.items()])
    connection.execute(delete(_beats).where(_beats.c.name == "reminders"))
    connection.execute(insert(_beats).values(name="reminders", at=now, note=f"written={len(new)}"))
    return len(new)
