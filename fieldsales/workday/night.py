"""What the date alone changes, once a night, through the same dispatcher with the system as actor.

Promises and instalments whose day and grace are over are settled; summaries are aged; cash that was not
handed in becomes a task of finance; how customers pay is reckoned anew; time stamps are asked for papers
without one, and for the head of the log. Running it twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select

from fieldsales.collection import cases
from fieldsales.collection.measuring import note_effects
from fieldsales.collection.models import Task
from fieldsales.config import as_set
from fieldsales.dispatcher import Dispatcher
from fieldsales.documents.service import ANCHOR_TOPIC, PROOFS_TOPIC
from fieldsales.extensions.queries import sweep_forgotten
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.kernel.operation import SYSTEM, Envelope
from fieldsales.people.models import User
from fieldsales.plans import queries as plans
from fieldsales.promises import following
from fieldsales.promises import queries as promises
from fieldsales.promises.models import Promise
from fieldsales.receivables.habits import note_spread
from fieldsales.receivables.limitation import ALERT_MONTHS, alert_of
from fieldsales.receivables.models import PaymentReceipt
from fieldsales.receivables.rollups import out_of_date
from fieldsales.receivables.rules import HAND_IN_WITHIN
from fieldsales.store import outbox
from fieldsales.store.base import table_of
from fieldsales.store.changes import prune_changes
from fieldsales.store.models import Beat
from fieldsales.targets.following import pay_runs_ahead
from fieldsales.workday.lawsection import supply_tasks
from fieldsales.workday.today import limits
from fieldsales.workday.truth_night import classes_lapsed, classes_proposed, classes_to_review, overdue_disputes_told

#: Commands in one batch: short transactions, so that nobody waits for the night.
BATCH = 200
_receipts, _tasks, _users = table_of(PaymentReceipt), table_of(Task), table_of(User)
_promises = table_of(Promise)


def run_night(dispatcher: Dispatcher) -> dict[str, int]:
    """Do the night's work now. Returns how many commands of each kind were applied, and ``refused``."""
    now = dispatcher.clock.now()
    today = on_date(now, dispatcher.zone)
    with dispatcher.store.reading() as connection:
        promised = promises.due_for_settling(connection, today)
        planned = plans.due_for_settling(connection, today)
        cash = late_cash(connection, now)
        lapsing = lapsing_claims(connection, today)
        ready = supply_tasks(connection, today)
        paying = pay_runs_ahead(connection, today)
    settle = {"as_of": today.isoformat()}
    done = {
        "promises": _perform(dispatcher, "promises.settle_promises", ({"customer_id": c, **settle} for c in promised)),
        "plans": _perform(dispatcher, "plans.settle_plans", ({"customer_id": c, **settle} for c in planned)),
        "promise_reminders": _follow_promises(dispatcher, today),
        "cash_alerts": _perform(dispatcher, "collection.add_task", (_alert(row, today) for row in cash)),
        "limitation_alerts": _perform(dispatcher, "collection.add_task", lapsing),
        "supply_ready": _perform(dispatcher, "collection.add_task", ready),
        "pay_runs": _perform(dispatcher, "collection.add_task", paying),
    }
    done |= _truth(dispatcher, today)
    # Last: what was settled has moved no money, but days have passed for everybody.
    with dispatcher.store.reading() as connection:
        stale = out_of_date(connection, today)
        # whose summary is rolled anew has the case reckoned along with it
        ripe = sorted({*cases.due_for_reckoning(connection, today)} - {*stale})
    done["cases"] = _perform(dispatcher, "collection.reckon_cases",
                             ({"customer_ids": part} for part in _parts(ripe, BATCH)), batch=1)
    done["summaries"] = _perform(dispatcher, "receivables.roll_summaries",
                                 ({"customer_ids": part} for part in _parts(stale, BATCH)), batch=1)
    refused = sum(asked - applied for asked, applied in done.values())
    figures = {name: applied for name, (_, applied) in done.items()} | {"rolled": len(stale), "refused": refused}
    for topic in (PROOFS_TOPIC, ANCHOR_TOPIC):
        dispatcher.note(partial(outbox.ask, topic=topic, payload={}, now=now))
    dispatcher.note(partial(prune_changes, now=now))
    dispatcher.note(partial(sweep_forgotten, now=now))
    dispatcher.note(partial(note_spread, today=today))
    dispatcher.note(partial(note_effects, today=today, zone=dispatcher.zone, currency=as_set().currency))
    dispatcher.note(lambda connection: _mark(connection, now, figures))
    return figures


def last_night(connection: Connection) -> datetime | None:
    """When the night run last ended."""
    beats = table_of(Beat)
    at: datetime | None = connection.execute(select(beats.c.at).where(beats.c.name == "night")).scalar()
    return at


