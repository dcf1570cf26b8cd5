"""What plugins tell our own people: a job the chat groups of the whole company, an observer those of the customer's
team too, each group once. What an observer has to say rests at night, and a group hears only so much of it an hour.
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, func, select

from fieldsales.config import as_set
from fieldsales.customers.guards import system_only
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.kernel.sentences import say
from fieldsales.kernel.text import Line
from fieldsales.plugin_api.health import PluginFailed
from fieldsales.plugin_api.notices import Notice
from fieldsales.reminders import queries
from fieldsales.reminders.jobs import BUSY, Done, _carry_out, _post, _verdict
from fieldsales.reminders.models import Reminder
from fieldsales.reminders.rules import LAST_HOUR
from fieldsales.store.base import table_of
from fieldsales.store.outbox import Later, job
from fieldsales.store.work import Work, fact

TELL_TOPIC = "reminders.tell"
#: What an observer has groups told, and how often within an hour.
NEWS, MOST_NEWS = "news", 6
_HOUR, _reminders = timedelta(hours=1), table_of(Reminder)


class Said(BaseModel):
    """One sentence in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Annotated[Line, Field(min_length=1)]
    en: Annotated[Line, Field(min_length=1)]


class TellGroups(Command):
    """Tell every chat group of the whole company something (by the system, as a plugin's job ordered)."""

    told_id: Id
    title: Said
    lines: Annotated[list[Said], Field(max_length=20)] = []


class TellTeam(Command):
    """Tell the chat groups of a customer's team, and of the whole company, what happened (by the system, as a plugin's
    observer ordered). Without a customer: those of the whole company."""

    told_id: Id
    customer_id: Id | None = None
    title: Said
    lines: Annotated[list[Said], Field(max_length=20)] = []


@fact("notice_groups")
def load_notice_groups(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Every group that is told, as (id, team), whatever is asked by."""
    return dict.fromkeys(keys, tuple((one.id, one.team_id) for one in queries.live_groups(connection)))


@fact("news_heard")
def load_news_heard(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """How many news each group was told, or is to be told, within the hour that begins at an instant (ISO 8601)."""
    found, r = {}, _reminders.c
    for key in keys:
        hour = datetime.fromisoformat(key)
        rows = connection.execute(
            select(r.target_id, func.count().label("heard"))
            .where(r.kind == NEWS, r.at >= hour, r.at < hour + _HOUR).group_by(r.target_id))
        found[key] = {row.target_id: row.heard for row in rows}
    return found


@fact("company_groups")
def load_company_groups(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The groups of the whole company, whatever is asked by."""
    ids = tuple(one.id for one in queries.live_groups(connection) if one.team_id is None)
    return dict.fromkeys(keys, ids)


@operation("reminders.tell_groups", TellGroups, needs=lambda c: [Need("company_groups", "")], guard=system_only)
def tell_groups(work: Work, command: TellGroups) -> None:
    """Write down a message to the company's groups; the worker sends it, at most once to each."""
    for group_id in work.fact("company_groups", "") or ():
        reminder_id = derived_id(command.told_id, f"told {group_id}")
        work.insert(Reminder, id=reminder_id, kind="told", target_id=group_id, on_day=work.today, trial=False,
                    state="queued", answer="", at=work.now)
        work.after(TELL_TOPIC, {"reminder_id": reminder_id, "title": command.title.zh,
                                "lines": [one.zh for one in command.lines]})


def waking(now: datetime, zone: str, first_hour: int) -> datetime:
    """When a group may hear something: now by day, else the next morning at ``first_hour``. Aware UTC."""
    local = now.astimezone(ZoneInfo(zone))
    if first_hour <= local.hour < LAST_HOUR:
        return now
    day = local.date() + timedelta(days=1 if local.hour >= LAST_HOUR else 0)
    return datetime.combine(day, time(first_hour), local.tzinfo).astimezone(now.tzinfo)


@operation("reminders.tell_team", TellTeam, guard=system_only,
           needs=lambda c: [Need("notice_groups", ""), *([Need("customer", c.customer_id)] if c.customer_id else [])])
def tell_team(work: Work, command: TellTeam) -> None:
    """Write down news for the groups of a customer's team and of the company; the worker sends it at most once to each.

    By day alone, and at most ``MOST_NEWS`` an hour to a group, whatever is booked at once: the last says that it is.
    """
    due = waking(work.now, work.zone, as_set().remind_hour)
    hour = due.astimezone(ZoneInfo(work.zone)).replace(minute=0, second=0, microsecond=0).astimezone(due.tzinfo)
    heard: dict[str, int] = work.fact("news_heard", hour.isoformat()) or {}
    customer = work.fact("customer", command.customer_id) if command.customer_id else None
    ours = (None, customer.team_id) if customer else (None,)
    chosen = [one for one, team_id in work.fact("notice_groups", "")
              if team_id in ours and heard.get(one, 0) < MOST_NEWS]
    for group_id in chosen:
        last = heard.get(group_id, 0) == MOST_NEWS - 1
        more = [say(N_("More is happening within this hour; it is not told one by one."), "zh")] if last else []
        reminder_id = derived_id(command.told_id, f"told {group_id}")
        work.insert(Reminder, id=reminder_id, kind=NEWS, target_id=group_id, on_day=on_date(due, work.zone),
                    trial=False, state="queued", answer="", at=due)
        work.after(TELL_TOPIC, {
            "reminder_id": reminder_id, "title": command.title.zh, "lines": [one.zh for one in command.lines] + more,
            "path": f"/customers/{command.customer_id}" if customer else ""}, delay=due - work.now)  # fmt: skip
    work.facts.put("news_heard", hour.isoformat(), heard | {one: heard.get(one, 0) + 1 for one in chosen})


@job(TELL_TOPIC)
def send_told(program: Any, payload: dict[str, Any]) -> None:
    """Tell one group. A group has no language of its own: it is the house's."""

    def tell(program: Any, row: Any) -> None:
        with program.store.reading() as connection:
            group = next(iter(queries.live_groups(connection, row.target_id)), None)
        if group is None:
            raise Done("nothing")
        url = program.settings.public_url.rstrip("/") + payload.get("path", "")
        notice = Notice(payload["title"], tuple(payload["lines"]), url, program.clock.now())
        try:
            request = program.plugins.build_notice(group.channel, notice, {"url": group.url, "secret": group.secret})
        except PluginFailed as failed:
            raise Done("failed", str(failed)) from failed
        body = json.dumps(dict(request.json), ensure_ascii=False).encode()
        reply = _post(program, row.id, request.url, body, {"Content-Type": "application/json; charset=utf-8"})
        if reply.status in BUSY:
            raise Later(f"{reply.status} from the messenger")
        raise Done(*_verdict(program, group.channel, reply))

    _carry_out(program, payload, tell)
