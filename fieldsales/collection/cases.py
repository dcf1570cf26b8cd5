"""Cases of debtors: read for pages and phones, and kept by the transaction that moves money, promises or hands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, insert, select, update

from fieldsales.collection.case_models import Case, CaseEvent
from fieldsales.collection.case_rules import STAGES, CaseBooks, CaseDue, CaseState, Pledge, Reckoned, reckon_case
from fieldsales.config import as_set
from fieldsales.customers.models import Customer, Debtor, Ownership
from fieldsales.kernel.ids import derived_id
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.promises.models import Promise
from fieldsales.promises.pausing import LONGEST_DAYS, WEAK
from fieldsales.receivables.models import CustomerMoney, Due, Invoice, Payment
from fieldsales.store.base import table_of
from fieldsales.store.work import rollup

_cases, _events, _customers, _debtors = (table_of(m) for m in (Case, CaseEvent, Customer, Debtor))
_dues, _invoices, _payments = table_of(Due), table_of(Invoice), table_of(Payment)
_promises, _plans, _parts = table_of(Promise), table_of(Plan), table_of(PlanInstalment)
_KEYS: Any = bindparam("keys", expanding=True)
_CHUNK = 500
#: Columns of a case that ``reckon_case`` decides.
_RECKONED = ("currency", "overdue_minor", "contested_minor", "collectable_minor", "oldest_on", "covered_until",
             "next_on")


@dataclass
class _Gathering:
    """What is being read of one debtor."""

    customer_id: str
    grade: str
    owner_id: str
    dues: list[CaseDue] = field(default_factory=list)
    in_hand: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    pledges: list[Pledge] = field(default_factory=list)
    broken_on: list[date] = field(default_factory=list)

    def books(self) -> CaseBooks:
        return CaseBooks(tuple(self.dues), dict(self.in_hand), tuple(self.pledges), tuple(self.broken_on), self.grade,
                         self.owner_id)


@cache
def _statements() -> tuple[Select[Any], ...]:
    """Debtors, dues, loose money, promises, instalments of plans: built once."""
    c, d, i, p, m, n = _customers.c, _dues.c, _invoices.c, _payments.c, _promises.c, _parts.c
    debtors = (
        select(_debtors.c.id, c.id.label("customer_id"), c.credit_grade, c.owner_id)
        .join(_customers, c.id == _debtors.c.customer_id).where(c.id.in_(_KEYS)).order_by(_debtors.c.id)
    )
    dues = (
        select(d.customer_id, i.debtor_id, i.id, d.currency, d.due_on, d.open_minor, i.disputed_minor)
        .join(_invoices, i.id == d.invoice_id).where(d.customer_id.in_(_KEYS), d.open_minor != 0)
    )
    loose = (
        select(p.customer_id, p.debtor_id, p.currency, func.sum(p.unapplied_minor).label("minor"))
        .where(p.customer_id.in_(_KEYS), p.unapplied_minor > 0).group_by(p.customer_id, p.debtor_id, p.currency)
    )
    promises = (
        select(m.customer_id, m.debtor_id, m.currency, m.due_on, m.state, m.klass, m.plan_id,
               (m.amount_minor - m.kept_minor).label("left_minor"))
        .where(m.customer_id.in_(_KEYS), m.state.in_(("open", "broken", "partly")))
    )
    failed = select(n.plan_id).where(n.customer_id.in_(_KEYS), n.state.in_(("broken", "partly")))
    parts = (
        select(n.customer_id, _plans.c.debtor_id, n.currency, n.due_on,
               (n.amount_minor - n.kept_minor).label("left_minor"))
        .join(_plans, _plans.c.id == n.plan_id)
        .where(n.customer_id.in_(_KEYS), n.state == "open", n.plan_id.not_in(failed))
    )
    return debtors, dues, loose, promises, parts


def books_of(connection: Connection, customer_ids: Sequence[str]) -> dict[str, tuple[str, CaseBooks]]:
    """What is known of each debtor of some customers: debtor id → (customer id, books). Five queries.

    What names no debtor counts for the customer's first.
    """
    named = {"keys": list(customer_ids)}
    debtors, dues, loose, promises, parts = _statements()
    found: dict[str, _Gathering] = {}
    first: dict[str, str] = {}
    for row in connection.execute(debtors, named):
        found[row.id] = _Gathering(row.customer_id, row.credit_grade, row.owner_id or "")
        first.setdefault(row.customer_id, row.id)

    def of(row: Any) -> _Gathering | None:
        return found.get(row.debtor_id or first.get(row.customer_id, ""))

    for row in connection.execute(dues, named):
        debtor = of(row)
        if debtor and row.open_minor > 0:
            debtor.dues.append(CaseDue(row.id, row.currency, row.due_on, row.open_minor, row.disputed_minor))
        elif debtor:
            debtor.in_hand[row.currency] -= row.open_minor
    for row in connection.execute(loose, named):
        if debtor := of(row):
            debtor.in_hand[row.currency] += int(row.minor)
    grace = timedelta(days=as_set().promise_grace_days)
    for row in connection.execute(promises, named):
        if debtor := of(row):
            _promise(debtor, row, grace)
    for row in connection.execute(parts, named):
        if debtor := of(row):
            debtor.pledges.append(Pledge(row.currency, row.left_minor, row.due_on + grace))
    return {debtor_id: (one.customer_id, one.books()) for debtor_id, one in found.items()}


def _promise(debtor: _Gathering, row: Any, grace: timedelta) -> None:
    if row.state != "open":
        debtor.broken_on.append(row.due_on + grace)
    elif row.plan_id is None and row.klass not in WEAK:
        since = row.due_on - timedelta(days=LONGEST_DAYS)
        debtor.pledges.append(Pledge(row.currency, row.left_minor, row.due_on + grace, since))


def _state(row: Any) -> CaseState:
    return CaseState(
        row.id, row.customer_id, row.debtor_id, row.stage, row.opened_on, row.owner_id, row.stage_on, row.closed_on,
        row.currency, row.overdue_minor, row.contested_minor, row.collectable_minor, row.oldest_on, row.covered_until,
        row.next_on, row.decided_stage, row.decided_until, row.decided_owner, row.events, row.debtor_name)


def _every(connection: Connection, *which: Any) -> list[CaseState]:
    order = (_cases.c.opened_on, _cases.c.id)
    rows = connection.execute(
        select(_cases, _debtors.c.name.label("debtor_name")).join(_debtors, _debtors.c.id == _cases.c.debtor_id)
        .where(*which).order_by(*order))
    return [_state(row) for row in rows]


def newest_cases(connection: Connection, customer_ids: Sequence[str]) -> dict[str, tuple[CaseState, int]]:
    """The case of each debtor that counts (the open one, else the last), and how many there were. One query."""
    found: dict[str, tuple[CaseState, int]] = {}
    for one in _every(connection, _cases.c.customer_id.in_(customer_ids)):
        known, count = found.get(one.debtor_id, (one, 0))
        found[one.debtor_id] = (known if known.is_open else one, count + 1)
    return found


def cases_of(connection: Connection, customer_ids: Sequence[str]) -> dict[str, CaseState]:
    """The open case of each customer: of several debtors' the furthest, then the largest. One query."""
    found: dict[str, CaseState] = {}
    for one in _every(connection, _cases.c.customer_id.in_(customer_ids), _cases.c.closed_on.is_(None)):
        known = found.get(one.customer_id)
        if known is None or _weight(one) > _weight(known):
            found[one.customer_id] = one
    return found


