"""What a month's plan puts on people's lists: steps and support as tasks, pay-runs ahead, numbers that wait."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.collection.messages import AddTask, FinishTask
from fieldsales.collection.models import Task
from fieldsales.collection.tasks import add_task, finish_task
from fieldsales.customers.rules import CustomerFact
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of
from fieldsales.store.work import Work
from fieldsales.targets import paydays
from fieldsales.targets.models import PayCalendar

#: A pay-run is told so many days before the day to ask: a rep plans his week by it.
TOLD_DAYS_BEFORE = 2


def _task_id(source_id: str, kind: str, who: str) -> str:
    return derived_id(source_id, f"task {kind} {who}".strip())


def put_task(work: Work, source_id: str, customer_id: str, kind: str, title: str, due_on: date, who: str = "") -> None:
    """Put something to do on a list: ``who``'s, or (empty) of whoever owns the customer."""
    add_task(work, AddTask(task_id=_task_id(source_id, kind, who), customer_id=customer_id, kind=kind, title=title,
                           due_on=due_on, assignee_id=who, source_id=source_id))


def end_task(work: Work, source_id: str, customer_id: str, kind: str, who: str = "") -> None:
    """Take it off the list when it still stands there."""
    task_id = _task_id(source_id, kind, who)
    task: Any = work.fact("task", task_id)
    if task is not None and not task.is_done:
        finish_task(work, FinishTask(task_id=task_id, customer_id=customer_id))


def _managers(work: Work, source_id: str, customer_id: str, kind: str) -> tuple[str, ...]:
    """Who decides for a customer: his team's managers. Their tasks are looked up in one go."""
    customer: CustomerFact = work.require("customer", customer_id)
    found = tuple(work.fact("managers_of", customer.team_id) or ()) if customer.team_id else ()
    work.facts.expect(Need("task", _task_id(source_id, kind, who)) for who in found)
    return found


def put_tasks(work: Work, source_id: str, customer_id: str, kind: str) -> None:
    """Something the customer's managers decide, today."""
    for who in _managers(work, source_id, customer_id, kind):
        put_task(work, source_id, customer_id, kind, "", work.today, who)


def end_tasks(work: Work, source_id: str, customer_id: str, kind: str) -> None:
    """One of them has decided."""
    for who in _managers(work, source_id, customer_id, kind):
        end_task(work, source_id, customer_id, kind, who)


def pay_runs_ahead(connection: Connection, today: date) -> list[dict[str, Any]]:
    """A task for each customer who owes something and whose pay-run is near: to be in his list in time (S5).

    Each run is told once. Two queries.
    """
    p, m, k = table_of(PayCalendar), table_of(CustomerMoney).c, table_of(Task).c
    nth = func.row_number().over(partition_by=p.c.customer_id, order_by=(p.c.at.desc(), p.c.id.desc())).label("nth")
    owing = select(m.customer_id).where(m.open_minor > 0)
    newest = select(p.c.customer_id, p.c.run_days, nth).where(p.c.customer_id.in_(owing)).subquery("newest")
    tasks = {}
    for row in connection.execute(select(newest).where(newest.c.nth == 1)):
        run_on = paydays.next_on(row.run_days, today)
        if run_on is None or paydays.ask_on(run_on, date.min) > today + timedelta(days=TOLD_DAYS_BEFORE):
            continue
        task_id = derived_id(row.customer_id, f"task pay_run {run_on}")
        tasks[task_id] = {"task_id": task_id, "customer_id": row.customer_id, "kind": "pay_run", "title": "",
                          "due_on": paydays.ask_on(run_on, today).isoformat(), "source_id": run_on.isoformat()}
    known = set(connection.execute(select(k.id).where(k.id.in_(list(tasks)))).scalars())
    return [task for task_id, task in tasks.items() if task_id not in known]
