"""Operations that put down what is known of a customer: pay days, other suppliers, what he can pay, the basic work."""

from __future__ import annotations

from fieldsales.customers.guards import may_work_with
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.operation import Need, operation
from fieldsales.store.work import Work
from fieldsales.targets import health
from fieldsales.targets.messages import CheckHealth, NotePayDays, NoteRival, WritePotential
from fieldsales.targets.models import HealthCheck, PayCalendar, PotentialSheet, RivalSighting


def _needs(command: NotePayDays | NoteRival | WritePotential | CheckHealth) -> list[Need]:
    return [Need("customer", command.customer_id)]


@operation("targets.note_pay_days", NotePayDays, needs=_needs, guard=may_work_with)
def note_pay_days(work: Work, command: NotePayDays) -> None:
    """Put down when the customer pays and who signs for it. The newest counts; the older stay on record."""
    work.insert(PayCalendar, id=command.calendar_id, customer_id=command.customer_id, run_days=list(command.run_days),
                cash_days=list(command.cash_days), approver_name=command.approver_name,
                approver_role=command.approver_role, note=command.note, by_id=work.actor.user_id,
                at=min(work.occurred, work.now))
    work.touch(command.customer_id)


@operation("targets.note_rival", NoteRival, needs=_needs, guard=may_work_with)
def note_rival(work: Work, command: NoteRival) -> None:
    """Put down another supplier seen at the customer's, and what he took: he stands before us in the line."""
    seen_on = command.seen_on or min(on_date(work.occurred, work.zone), work.today)
    work.insert(RivalSighting, id=command.sighting_id, customer_id=command.customer_id, supplier=command.supplier,
                took_minor=command.took_minor, currency=command.currency, seen_on=seen_on, words=command.words,
                by_id=work.actor.user_id, at=min(work.occurred, work.now))
    work.touch(command.customer_id)


@operation("targets.write_potential", WritePotential, needs=_needs, guard=may_work_with)
def write_potential(work: Work, command: WritePotential) -> None:
    """Put down what the customer has, sells and is owed. What is not known stays open."""
    values = command.model_dump(exclude={"sheet_id"})
    work.insert(PotentialSheet, id=command.sheet_id, on_day=min(on_date(work.occurred, work.zone), work.today),
                by_id=work.actor.user_id, at=min(work.occurred, work.now), **values)
    work.touch(command.customer_id)


@operation("targets.check_health", CheckHealth, needs=_needs, guard=may_work_with)
def check_health(work: Work, command: CheckHealth) -> None:
    """Put down how the basic work stands at the customer's. Any item may be left out."""
    if set(command.answers) - set(health.ITEMS):
        raise Invalid("targets.item_unknown", N_("There is a question here that nobody asks."), field="answers")
    work.insert(HealthCheck, id=command.check_id, customer_id=command.customer_id,
                on_day=min(on_date(work.occurred, work.zone), work.today), answers=dict(command.answers),
                note=command.note, by_id=work.actor.user_id, at=min(work.occurred, work.now))
    work.touch(command.customer_id)
