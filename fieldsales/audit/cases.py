"""K1: a debtor's case is what its books and its own history say, re-derived from both."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.audit.rules import Finding, finding
from fieldsales.collection.case_models import Case, CaseEvent
from fieldsales.collection.case_rules import CaseState, reckon_case
from fieldsales.collection.cases import books_of, newest_cases
from fieldsales.customers.models import Debtor
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of

_cases, _events, _debtors, _money = (table_of(m) for m in (Case, CaseEvent, Debtor, CustomerMoney))
_CHUNK = 500
_FIGURES = ("currency", "overdue_minor", "contested_minor", "collectable_minor", "oldest_on", "covered_until",
            "next_on")
#: Events after which a case is open.
_OPENING = frozenset({"opened", "reopened", "stage", "owner", "decided", "assigned"})


def cases_follow_the_books(connection: Connection) -> Finding:
    """Each open case equals its reckoning as of its own day and follows its events; nobody overdue is without one."""
    days = {row.id: row.as_of for row in connection.execute(select(_cases.c.id, _cases.c.as_of))}
    wrong = _against_events(connection)
    since = {row.customer_id: row.day for row in connection.execute(
        select(_money.c.customer_id, func.max(_money.c.as_of).label("day")).group_by(_money.c.customer_id))}
    customers = sorted(set(connection.execute(select(_cases.c.customer_id)).scalars()) | set(since))
    for start in range(0, len(customers), _CHUNK):
        part = customers[start : start + _CHUNK]
        known = newest_cases(connection, part)
        for debtor_id, (customer_id, books) in books_of(connection, part).items():
            case = known.get(debtor_id, (None, 0))[0]
            if case is not None and case.is_open:
                now = reckon_case(books, case, days[case.id])
                if not now.is_open or any(getattr(now, name) != getattr(case, name) for name in _FIGURES) or (
                        now.stage, now.owner_id) != (case.stage, case.owner_id):
                    wrong.add(case.id)
            elif _is_missing(books, case, since.get(customer_id)):
                wrong.add(f"{debtor_id} missing")
    return finding("K1", len(days), wrong)


def _is_missing(books: Any, case: CaseState | None, day: date | None) -> bool:
    """Whether the debtor should have an open case on the day his summary is of."""
    return day is not None and reckon_case(books, case, day).is_open


def _against_events(connection: Connection) -> set[str]:
    """Cases whose row says other than the newest of their events, or whose events have a gap."""
    events: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(select(_events).order_by(_events.c.case_id, _events.c.n)):
        events[row.case_id].append(row)
    wrong = set()
    for case in connection.execute(select(_cases)):
        told = events[case.id]
        if [one.n for one in told] != list(range(1, case.events + 1)) or not told:
            wrong.add(case.id)
            continue
        newest = told[-1]
        is_open = newest.kind in _OPENING
        if (newest.stage, newest.owner_id, is_open) != (case.stage, case.owner_id, case.closed_on is None):
            wrong.add(case.id)
        if newest.kind == "closed" and newest.on_day != case.closed_on:
            wrong.add(case.id)
    return wrong
