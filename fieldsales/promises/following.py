"""When an open promise is asked after: before its day, and on the day after it (S15). By night, one step a promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from fieldsales.customers.models import Customer
from fieldsales.kernel.ids import derived_id
from fieldsales.promises.models import Promise
from fieldsales.promises.pausing import FOLLOWED_CLOSELY, days_followed
from fieldsales.promises.queries import judged
from fieldsales.store.base import table_of

_promises, _customers = table_of(Promise), table_of(Customer)
#: The kinds of task, before the day and after it; on the day itself a promise has its own task from the beginning.
SOON, LATE = "promise_soon", "promise_late"
#: The task on a promise's own day.
DUE = "promise_due"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A promise to be asked after now. ``step``: the days before its day (−1: the day after it)."""

    task_id: str
    promise_id: str
    customer_id: str
    step: int

    @property
    def kind(self) -> str:
        """The kind of its task."""
        return SOON if self.step > 0 else LATE


def step_of(made_on: date, due_on: date, today: date, steps: tuple[int, ...]) -> int | None:
    """The newest step whose day has come and that lies after the day of the promise itself; None: no step yet.

    A night that did not run loses no step: the next one takes the newest.
    """
    come = [step for step in steps if made_on < due_on - timedelta(days=step) <= today]
    return min(come, default=None)


def reminder_id(promise_id: str, step: int) -> str:
    """The id of a step's task: the same step is never asked for twice."""
    return derived_id(promise_id, f"task promise step {step}")


def part_id(promise_id: str, kept_minor: int) -> str:
    """What an ask for the rest follows: so much of the promise having come."""
    return derived_id(promise_id, f"part {kept_minor}")


def all_reminders(promise_id: str) -> tuple[str, ...]:
    """The ids of every step's task there may be."""
    return tuple(reminder_id(promise_id, step) for step in FOLLOWED_CLOSELY if step)


def reminders_due(connection: Connection, today: date) -> list[Reminder]:
    """The step every open promise has come to, its own day left out. Three queries."""
    p = _promises.c
    first, last = today - timedelta(days=1), today + timedelta(days=max(FOLLOWED_CLOSELY))
    rows = list(connection.execute(
        select(_promises, _customers.c.credit_grade).join(_customers, _customers.c.id == p.customer_id)
        .where(p.state == "open", p.due_on.between(first, last)).order_by(p.due_on, p.id)))
    classes = judged(connection, rows)
    found = []
    for row in rows:
        step = step_of(row.made_on, row.due_on, today, days_followed(row.credit_grade, classes[row.id].klass))
        if step:
            found.append(Reminder(reminder_id(row.id, step), row.id, row.customer_id, step))
    return found
