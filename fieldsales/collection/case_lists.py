"""Reads for the office's pages of cases: the list with its filters, one case with everything that happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from fieldsales.collection.case_models import Case, CaseEvent, ContactMade, ContactStop, GateEntry, StopLift
from fieldsales.collection.case_rules import STAGES
from fieldsales.customers.models import Contact, Customer, Debtor
from fieldsales.customers.queries import visible
from fieldsales.kernel.paging import whole_key
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.receivables.models import Due, Invoice
from fieldsales.store.base import table_of

_cases, _events, _customers, _debtors, _users = (table_of(m) for m in (Case, CaseEvent, Customer, Debtor, User))
_dues, _invoices = table_of(Due), table_of(Invoice)
_stops, _lifts, _made, _log = (table_of(m) for m in (ContactStop, StopLift, ContactMade, GateEntry))
PAGE = 50
#: What ``show`` narrows the list to.
SHOWS = ("mine", "covered", "contested", "closed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the list. ``late``: at least so many days past due. ``show``: one of ``SHOWS`` or ""."""

    stage: str = ""
    owner_id: str = ""
    late: int = 0
    show: str = ""


@dataclass(frozen=True, slots=True)
class CasePageOf:
    """A page of cases and the key of the next one."""

    rows: tuple[Any, ...]
    following: str


def list_cases(connection: Connection, scope: Scope, wanted: Wanted, after: str | None, today: date, user_id: str
               ) -> CasePageOf:
    """Cases a person may see, the most to be asked for first. One query."""
    c = _cases.c
    query = (
        select(_cases, _customers.c.name.label("customer_name"), _debtors.c.name.label("debtor_name"),
               _customers.c.credit_grade, func.coalesce(_users.c.name, "").label("owner_name"))
        .join(_customers, _customers.c.id == c.customer_id).join(_debtors, _debtors.c.id == c.debtor_id)
        .outerjoin(_users, _users.c.id == c.owner_id).where(visible(scope), *_narrowed(wanted, today, user_id))
        .order_by(c.collectable_minor.desc(), c.id).limit(PAGE + 1)
    )
    minor, _, last = (after or "").partition("_")
    key = whole_key(minor)
    if key is not None and last:
        query = query.where(or_(c.collectable_minor < key, and_(c.collectable_minor == key, c.id > last)))
    rows = connection.execute(query).all()
    following = f"{rows[PAGE - 1].collectable_minor}_{rows[PAGE - 1].id}" if len(rows) > PAGE else ""
    return CasePageOf(tuple(rows[:PAGE]), following)


def _narrowed(wanted: Wanted, today: date, user_id: str) -> list[Any]:
    c = _cases.c
    which: list[Any] = [c.closed_on.is_not(None) if wanted.show == "closed" else c.closed_on.is_(None)]
    if wanted.stage in STAGES:
        which.append(c.stage == wanted.stage)
    if wanted.owner_id:
        which.append(c.owner_id == wanted.owner_id)
    if wanted.late:
        which.append(c.oldest_on <= today - timedelta(days=wanted.late))
    if wanted.show == "mine":
        which.append(c.owner_id == user_id)
    if wanted.show == "covered":
        which.append(c.covered_until.is_not(None))
    if wanted.show == "contested":
        which.append(c.contested_minor > 0)
    return which


def owners_of_cases(connection: Connection, scope: Scope) -> tuple[tuple[str, str], ...]:
    """Who has open cases, by name. One query."""
    rows = connection.execute(
        select(_users.c.id, _users.c.name).distinct().join(_cases, _cases.c.owner_id == _users.c.id)
        .join(_customers, _customers.c.id == _cases.c.customer_id)
        .where(visible(scope), _cases.c.closed_on.is_(None)).order_by(_users.c.name))
    return tuple((row.id, row.name) for row in rows)


def one_case(connection: Connection, scope: Scope, case_id: str) -> Any:
    """A case with its customer, for whoever may see it; else None. One query."""
    return connection.execute(
        select(_cases, _customers.c.name.label("customer_name"), _customers.c.credit_grade,
               _customers.c.owner_id.label("customer_owner_id"), _debtors.c.name.label("debtor_name"),
               func.coalesce(_users.c.name, "").label("owner_name"))
        .join(_customers, _customers.c.id == _cases.c.customer_id).join(_debtors, _debtors.c.id == _cases.c.debtor_id)
        .outerjoin(_users, _users.c.id == _cases.c.owner_id).where(_cases.c.id == case_id, visible(scope))).first()


