"""What the next step of a page of customers is chosen by, read in a constant number of queries (``QUERIES``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    Date,
    Float,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from fieldsales.collection.arrival_facts import failed_email
from fieldsales.collection.asking import paying
from fieldsales.collection.asks import PayerFacts
from fieldsales.collection.effectiveness import Effect
from fieldsales.collection.faith import FaithFact, standing_of
from fieldsales.collection.gate import GateFacts
from fieldsales.collection.gate_facts import QUERIES as GATE_QUERIES
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.measuring import newest_effects
from fieldsales.collection.models import Action, Claim
from fieldsales.collection.stepfacts import Word
from fieldsales.collection.steprules import REMEMBERED, Answer
from fieldsales.collection.steps import answers_of
from fieldsales.customers.models import Contact, Customer, Debtor
from fieldsales.kernel.clock import on_date
from fieldsales.plans.models import PlanInstalment
from fieldsales.promises.models import NoPromise, Promise
from fieldsales.receivables.models import CustomerMoney, Due, Payment, PaymentReceipt
from fieldsales.store.base import UtcDateTime, table_of
from fieldsales.visits.models import Visit
from fieldsales.visits.rules import Point

QUERIES = 10 + GATE_QUERIES
#: How far back contacts, and promises not kept, are looked at.
BACK = timedelta(days=180)
BROKEN_BACK = timedelta(days=90)
_customers, _money, _contacts, _debtors = table_of(Customer), table_of(CustomerMoney), table_of(Contact), table_of(
    Debtor)
_actions, _claims, _visits = table_of(Action), table_of(Claim), table_of(Visit)
_promises, _instalments, _payments, _dues = table_of(Promise), table_of(PlanInstalment), table_of(Payment), table_of(
    Due)
_receipts, _refusals = table_of(PaymentReceipt), table_of(NoPromise)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


@dataclass
class Known:
    """One customer as it was read. ``row``: itself and its largest open currency."""

    row: Any
    words: list[Word] = field(default_factory=list)
    has_plan: bool = False
    claims: list[Any] = field(default_factory=list)
    contacted_on: date | None = None
    visited_on: date | None = None
    used: list[tuple[date, str]] = field(default_factory=list)
    paid_on: date | None = None
    next_due_on: date | None = None
    waiting_minor: int = 0
    matures_on: date | None = None

    def tried(self) -> Mapping[str, int]:
        """Uses of each method since money last came."""
        return Counter(name for on, name in self.used if self.paid_on is None or on > self.paid_on)


@dataclass
class Read:
    """A page of customers, and what counts for all of them."""

    known: dict[str, Known]
    patches: Mapping[str, Point]
    payers: Mapping[str, PayerFacts]
    answers: Mapping[str, tuple[Answer, ...]]
    faith: Mapping[str, FaithFact]
    effects: Sequence[Effect]
    gates: Mapping[str, GateFacts]


def read(connection: Connection, customer_ids: Sequence[str], today: date, zone: str) -> Read:
    """Everything the next step of these customers is chosen by. ``QUERIES`` statements."""
    ids = list(customer_ids)
    known = _known(connection, ids)
    _happened(connection, known, today, zone)
    _owed(connection, known, today)
    patches = _patches(connection, {one.row.owner_id for one in known.values() if one.row.owner_id})
    since = datetime.combine(today, time.min, ZoneInfo(zone)) - REMEMBERED
    return Read(known, patches, paying(connection, ids, today), answers_of(connection, ids, since),
                standing_of(connection, ids), newest_effects(connection), gate_facts(connection, ids, today))


def _known(connection: Connection, ids: list[str]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for row in connection.execute(_who(), {"ids": ids}):
        found.setdefault(row.id, Known(row))
    return found


@cache
def _who() -> Any:
    """Customers with their largest open currency, and how they can be reached."""
    c, m = _customers.c, _money.c
    phones = select(_contacts.c.id).where(_contacts.c.customer_id == c.id, _contacts.c.phone != "").exists()
    mails = or_(select(_contacts.c.id).where(_contacts.c.customer_id == c.id, _contacts.c.email != "",
                                              failed_email(_contacts).is_(None)).exists(),
                select(_debtors.c.id).where(_debtors.c.customer_id == c.id, _debtors.c.email != "").exists())
    return (
        select(c.id, c.name, c.credit_grade, c.tier, c.owner_id, c.lat, c.lon, c.address,
               or_(c.phone != "", phones).label("has_phone"), mails.label("has_mail"), m.currency, m.overdue_minor,
               m.disputed_minor, m.oldest_due_on)
        .outerjoin(_money, m.customer_id == c.id).where(c.id.in_(_IDS))
        .order_by(c.id, m.overdue_minor.desc(), m.currency)
    )


@cache
def _contacted() -> Any:
    """Visits, actions, words given or refused, and claims, told apart by ``kind``."""
    empty, since = literal(""), bindparam("since", type_=UtcDateTime())
    v, a, k = _visits.c, _actions.c, _claims.c
    words = (
        select(w.c.customer_id, literal("word"), w.c.id, empty, empty, w.c.made_at)
        .where(w.c.customer_id.in_(_IDS), w.c.made_at >= since) for w in (_promises, _refusals)
    )
    return union_all(
        select(v.customer_id, literal("visit").label("kind"), v.id, empty.label("code"), empty.label("state"),
               v.occurred_at.label("at")).where(v.customer_id.in_(_IDS), v.occurred_at >= since),
        select(a.customer_id, literal("act"), a.id, a.method, a.outcome, a.occurred_at)
        .where(a.customer_id.in_(_IDS), a.occurred_at >= since),
        select(k.customer_id, literal("claim"), k.id, k.code, k.state, k.at)
        .where(k.customer_id.in_(_IDS), k.at >= since, k.state != "false"),
        *words,
    )


def _happened(connection: Connection, known: dict[str, Known], today: date, zone: str) -> None:
    since = datetime.combine(today - BACK, time.min, ZoneInfo(zone))
    for row in connection.execute(_contacted(), {"ids": list(known), "since": since}):
        one = known[row.customer_id]
        if row.kind == "claim":
            one.claims.append(row)
            continue
        on = on_date(row.at, zone)
        one.contacted_on = max(on, one.contacted_on or on)
        if row.kind == "act":
            one.used.append((on, row.code))
        elif row.kind == "visit":
            one.visited_on = max(on, one.visited_on or on)


@cache
def _dated() -> Any:
    """Words given, money that waits, the newest that came and the next due day, told apart by ``kind``."""
    empty, none, today = literal(""), cast(null(), Date), bindparam("today", type_=Date())
    words = [
        select(w.c.customer_id, literal(kind).label("kind"), w.c.state, w.c.due_on.label("on"),
               (w.c.amount_minor - w.c.kept_minor).label("minor"), w.c.currency)
        .where(w.c.customer_id.in_(_IDS), or_(
            w.c.state == "open",
            and_(w.c.state.in_(("broken", "partly")), w.c.due_on >= bindparam("since", type_=Date()))))
        for kind, w in (("promise", _promises), ("instalment", _instalments))
    ]
    p, d, r = _payments.c, _dues.c, _receipts.c
    given = (
        select(r.customer_id, literal("given"), empty, func.coalesce(func.max(r.bill_matures_on), none),
               cast(func.sum(r.amount_minor), BigInteger), r.currency)
        .where(r.customer_id.in_(_IDS), r.state == "pending").group_by(r.customer_id, r.currency)
    )
    paid = (
        select(p.customer_id, literal("paid"), empty, func.max(p.received_on), literal(0), cast(empty, String))
        .where(p.customer_id.in_(_IDS), p.amount_minor > 0).group_by(p.customer_id)
    )
    due = (
        select(d.customer_id, literal("due"), empty, func.coalesce(func.min(d.due_on), none), literal(0),
               cast(empty, String))
        .where(d.customer_id.in_(_IDS), d.open_minor > 0, d.due_on >= today).group_by(d.customer_id)
    )
    return union_all(*words, given, paid, due)


def _owed(connection: Connection, known: dict[str, Known], today: date) -> None:
    asked = {"ids": list(known), "today": today, "since": today - BROKEN_BACK}
    for row in connection.execute(_dated(), asked):
        one = known[row.customer_id]
        if row.kind == "paid":
            one.paid_on = row.on
        elif row.kind == "due":
            one.next_due_on = row.on
        elif row.currency != (one.row.currency or row.currency):
            continue
        elif row.kind == "given":
            one.waiting_minor, one.matures_on = int(row.minor), row.on
        else:
            one.words.append(Word(row.on, row.minor, row.state))
            one.has_plan |= row.kind == "instalment" and row.state == "open"


def _patches(connection: Connection, owner_ids: set[str]) -> dict[str, Point]:
    """The middle of each rep's customers: where his ways begin, as far as anybody knows."""
    c = _customers.c
    lat, lon = (func.avg(cast(column, Float)) for column in (c.lat, c.lon))
    rows = connection.execute(
        select(c.owner_id, lat, lon).where(c.owner_id.in_(owner_ids), c.lat.is_not(None), c.lat != "")
        .group_by(c.owner_id))
    return {row[0]: Point(float(row[1]), float(row[2])) for row in rows if row[1] is not None and row[2] is not None}
