"""Operations of the gate: stops and their lifting, who may be approached, leave given, and what it said.

What happened is recorded whatever it was; what has not happened yet is held back. Both stand in the gate's log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Connection, select

from fieldsales.collection import case_messages as m
from fieldsales.collection.case_models import (
    ContactMade,
    ContactStanding,
    ContactStop,
    ContactTerms,
    ContactWaiver,
    GateEntry,
    StopLift,
)
from fieldsales.collection.gate import Contact, GateFacts, Made, Permit, Stop
from fieldsales.collection.gate_facts import on_day
from fieldsales.collection.gate_rules import judged
from fieldsales.collection.models import Task
from fieldsales.customers.guards import manager_of, may_work_with, seen_customer
from fieldsales.customers.models import Contact as ContactPerson
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, for_office, operation
from fieldsales.people.rules import may_manage
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

#: Leave is given for a while, not for good.
LONGEST_LEAVE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class StopFact:
    """A stop on record, and whether it was lifted."""

    id: str
    customer_id: str
    lifted: bool


@fact("contact_stop")
def load_stops(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Stops by id."""
    s, lift = table_of(ContactStop).c, table_of(StopLift).c
    rows = connection.execute(
        select(s.id, s.customer_id, lift.id.is_not(None)).outerjoin(table_of(StopLift), lift.stop_id == s.id)
        .where(s.id.in_(keys)))
    return {row[0]: StopFact(row[0], row[1], bool(row[2])) for row in rows}


