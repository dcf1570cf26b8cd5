"""What the date changes of disputes and classes, as commands for the night: told to the manager, proposed, lapsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.collection import faith, faith_rules
from fieldsales.collection.conduct import conducts, with_signs
from fieldsales.collection.models import Task
from fieldsales.customers.models import Customer
from fieldsales.disputes.queries import overdue_disputes
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.people.models import User
from fieldsales.store.base import table_of

#: Customers weighed in one reading.
PAGE = 500
_tasks, _customers, _users = table_of(Task), table_of(Customer), table_of(User)
Commands = list[dict[str, Any]]


def overdue_disputes_told(connection: Connection, today: date) -> Commands:
    """A task for the managers of each dispute past its day. Once for each owner it was given to."""
    asked = [(row.dispute_id, row.customer_id, f"dispute_overdue {row.n}", "dispute_overdue")
             for row in overdue_disputes(connection, today)]
    return _tasks_of(connection, asked, today)


def classes_to_review(connection: Connection, today: date) -> Commands:
    """A task for the managers of each class whose review day comes near."""
    asked = [(row.id, row.customer_id, "faith_review", "faith_review")
             for row in faith.due_for_review(connection, today, faith_rules.REVIEW_AHEAD)]
    return _tasks_of(connection, asked, today)


def _tasks_of(connection: Connection, asked: Sequence[tuple[str, str, str, str]], today: date) -> Commands:
    """Tasks for the managers of (source, customer, role of the task, kind), but those that were made before."""
    managers = _managers(connection, {customer_id for _, customer_id, _, _ in asked})
    made = {
        task_id: {"task_id": task_id, "customer_id": customer_id, "kind": kind, "title": "", "source_id": source_id,
                  "due_on": today.isoformat(), "assignee_id": user_id}
        for source_id, customer_id, role, kind in asked for user_id in managers.get(customer_id, ())
        for task_id in (derived_id(source_id, f"task {role} {user_id}"),)
    }
    known: set[str] = set()
    for page in _pages(list(made)):
        known |= set(connection.scalars(select(_tasks.c.id).where(_tasks.c.id.in_(page))))
    return [task for task_id, task in made.items() if task_id not in known]


def _managers(connection: Connection, customer_ids: Iterable[str]) -> dict[str, list[str]]:
    """By customer, the managers of its team; without any, whoever has been a manager longest."""
    wanted, found = sorted(customer_ids), dict[str, list[str]]()
    leads = (_users.c.role == "manager") & _users.c.active
    for page in _pages(wanted):
        rows = connection.execute(
            select(_customers.c.id, _users.c.id.label("user_id"))
            .join(_users, (_users.c.team_id == _customers.c.team_id) & leads)
            .where(_customers.c.id.in_(page)).order_by(_customers.c.id, _users.c.id))
        for row in rows:
            found.setdefault(row.id, []).append(row.user_id)
    if len(found) < len(wanted):
        first = connection.scalar(select(_users.c.id).where(leads).order_by(_users.c.created_at, _users.c.id).limit(1))
        found |= {key: [first] for key in wanted if key not in found and first}
    return found


def classes_lapsed(connection: Connection, today: date) -> Commands:
    """Classes nobody has looked at again by their day."""
    return [{"customer_id": customer_id} for customer_id in faith.past_review(connection, today)]


def classes_proposed(connection: Connection, today: date, zone: str) -> Commands:
    """What the written rules propose tonight: another class than stands, not refused on the same evidence."""
    made: Commands = []
    for page in _pages(with_signs(connection, today)):
        standing, refused = faith.standing_of(connection, page), faith.refusals(connection, page)
        waiting = faith.load_open(connection, page)
        for customer_id, conduct in conducts(connection, page, today).items():
            weighed = faith_rules.weigh(conduct)
            at = refused.get((customer_id, weighed.klass))
            stands = standing[customer_id].klass if customer_id in standing else ""
            if any(one.klass == weighed.klass for one in waiting.get(customer_id, ())):
                continue
            if faith_rules.is_news(weighed, stands, on_date(at, zone) if at else None):
                made.append({"proposal_id": uuid7(), "customer_id": customer_id, "klass": weighed.klass,
                             "hits": [hit_doc(hit) for hit in weighed.hits]})
    return made


def hit_doc(hit: faith_rules.Hit) -> dict[str, Any]:
    """A hit as the command carries it; at most fifty proofs, the newest."""
    proofs = [asdict(one) | {"on": one.on.isoformat(), "words": one.words[:400]} for one in hit.proofs[:50]]
    return {"code": hit.code, "count": hit.count, "needed": hit.needed, "proofs": proofs}


def _pages(rows: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(rows), PAGE):
        yield rows[start : start + PAGE]
