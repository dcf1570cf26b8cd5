"""Receipts for money that wait for finance, as the office lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, tuple_

from fieldsales.config import as_set
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.documents.models import Attachment
from fieldsales.kernel.clock import claimed, on_date
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.receivables.models import PaymentReceipt
from fieldsales.receivables.rules import HAND_IN_WITHIN
from fieldsales.store.base import table_of

_receipts, _customers, _attachments = table_of(PaymentReceipt), table_of(Customer), table_of(Attachment)
_collector, _holder = table_of(User).alias("collector"), table_of(User).alias("holder")
_r = _receipts.c

SHOWS = ("pending", "cash", "bill", "settled")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A receipt on the list. ``is_late``: cash not handed in for more than 24 hours.

    ``paid_on``: of cash, the day it was handed over, which is when the debtor paid; else only the account tells.
    """

    id: str
    number: str
    customer_id: str
    customer_name: str
    method: str
    amount_minor: int
    currency: str
    state: str
    payer_name: str
    bill_number: str
    bill_acceptor: str
    bill_matures_on: date | None
    received_at: datetime
    handed_in_at: datetime | None
    collector_id: str
    collector_name: str
    holder_id: str | None
    holder_name: str | None
    slips: tuple[str, ...]
    is_late: bool
    paid_on: date | None


def _cash_out() -> list[ColumnElement[bool]]:
    return [_r.state == "pending", _r.method == "cash", _r.handed_in_at.is_(None)]


def _late(now: datetime) -> ColumnElement[bool]:
    return and_(*_cash_out(), _r.received_at < now - HAND_IN_WITHIN)


def count_late_cash(connection: Connection, scope: Scope, now: datetime) -> int:
    """Cash receipts not handed in for more than 24 hours. One query."""
    asked = select(func.count()).select_from(_receipts.join(_customers, _customers.c.id == _r.customer_id))
    return int(connection.scalar(asked.where(visible(scope), _late(now))) or 0)


def count_pending(connection: Connection, scope: Scope) -> int:
    """Receipts that wait for finance. One query."""
    asked = select(func.count()).select_from(_receipts.join(_customers, _customers.c.id == _r.customer_id))
    return int(connection.scalar(asked.where(visible(scope), _r.state == "pending")) or 0)


def receipts(connection: Connection, scope: Scope, now: datetime, show: str = "pending", after: str | None = None,
             limit: int = 50) -> tuple[tuple[Waiting, ...], str | None]:
    """Receipts of the visible customers, newest first, and the key of the next page. Two queries."""
    conditions = {
        "pending": [_r.state == "pending"], "cash": _cash_out(),
        "bill": [_r.state == "pending", _r.method == "bill"], "settled": [_r.state != "pending"],
    }.get(show, [])
    found = (
        select(_receipts, _customers.c.name.label("customer_name"), _collector.c.name.label("collector_name"),
               _holder.c.name.label("holder_name"), _late(now).label("is_late"))
        .select_from(_receipts.join(_customers, _customers.c.id == _r.customer_id)
                     .outerjoin(_collector, _collector.c.id == _r.collector_id)
                     .outerjoin(_holder, _holder.c.id == _r.holder_id))
        .where(visible(scope), *conditions).order_by(_r.received_at.desc(), _r.id.desc()).limit(limit + 1)
    )
    key = _key(after)
    if key is not None:
        found = found.where(tuple_(_r.received_at, _r.id) < key)
    rows = list(connection.execute(found))
    slips = _slips(connection, [row.id for row in rows[:limit]])
    following = f"{rows[limit - 1].received_at.isoformat()}~{rows[limit - 1].id}" if len(rows) > limit else None
    return tuple(_waiting(row, slips.get(row.id, ())) for row in rows[:limit]), following


def _waiting(row: Any, slips: tuple[str, ...]) -> Waiting:
    return Waiting(
        row.id, row.number, row.customer_id, row.customer_name, row.method, row.amount_minor, row.currency, row.state,
        row.payer_name, row.bill_number, row.bill_acceptor, row.bill_matures_on, row.received_at, row.handed_in_at,
        row.collector_id, row.collector_name or "", row.holder_id, row.holder_name, slips, bool(row.is_late),
        on_date(row.received_at, as_set().zone) if row.method == "cash" else None,
    )


def _slips(connection: Connection, receipt_ids: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for subject, sha256 in connection.execute(
        select(_attachments.c.subject_id, _attachments.c.sha256)
        .where(_attachments.c.subject_kind == "receipt", _attachments.c.subject_id.in_(receipt_ids))
    ):
        found[subject] = (*found.get(subject, ()), sha256)
    return found


def _key(after: str | None) -> tuple[datetime, str] | None:
    text, _, last = (after or "").partition("~")
    at = claimed(text)
    return (at, last) if last and at is not None else None