@fact("contact_person")
def load_people(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Whose a contact person is, by id."""
    c = table_of(ContactPerson).c
    rows = connection.execute(select(c.id, c.customer_id).where(c.id.in_(keys)))
    return {row.id: row.customer_id for row in rows}


def asked(work: Work, customer_id: str, contact: Contact) -> Permit:
    """What the gate says to a contact with a customer, under the policy of the contact's own day."""
    facts: GateFacts = work.fact("gate", customer_id)
    return judged(work.plugins, contact, on_day(facts, on_date(contact.at, facts.zone)))


def log(work: Work, customer_id: str, kind: str, contact: Contact, codes: Iterable[str], *, reason: str = "",
        source: tuple[str, str] = ("", ""), until: datetime | None = None) -> None:
    """Write down what the gate said, or what was done all the same."""
    source_kind, source_id = source
    work.insert(
        GateEntry, id=derived_id(source_id or work.command_id, f"gate {kind} {contact.channel}"),
        customer_id=customer_id, kind=kind, channel=contact.channel, codes=list(codes), meant_at=contact.at,
        until_at=until, reason=reason, source_kind=source_kind, source_id=source_id, by_id=work.actor.user_id,
        at=work.now)


def count(work: Work, customer_id: str, contact: Contact, *, made_id: str, effective: bool,
          source: tuple[str, str] = ("", "")) -> None:
    """Put a contact on record, so that whoever comes next is told of it."""
    demand = contact.purpose == "demand"
    work.insert(
        ContactMade, id=made_id, customer_id=customer_id, debtor_id=contact.debtor_id or None,
        channel=contact.channel, effective=effective, demand=demand, at=contact.at, by_id=work.actor.user_id,
        source_kind=source[0], source_id=source[1])
    facts: GateFacts = work.fact("gate", customer_id)
    made = Made(contact.at, contact.channel, effective, demand, contact.debtor_id)
    work.facts.put("gate", customer_id, replace(facts, made=(made, *facts.made)))


def happened(work: Work, customer_id: str, contact: Contact, *, made_id: str, effective: bool,
             source: tuple[str, str]) -> Permit:
    """A contact that took place: judged by what stood before it, flagged where it went beyond, and counted."""
    found = asked(work, customer_id, contact)
    if found.codes:
        log(work, customer_id, "flagged", contact, found.codes, source=source)
    if found.waived:
        log(work, customer_id, "used", contact, found.waived, source=source)
    count(work, customer_id, contact, made_id=made_id, effective=effective, source=source)
    return found


def _seen(command: Any) -> list[Need]:
    return [Need("customer", command.customer_id), Need("gate", command.customer_id)]


@for_office
def manager_or_legal(work: Work, command: Any) -> None:
    """Guard: a manager or legal decides, for customers they see."""
    if not (may_manage(work.actor) or work.actor.role == "legal"):
        raise NotAllowed("manager_or_legal", N_("Only a manager or legal can decide this."))
    seen_customer(work, command.customer_id)


def told(work: Work, customer_id: str, roles: Iterable[str]) -> list[str]:
    """Whom of the office to tell: the managers of the customer's team, else the first; the first of another role."""
    found: list[str] = []
    for role in roles:
        team_id = seen_team(work, customer_id) if role == "manager" else None
        team = (work.fact("managers_of", team_id) or ()) if team_id else ()
        found += team or work.fact("first_of_role", role) or ()
    return list(dict.fromkeys(found))


def seen_team(work: Work, customer_id: str) -> str | None:
    """The team that looks after a customer."""
    team_id: str | None = work.require("customer", customer_id).team_id
    return team_id


def add_tasks(work: Work, customer_id: str, kind: str, source_id: str, people: Iterable[str], due_on: Any,
              title: str = "") -> None:
    """A task of this kind for each of some people."""
    for user_id in people:
        work.insert(
            Task, id=derived_id(source_id, f"task {kind} {user_id}"), customer_id=customer_id, kind=kind, title=title,
            due_on=due_on, assignee_id=user_id, source_id=source_id, made_at=work.now, done_at=None, done_by_id="",
            note="")


@operation("collection.record_stop", m.RecordStop, needs=_seen, guard=may_work_with)
def record_stop(work: Work, command: m.RecordStop) -> None:
    """They objected, asked us to leave, or the police came: from now on the gate holds what disturbs, and the
    manager and legal are told. It happened, so it is never refused."""
    occurred = min(command.occurred_at or work.occurred, work.now)
    stop(work, command.customer_id, Stop(command.stop_id, command.kind, occurred), command.words, command.who)


def stop(work: Work, customer_id: str, given: Stop, words: str, who: str) -> None:
    """Put a stop on record, once, and tell the manager and legal."""
    if work.fact("contact_stop", given.id) is not None:
        return
    work.insert(
        ContactStop, id=given.id, customer_id=customer_id, kind=given.kind, words=words, who=who, occurred_at=given.at,
        received_at=work.now, by_id=work.actor.user_id)
    facts: GateFacts = work.fact("gate", customer_id)
    work.facts.put("gate", customer_id, replace(facts, stops=(*facts.stops, given)))
    work.facts.put("contact_stop", given.id, StopFact(given.id, customer_id, False))
    add_tasks(work, customer_id, "contact_stopped", given.id, told(work, customer_id, ("manager", "legal")), work.today)
    work.touch(customer_id)


@operation(
    "collection.lift_stop", m.LiftStop, needs=lambda c: [*_seen(c), Need("contact_stop", c.stop_id)],
    guard=manager_or_legal)
def lift_stop(work: Work, command: m.LiftStop) -> None:
    """Lift a stop, with the reason. What was recorded stays on record."""
    stop: StopFact = work.require("contact_stop", command.stop_id)
    if stop.customer_id != command.customer_id:
        raise NotFound("stop.not_found", N_("There is no such record, or you cannot see it."))
    if stop.lifted:
        raise RuleBroken("collection.stop_lifted", N_("This stop was lifted already."))
    work.insert(StopLift, id=command.lift_id, stop_id=stop.id, customer_id=command.customer_id, reason=command.reason,
                by_id=work.actor.user_id, at=work.now)
    facts: GateFacts = work.fact("gate", command.customer_id)
    left = tuple(one for one in facts.stops if one.id != stop.id)
    work.facts.put("gate", command.customer_id, replace(facts, stops=left))
    work.facts.put("contact_stop", stop.id, replace(stop, lifted=True))
    work.touch(command.customer_id)


@operation(
    "collection.set_standing", m.SetStanding, needs=lambda c: [*_seen(c), Need("contact_person", c.contact_id)],
    guard=may_work_with)
def set_standing(work: Work, command: m.SetStanding) -> None:
    """Say whether a person may be approached about money. To approach one again takes a manager or legal."""
    if work.require("contact_person", command.contact_id) != command.customer_id:
        raise NotFound("contact.not_found", N_("There is no such record, or you cannot see it."))
    facts: GateFacts = work.fact("gate", command.customer_id)
    if command.standing == "permitted" and facts.people.get(command.contact_id):
        manager_or_legal(work, command)
    work.insert(
        ContactStanding, id=command.standing_id, customer_id=command.customer_id, contact_id=command.contact_id,
        standing=command.standing, reason=command.reason, by_id=work.actor.user_id, at=work.now)
    people = {**facts.people, command.contact_id: command.standing}
    work.facts.put("gate", command.customer_id, replace(facts, people=people))
    work.touch(command.customer_id)


@operation("collection.set_terms", m.SetTerms, needs=_seen, guard=manager_of)
def set_terms(work: Work, command: m.SetTerms) -> None:
    """Set a customer's time zone and jurisdiction, where they are not the house's."""
    if command.zone and command.zone not in available_timezones():
        raise Invalid("collection.zone", N_("There is no such time zone. Write it like Asia/Shanghai."), field="zone")
    work.insert(ContactTerms, id=command.terms_id, customer_id=command.customer_id, zone=command.zone,
                pack=command.pack, by_id=work.actor.user_id, at=work.now)
    work.touch(command.customer_id)


@operation("collection.ask_leave", m.AskLeave, needs=_seen, guard=may_work_with)
def ask_leave(work: Work, command: m.AskLeave) -> None:
    """Ask the manager for leave to go beyond what the gate allows: a task of the manager's, the same day."""
    contact = Contact(command.channel, min(work.occurred, work.now))
    log(work, command.customer_id, "asked", contact, command.codes, reason=command.reason,
        source=("leave", command.entry_id))
    add_tasks(work, command.customer_id, "leave_asked", command.entry_id,
              told(work, command.customer_id, ("manager",)), work.today)
    work.touch(command.customer_id)


@operation("collection.give_leave", m.GiveLeave, needs=_seen, guard=manager_of)
def give_leave(work: Work, command: m.GiveLeave) -> None:
    """Give leave to go beyond some codes until an instant, with the reason; at most a week."""
    until = command.until_at.astimezone(UTC) if command.until_at.tzinfo else None
    if until is None or not work.now < until <= work.now + LONGEST_LEAVE:
        raise Invalid("collection.leave_until", N_("Choose an end within the next seven days."), field="until_at")
    work.insert(
        ContactWaiver, id=command.waiver_id, customer_id=command.customer_id, codes=sorted(set(command.codes)),
        until_at=until, reason=command.reason, by_id=work.actor.user_id, at=work.now)
    log(work, command.customer_id, "waived", Contact("", work.now), sorted(set(command.codes)), reason=command.reason,
        source=("waiver", command.waiver_id), until=until)
    work.touch(command.customer_id)


@operation("collection.note_contact", m.NoteContact, needs=_seen, guard=may_work_with)
def note_contact(work: Work, command: m.NoteContact) -> None:
    """Put a contact without a form of its own on record (a message shared from the phone). It happened: it is never
    refused, only flagged where it went beyond."""
    purpose = "demand" if command.demand else "reminder"
    at = min(command.occurred_at or work.occurred, work.now)
    contact = Contact(command.channel, at, purpose, debtor_id=command.debtor_id or "")
    found = happened(work, command.customer_id, contact, made_id=command.contact_made_id, effective=command.effective,
                     source=("contact", command.contact_made_id))
    beyond = [code for code in command.beyond if code not in found.codes]
    if command.reason and (found.codes or beyond):
        log(work, command.customer_id, "told", contact, [*found.codes, *beyond], reason=command.reason,
            source=("contact", command.contact_made_id))
    work.touch(command.customer_id)
    work.answer(codes=list(found.codes))
