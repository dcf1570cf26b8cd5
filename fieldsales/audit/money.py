"""The money invariants M1 to M6, each re-derived from posted rows alone."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from fieldsales.audit.rules import Finding, finding
from fieldsales.customers.models import Customer
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.receivables.models import Allocation, CustomerMoney, Due, Invoice, Payment
from fieldsales.receivables.rollups import COLUMNS, scanned
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditBody, AuditLink

_a, _p, _i, _d = (table_of(model) for model in (Allocation, Payment, Invoice, Due))
_money, _customers = table_of(CustomerMoney), table_of(Customer)
_plans, _parts = table_of(Plan), table_of(PlanInstalment)
_ANY_DAY = date(2000, 1, 1)


def _count(connection: Connection, table: Any) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def payments_cover_allocations(connection: Connection) -> Finding:
    """M1: what a payment was allocated to, and what waits unapplied, is the payment."""
    reversed_ = select(_p.c.reverses_id).where(_p.c.reverses_id.is_not(None)).scalar_subquery()
    given = (
        select(_a.c.payment_id, func.sum(_a.c.amount_minor).label("given")).where(_a.c.payment_id.is_not(None))
        .group_by(_a.c.payment_id).subquery()
    )
    total = func.coalesce(given.c.given, 0)
    stands = and_(_p.c.amount_minor > 0, _p.c.id.not_in(reversed_))
    rows = connection.execute(
        select(_p.c.id).outerjoin(given, given.c.payment_id == _p.c.id).where(or_(
            and_(_p.c.amount_minor > 0, or_(total > _p.c.amount_minor, total < 0)),
            and_(stands, total + _p.c.unapplied_minor != _p.c.amount_minor),
            _p.c.unapplied_minor < 0,
        ))
    )
    return finding("M1", _count(connection, _p), rows.scalars())


def invoices_cover_allocations(connection: Connection) -> Finding:
    """M2: an invoice and each of its dues are open by what allocations leave, never beyond nothing."""
    by_due = select(_a.c.due_id, func.sum(_a.c.amount_minor).label("got")).group_by(_a.c.due_id).subquery()
    by_invoice = select(_a.c.invoice_id, func.sum(_a.c.amount_minor).label("got")).group_by(_a.c.invoice_id).subquery()
    gave = (
        select(_a.c.credit_id, func.sum(_a.c.amount_minor).label("gave")).where(_a.c.credit_id.is_not(None))
        .group_by(_a.c.credit_id).subquery()
    )
    left = _i.c.total_minor - func.coalesce(by_invoice.c.got, 0) + func.coalesce(gave.c.gave, 0)
    wrong_sign = or_(_i.c.open_minor * _i.c.total_minor < 0, func.abs(_i.c.open_minor) > func.abs(_i.c.total_minor))
    invoices = connection.execute(
        select(_i.c.id).outerjoin(by_invoice, by_invoice.c.invoice_id == _i.c.id)
        .outerjoin(gave, gave.c.credit_id == _i.c.id)
        .where(or_(wrong_sign, _i.c.open_minor != case((_i.c.cancelled_at.is_(None), left), else_=0)))
    ).scalars()
    due_left = _d.c.amount_minor - func.coalesce(by_due.c.got, 0)
    dues = connection.execute(
        select(_d.c.id).join(_i, _i.c.id == _d.c.invoice_id).outerjoin(by_due, by_due.c.due_id == _d.c.id)
        .where(_i.c.total_minor > 0, _d.c.open_minor != case((_i.c.cancelled_at.is_(None), due_left), else_=0))
    ).scalars()
    sums = (
        select(_d.c.invoice_id, func.sum(_d.c.amount_minor).label("amount"), func.sum(_d.c.open_minor).label("open"))
        .group_by(_d.c.invoice_id).subquery()
    )
    apart = connection.execute(
        select(_i.c.id).outerjoin(sums, sums.c.invoice_id == _i.c.id).where(or_(
            func.coalesce(sums.c.amount, 0) != _i.c.total_minor, func.coalesce(sums.c.open, 0) != _i.c.open_minor))
    ).scalars()
    return finding("M2", _count(connection, _i), {*invoices, *dues, *apart})


def instalments_sum_to_plans(connection: Connection) -> Finding:
    """M3: the instalments of a plan sum to it, each more than nothing."""
    sums = (
        select(_parts.c.plan_id, func.sum(_parts.c.amount_minor).label("whole"),
               func.min(_parts.c.amount_minor).label("least")).group_by(_parts.c.plan_id).subquery()
    )
    rows = connection.execute(
        select(_plans.c.id).outerjoin(sums, sums.c.plan_id == _plans.c.id)
        .where(or_(func.coalesce(sums.c.whole, 0) != _plans.c.total_minor, sums.c.least <= 0))
    )
    return finding("M3", _count(connection, _plans), rows.scalars())


def balances_add_up(connection: Connection) -> Finding:
    """M4: invoiced (credit notes negative) − confirmed payments = open − unapplied, by customer and currency.

    The summary rows equal a scan as of their own day, and the lists' sort key equals the summary.
    """
    balance: defaultdict[tuple[str, str], int] = defaultdict(int)
    for table, amount, sign, which in (
        (_i, _i.c.total_minor, 1, _i.c.cancelled_at.is_(None)), (_p, _p.c.amount_minor, -1, None),
        (_i, _i.c.open_minor, -1, None), (_p, _p.c.unapplied_minor, 1, None),
    ):
        query = select(table.c.customer_id, table.c.currency, func.sum(amount))
        if which is not None:
            query = query.where(which)
        for customer_id, currency, total in connection.execute(query.group_by(table.c.customer_id, table.c.currency)):
            balance[customer_id, currency] += sign * int(total)
    wrong = {f"{key[0]} {key[1]}" for key, rest in balance.items() if rest}
    return finding("M4", len(balance), {*wrong, *_summaries_off(connection)})


def _summaries_off(connection: Connection) -> set[str]:
    kept = {(row[0], row[1]): tuple(row) for row in connection.execute(select(*(_money.c[c] for c in COLUMNS)))}
    wrong = set()
    # Which rows there must be does not depend on the day: any day finds a customer without its summary.
    for day in {row[2] for row in kept.values()} or {_ANY_DAY}:
        found = {(row[0], row[1]): tuple(row) for row in connection.execute(scanned(day))}
        own = {key: row for key, row in kept.items() if row[2] == day}
        wrong |= {f"{key[0]} {key[1]} summary" for key, row in own.items() if found.get(key) != row}
        wrong |= {f"{key[0]} {key[1]} summary" for key in found.keys() - kept.keys()}
    largest = select(func.max(_money.c.overdue_minor)).where(_money.c.customer_id == _customers.c.id).scalar_subquery()
    off = select(_customers.c.id).where(_customers.c.overdue_minor != func.coalesce(largest, 0))
    return wrong | {f"{customer_id} sort key" for customer_id in connection.execute(off).scalars()}


def posted_money_is_unchanged(connection: Connection) -> Finding:
    """M5: a reversal is its original with the sign turned; invoices and payments say what their command said.

    Bodies that were erased (A5) are passed over: what they said is gone, the rest still adds up.
    """
    back, undone = _p.alias("back"), _a.alias("undone")
    payments = connection.execute(
        select(back.c.id).join(_p, _p.c.id == back.c.reverses_id).where(or_(
            back.c.amount_minor != -_p.c.amount_minor, back.c.currency != _p.c.currency,
            back.c.customer_id != _p.c.customer_id, _p.c.unapplied_minor != 0))
    ).scalars()
    shares = connection.execute(
        select(undone.c.id).join(_a, _a.c.id == undone.c.reverses_id).where(or_(
            undone.c.amount_minor != -_a.c.amount_minor, undone.c.due_id != _a.c.due_id,
            undone.c.currency != _a.c.currency))
    ).scalars()
    loose = connection.execute(select(_a.c.id).where(_a.c.amount_minor < 0, _a.c.reverses_id.is_(None))).scalars()
    checked, differing = _against_the_log(connection)
    return finding("M5", checked, {*payments, *shares, *loose, *differing})


def _against_the_log(connection: Connection) -> tuple[int, set[str]]:
    said: dict[str, tuple[int, str]] = {}
    operations = ("receivables.add_invoices", "receivables.record_payments")
    rows = connection.execute(
        select(AuditBody.__table__.c.body).join(AuditLink, AuditLink.seq == AuditBody.seq)
        .where(AuditLink.operation.in_(operations), AuditLink.status == "applied")
    ).scalars()
    for body in rows:
        payload = json.loads(body)["payload"] or {}
        said |= {one["invoice_id"]: (one["total_minor"], one["currency"]) for one in payload.get("invoices", ())}
        said |= {one["payment_id"]: (one["amount_minor"], one["currency"]) for one in payload.get("payments", ())}
    wrong, checked = set(), 0
    for query in (select(_i.c.id, _i.c.total_minor, _i.c.currency), select(_p.c.id, _p.c.amount_minor, _p.c.currency)):
        for row_id, amount, currency in connection.execute(query):
            checked += 1
            if said.get(row_id, (amount, currency)) != (amount, currency):
                wrong.add(row_id)
    return checked, wrong


def currencies_do_not_mix(connection: Connection) -> Finding:
    """M6: a due has its invoice's currency, an allocation its invoice's and its payment's, an instalment its plan's."""
    credit = _i.alias("credit")
    queries = (
        select(_d.c.id).join(_i, _i.c.id == _d.c.invoice_id).where(_d.c.currency != _i.c.currency),
        select(_a.c.id).join(_i, _i.c.id == _a.c.invoice_id).where(_a.c.currency != _i.c.currency),
        select(_a.c.id).join(_p, _p.c.id == _a.c.payment_id).where(_a.c.currency != _p.c.currency),
        select(_a.c.id).join(credit, credit.c.id == _a.c.credit_id).where(_a.c.currency != credit.c.currency),
        select(_parts.c.id).join(_plans, _plans.c.id == _parts.c.plan_id).where(_parts.c.currency != _plans.c.currency),
    )
    wrong = {row_id for query in queries for row_id in connection.execute(query).scalars()}
    return finding("M6", _count(connection, _a), wrong)
