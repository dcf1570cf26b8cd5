"""How plugins fare, read across the house: state, errors of all processes, and what waits for or hangs on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from fieldsales.collection.models import Action, Task
from fieldsales.extensions.queries import Fault, faults, states
from fieldsales.extensions.service import ASIDE
from fieldsales.people.models import User
from fieldsales.plugin_api.manager import Plugins, PluginStatus
from fieldsales.store.base import table_of
from fieldsales.store.models import CommandReceipt

#: Held records looked at; more are counted as that many.
MOST_HELD = 2000
AWAY = "collection.method_away"
QUERIES = 5


@dataclass(frozen=True, slots=True)
class PluginLine:
    """One plugin as its administrator sees it. ``state``: of ``PluginStatus``. ``failed``: calls, in all processes.

    ``fixed``: switched off by the machine's settings, so no button helps. ``held``: phones' records that wait for it.
    ``steps``: open next steps it set. ``brings``: names by hook. ``until``: when one that hung is asked again by
    itself, None: when somebody resumes it.
    """

    status: PluginStatus
    state: str
    fixed: bool
    fault: Fault | None
    reason: str
    decided_at: datetime | None
    decided_by: str
    methods: tuple[str, ...]
    brings: Mapping[str, tuple[str, ...]]
    held: int
    steps: int
    has_settings: bool
    until: datetime | None = None

    @property
    def failed(self) -> int:
        """Calls that failed, in all processes; what only this one knows of counts when none was written down yet."""
        return max(self.fault.count if self.fault else 0, 0 if self.state == "failed" else self.status.errors)

    @property
    def last_error(self) -> str:
        """The last thing that went wrong, "" when nothing did."""
        return self.status.last_error or (self.fault.detail if self.fault else "")


def plugin_lines(connection: Connection, plugins: Plugins, fixed: Iterable[str]) -> tuple[PluginLine, ...]:
    """Every plugin found, those in trouble first. ``QUERIES`` queries, whatever their number."""
    switched, wrong = states(connection), faults(connection)
    held, steps = held_by_method(connection), _steps(connection)
    u = table_of(User).c
    names = {row.id: row.name for row in connection.execute(
        select(u.id, u.name).where(u.id.in_({one.by_id for one in switched.values()})))}  # fmt: skip
    found = []
    for status in plugins.status():
        decided = switched.get(status.name)
        if decided is not None and (decided.state == ASIDE) != (status.state == "suspended"):
            decided = None  # it is asked again, or hung a moment ago: what was decided before says nothing of now
        methods = status.methods or (decided.methods if decided else ())
        found.append(PluginLine(
            status, status.state, status.name in fixed, wrong.get(status.name), decided.reason if decided else "",
            decided.at if decided else None, names.get(decided.by_id, "") if decided else "", methods,
            plugins.brings(status.name), sum(held[one] for one in methods), sum(steps[one] for one in methods),
            plugins.settings_form(status.name) is not None, decided.until if decided else None,
        ))  # fmt: skip
    rank = {"failed": 0, "suspended": 1, "disabled": 2}
    return tuple(sorted(found, key=lambda one: rank.get(one.state, 3)))


def held_by_method(connection: Connection) -> Counter[str]:
    """How many records of phones wait for each method that is away. One query."""
    r = table_of(CommandReceipt).c
    rows = connection.execute(select(r.raw).where(r.status == "held", r.code == AWAY).limit(MOST_HELD))
    payloads = ((row.raw or {}).get("payload") for row in rows)
    return Counter(str(one.get("method", "")) for one in payloads if isinstance(one, dict))


def waiting_for_nobody(held: Mapping[str, int], lines: Iterable[PluginLine]) -> tuple[tuple[str, int], ...]:
    """Methods that records wait for and that no plugin found here brings."""
    known = {method for one in lines for method in one.methods}
    return tuple(sorted((method, count) for method, count in held.items() if method not in known))


def _steps(connection: Connection) -> Counter[str]:
    t, a = table_of(Task).c, table_of(Action).c
    rows = connection.execute(
        select(a.method, func.count()).select_from(table_of(Task).join(table_of(Action), a.id == t.source_id))
        .where(t.kind == "next_step", t.done_at.is_(None)).group_by(a.method))
    return Counter({str(method): int(count) for method, count in rows})