def _weight(one: CaseState) -> tuple[int, int]:
    return STAGES.index(one.stage), one.collectable_minor


def states(connection: Connection, case_ids: Sequence[str]) -> list[CaseState]:
    """Cases by id, as they stand. One query."""
    return _every(connection, _cases.c.id.in_(case_ids))


@rollup(Due, Invoice, Payment, CustomerMoney, Promise, PlanInstalment, Ownership, Customer, Debtor, Case)
def roll_cases(connection: Connection, customer_ids: list[str], today: date) -> None:
    """Open, carry on and close the cases of the touched customers, with their history. Twice is once."""
    for start in range(0, len(customer_ids), _CHUNK):
        part = customer_ids[start : start + _CHUNK]
        books, known = books_of(connection, part), newest_cases(connection, part)
        made, changed, events = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
        for debtor_id, (customer_id, book) in books.items():
            before, count = known.get(debtor_id, (None, 0))
            now = reckon_case(book, before, today)
            if now.happens == "opened":
                before = None
            if now.is_open or now.happens:
                _carry_on(debtor_id, customer_id, before, count, now, today, (made, changed, events))
        if made:
            connection.execute(insert(_cases), made)
        if changed:
            names = [name for name in changed[0] if name != "row_id"]
            statement = update(_cases).where(_cases.c.id == bindparam("row_id"))
            connection.execute(statement.values({name[4:]: bindparam(name) for name in names}), changed)
        if events:
            connection.execute(insert(_events), events)


