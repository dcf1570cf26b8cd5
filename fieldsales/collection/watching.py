"""Operations of the solvency watch: what was seen is put on record, a person closes the alert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Connection, and_, func, select

from fieldsales.collection.messages import AddTask
from fieldsales.collection.solvency import Seen, judge
from fieldsales.collection.watchmodels import Sighting, WatchClosing
from fieldsales.customers.guards import may_work_with, seen_customer
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, NotAllowed, RuleBroken
from fieldsales.kernel.events import Event
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.kernel.text import Name, Prose
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact
from fieldsales.visits.messages import Photo

_sightings, _closings = table_of(Sighting), table_of(WatchClosing)
#: Whose task a red alert is, and who may close it.
TOLD = ("finance", "legal")
CLOSERS = ("manager", "finance", "legal", "admin")


class ReportSigns(Command):
    """What a rep saw at a customer's that speaks of trouble, with photos from where anybody may stand."""

    sighting_id: Id
    customer_id: Id
    visit_id: Id | None = None
    signs: Annotated[list[Annotated[str, Field(pattern=r"^[a-z_]{2,40}$")]], Field(min_length=1, max_length=20)]
    words: Prose = ""
    photos: Annotated[list[Photo], Field(max_length=20)] = []


class CloseWatch(Command):
    """The alert is closed by a person, with the reason; what was seen stays on record."""

    closing_id: Id
    customer_id: Id
    reason: Name


@dataclass(frozen=True, slots=True)
class AlertRaised(Event):
    """A customer's watch turned red."""

    sighting_id: str
    customer_id: str


@fact("watch")
def load_watch(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: what was seen and is not closed, oldest first, as (instant, signs)."""
    s, c = _sightings.c, _closings.c
    closed = select(c.customer_id, func.max(c.at).label("at")).where(c.customer_id.in_(keys)).group_by(
        c.customer_id).subquery("closed")  # fmt: skip
    found: dict[str, Any] = dict.fromkeys(keys, ())
    for row in connection.execute(
        select(s.customer_id, s.occurred_at, s.signs)
        .select_from(_sightings.outerjoin(closed, closed.c.customer_id == s.customer_id))
        .where(s.customer_id.in_(keys), (closed.c.at.is_(None)) | and_(s.received_at > closed.c.at))
        .order_by(s.occurred_at, s.id)
    ):
        found[row.customer_id] = (*found[row.customer_id], (row.occurred_at, tuple(row.signs)))
    return found


def _level(work: Work, customer_id: str) -> str:
    seen = [Seen(on_date(at, work.zone), signs) for at, signs in work.fact("watch", customer_id) or ()]
    return judge(seen, work.today).level


@operation(
    "collection.report_signs", ReportSigns,
    needs=lambda c: [Need("customer", c.customer_id), Need("watch", c.customer_id)], guard=may_work_with,
)
def report_signs(work: Work, command: ReportSigns) -> None:
    """Put signs of insolvency on record. When the watch turns red, finance and legal are told the same day.

    Answers ``level``. A code nobody knows is kept and counts nothing: a newer phone may know more than we do.
    """
    occurred, before = min(work.occurred, work.now), _level(work, command.customer_id)
    signs = tuple(dict.fromkeys(command.signs))
    work.insert(
        Sighting, id=command.sighting_id, customer_id=command.customer_id, visit_id=command.visit_id,
        signs=list(signs), words=command.words, by_id=work.actor.user_id, occurred_at=occurred, received_at=work.now,
    )
    for photo in command.photos:
        expect_photo(work, command.customer_id, "sighting", command.sighting_id, photo.slot, photo.sha256,
                     photo.original_sha256, photo.mime, photo.size)
    known = work.fact("watch", command.customer_id) or ()
    work.facts.put("watch", command.customer_id, (*known, (occurred, signs)))
    work.touch(command.customer_id)
    level = _level(work, command.customer_id)
    if level == "red" and before != "red":
        work.emit(AlertRaised(command.sighting_id, command.customer_id))
    work.answer(level=level)


def alert_tasks(work: Work, event: AlertRaised) -> list[AddTask]:
    """A task of today for the first of finance and of legal; whoever owns the customer when there is nobody."""
    told = [user_id for role in TOLD for user_id in work.fact("first_of_role", role) or ()]
    return [
        AddTask(task_id=derived_id(event.sighting_id, f"task solvency {user_id}"), customer_id=event.customer_id,
                kind="solvency", title="", due_on=work.today, assignee_id=user_id, source_id=event.sighting_id)
        for user_id in told or [""]
    ]


def may_close(work: Work, command: CloseWatch) -> None:
    """Guard: manager, finance, legal or the administrator, for a customer they see."""
    if work.actor.role not in CLOSERS:
        raise NotAllowed("collection.watch_closers", N_("Only the office closes an alert."))
    seen_customer(work, command.customer_id)


@operation(
    "collection.close_watch", CloseWatch,
    needs=lambda c: [Need("customer", c.customer_id), Need("watch", c.customer_id)], guard=may_close,
)
def close_watch(work: Work, command: CloseWatch) -> None:
    """Close the alert, with the reason. What is seen afterwards opens it anew."""
    if not work.fact("watch", command.customer_id):
        raise RuleBroken("collection.watch_empty", N_("Nothing has been seen here that is not closed already."))
    work.insert(WatchClosing, id=command.closing_id, customer_id=command.customer_id, reason=command.reason,
                by_id=work.actor.user_id, at=work.now)
    work.facts.put("watch", command.customer_id, ())
    work.touch(command.customer_id)
