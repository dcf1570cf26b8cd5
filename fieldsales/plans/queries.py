"""Reads of plans: the book operations settle by, and what pages ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, select

from fieldsales.config import as_set
from fieldsales.customers.models import Customer, Debtor
from fieldsales.customers.queries import visible
from fieldsales.documents.models import Document
from fieldsales.documents.standing import standing
from fieldsales.kernel.clock import on_date
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.plans.models import Plan, PlanInstalment, PlanRevision
from fieldsales.plans.rules import Part
from fieldsales.receivables.messages import PaymentPosted, ReceiptRegistered
from fieldsales.receivables.models import Payment, PaymentReceipt
from fieldsales.receivables.rules import MoneyIn
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_plans, _parts, _revisions = table_of(Plan), table_of(PlanInstalment), table_of(PlanRevision)
_payments, _documents, _customers = table_of(Payment), table_of(Document), table_of(Customer)
_debtors, _users, _receipts = table_of(Debtor), table_of(User), table_of(PaymentReceipt)


@dataclass(frozen=True, slots=True)
class PlanBook:
    """A customer's instalments and the confirmed money since the first plan. No plan: no money is read."""

    parts: tuple[Part, ...]
    money: tuple[MoneyIn, ...]
    grace_days: int
    waiting: Mapping[str, MoneyIn] = field(default_factory=dict)
    """What reps were given and finance has not confirmed, by the receipt's id."""

    def with_money(self, event: PaymentPosted) -> PlanBook:
        """The book after a payment; a reversal takes out the sum it reverses."""
        one = MoneyIn(abs(event.amount_minor), event.currency, event.received_on, event.debtor_id)
        if event.amount_minor > 0:
            return replace(self.without(event.receipt_id), money=(*self.money, one))
        money = list(self.money)
        if one in money:
            money.remove(one)
        return replace(self, money=tuple(money))

    def with_receipt(self, event: ReceiptRegistered) -> PlanBook:
        """The book after a rep was given money."""
        if event.taken_at is None:
            return self
        one = MoneyIn(event.amount_minor, event.currency, on_date(event.taken_at, as_set().zone), event.debtor_id)
        return replace(self, waiting={**self.waiting, event.receipt_id: one})

    def without(self, receipt_id: str | None) -> PlanBook:
        """The book without what waited on a receipt."""
        return replace(self, waiting={key: one for key, one in self.waiting.items() if key != receipt_id})


