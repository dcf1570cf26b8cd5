"""Operations of set-offs (退货、返利抵款): asked, approved within limits or denied, closed by a credit note."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection, func, select

from fieldsales.config import as_set
from fieldsales.customers.guards import finance_for, may_work_with, seen_customer
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import N_, Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Currency, Id, Need, PositiveMinor, Sha256, for_office, operation
from fieldsales.kernel.text import Line, Name, Prose
from fieldsales.receivables.models import Invoice
from fieldsales.receivables.moneymodels import SetOff, SetOffStep
from fieldsales.receivables.setofflist import approved_by_managers
from fieldsales.receivables.setoffrules import SetOffFact, check_credit, check_decision, lately
from fieldsales.receivables.sides import own_debtor
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_set_offs, _steps, _invoices = table_of(SetOff), table_of(SetOffStep), table_of(Invoice)
APPROVERS = ("manager", "finance", "admin")


class RequestSetOff(Command):
    """A customer asks to set returns, rebates or a price difference off; nothing is promised yet."""

    set_off_id: Id
    customer_id: Id
    debtor_id: Id | None = None
    kind: Literal["return", "rebate", "price", "other"]
    amount_minor: PositiveMinor
    currency: Currency = "CNY"
    words: Prose = ""
    source_kind: Line = ""
    source_id: Line = ""
    proof_sha256: Annotated[list[Sha256], Field(max_length=10)] = []


class DecideSetOff(Command):
    """Approve a request, perhaps for less, or deny it; with a reason."""

    step_id: Id
    set_off_id: Id
    customer_id: Id
    approve: bool
    amount_minor: Annotated[int, Field(ge=0, le=10**13)] = 0
    reason: Name


class CreditSetOff(Command):
    """The credit note (红字) that carries an approved set-off out, by its number in the books."""

    step_id: Id
    set_off_id: Id
    customer_id: Id
    number: Name


@dataclass(frozen=True, slots=True)
class SetOffAsked(Event):
    """A set-off awaits approval."""

    set_off_id: str
    customer_id: str
    amount_minor: int
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class SetOffDecided(Event):
    """A set-off was approved or denied."""

    set_off_id: str
    customer_id: str
    approved_minor: int


@fact("set_off")
def load_set_off(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Requests by id, with what was approved."""
    s, n = _set_offs.c, _steps.c
    approved = select(func.max(n.amount_minor)).where(n.set_off_id == s.id, n.kind == "approved").scalar_subquery()
    rows = connection.execute(
        select(s.id, s.customer_id, s.kind, s.amount_minor, s.currency, s.state, s.by_id, func.coalesce(approved, 0))
        .where(s.id.in_(keys)))
    return {row[0]: SetOffFact(*row) for row in rows}


