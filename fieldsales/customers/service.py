"""Operations on customers, their contacts and debtors, and whose they are."""

from __future__ import annotations

from typing import Any

from fieldsales.customers import contacts, handing_over  # noqa: F401 - contacts declares operations
from fieldsales.customers import messages as m
from fieldsales.customers.guards import manager_of, may_work_with, seen_customer
from fieldsales.customers.models import Contact, Customer, CustomerAlias, Debtor, Helper, Ownership
from fieldsales.customers.search import search_words, spoken
from fieldsales.kernel.errors import N_, Invalid, NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.people.rules import may_manage
from fieldsales.store.work import Work


def _customer(command: Any) -> list[Need]:
    return [Need("customer", command.customer_id)]


def _may_add(work: Work, command: m.AddCustomer) -> None:
    if work.actor.role == "legal":
        raise NotAllowed("role", N_("Your role cannot do this."))


@operation("customers.add_customer", m.AddCustomer, guard=_may_add,
           needs=lambda c: [Need("customer_by_code", c.code), *([Need("user", c.owner_id)] if c.owner_id else [])])
def add_customer(work: Work, command: m.AddCustomer) -> None:
    """Put a customer on record, with its debtor and first contact. Raises Invalid when the code is taken."""
    if work.fact("customer_by_code", command.code):
        raise Invalid("code_taken", N_("There is a customer with this code already."), field="code")
    owner_id, team_id = _first_owner(work, command)
    values = command.model_dump(include={"code", "name", "phone", "address", "region", "lat", "lon", "credit_grade",
                                         "tier", "note", "import_id"})
    work.insert(Customer, id=command.customer_id, version=1, owner_id=owner_id, team_id=team_id, overdue_minor=0,
                search_text=search_words(command.name, command.code, (command.phone,), command.aliases),
                pinyin=spoken(command.name), created_at=work.now, **values)
    work.insert(Debtor, id=command.debtor_id or uuid7(), customer_id=command.customer_id, kind=command.debtor_kind,
                name=command.name, reg_no=command.reg_no, address=command.address, email=command.email,
                guarantor_name="")
    for alias in command.aliases:
        work.insert(CustomerAlias, id=uuid7(), customer_id=command.customer_id, name=alias)
    if command.contact_name:
        work.insert(Contact, id=uuid7(), customer_id=command.customer_id, name=command.contact_name,
                    role=command.contact_role, phone=command.phone, email=command.email)
    if owner_id:
        work.insert(Ownership, id=uuid7(), customer_id=command.customer_id, user_id=owner_id, from_at=work.now,
                    by_id=work.actor.user_id)
    work.changed("customer", command.customer_id, customer_id=command.customer_id)
    work.emit(m.CustomerAdded(command.customer_id))


def _first_owner(work: Work, command: m.AddCustomer) -> tuple[str | None, str | None]:
    if command.owner_id and (command.owner_id == work.actor.user_id or work.actor.role != "rep"):
        user = work.require("user", command.owner_id)
        return user.id, user.team_id
    if work.actor.role == "rep":
        return work.actor.user_id, work.actor.team_id
    return None, work.actor.team_id


@operation("customers.change_customer", m.ChangeCustomer, needs=_customer, guard=may_work_with)
def change_customer(work: Work, command: m.ChangeCustomer) -> None:
    """Change a customer's contact data. Grade and tier are a manager's to set."""
    changes = {k: v for k, v in command.model_dump(exclude={"customer_id"}).items() if v is not None}
    if {"credit_grade", "tier"} & set(changes) and not may_manage(work.actor):
        raise NotAllowed("manager_only", N_("Only a manager can decide this."))
    if not changes:
        return
    known = work.require("customer_words", command.customer_id)
    if {"name", "phone"} & set(changes):
        name, phone = changes.get("name", known.name), changes.get("phone", known.phone)
        changes |= {"search_text": search_words(name, known.code, (phone,), known.aliases), "pinyin": spoken(name)}
    work.update(Customer, command.customer_id, **changes)
    work.touch(command.customer_id)


@operation("customers.add_aliases", m.AddAliases, needs=_customer, guard=may_work_with)
def add_aliases(work: Work, command: m.AddAliases) -> None:
    """Note other names of the customer, so that it is found by each of them."""
    known = work.require("customer_words", command.customer_id)
    fresh = [name for name in dict.fromkeys(command.names) if name != known.name and name not in known.aliases]
    for name in fresh:
        work.insert(CustomerAlias, id=uuid7(), customer_id=command.customer_id, name=name)
    if fresh:
        words = search_words(known.name, known.code, (known.phone,), (*known.aliases, *fresh))
        work.update(Customer, command.customer_id, search_text=words)
        work.touch(command.customer_id)


@operation("customers.add_contact", m.AddContact, needs=_customer, guard=may_work_with)
def add_contact(work: Work, command: m.AddContact) -> None:
    """Note someone at the customer's."""
    work.insert(Contact, id=command.contact_id, **command.model_dump(exclude={"contact_id"}))
    work.touch(command.customer_id)


@operation("customers.add_debtor", m.AddDebtor, needs=_customer, guard=may_work_with)
def add_debtor(work: Work, command: m.AddDebtor) -> None:
    """Note another legal debtor behind the customer: a paper names exactly one."""
    work.insert(Debtor, id=command.debtor_id, **command.model_dump(exclude={"debtor_id"}))
    work.touch(command.customer_id)


@operation("customers.assign_owner", m.AssignOwner, guard=manager_of,
           needs=lambda c: [*_customer(c), Need("user", c.owner_id)])
def assign_owner(work: Work, command: m.AssignOwner) -> None:
    """Give the customer to a rep. The former owner's phone forgets it at its next contact."""
    customer = seen_customer(work, command.customer_id)
    handing_over.move(work, customer, work.require("user", command.owner_id))


@operation("customers.add_helper", m.AddHelper, guard=manager_of,
           needs=lambda c: [*_customer(c), Need("user", c.user_id)])
def add_helper(work: Work, command: m.AddHelper) -> None:
    """Let another rep help with the customer."""
    user = work.require("user", command.user_id)
    if user.id not in seen_customer(work, command.customer_id).helper_ids:
        work.insert(Helper, id=uuid7(), customer_id=command.customer_id, user_id=user.id, since_at=work.now)
        work.touch(command.customer_id)


@operation("customers.end_help", m.EndHelp, guard=manager_of,
           needs=lambda c: [*_customer(c), Need("helper_row", f"{c.customer_id} {c.user_id}")])
def end_help(work: Work, command: m.EndHelp) -> None:
    """The rep helps no longer: the customer leaves his phone."""
    row = work.fact("helper_row", f"{command.customer_id} {command.user_id}")
    if row:
        work.update(Helper, row, ended_at=work.now)
        work.touch(command.customer_id)
        work.changed("scope", command.customer_id, customer_id=command.customer_id, audience=command.user_id)
