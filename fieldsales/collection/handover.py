"""What a handover moves of the work: open tasks in the leaver's own name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from fieldsales.collection.models import Task
from fieldsales.customers.guards import system_only
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact


class MoveTasks(Command):
    """Open tasks of ``from_user_id`` are now ``to_user_id``'s (by the system)."""

    from_user_id: Id
    to_user_id: Id


@fact("tasks_of")
def load_tasks_of(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """(task id, customer id) of the open tasks in somebody's own name."""
    t, found = table_of(Task).c, dict[str, list[tuple[str, str]]]()
    for row in connection.execute(select(t.id, t.customer_id, t.assignee_id).where(
            t.assignee_id.in_(keys), t.done_at.is_(None))):
        found.setdefault(row.assignee_id, []).append((row.id, row.customer_id))
    return {user_id: tuple(rows) for user_id, rows in found.items()}


@operation("collection.move_tasks", MoveTasks, needs=lambda c: [Need("tasks_of", c.from_user_id)], guard=system_only)
def move_tasks(work: Work, command: MoveTasks) -> None:
    """Move open tasks to the successor."""
    held = work.fact("tasks_of", command.from_user_id) or ()
    # By the customers' versions: one of these tasks may be finished at this very moment.
    work.facts.by_key("customer", [customer_id for _, customer_id in held])
    for task_id, customer_id in held:
        work.update(Task, task_id, assignee_id=command.to_user_id)
        work.touch(customer_id)