@fact("plan_book")
def load_books(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By customer: instalments of every plan, and the money that may count for them, in three queries.

    Reversed payments and their reversals are left out.
    """
    p, n, m = _plans.c, _parts.c, _payments.c
    days, zone, back = as_set().promise_grace_days, as_set().zone, _payments.alias("back")
    # Two later plans may name the same one (two phones): the first of them ended it.
    later = (
        select(p.predecessor_id, func.min(p.signed_at).label("ended_at"))
        .where(p.customer_id.in_(keys), p.predecessor_id.is_not(None)).group_by(p.predecessor_id).subquery("later")
    )  # fmt: skip
    voided = (
        select(_revisions.c.plan_id, func.min(_revisions.c.at).label("ended_at"))
        .where(_revisions.c.kind == "void").group_by(_revisions.c.plan_id).subquery("voided")
    )  # fmt: skip
    parts: dict[str, list[Part]] = {key: [] for key in keys}
    rows = connection.execute(
        select(n.customer_id, n.id, n.plan_id, n.n, n.due_on, n.amount_minor, n.currency, n.state, n.kept_minor,
               p.debtor_id, p.signed_at, later.c.ended_at, voided.c.ended_at.label("voided_at"))
        .join(_plans, p.id == n.plan_id).outerjoin(later, later.c.predecessor_id == p.id)
        .outerjoin(voided, voided.c.plan_id == p.id)
        .where(n.customer_id.in_(keys)).order_by(p.signed_at, n.plan_id, n.n)
    )  # fmt: skip
    for row in rows:
        ends = [on_date(at, zone) for at in (row.ended_at, row.voided_at) if at]
        parts[row.customer_id].append(Part(
            row.id, row.plan_id, row.n, row.due_on, row.amount_minor, row.currency, on_date(row.signed_at, zone),
            row.debtor_id, row.state, row.kept_minor, min(ends, default=None)))  # fmt: skip
    since = {key: min(part.signed_on for part in found) for key, found in parts.items() if found}
    money: dict[str, list[MoneyIn]] = {key: [] for key in keys}
    if since:
        received = (
            select(m.customer_id, m.amount_minor, m.currency, m.received_on, m.debtor_id)
            .outerjoin(back, back.c.reverses_id == m.id)
            .where(m.customer_id.in_(list(since)), m.amount_minor > 0, back.c.id.is_(None),
                   m.received_on >= min(since.values()))
            .order_by(m.received_on, m.id)
        )  # fmt: skip
        for customer_id, amount_minor, currency, received_on, debtor_id in connection.execute(received):
            if received_on >= since[customer_id]:
                money[customer_id].append(MoneyIn(amount_minor, currency, received_on, debtor_id))
    waiting = _given(connection, list(since), zone)
    return {key: PlanBook(tuple(parts[key]), tuple(money[key]), days, waiting.get(key, {})) for key in keys}


def _given(connection: Connection, keys: list[str], zone: str) -> dict[str, dict[str, MoneyIn]]:
    """What reps were given and finance has not confirmed yet, by customer and receipt."""
    r = _receipts.c
    found: dict[str, dict[str, MoneyIn]] = {key: {} for key in keys}
    if not keys:
        return found
    for row in connection.execute(select(_receipts).where(r.customer_id.in_(keys), r.state == "pending")):
        found[row.customer_id][row.id] = MoneyIn(
            row.amount_minor, row.currency, on_date(row.received_at, zone), row.debtor_id)
    return found


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A plan as an operation sees it."""

    id: str
    number: str
    customer_id: str
    debtor_id: str
    manifest_sha256: str
    document_id: str


def _plan_columns() -> list[Any]:
    p = _plans.c
    return [p.id, p.number, p.customer_id, p.debtor_id, p.manifest_sha256, p.document_id]


@fact("plan")
def load_plans(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Plans by id."""
    return {row.id: PlanFact(*row) for row in connection.execute(select(*_plan_columns()).where(_plans.c.id.in_(keys)))}


@fact("plan_by_manifest")
def load_manifests(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Plans by the SHA-256 of their manifest: the same signing sent twice is one plan."""
    rows = connection.execute(select(*_plan_columns()).where(_plans.c.manifest_sha256.in_(keys)))
    return {row.manifest_sha256: PlanFact(*row) for row in rows}


def due_for_settling(connection: Connection, today: date) -> list[str]:
    """Customers with an open instalment whose day and grace are over (for the night run)."""
    last = today - timedelta(days=as_set().promise_grace_days)
    query = select(_parts.c.customer_id).where(_parts.c.state == "open", _parts.c.due_on < last).distinct()
    return sorted(connection.scalars(query))


def plan_row(connection: Connection, scope: Scope, plan_id: str) -> Any:
    """One plan with its customer's name, its paper's state and who took it, or None outside the scope."""
    query = (
        select(_plans, _customers.c.name.label("customer_name"), _documents.c.state.label("document_state"),
               _documents.c.sha256.label("document_sha256"), _documents.c.source.label("source"),
               _documents.c.time_wanted_at,
               func.coalesce(_users.c.name, "").label("by_name"))
        .join(_customers, _customers.c.id == _plans.c.customer_id)
        .join(_documents, _documents.c.id == _plans.c.document_id)
        .outerjoin(_users, _users.c.id == _plans.c.by_id)
        .where(and_(_plans.c.id == plan_id, visible(scope)))
    )  # fmt: skip
    return connection.execute(query).first()


def parts_of(connection: Connection, plan_id: str) -> list[Any]:
    """A plan's instalments in order."""
    return list(connection.execute(select(_parts).where(_parts.c.plan_id == plan_id).order_by(_parts.c.n)))


def revisions_of(connection: Connection, plan_id: str) -> list[Any]:
    """What came after a plan was signed, oldest first."""
    r = _revisions.c
    return list(connection.execute(select(_revisions).where(r.plan_id == plan_id).order_by(r.at, r.id)))


@standing("plan")
def standing_of(connection: Connection, plan_id: str) -> str:
    """What has become of a plan's paper: void, superseded by a later plan, or valid."""
    r = _revisions.c
    came = set(connection.scalars(select(r.kind).where(r.plan_id == plan_id)))
    return next((kind for kind in ("void", "superseded") if kind in came), "valid")


def debtor_email(connection: Connection, debtor_id: str) -> str:
    """Where the debtor gets mail, or empty."""
    found: str | None = connection.execute(select(_debtors.c.email).where(_debtors.c.id == debtor_id)).scalar()
    return found or ""
