"""Askings on record (谈款): what was named, offered back and closed at; the habit learned from them; a manager's word.

Internal: no document, shared page or screen for the customer reads these tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import ColumnElement, Connection, Numeric, and_, case, cast, func, select

from fieldsales.collection import asks
from fieldsales.collection.models import Task
from fieldsales.collection.tablemodels import AskMade, Coaching
from fieldsales.config import as_set
from fieldsales.customers.guards import manager_of, may_work_with
from fieldsales.customers.models import Customer
from fieldsales.customers.queries import visible
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Command, Currency, Id, Need, PositiveMinor, operation
from fieldsales.kernel.text import Line, Prose
from fieldsales.people.models import User
from fieldsales.people.rules import Scope
from fieldsales.promises.models import Promise
from fieldsales.receivables.models import Allocation, CustomerMoney, Due, Payment
from fieldsales.store.base import table_of
from fieldsales.store.remembering import remembered
from fieldsales.store.work import Work, fact

#: What was answered to an ask, by code. No row at all: the money was not spoken of (未谈款).
ANSWERS = {
    "promised": N_("agreed to pay"), "paid": N_("paid at once"), "counter": N_("offered another sum"),
    "excuse": N_("gave a reason"), "refused": N_("refused to pay"), "none": N_("gave no answer"),
}
Answer = Literal["promised", "paid", "counter", "excuse", "refused", "none"]
Minor = Annotated[int, Field(ge=0, le=10**13)]
#: The newest askings a dossier carries and a habit is learned from.
HISTORY = 20
_asks, _coachings, _users = table_of(AskMade), table_of(Coaching), table_of(User)
_customers, _money, _dues = table_of(Customer), table_of(CustomerMoney), table_of(Due)
_allocations, _payments, _promises = table_of(Allocation), table_of(Payment), table_of(Promise)


class RecordAsk(Command):
    """What was asked for at a contact, what they offered, and what was agreed. Amounts in minor units.

    ``counters``: their offers and our asks after the first, in turn. ``close_minor`` None: nothing was agreed.
    """

    ask_id: Id
    customer_id: Id
    contact_kind: Literal["visit", "call", "message", "other"] = "other"
    contact_id: Annotated[Line, Field(max_length=64)] = ""
    currency: Currency = "CNY"
    expected_minor: Minor = 0
    ratio_bp: Annotated[int, Field(ge=0, le=100_000)] = 0
    ask_minor: PositiveMinor
    counters: Annotated[list[Minor], Field(max_length=20)] = []
    answer: Answer = "none"
    close_minor: Minor | None = None
    words: Prose = ""


class CoachRep(Command):
    """A manager's word to a rep after a hard contact; with ``call_on`` he calls back that day."""

    coaching_id: Id
    customer_id: Id
    rep_id: Id
    ask_id: Annotated[Line, Field(max_length=64)] = ""
    text: Annotated[Prose, Field(min_length=1)]
    call_on: date | None = None


