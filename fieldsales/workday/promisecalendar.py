"""The promise calendar: what was promised for each day of a month, what came, and what the rest may bring.

Promises and the instalments of signed plans stand side by side; a promise that repeats an instalment is shown and not
summed, for it is the same money. Sums are of one currency each, never added up across.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from fieldsales.collection.claims import truth_rates
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.clock import DEFAULT_ZONE, on_date
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.promises.history import histories, shape_of
from fieldsales.promises.models import Promise
from fieldsales.promises.probability import CLASSES, PromiseShape, assess, kept_bp, reasons_in
from fieldsales.promises.rules import SETTLED
from fieldsales.store.base import table_of

#: Statements ``read_month`` runs, whatever the month holds.
QUERIES = 6
#: How many lines the list under the picture shows at most.
LINES = 300
#: The class of an instalment: it stands on a signature.
SIGNED = "signed"
#: States that are over and were not kept.
SHORT = frozenset({"broken", "partly"})
_promises, _parts, _plans = table_of(Promise), table_of(PlanInstalment), table_of(Plan)
_customers, _users = table_of(Customer), table_of(User)
_c, _p, _n = _customers.c, _promises.c, _parts.c


@dataclass(frozen=True, slots=True)
class Entry:
    """One promise, or one instalment of a plan (with its ``number``). Amounts in minor units."""

    id: str
    customer_id: str
    customer_name: str
    owner_name: str | None
    amount_minor: int
    kept_minor: int
    currency: str
    due_on: date
    state: str
    number: str = ""
    words: str = ""
    repeats_plan: bool = False
    klass: str = ""
    probability_bp: int = 0
    why: tuple[str, ...] = ()

    @property
    def open_minor(self) -> int:
        """What may still come in time."""
        return self.amount_minor - self.kept_minor if self.state == "open" else 0

    @property
    def expected_minor(self) -> int:
        """What of that is likely to come."""
        return (self.open_minor * self.probability_bp + 5_000) // 10_000

    @property
    def short_minor(self) -> int:
        """What did not come in time."""
        return self.amount_minor - self.kept_minor if self.state in SHORT else 0


@dataclass(frozen=True, slots=True)
class Sums:
    """What a day or a month comes to, in one currency."""

    currency: str
    promised_minor: int = 0
    came_minor: int = 0
    open_minor: int = 0
    expected_minor: int = 0
    short_minor: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the picture."""

    on: date
    in_month: bool
    sums: tuple[Sums, ...]


@dataclass(frozen=True, slots=True)
class Fared:
    """How the judgement of one class fared, of all promises that ended: foreseen and kept, in basis points."""

    klass: str
    count: int
    foreseen_bp: int
    kept_bp: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks from Monday on, its totals, and its lines by day."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    totals: tuple[Sums, ...]
    entries: tuple[Entry, ...]
    left_out: int
    fared: tuple[Fared, ...]


def month_of(text: str, today: date) -> date:
    """The first of the month ``2026-11``; of the present one when it cannot be read."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if 1990 <= first.year <= 2099 else today.replace(day=1)


def beside(first: date, months: int) -> date:
    """The first of a month before or after."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def read_month(connection: Connection, scope: Scope, first: date, also: Sequence[ColumnElement[bool]] = (),
               state: str = "", lang: str = "zh", zone: str = DEFAULT_ZONE) -> Month:
    """The month of whoever sees ``scope``, narrowed by ``also`` (conditions on customers) and by state."""
    last = beside(first, 1) - timedelta(days=1)
    where = [visible(scope), *also]
    rows = list(connection.execute(
        select(_promises, _c.name.label("customer_name"), _users.c.name.label("owner_name"))
        .join(_customers, _c.id == _p.customer_id).outerjoin(_users, _users.c.id == _c.owner_id)
        .where(*where, _p.due_on.between(first, last), _p.state != "superseded")))
    parts = list(connection.execute(
        select(_parts, _plans.c.number, _plans.c.signed_at, _c.name.label("customer_name"),
               _users.c.name.label("owner_name"))
        .join(_plans, _plans.c.id == _n.plan_id).join(_customers, _c.id == _n.customer_id)
        .outerjoin(_users, _users.c.id == _c.owner_id)
        .where(*where, _n.due_on.between(first, last), _n.state.in_(("open", "kept", "partly", "broken")))))
    found = _judged(connection, rows, parts, lang, zone)
    wanted = [one for one in found if not state or one.state == state or (state == "broken" and one.short_minor)]
    wanted.sort(key=lambda one: (one.due_on, -one.amount_minor, one.id))
    left_out = max(0, len(wanted) - LINES)
    return Month(first, _weeks(first, last, wanted), _summed(wanted), tuple(wanted[:LINES]), left_out,
                 _fared(connection, where))


