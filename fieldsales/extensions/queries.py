"""Reads of what plugins keep, how they are set, whether they are on, and how they fare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from fieldsales.extensions.models import PluginFault, PluginRecord, PluginSetting, PluginState
from fieldsales.extensions.rules import HOUSE, Record
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

#: How long the row of a record forgotten stays, so that its versions go on counting.
FORGOTTEN_FOR = timedelta(days=30)
Kepts = dict[str, tuple[Record, ...]]


@fact("kept")
def load_kept(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """What all plugins keep, by customer, newest first; under ``HOUSE`` what they keep for the whole house."""
    r, found = table_of(PluginRecord).c, defaultdict(list)
    of_customers = r.customer_id.in_([key for key in keys if key != HOUSE])
    asked = or_(of_customers, r.customer_id.is_(None)) if HOUSE in keys else of_customers
    for row in connection.execute(
        select(r.id, r.plugin, r.kind, r.key, r.customer_id, r.body, r.version).where(asked)
        .order_by(r.changed_at.desc(), r.id)
    ):
        owner = row.customer_id or HOUSE
        found[owner].append(Record(row.id, row.plugin, row.kind, row.key, owner, row.body, row.version))
    return {key: tuple(records) for key, records in found.items()}


def sweep_forgotten(connection: Connection, *, now: datetime) -> None:
    """Take away the rows of records forgotten so long ago that nobody can still hold an old version of them."""
    table = table_of(PluginRecord)
    connection.execute(delete(table).where(table.c.body.is_(None), table.c.changed_at < now - FORGOTTEN_FOR))


def kept_of(connection: Connection, customer_ids: Sequence[str]) -> Kepts:
    """What all plugins keep for these customers, and for the house under ``HOUSE``. One query.

    ``rules.shown(plugin, kept.get(customer_id), kept.get(HOUSE))`` is what one plugin may see of it.
    """
    found: Kepts = load_kept(connection, [*customer_ids, HOUSE])
    return found


@dataclass(frozen=True, slots=True)
class StateFact:
    """Whether a plugin is on, as it was last decided. ``methods``: what it brought when it was switched off.

    ``hangs``, ``until``: as in ``PluginState``.
    """

    id: str
    version: int
    state: str
    reason: str = ""
    methods: tuple[str, ...] = ()
    at: datetime | None = None
    by_id: str = ""
    hangs: int = 0
    until: datetime | None = None


@fact("plugin_state", stamp=PluginState)
def load_states(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """States by plugin; a plugin nobody has decided on has none."""
    return {key: one for key, one in states(connection).items() if key in keys}


def states(connection: Connection) -> dict[str, StateFact]:
    """Every plugin anybody has switched, by name. One query."""
    s = table_of(PluginState).c
    rows = connection.execute(select(s.id, s.version, s.state, s.reason, s.methods, s.at, s.by_id,
                                     s.hangs, s.until))  # fmt: skip
    return {row.id: StateFact(row.id, row.version, row.state, row.reason, tuple(row.methods), row.at, row.by_id,
                              row.hangs, row.until) for row in rows}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SettingsFact:
    """What is set for a plugin: plain values as JSON, secrets encrypted."""

    id: str
    version: int
    given: Mapping[str, Any]
    sealed: Mapping[str, str]


@fact("plugin_settings", stamp=PluginSetting)
def load_settings(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Settings by plugin."""
    return {key: one for key, one in all_settings(connection).items() if key in keys}


def all_settings(connection: Connection) -> dict[str, SettingsFact]:
    """Whatever is set, by plugin. One query."""
    s = table_of(PluginSetting).c
    rows = connection.execute(select(s.id, s.version, s.given, s.sealed))
    return {row.id: SettingsFact(row.id, row.version, row.given, row.sealed) for row in rows}


@dataclass(frozen=True, slots=True)
class Fault:
    """How often a plugin's calls failed in all processes, and the last of it."""

    count: int
    why: str
    detail: str
    process: str
    at: datetime


def faults(connection: Connection) -> dict[str, Fault]:
    """What went wrong, by plugin. One query."""
    f = table_of(PluginFault).c
    rows = connection.execute(select(f.id, f.count, f.why, f.detail, f.process, f.at))
    return {row.id: Fault(*row[1:]) for row in rows}


def note_faults(connection: Connection, counts: Mapping[str, int], last: Mapping[str, Fault]) -> None:
    """Count failed calls by plugin, and keep the last of each."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    table = table_of(PluginFault)
    for name, one in sorted(last.items()):  # in one order, so that two processes never wait for each other
        said = {"why": one.why, "detail": one.detail, "process": one.process, "at": one.at}
        row = dialect.insert(table).values(id=name, count=counts[name], **said)
        connection.execute(
            row.on_conflict_do_update(index_elements=["id"], set_={"count": table.c.count + counts[name], **said}))
