"""When reminders are written down for the worker: each morning to every receiver, and when a record is held.

A phone is told of held records at most once an hour: whose they are, and whoever settles them. A red alert of the
solvency watch is told to the phones of whoever got its task, at most once an hour.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.people.rules import Scope
from fieldsales.reminders import alarms, queries
from fieldsales.reminders.models import Reminder
from fieldsales.reminders.rules import LAST_HOUR
from fieldsales.reminders.service import GROUP_TOPIC, MAIL_TOPIC, PUSH_TOPIC
from fieldsales.store.base import table_of
from fieldsales.store.models import Beat, OutboxRow

TOPICS = {"push": PUSH_TOPIC, "held": PUSH_TOPIC, "alert": PUSH_TOPIC, "mail": MAIL_TOPIC, "group": GROUP_TOPIC,
          alarms.KIND: GROUP_TOPIC}
_HOUR, _EVERYBODY = timedelta(hours=1), Scope("all", "", None)
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


def remind_of_held(program: Any) -> int:
    """Tell the phones of those concerned that records of the last hour are held; returns how many were written down."""
    now = program.clock.now()
    since, local = now - _HOUR, now.astimezone(ZoneInfo(program.settings.zone))
    with program.store.reading() as connection:
        if not queries.held_count(connection, _EVERYBODY, since):
            return 0
        live = queries.live_pushes(connection, now - timedelta(days=program.settings.session_days))
        concerned = [one for one, who in live.items() if queries.held_count(connection, who.scope, since)]
    rows = {derived_id(one, f"reminder held {local:%Y-%m-%d %H}"): ("held", one) for one in concerned}
    written: int = program.dispatcher.note(lambda connection: len(_note_down(connection, rows, local.date(), now)))
    return written


def remind_of_alerts(program: Any) -> int:
    """Tell the phones of finance and legal that a customer's watch turned red within the last hour."""
    now = program.clock.now()
    local = now.astimezone(ZoneInfo(program.settings.zone))
    with program.store.reading() as connection:
        told = queries.alerted_since(connection, now - _HOUR)
        live = queries.live_pushes(connection, now - timedelta(days=program.settings.session_days)) if told else {}
    rows = {derived_id(one, f"reminder alert {local:%Y-%m-%d %H}"): ("alert", one) for one, who in live.items()
            if who.actor.user_id in told}
    if not rows:
        return 0
    written: int = program.dispatcher.note(lambda connection: len(_note_down(connection, rows, local.date(), now)))
    return written


def remind_groups_at_once(program: Any) -> int:
    """Tell the teams' groups what went wrong within the last hour; returns how many were written down."""
    rows, now = alarms.due(program), program.clock.now()
    if not rows:
        return 0
    today = on_date(now, program.settings.zone)
    written: int = program.dispatcher.note(lambda connection: len(_note_down(connection, rows, today, now)))
    return written


def _write(connection: Connection, today: date, now: datetime, days: int) -> int:
    targets = [
        *(("push", one) for one in queries.live_pushes(connection, now - timedelta(days=days))),
        *(("mail", one) for one in queries.mail_receivers(connection)),
        *(("group", one.id) for one in queries.live_groups(connection)),
    ]
    # The same day, the same receiver: the same id, so that nobody is written down twice.
    rows = {derived_id(target, f"reminder {kind} {today}"): (kind, target) for kind, target in targets}
    new = _note_down(connection, rows, today, now)
    connection.execute(delete(_beats).where(_beats.c.name == "reminders"))
    connection.execute(insert(_beats).values(name="reminders", at=now, note=f"written={len(new)}"))
    return len(new)


def _note_down(connection: Connection, rows: dict[str, tuple[str, str]], today: date, now: datetime
               ) -> dict[str, tuple[str, str]]:
    """Write down those reminders, (kind, target) by id, that are not there yet."""
    known = set(connection.execute(select(_reminders.c.id).where(_reminders.c.on_day == today)).scalars())
    new = {key: pair for key, pair in rows.items() if key not in known}
    if new:
        connection.execute(insert(_reminders), [
            {"id": key, "kind": kind, "target_id": target, "on_day": today, "trial": False, "state": "queued",
             "answer": "", "at": now} for key, (kind, target) in new.items()])
        connection.execute(insert(_outbox), [
            {"id": uuid7(), "topic": TOPICS[kind], "payload": {"reminder_id": key}, "made_at": now, "due_at": now,
             "attempts": 0, "error": ""} for key, (kind, _target) in new.items()])
    return new