def case_events(connection: Connection, case_id: str) -> tuple[Any, ...]:
    """Everything that happened to a case, newest first. One query."""
    owners, authors = _users.alias("owners"), _users.alias("authors")
    return tuple(connection.execute(
        select(_events, func.coalesce(owners.c.name, "").label("owner_name"),
               func.coalesce(authors.c.name, "").label("by_name"))
        .outerjoin(owners, owners.c.id == _events.c.owner_id).outerjoin(authors, authors.c.id == _events.c.by_id)
        .where(_events.c.case_id == case_id).order_by(_events.c.n.desc())))


def overdue_dues(connection: Connection, customer_id: str, debtor_id: str, is_first: bool, today: date
                 ) -> tuple[Any, ...]:
    """The overdue instalments of a debtor, oldest first; the customer's first debtor has those that name none."""
    of = _invoices.c.debtor_id == debtor_id
    return tuple(connection.execute(
        select(_invoices.c.number, _dues.c.n, _dues.c.due_on, _dues.c.amount_minor, _dues.c.open_minor,
               _dues.c.currency, _invoices.c.disputed_minor)
        .join(_invoices, _invoices.c.id == _dues.c.invoice_id)
        .where(_dues.c.customer_id == customer_id, _dues.c.open_minor > 0, _dues.c.due_on < today,
               or_(of, _invoices.c.debtor_id.is_(None)) if is_first else of)
        .order_by(_dues.c.due_on, _invoices.c.number, _dues.c.n)))


def first_debtor(connection: Connection, customer_id: str) -> str:
    """The customer's first debtor: what names none counts for it."""
    return connection.execute(
        select(func.min(_debtors.c.id)).where(_debtors.c.customer_id == customer_id)).scalar() or ""


def stops_of(connection: Connection, customer_id: str) -> tuple[Any, ...]:
    """Every stop of a customer with its lifting, newest first. One query."""
    authors, lifters = _users.alias("authors"), _users.alias("lifters")
    return tuple(connection.execute(
        select(_stops, func.coalesce(authors.c.name, "").label("by_name"), _lifts.c.reason.label("lift_reason"),
               _lifts.c.at.label("lifted_at"), func.coalesce(lifters.c.name, "").label("lifted_by"))
        .outerjoin(_lifts, _lifts.c.stop_id == _stops.c.id).outerjoin(authors, authors.c.id == _stops.c.by_id)
        .outerjoin(lifters, lifters.c.id == _lifts.c.by_id)
        .where(_stops.c.customer_id == customer_id).order_by(_stops.c.occurred_at.desc(), _stops.c.id.desc())))


def gate_entries(connection: Connection, customer_id: str, limit: int = 60) -> tuple[Any, ...]:
    """The gate's log of a customer, newest first. One query."""
    return tuple(connection.execute(
        select(_log, func.coalesce(_users.c.name, "").label("by_name")).outerjoin(_users, _users.c.id == _log.c.by_id)
        .where(_log.c.customer_id == customer_id).order_by(_log.c.at.desc(), _log.c.id.desc()).limit(limit)))


def contact_counts(connection: Connection, customer_id: str, since: Any) -> tuple[Any, ...]:
    """Who contacted a customer how often since an instant, over everybody: rows of name, channel, count. One query."""
    counted = (
        select(_made.c.by_id, _made.c.channel, func.count().label("n"), func.max(_made.c.at).label("last_at"))
        .where(_made.c.customer_id == customer_id, _made.c.at >= since)
        .group_by(_made.c.by_id, _made.c.channel).subquery("counted"))
    return tuple(connection.execute(
        select(counted, func.coalesce(_users.c.name, "").label("name"))
        .outerjoin(_users, _users.c.id == counted.c.by_id).order_by(counted.c.last_at.desc())))


def contacts_of(connection: Connection, customer_id: str) -> tuple[Any, ...]:
    """The people at a customer's. One query."""
    c = table_of(Contact).c
    return tuple(connection.execute(
        select(c.id, c.name, c.role, c.phone).where(c.customer_id == customer_id, c.ended_at.is_(None)).order_by(c.id)))
