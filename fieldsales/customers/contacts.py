"""Operations on contacts: two people's changes are merged by field, and nobody's edit is lost to a removal.

A change names what stood there when it was made (``was``). Where that still stands, it is applied; where the
wished value stands already, nothing is to do; else the server's value stays, the answer is ``conflict`` with the
proposal, and the proposal is kept for a person of the office to take or leave.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.customers import messages as m
from fieldsales.customers.guards import manager_of, may_work_with
from fieldsales.customers.models import Contact, ContactClash
from fieldsales.customers.rules import ContactFact, merged
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_contacts, _clashes = table_of(Contact), table_of(ContactClash)


@fact("contact")
def load_contacts(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Contacts by id, also those that were removed."""
    c = _contacts.c
    rows = connection.execute(
        select(c.id, c.customer_id, c.name, c.role, c.phone, c.email, c.ended_at.is_not(None)).where(c.id.in_(keys)))
    return {row.id: ContactFact(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class ClashFact:
    """A clash as it is decided on."""

    id: str
    customer_id: str
    contact_id: str
    kind: str
    fields: dict[str, Any]
    is_decided: bool


@fact("contact_clash")
def load_clashes(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Clashes by id."""
    c = _clashes.c
    rows = connection.execute(
        select(c.id, c.customer_id, c.contact_id, c.kind, c.fields, c.decided_at.is_not(None)).where(c.id.in_(keys)))
    return {row.id: ClashFact(*row) for row in rows}


def _needs(command: m.ChangeContact | m.RemoveContact) -> list[Need]:
    return [Need("customer", command.customer_id), Need("contact", command.contact_id)]


def _theirs(work: Work, command: m.ChangeContact | m.RemoveContact) -> ContactFact:
    contact: ContactFact = work.require("contact", command.contact_id)
    if contact.customer_id != command.customer_id:
        raise NotFound("contact.not_found", N_("There is no such record, or you cannot see it."))
    return contact


def _change(work: Work, contact: ContactFact, **changes: Any) -> None:
    work.update(Contact, contact.id, **changes)
    known = {name: value for name, value in changes.items() if name != "ended_at"}
    work.facts.put("contact", contact.id, replace(contact, **known, is_ended=changes.get("ended_at") is not None))
    work.touch(contact.customer_id)


def _clash(work: Work, contact: ContactFact, kind: str, fields: dict[str, Any]) -> str:
    clash_id = uuid7()
    work.insert(ContactClash, id=clash_id, customer_id=contact.customer_id, contact_id=contact.id,
                command_id=work.command_id, kind=kind, fields=fields, by_id=work.actor.user_id, at=work.now,
                decided_at=None, decided_by_id="", decision="")
    return clash_id


@operation("customers.change_contact", m.ChangeContact, needs=_needs, guard=may_work_with)
def change_contact(work: Work, command: m.ChangeContact) -> None:
    """Change a contact by field. A removed contact that somebody still corrects is back, flagged ``was_removed``.

    Answers ``flags``; on a clash the status is ``conflict`` and ``proposal`` holds
    ``{field: {was, now, office}}`` of what did not stand.
    """
    contact = _theirs(work, command)
    changes, proposal = merged(contact, command.was.given(), command.now.given())
    if contact.is_ended and (changes or proposal):
        changes["ended_at"] = None
        _clash(work, contact, "kept", {})
    if changes:
        _change(work, contact, **changes)
    work.answer(contact_id=contact.id, flags=["was_removed"] if "ended_at" in changes else [])
    if proposal:
        clash_id = _clash(work, contact, "field", proposal)
        work.conflict("customers.contact_clash",
                      N_("Somebody changed this contact meanwhile. The office's value stays; yours is kept beside it."),
                      clash_id=clash_id, proposal=proposal)


@operation("customers.remove_contact", m.RemoveContact, needs=_needs, guard=may_work_with)
def remove_contact(work: Work, command: m.RemoveContact) -> None:
    """Take a contact off the list. Changed by another since it was seen, it stays: the edit wins, flagged.

    On a clash the status is ``conflict`` and ``proposal`` holds ``{field: {was, office}}`` of what was changed.
    """
    contact = _theirs(work, command)
    if contact.is_ended:
        return
    changed = {name: {"was": was, "office": getattr(contact, name)}
               for name, was in command.was.given().items() if getattr(contact, name) != was}
    if not changed:
        _change(work, contact, ended_at=work.now)
        return
    clash_id = _clash(work, contact, "kept", changed)
    work.conflict("customers.contact_kept",
                  N_("Somebody changed this contact meanwhile, so it stays. The office decides."),
                  clash_id=clash_id, proposal=changed)


@operation("customers.decide_clash", m.DecideClash, guard=manager_of,
           needs=lambda c: [Need("customer", c.customer_id), Need("contact_clash", c.clash_id)])
def decide_clash(work: Work, command: m.DecideClash) -> None:
    """Take what was proposed (for ``kept``: the removal), or leave what stands. Decided once."""
    clash: ClashFact = work.require("contact_clash", command.clash_id)
    if clash.customer_id != command.customer_id:
        raise NotFound("contact_clash.not_found", N_("There is no such record, or you cannot see it."))
    if clash.is_decided:
        raise RuleBroken("customers.clash_decided", N_("This was decided already."))
    contact: ContactFact = work.require("contact", clash.contact_id)
    if command.take and clash.kind == "kept":
        _change(work, contact, ended_at=work.now)
    elif command.take:
        _change(work, contact, **{name: one["now"] for name, one in clash.fields.items()}, ended_at=None)
    work.update(ContactClash, clash.id, decided_at=work.now, decided_by_id=work.actor.user_id,
                decision="taken" if command.take else "left")
    work.facts.put("contact_clash", clash.id, replace(clash, is_decided=True))
    work.touch(clash.customer_id)