Rows = tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]


def _carry_on(debtor_id: str, customer_id: str, before: CaseState | None, count: int, now: Reckoned, today: date,
              rows: Rows) -> None:
    """Add the rows that bring a case from ``before`` to ``now``: none when nothing has changed."""
    made, changed, events = rows
    case_id = before.id if before else derived_id(debtor_id, f"case {count + 1}")
    happened = [now.happens] if now.happens else []
    if before and now.is_open and not now.happens:
        happened += ["stage"] if now.stage != before.stage else []
        happened += ["owner"] if now.owner_id != before.owner_id else []
    seen = before.events if before else 0
    # a closed case keeps the stage and the owner it had
    stage, owner_id = (before.stage, before.owner_id) if before and not now.is_open else (now.stage, now.owner_id)
    for n, kind in enumerate(happened, seen + 1):
        events.append({
            "id": derived_id(case_id, f"event {n}"), "case_id": case_id, "customer_id": customer_id, "n": n,
            "kind": kind, "stage": stage, "owner_id": owner_id, "on_day": today, "until_on": None,
            "due_on": now.oldest_on if kind in ("opened", "reopened") else None, "overdue_minor": now.overdue_minor,
            "currency": now.currency, "reason": "", "by_id": ""})
    values = {name: getattr(now, name) for name in _RECKONED} | {"events": seen + len(happened)}
    if before is None:
        made.append(values | {
            "id": case_id, "customer_id": customer_id, "debtor_id": debtor_id, "stage": now.stage, "stage_on": today,
            "owner_id": now.owner_id, "opened_on": today, "closed_on": None, "decided_stage": "", "decided_until": None,
            "decided_owner": "", "as_of": today})
        return
    values |= _after(before, now, today)
    if happened or any(getattr(before, name) != value for name, value in values.items()):
        changed.append({f"new_{name}": value for name, value in values.items()} | {"new_as_of": today,
                                                                                   "row_id": before.id})


def _after(before: CaseState, now: Reckoned, today: date) -> dict[str, Any]:
    """Stage, owner and end of a case that was there before. A closed one keeps its last stage and currency."""
    if not now.is_open:
        return {"currency": before.currency, "stage": before.stage, "stage_on": before.stage_on,
                "owner_id": before.owner_id, "closed_on": today}
    moved = now.stage != before.stage
    return {"stage": now.stage, "stage_on": today if moved else before.stage_on, "owner_id": now.owner_id,
            "closed_on": None}


def due_for_reckoning(connection: Connection, today: date) -> list[str]:
    """Customers for whom the days alone have changed a case since it was last reckoned."""
    waiting = select(_cases.c.customer_id).where(_cases.c.closed_on.is_(None), _cases.c.next_on <= today)
    has_case = exists().where(_cases.c.customer_id == _dues.c.customer_id, _cases.c.closed_on.is_(None))
    fresh = select(_dues.c.customer_id).where(_dues.c.open_minor > 0, _dues.c.due_on < today, ~has_case)
    found = set(connection.execute(waiting).scalars())
    candidates = sorted(set(connection.execute(fresh).scalars()))
    for start in range(0, len(candidates), _CHUNK):
        part = candidates[start : start + _CHUNK]
        known = newest_cases(connection, part)
        for debtor_id, (customer_id, books) in books_of(connection, part).items():
            if reckon_case(books, known.get(debtor_id, (None, 0))[0], today).happens:
                found.add(customer_id)
    return sorted(found)
