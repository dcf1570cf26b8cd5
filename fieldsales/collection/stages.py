"""Threads: the stages of one thing (a letter made, posted, delivered) as one story, each an action of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from fieldsales.collection.models import Action, Task
from fieldsales.collection.rules import CaseFile
from fieldsales.plugin_api.types import Decision
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_actions, _tasks = table_of(Action), table_of(Task)
#: What is left to do whatever becomes of the thread: the law's own question does not go away with a stamp.
_LASTING = ("limitation",)


@fact("action_tasks")
def load_action_tasks(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: (task, action) of every open task that an action has left."""
    t, a = _tasks.c, _actions.c
    query = (select(t.customer_id, t.id, t.source_id)
             .where(t.customer_id.in_(keys), t.done_at.is_(None), t.kind.not_in(_LASTING),
                    t.source_id.in_(select(a.id).where(a.customer_id.in_(keys)))).order_by(t.id))
    found: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.customer_id, []).append((row.id, row.source_id))
    return {customer_id: tuple(pairs) for customer_id, pairs in found.items()}


def root_of(file: CaseFile, decision: Decision | None) -> str:
    """The action that began the thread a decision goes on with; "" when it begins one."""
    if decision is None or not decision.follows:
        return ""
    earlier = next((one for one in file.facts.actions if one.id == decision.follows), None)
    return (earlier.follows or earlier.id) if earlier else ""


def settle(work: Work, file: CaseFile, root: str, note: str) -> None:
    """What the earlier stages of a thread left to be done is done: the thread has gone on."""
    stages = {one.id for one in file.facts.actions if root in (one.id, one.follows)}
    left = work.fact("action_tasks", file.id) or ()
    for task_id, source_id in left:
        if source_id in stages:
            work.update(Task, task_id, done_at=work.now, done_by_id=work.actor.user_id, note=note[:200], outcome="done")
    work.facts.put("action_tasks", file.id, tuple(one for one in left if one[1] not in stages))


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a thread, as a page shows it."""

    id: str
    root: str
    customer_id: str
    method: str
    outcome: str
    summary_zh: str
    summary_en: str
    grade: str
    occurred_at: datetime
    document_id: str | None
    fields: dict[str, Any]


def stages_of(connection: Connection, roots: Iterable[str]) -> dict[str, tuple[Stage, ...]]:
    """By the action that began it: the stages of each thread, oldest first."""
    wanted, a = list(dict.fromkeys(roots)), _actions.c
    rows = connection.execute(
        select(a.id, a.follows_id, a.customer_id, a.method, a.outcome, a.summary_zh, a.summary_en, a.grade,
               a.occurred_at, a.document_id, a.fields)
        .where(or_(a.id.in_(wanted), a.follows_id.in_(wanted))).order_by(a.occurred_at, a.id))
    found: dict[str, list[Stage]] = {}
    for row in rows:
        root = row.follows_id or row.id
        found.setdefault(root, []).append(Stage(row.id, root, *row[2:]))
    return {root: tuple(stages) for root, stages in found.items()}


def newest_first(threads: Iterable[Sequence[Stage]]) -> list[tuple[Stage, ...]]:
    """Threads of more than one stage, the one that moved last first."""
    long = [tuple(stages) for stages in threads if len(stages) > 1]
    return sorted(long, key=lambda stages: (stages[-1].occurred_at, stages[-1].id), reverse=True)
