"""Operations of a visit and of notes. What was not asked or answered never stops a record."""

from __future__ import annotations

from collections.abc import Iterable

from fieldsales.config import as_set
from fieldsales.customers.guards import may_work_with
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.operation import Need, operation
from fieldsales.store.work import Work
from fieldsales.visits import leads, rules  # noqa: F401 - leads declares an operation
from fieldsales.visits.messages import AddNote, LogVisit, NoteAdded, Photo, VisitLogged
from fieldsales.visits.models import Note, Visit
from fieldsales.visits.rules import Point


@operation("visits.log_visit", LogVisit, needs=lambda c: [Need("customer", c.customer_id)], guard=may_work_with)
def log_visit(work: Work, command: LogVisit) -> None:
    """Put a visit (拜访) on record as the rep saw it: never refused for a gap, a clock or a place.

    The phone's time is kept as claimed beside the best estimate. Answers ``flags`` (what a reader
    should know), ``gaps`` (what is still to be filled in) and ``distance_m`` (None: unknown).
    """
    customer = work.require("customer", command.customer_id)
    place = command.place
    known = Point(float(customer.lat), float(customer.lon)) if customer.lat and customer.lon else None
    distance = rules.distance_from(command, known)
    flags = rules.flags(command, distance=distance, far_m=as_set().far_away_m, skew_ms=work.envelope.skew_ms,
                        claimed=work.occurred, now=work.now)
    gaps = rules.gaps(command)
    occurred = rules.occurred_est(command, work.occurred, work.now, work.envelope.skew_ms)
    step = command.next_step
    work.insert(
        Visit, id=command.visit_id, customer_id=command.customer_id, user_id=work.actor.user_id,
        purpose=command.purpose, outcome=command.outcome, made_at=work.envelope.made_at, occurred_at=occurred,
        received_at=work.now, arrived_at=command.arrived_at, left_at=command.left_at,
        lat=place.lat if place else None, lon=place.lon if place else None,
        accuracy_m=place.accuracy_m if place else None, fix_at=place.at if place else None,
        place_note=command.place_note, distance_m=distance, persons=[p.model_dump() for p in command.persons],
        said=command.said, absent_person=command.absent_person, confirmation_text=command.confirmation_text,
        next_step=step.text if step else "", next_on=step.on if step else None, flags=flags, gaps=gaps,
        papers=[paper.model_dump() for paper in command.papers],
    )
    _attach(work, command.customer_id, "visit", command.visit_id, command.photos)
    work.touch(command.customer_id)
    work.emit(VisitLogged(
        command.visit_id, command.customer_id, work.actor.user_id, command.purpose, command.outcome, occurred,
        tuple(person.name for person in command.persons),
        tuple((excuse.id, excuse.code, excuse.words) for excuse in command.excuses),
        command.said, step.text if step else "", step.on if step else None, tuple(gaps),
        rules.minutes_on_site(command), tuple((paper.kind, paper.number) for paper in command.papers),
    ))
    work.answer(flags=flags, gaps=gaps, distance_m=distance)


@operation("visits.add_note", AddNote, needs=lambda c: [Need("customer", c.customer_id)], guard=may_work_with)
def add_note(work: Work, command: AddNote) -> None:
    """Put a note, complaint or lead on record, outside any visit."""
    work.insert(
        Note, id=command.note_id, customer_id=command.customer_id, user_id=work.actor.user_id, kind=command.kind,
        text=command.text, occurred_at=min(work.occurred, work.now), received_at=work.now,
    )
    _attach(work, command.customer_id, "note", command.note_id, command.photos)
    work.touch(command.customer_id)
    work.emit(NoteAdded(command.note_id, command.customer_id, command.kind))


def _attach(work: Work, customer_id: str, kind: str, subject_id: str, photos: Iterable[Photo]) -> None:
    for photo in photos:
        expect_photo(work, customer_id, kind, subject_id, photo.slot, photo.sha256, photo.original_sha256, photo.mime,
                     photo.size)