@fact("set_offs_approved")
def load_approved(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: in which currency, when, and how much managers approved."""
    return dict(approved_by_managers(connection, keys))


@fact("credit_note")
def load_credit_notes(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By ``customer id number``: (id, total, currency, cancelled, whether another set-off was closed by it)."""
    i, n = _invoices.c, _steps.c
    used = select(func.count()).where(n.credit_id == i.id).scalar_subquery()
    wanted = {tuple(key.split(" ", 1)): key for key in keys}
    rows = connection.execute(
        select(i.customer_id, i.number, i.id, i.total_minor, i.currency, i.cancelled_at, used)
        .where(i.customer_id.in_([one[0] for one in wanted]), i.number.in_([one[1] for one in wanted])))
    return {wanted[row[0], row[1]]: (row[2], row[3], row[4], row[5] is not None, bool(row[6]))
            for row in rows if (row[0], row[1]) in wanted}


@operation("receivables.request_set_off", RequestSetOff, guard=may_work_with,
           needs=lambda c: [Need("customer", c.customer_id), Need("set_off", c.set_off_id),
                            Need("set_offs_approved", c.customer_id)])
def request_set_off(work: Work, command: RequestSetOff) -> None:
    """Put a request on record; whoever approves is told. Asked twice with one id it is one request."""
    known: SetOffFact | None = work.fact("set_off", command.set_off_id)
    if known is not None:
        if known.customer_id != command.customer_id:
            raise RuleBroken("set_offs.id", N_("This record's id was used before for another record."))
        return
    if command.debtor_id:
        own_debtor(work, command.customer_id, command.debtor_id)
    work.insert(
        SetOff, id=command.set_off_id, customer_id=command.customer_id, debtor_id=command.debtor_id,
        kind=command.kind, amount_minor=command.amount_minor, currency=command.currency, words=command.words,
        source_kind=command.source_kind, source_id=command.source_id, state="asked", by_id=work.actor.user_id,
        at=min(work.occurred, work.now),
    )
    for sha256 in command.proof_sha256:
        expect_photo(work, command.customer_id, "set_off", command.set_off_id, "proof", sha256)
    work.facts.put("set_off", command.set_off_id, SetOffFact(
        command.set_off_id, command.customer_id, command.kind, command.amount_minor, command.currency, "asked",
        work.actor.user_id))
    work.touch(command.customer_id)
    work.emit(SetOffAsked(command.set_off_id, command.customer_id, command.amount_minor, command.currency))


def approved_lately(work: Work, customer_id: str, currency: str) -> int:
    """What managers approved for a customer within the window, in minor units of ``currency``."""
    return lately(work.fact("set_offs_approved", customer_id) or (), currency, work.now)


@for_office
def may_decide(work: Work, command: DecideSetOff) -> None:
    """Guard: a manager, finance or the administrator, for a customer they see; the limit is judged with the request."""
    if work.actor.role not in APPROVERS:
        raise NotAllowed("set_offs.approvers", N_("Only the manager or finance approves a set-off."))
    seen_customer(work, command.customer_id)


def _request(work: Work, command: DecideSetOff | CreditSetOff) -> SetOffFact:
    found: SetOffFact = work.require("set_off", command.set_off_id)
    if found.customer_id != command.customer_id:
        raise NotFound("set_off.not_found", N_("There is no such record, or you cannot see it."))
    return found


@operation("receivables.decide_set_off", DecideSetOff, guard=may_decide,
           needs=lambda c: [Need("customer", c.customer_id), Need("set_off", c.set_off_id),
                            Need("set_offs_approved", c.customer_id)])
def decide_set_off(work: Work, command: DecideSetOff) -> None:
    """Approve within one's limit, or deny. No balance moves: that takes a credit note."""
    request = _request(work, command)
    check_decision(work.actor, request, command.approve, command.amount_minor, as_set().set_off_limit_minor,
                   approved_lately(work, request.customer_id, request.currency))
    kind, minor = ("approved", command.amount_minor) if command.approve else ("denied", 0)
    work.insert(SetOffStep, id=command.step_id, set_off_id=request.id, kind=kind, amount_minor=minor, credit_id=None,
                reason=command.reason, by_id=work.actor.user_id, at=work.now)
    work.update(SetOff, request.id, state=kind)
    work.facts.put("set_off", request.id, replace(request, state=kind, approved_minor=minor))
    if command.approve and work.actor.role == "manager":
        before = work.fact("set_offs_approved", request.customer_id) or ()
        work.facts.put("set_offs_approved", request.customer_id, (*before, (request.currency, work.now, minor)))
    work.touch(request.customer_id)
    work.emit(SetOffDecided(request.id, request.customer_id, minor))


@operation(
    "receivables.credit_set_off", CreditSetOff, guard=finance_for,
    needs=lambda c: [Need("customer", c.customer_id), Need("set_off", c.set_off_id),
                     Need("credit_note", f"{c.customer_id} {c.number}")],
)
def credit_set_off(work: Work, command: CreditSetOff) -> None:
    """Name the credit note that carries an approved set-off out. One credit note closes one request."""
    request = _request(work, command)
    found = work.fact("credit_note", f"{command.customer_id} {command.number}")
    if found is None:
        raise Invalid("set_offs.credit", N_("This is no credit note of this customer."), field="number")
    credit_id, total, currency, cancelled, used = found
    check_credit(request, command.customer_id, total, currency, cancelled)
    if used:
        raise RuleBroken("set_offs.credit_used", N_("This credit note has closed another request."), field="number")
    work.insert(SetOffStep, id=command.step_id, set_off_id=request.id, kind="credited", amount_minor=-total,
                credit_id=credit_id, reason=command.number, by_id=work.actor.user_id, at=work.now)
    work.update(SetOff, request.id, state="credited")
    work.facts.put("set_off", request.id, replace(request, state="credited"))
    work.touch(request.customer_id)
