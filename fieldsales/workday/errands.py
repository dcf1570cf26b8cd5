"""Whose a task is: what stands on a rep's list for a customer, and what only on the desks of the office's people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_

from fieldsales.customers.models import Customer
from fieldsales.people.models import User
from fieldsales.store.base import table_of
from fieldsales.workday.words import OFFICE_TASKS

_users, _customers = table_of(User).alias("given_to"), table_of(Customer).alias("given_for")


def for_the_rep(tasks: Any) -> ColumnElement[bool]:
    """A row of tasks that whoever looks after the customer is to do: it names nobody, a rep, or the owner himself.

    What was given to a manager, finance or legal by name is a decision of theirs; nobody else ticks it off by mistake.
    """
    t, u, c = tasks.c, _users.c, _customers.c
    return and_(t.kind.not_in(OFFICE_TASKS), or_(
        t.assignee_id == "", exists().where(u.id == t.assignee_id, u.role == "rep"),
        exists().where(c.id == t.customer_id, c.owner_id == t.assignee_id)))