def ceilings(connection: Connection, customer_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """By customer and currency, what may be asked for at most, from the confirmed books. One query."""
    m = _money.c
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(select(m.customer_id, m.currency, m.open_minor, m.disputed_minor, m.unapplied_minor)
                                  .where(m.customer_id.in_(customer_ids))):
        found[row.customer_id][row.currency] = asks.ceiling(row.open_minor, row.disputed_minor, row.unapplied_minor)
    return found


@fact("ask_ceilings")
def load_ceilings(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """What may be asked for at most, for whoever records an ask."""
    return ceilings(connection, keys)


@operation("collection.record_ask", RecordAsk, guard=may_work_with,
           needs=lambda c: [Need("customer", c.customer_id), Need("ask_ceilings", c.customer_id)])
def record_ask(work: Work, command: RecordAsk) -> None:
    """Put an asking on record as it was. More than was open and undisputed is marked, never refused: it was said."""
    most = (work.fact("ask_ceilings", command.customer_id) or {}).get(command.currency, 0)
    work.insert(
        AskMade, id=command.ask_id, customer_id=command.customer_id, contact_kind=command.contact_kind,
        contact_id=command.contact_id, currency=command.currency, expected_minor=command.expected_minor,
        ratio_bp=command.ratio_bp, ask_minor=command.ask_minor, counters=list(command.counters),
        answer=command.answer, close_minor=command.close_minor, words=command.words,
        flags=["above_balance"] if command.ask_minor > most else [], by_id=work.actor.user_id,
        occurred_at=min(work.occurred, work.now), received_at=work.now,
    )
    work.touch(command.customer_id)


@operation("collection.coach", CoachRep, needs=lambda c: [Need("customer", c.customer_id)], guard=manager_of)
def coach(work: Work, command: CoachRep) -> None:
    """A manager's word to the rep, and a task of his own for the day he calls back."""
    work.insert(
        Coaching, id=command.coaching_id, customer_id=command.customer_id, rep_id=command.rep_id,
        ask_id=command.ask_id, text=command.text, call_on=command.call_on, by_id=work.actor.user_id, at=work.now,
    )
    if command.call_on is not None:
        work.insert(
            Task, id=uuid7(), customer_id=command.customer_id, kind="coach_call", title="",
            due_on=command.call_on, assignee_id=work.actor.user_id, source_id=command.coaching_id, made_at=work.now,
            done_at=None, done_by_id="", note="",
        )
    work.touch(command.customer_id)


def _ratio() -> ColumnElement[Decimal]:
    """Ask to close in basis points, bounded as in ``asks.habit_of``; NULL for what did not close at anything."""
    a = _asks.c
    exact = cast(a.ask_minor, Numeric) * asks.UNIT_BP / cast(a.close_minor, Numeric)
    bounded = case((exact < asks.LOWEST_BP, asks.LOWEST_BP), (exact > asks.HIGHEST_BP, asks.HIGHEST_BP), else_=exact)
    return case((a.close_minor > 0, bounded), else_=None)


def house_ratio(connection: Connection, setting: Decimal | None = None) -> int:
    """The house's own habit in basis points, learned from every close; before any, the setting. One query."""
    total, count = connection.execute(select(func.sum(_ratio()), func.count(_ratio()))).one()
    return asks.house_habit(round(total or 0), count, setting if setting is not None else as_set().ask_ratio)


@dataclass(frozen=True, slots=True)
class AskFact:
    """A customer's habit: ``ratio_bp`` to reckon with, closes of his own, the house's ratio, why he needs no ask."""

    ratio_bp: int
    own_closes: int
    house_bp: int
    pays_himself: str


def habits(connection: Connection, customer_ids: Sequence[str], today: date) -> dict[str, AskFact]:
    """By customer, how he closes and whether he pays himself. Five queries."""
    return habits_from(connection, newest_asks(connection, customer_ids), customer_ids, today)


def habits_from(connection: Connection, rows: Sequence[Any], customer_ids: Sequence[str], today: date
                ) -> dict[str, AskFact]:
    """The same from askings that were read already. Four queries."""
    house = house_ratio(connection)
    closes: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        if row.close_minor is not None and row.close_minor > 0:
            closes[row.customer_id].append((row.ask_minor, row.close_minor))
    payers = paying(connection, customer_ids, today)
    return {key: AskFact(asks.learned(closes[key], house), len(closes[key]), house,
                         asks.pays_himself(payers.get(key, asks.PayerFacts()))) for key in customer_ids}


def newest_asks(connection: Connection, customer_ids: Sequence[str]) -> list[Any]:
    """The newest ``HISTORY`` askings of each customer, newest first, with whose they were. One query."""
    a = _asks.c
    nth = func.row_number().over(partition_by=a.customer_id, order_by=(a.occurred_at.desc(), a.id.desc())).label("nth")
    ranked = select(_asks, nth).where(a.customer_id.in_(list(customer_ids))).subquery("ranked")
    return list(connection.execute(
        select(ranked, func.coalesce(_users.c.name, "").label("by_name"))
        .outerjoin(_users, _users.c.id == ranked.c.by_id)
        .where(ranked.c.nth <= HISTORY).order_by(ranked.c.customer_id, ranked.c.nth)))


def coachings(connection: Connection, customer_ids: Sequence[str]) -> list[Any]:
    """A manager's words about these customers, newest first, with whose they are. One query."""
    c = _coachings.c
    return list(connection.execute(
        select(_coachings, func.coalesce(_users.c.name, "").label("by_name")).outerjoin(_users, _users.c.id == c.by_id)
        .where(c.customer_id.in_(list(customer_ids))).order_by(c.at.desc(), c.id.desc())))


def asks_of_the_house(connection: Connection, scope: Scope, since: datetime, limit: int = 200) -> list[Any]:
    """Askings at one's own customers, newest first, with names and how many words a manager has said. One query."""
    a, c = _asks.c, _coachings.c
    word = select(func.count()).select_from(_coachings).where(c.ask_id == a.id).scalar_subquery().label("words_said")
    return list(connection.execute(
        select(_asks, _customers.c.name.label("customer_name"), func.coalesce(_users.c.name, "").label("by_name"), word)
        .join(_customers, _customers.c.id == a.customer_id).outerjoin(_users, _users.c.id == a.by_id)
        .where(visible(scope), a.occurred_at >= since).order_by(a.occurred_at.desc(), a.id.desc()).limit(limit)))


@remembered
def paying(connection: Connection, customer_ids: Sequence[str], today: date) -> dict[str, asks.PayerFacts]:
    """How these customers have paid in the last year. Three queries."""
    keys, d, since = list(customer_ids), _dues.c, today - timedelta(days=365)
    last = (select(d.customer_id, d.due_on, func.max(_payments.c.received_on).label("paid_on"))
            .join(_allocations, _allocations.c.due_id == d.id)
            .join(_payments, _payments.c.id == _allocations.c.payment_id)
            .where(d.customer_id.in_(keys), d.open_minor == 0, d.amount_minor > 0, d.due_on >= since)
            .group_by(d.customer_id, d.id, d.due_on).subquery("last"))
    dues = {row.customer_id: row for row in connection.execute(
        select(last.c.customer_id, func.count().label("every"),
               func.sum(case((last.c.paid_on <= last.c.due_on, 1), else_=0)).label("on_time"))
        .group_by(last.c.customer_id))}
    p = _promises.c
    kept = func.sum(case((p.state == "kept", 1), else_=0)).label("kept")
    words = {row.customer_id: row for row in connection.execute(
        select(p.customer_id, func.count().label("every"), kept)
        .where(p.customer_id.in_(keys), p.state.in_(("kept", "partly", "broken"))).group_by(p.customer_id))}
    rows = connection.execute(
        select(_customers.c.id, _customers.c.tier, func.min(_money.c.oldest_due_on).label("oldest"))
        .outerjoin(_money, and_(_money.c.customer_id == _customers.c.id, _money.c.overdue_minor > 0))
        .where(_customers.c.id.in_(keys)).group_by(_customers.c.id, _customers.c.tier))
    found = {}
    for row in rows:
        due, word = dues.get(row.id), words.get(row.id)
        found[row.id] = asks.PayerFacts(
            due.every if due else 0, int(due.on_time) if due else 0, word.every if word else 0,
            int(word.kept) if word else 0, (today - row.oldest).days if row.oldest else 0, row.tier)
    return found
