"""What a team's chat group is told at once, not only in the morning: money that did not come, messages that did not
arrive, claims about to lapse, plugins that were set aside.

At most once an hour a group is told how many of each there were since the hour before (in the morning: since the last
evening). Counts only, no customer's name: each is a task of somebody's already.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from fieldsales.collection.models import Task
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.sentences import say
from fieldsales.people.rules import Scope
from fieldsales.reminders import queries
from fieldsales.reminders.rules import LAST_HOUR
from fieldsales.store.base import table_of

KIND = "alarm"
_HOUR = timedelta(hours=1)
#: The kinds of tasks that are told at once, and how.
WORDS: Mapping[str, str] = {
    "promise_broken": N_("Promises not kept: %(n)s"), "instalment_broken": N_("Instalments not kept: %(n)s"),
    "find_address": N_("Mail that came back: %(n)s"), "text_failed": N_("Text messages not delivered: %(n)s"),
    "limitation": N_("Claims about to lapse: %(n)s"),
}  # fmt: skip
_tasks, _customers = table_of(Task), table_of(Customer)


def since(program: Any, at: datetime) -> datetime:
    """From when on an alarm counts: the hour before, in the morning's first the evening before."""
    local = at.astimezone(ZoneInfo(program.settings.zone))
    if local.hour > program.settings.remind_hour:
        return at - _HOUR
    evening = datetime.combine(local.date() - timedelta(days=1), time(LAST_HOUR), local.tzinfo)
    return evening.astimezone(at.tzinfo)


def counts(connection: Connection, scope: Scope, first: datetime) -> dict[str, int]:
    """How many tasks of each told kind were made after an instant, for customers in sight. One query."""
    t = _tasks.c
    rows = connection.execute(
        select(t.kind, func.count(func.distinct(t.source_id)))
        .select_from(_tasks.join(_customers, _customers.c.id == t.customer_id))
        .where(t.kind.in_(WORDS), t.made_at > first, visible(scope)).group_by(t.kind))
    return {kind: int(number) for kind, number in rows}


def lines(program: Any, connection: Connection, group: queries.Group, at: datetime, lang: str) -> tuple[str, ...]:
    """What this group is told now; plugins set aside only to a group of the whole company."""
    found = counts(connection, group.scope, since(program, at))
    said = [say(words, lang, n=found[kind]) for kind, words in WORDS.items() if found.get(kind)]
    aside = [one.name for one in program.plugins.status() if one.state == "suspended"]
    if aside and group.scope.kind == "all":
        said.append(say(N_("Plugins set aside: %(names)s"), lang, names=", ".join(aside)))
    return tuple(said)


def due(program: Any) -> dict[str, tuple[str, str]]:
    """The alarms to write down now: (kind, group) by the reminder's id, one a group and hour."""
    now = program.clock.now()
    local = now.astimezone(ZoneInfo(program.settings.zone))
    if not program.settings.remind_hour <= local.hour < LAST_HOUR:
        return {}
    with program.store.reading() as connection:
        return {derived_id(group.id, f"reminder alarm {local:%Y-%m-%d %H}"): (KIND, group.id)
                for group in queries.live_groups(connection) if lines(program, connection, group, now, "zh")}