def late_cash(connection: Connection, now: datetime) -> list[Any]:
    """Cash not handed in after 24 hours that nobody was told of yet, with the finance clerk to tell."""
    r = _receipts.c
    told = exists().where(_tasks.c.source_id == r.id, _tasks.c.kind == "cash_late")
    clerk = (
        select(_users.c.id).where(_users.c.role == "finance", _users.c.active)
        .order_by(_users.c.created_at, _users.c.id).limit(1).scalar_subquery()
    )
    return list(connection.execute(
        select(r.id, r.customer_id, clerk.label("clerk_id"))
        .where(r.method == "cash", r.state == "pending", r.handed_in_at.is_(None), r.received_at < now - HAND_IN_WITHIN,
               ~told).order_by(r.received_at, r.id)
    ))


def _follow_promises(dispatcher: Dispatcher, today: date) -> tuple[int, int]:
    """Ask after open promises before their day and on the day after (T−3, T−1, T+1); an older step gives way."""
    with dispatcher.store.reading() as connection:
        due = following.reminders_due(connection, today)
        known = {row.id: row for row in connection.execute(
            select(_tasks.c.id, _tasks.c.source_id, _tasks.c.customer_id, _tasks.c.done_at)
            .join(_promises, _promises.c.id == _tasks.c.source_id)
            .where(_promises.c.state == "open", _tasks.c.kind.in_((following.SOON, following.LATE))))}
    fresh = {one.promise_id: one for one in due if one.task_id not in known}
    old = [row for row in known.values() if row.done_at is None and row.source_id in fresh]
    _perform(dispatcher, "collection.withdraw_task", (
        {"task_id": row.id, "customer_id": row.customer_id} for row in old))
    return _perform(dispatcher, "collection.add_task", (
        {"task_id": one.task_id, "customer_id": one.customer_id, "kind": one.kind, "title": "",
         "due_on": today.isoformat(), "source_id": one.promise_id} for one in fresh.values()))


def _alert(row: Any, today: date) -> dict[str, Any]:
    return {"task_id": derived_id(row.id, "task cash_late"), "customer_id": row.customer_id, "kind": "cash_late",
            "title": "", "due_on": today.isoformat(), "assignee_id": row.clerk_id or "", "source_id": row.id}


def lapsing_claims(connection: Connection, today: date) -> list[dict[str, Any]]:
    """A task for each customer whose oldest claim has come within 12, 6, 3 or 1 months of lapsing (S41).

    Each reminder is made once; what has lapsed already is shown on today's list, not asked for every night.
    """
    tasks = {}
    for customer_id, ends_on in limits(connection, today, timedelta(days=31 * max(ALERT_MONTHS))).items():
        months = alert_of(ends_on, today)
        if months:
            task_id = derived_id(customer_id, f"task limitation {ends_on} {months}")
            tasks[task_id] = {"task_id": task_id, "customer_id": customer_id, "kind": "limitation", "title": "",
                              "due_on": today.isoformat(), "source_id": f"{ends_on} {months}"}
    known = set(connection.execute(select(_tasks.c.id).where(_tasks.c.kind == "limitation")).scalars())
    return [task for task_id, task in tasks.items() if task_id not in known]


def _truth(dispatcher: Dispatcher, today: date) -> dict[str, tuple[int, int]]:
    """Disputes past their day, classes to be looked at again or lapsed, and what the rules propose of tonight."""
    with dispatcher.store.reading() as connection:
        overdue, reviews = overdue_disputes_told(connection, today), classes_to_review(connection, today)
        lapsed, proposed = classes_lapsed(connection, today), classes_proposed(connection, today, dispatcher.zone)
    return {
        "dispute_alerts": _perform(dispatcher, "collection.add_task", overdue),
        "faith_reviews": _perform(dispatcher, "collection.add_task", reviews),
        "faith_lapsed": _perform(dispatcher, "collection.lapse_faith", lapsed),
        "faith_proposed": _perform(dispatcher, "collection.propose_faith", proposed),
    }


def _perform(dispatcher: Dispatcher, operation: str, commands: Iterable[dict[str, Any]],
             batch: int = BATCH) -> tuple[int, int]:
    """Carry commands out batch by batch; how many were asked for, and how many applied."""
    asked = applied = 0
    for part in _parts(list(commands), batch):
        answers = dispatcher.perform_batch(SYSTEM, [Envelope(uuid7(), operation, command) for command in part])
        asked += len(answers)
        applied += sum(answer.status == "applied" for answer in answers)
    return asked, applied


def _parts(rows: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _mark(connection: Connection, now: datetime, figures: dict[str, int]) -> None:
    beats = table_of(Beat)
    connection.execute(delete(beats).where(beats.c.name == "night"))
    note = " ".join(f"{name}={count}" for name, count in figures.items())
    connection.execute(insert(beats).values(name="night", at=now, note=note))