def _fared(connection: Connection, where: Sequence[ColumnElement[bool]]) -> tuple[Fared, ...]:
    """Every promise that was judged when it was made and has ended, by class; kept in part counts a half."""
    kept = case((_p.state == "kept", 10_000), (_p.state == "partly", 5_000), else_=0)
    rows = connection.execute(
        select(_p.klass, func.count(), func.avg(_p.probability_bp), func.avg(kept))
        .select_from(_promises.join(_customers, _c.id == _p.customer_id))
        .where(*where, _p.state.in_(SETTLED), _p.probability_bp.is_not(None)).group_by(_p.klass))
    found = {row[0]: Fared(row[0], row[1], round(row[2]), round(row[3])) for row in rows}
    return tuple(found[klass] for klass in CLASSES if klass in found)


def _judged(connection: Connection, rows: list[Any], parts: list[Any], lang: str, zone: str) -> list[Entry]:
    """Every line with its class and probability as judged today; an instalment is as likely as the customer keeps
    his word, as it is for the month's target."""
    owing = sorted({row.customer_id for row in (*rows, *parts)})
    earliest = min([row.made_on for row in rows] + [on_date(row.signed_at, zone) for row in parts],
                   default=date(2000, 1, 1))
    known, truth = histories(connection, owing, earliest), truth_rates(connection, owing)
    entries = []
    for row in rows:
        found = assess(shape_of(row, known.get(row.customer_id, known[""]), truth.get(row.customer_id)))
        entries.append(replace(_entry(row), words=row.words, repeats_plan=row.plan_id is not None, klass=found.klass,
                               probability_bp=found.probability_bp, why=tuple(reasons_in(found.reasons, lang, 4))))
    for row in parts:
        history, signed_on = known.get(row.customer_id, known[""]), on_date(row.signed_at, zone)
        shape = PromiseShape(row.amount_minor, signed_on, row.due_on, row.currency, kept=history.kept,
                             partly=history.partly, settled=history.settled, house_bp=history.house_bp)
        entries.append(replace(_entry(row), number=row.number, klass=SIGNED, probability_bp=kept_bp(shape),
                               why=tuple(reasons_in(assess(shape).reasons, lang, 1))))
    return entries


def _entry(row: Any) -> Entry:
    return Entry(row.id, row.customer_id, row.customer_name, row.owner_name, row.amount_minor, row.kept_minor,
                 row.currency, row.due_on, row.state)


def _weeks(first: date, last: date, entries: Iterable[Entry]) -> tuple[tuple[Day, ...], ...]:
    by_day: defaultdict[date, list[Entry]] = defaultdict(list)
    for one in entries:
        by_day[one.due_on].append(one)
    begins = first - timedelta(days=first.weekday())
    weeks = []
    while begins <= last:
        days = [begins + timedelta(days=n) for n in range(7)]
        weeks.append(tuple(Day(day, day.month == first.month, _summed(by_day.get(day, ()))) for day in days))
        begins += timedelta(days=7)
    return tuple(weeks)


def _summed(entries: Iterable[Entry]) -> tuple[Sums, ...]:
    """The sums by currency, the largest first; what repeats a plan is counted as a line, not as money."""
    found: dict[str, Sums] = {}
    for one in entries:
        old = found.get(one.currency, Sums(one.currency))
        money = not one.repeats_plan
        found[one.currency] = Sums(
            one.currency, old.promised_minor + money * one.amount_minor, old.came_minor + money * one.kept_minor,
            old.open_minor + money * one.open_minor, old.expected_minor + money * one.expected_minor,
            old.short_minor + money * one.short_minor, old.count + 1)
    return tuple(sorted(found.values(), key=lambda sums: (-sums.promised_minor, sums.currency)))
