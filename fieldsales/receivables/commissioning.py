"""The house's commission policy, by the day it holds from, and the money it is reckoned on."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import Connection, and_, func, or_, select

from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, NotAllowed
from fieldsales.kernel.operation import Command, Id, operation
from fieldsales.kernel.text import Name
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.receivables.commission import Cleared, Policy, check_steps
from fieldsales.receivables.models import Allocation, Due, Invoice, Payment
from fieldsales.receivables.moneymodels import CommissionPolicy
from fieldsales.store.base import table_of
from fieldsales.store.work import Work

_policies, _users = table_of(CommissionPolicy), table_of(User)
_allocations, _payments, _dues, _invoices = (table_of(model) for model in (Allocation, Payment, Due, Invoice))
SETTERS = ("finance", "admin")


class SetCommission(Command):
    """What reps are paid of money cleared, from a day on: (days past due up to which, basis points)."""

    policy_id: Id
    from_on: date
    steps: Annotated[list[tuple[int | None, int]], Field(min_length=1, max_length=10)]
    source: Name
    """The paper it stands in."""


def may_set(work: Work, command: SetCommission) -> None:
    """Guard: finance and the administrator."""
    if work.actor.role not in SETTERS:
        raise NotAllowed("commission.setters", N_("Only finance sets the commission."))


@operation("receivables.set_commission", SetCommission, needs=lambda c: [], guard=may_set)
def set_commission(work: Work, command: SetCommission) -> None:
    """Enter a policy. It is never changed: a later one of the same day counts."""
    check_steps(command.steps)
    work.insert(CommissionPolicy, id=command.policy_id, from_on=command.from_on,
                steps=[list(step) for step in command.steps], source=command.source, by_id=work.actor.user_id,
                at=work.now)


def policies(connection: Connection) -> tuple[Policy, ...]:
    """Every policy, in the order they were entered. One query."""
    p = _policies.c
    rows = connection.execute(select(p.from_on, p.steps, p.source).order_by(p.at, p.id))
    return tuple(Policy(row.from_on, tuple((step[0], int(step[1] or 0)) for step in row.steps), row.source)
                 for row in rows)


def cleared(connection: Connection, scope: Scope, first: date, last: date, zone: str, rep_id: str = ""
            ) -> tuple[Cleared, ...]:
    """Money that counts between two days, for the reps this scope may see. One query.

    It counts for whoever owned the account when it was posted. A payment counts on the day it was received, its
    reversal on the day it was taken back.
    """
    a, p, d, i, was = _allocations.c, _payments.c, _dues.c, _invoices.c, _payments.alias("was")
    rep = func.coalesce(was.c.owner_id, p.owner_id)
    begin, end = (datetime.combine(day, moment, ZoneInfo(zone)) for day, moment in (
        (first, time.min), (last, time.max)))  # fmt: skip
    asked = (
        select(rep.label("rep_id"), a.customer_id, i.number, p.received_on, d.due_on, p.reverses_id, p.posted_at,
               a.amount_minor, a.currency)
        .select_from(_allocations.join(_payments, p.id == a.payment_id).outerjoin(was, was.c.id == p.reverses_id)
                     .join(_dues, d.id == a.due_id).join(_invoices, i.id == a.invoice_id)
                     .join(_users, _users.c.id == rep))
        .where(i.kind.not_in(("costs", "interest")), or_(
            and_(p.reverses_id.is_(None), p.received_on.between(first, last)),
            and_(p.reverses_id.is_not(None), p.posted_at.between(begin, end))))
        .order_by(p.received_on, a.id)
    )
    if scope.kind == "self":
        asked = asked.where(rep == scope.user_id)
    elif scope.kind == "team":
        asked = asked.where(_users.c.team_id == scope.team_id)
    if rep_id:
        asked = asked.where(rep == rep_id)
    return tuple(_row(row, zone) for row in connection.execute(asked))


def _row(row: Any, zone: str) -> Cleared:
    counts = on_date(row.posted_at, zone) if row.reverses_id else row.received_on
    return Cleared(row.rep_id, row.customer_id, row.number, row.received_on, row.due_on, counts, row.amount_minor,
                   row.currency)
