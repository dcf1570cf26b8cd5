"""What the records say of a customer's conduct, read for the written rules of ``faith_rules``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, exists, func, literal, or_, select, union_all

from fieldsales.collection.claims import JUDGED
from fieldsales.collection.faith_rules import BrokenPromise, Conduct, Criteria, Proof
from fieldsales.collection.models import Action, Claim, ClaimVerdict, FaithSignal
from fieldsales.collection.watchmodels import Sighting, WatchClosing
from fieldsales.kernel.clock import on_date
from fieldsales.plans.models import Plan
from fieldsales.promises.models import Promise
from fieldsales.receivables.models import CustomerMoney, Payment
from fieldsales.statements.models import Statement
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit

QUERIES = 8
#: Signs of the solvency watch (``solvency.SIGNS``) that bear on conduct, by what they count as here.
WATCHED = {"assets_moved": "asset_moves", "boss_unreachable": "hides"}
#: Visits and calls in which nobody who decides was reached. A wrong number is a fault of our file, not theirs.
AWAY = ("absent", "no_answer")
_claims, _verdicts, _signals, _actions = (table_of(m) for m in (Claim, ClaimVerdict, FaithSignal, Action))
_promises, _payments, _plans, _statements = (table_of(m) for m in (Promise, Payment, Plan, Statement))
_visits, _money = table_of(Visit), table_of(CustomerMoney)
_sightings, _closings = table_of(Sighting), table_of(WatchClosing)


@dataclass
class _Found:
    judged: list[Any] = field(default_factory=list)
    broken: list[Any] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)
    paid: list[Any] = field(default_factory=list)
    signed: list[Any] = field(default_factory=list)
    away: list[Any] = field(default_factory=list)
    seen: list[Any] = field(default_factory=list)
    met_on: date | None = None
    overdue: int = 0
    contested: int = 0


def conducts(connection: Connection, customer_ids: Sequence[str], today: date, criteria: Criteria | None = None
             ) -> Mapping[str, Conduct]:
    """The conduct of each customer as of today, in ``QUERIES`` statements whatever their number."""
    measure = criteria or Criteria()
    since = today - timedelta(days=measure.days)
    found: defaultdict[str, _Found] = defaultdict(_Found)
    for read in (_read_claims, _read_promises, _read_payments, _read_signed, _read_contacts, _read_signals,
                 _read_sightings, _read_money):
        read(connection, list(customer_ids), since, found)
    return {key: Conduct(
        today, one.overdue, one.contested, tuple(one.judged), tuple(one.broken), tuple(one.kept), tuple(one.paid),
        tuple(one.signed), tuple(one.away), one.met_on, tuple(one.seen),
    ) for key, one in ((key, found[key]) for key in customer_ids)}


def _read_claims(connection: Connection, ids: list[str], since: date, found: Mapping[str, _Found]) -> None:
    c, v = _claims.c, _verdicts.c
    rows = connection.execute(
        select(c.customer_id, c.id, c.code, c.state, c.words, func.max(v.at).label("seen_at"), c.at)
        .outerjoin(_verdicts, v.claim_id == c.id).where(c.customer_id.in_(ids), c.state.in_(JUDGED))
        .group_by(c.customer_id, c.id, c.code, c.state, c.words, c.at))
    for row in rows:
        proof = Proof("claim", row.id, on_date(row.seen_at or row.at), row.words)
        found[row.customer_id].judged.append((row.code, row.state, proof))


def _read_promises(connection: Connection, ids: list[str], since: date, found: Mapping[str, _Found]) -> None:
    p = _promises.c
    rows = connection.execute(
        select(p.customer_id, p.id, p.state, p.words, p.made_on, p.due_on)
        .where(p.customer_id.in_(ids), p.state.in_(("broken", "kept")), p.due_on >= since))
    for row in rows:
        proof = Proof("promise", row.id, row.due_on, row.words)
        if row.state == "kept":
            found[row.customer_id].kept.append(proof)
        else:
            found[row.customer_id].broken.append(BrokenPromise(proof, row.made_on, row.due_on))


def _read_payments(connection: Connection, ids: list[str], since: date, found: Mapping[str, _Found]) -> None:
    p, back = _payments.c, _payments.alias("back")
    rows = connection.execute(
        select(p.customer_id, p.id, p.received_on)
        .where(p.customer_id.in_(ids), p.received_on >= since, p.amount_minor > 0,
               ~exists().where(back.c.reverses_id == p.id)))
    for row in rows:
        found[row.customer_id].paid.append(Proof("payment", row.id, row.received_on))


def _read_signed(connection: Connection, ids: list[str], since: date, found: Mapping[str, _Found]) -> None:
    parts = [select(t.c.customer_id, literal(kind).label("kind"), t.c.id, t.c.number, t.c.signed_at)
             .where(t.c.customer_id.in_(ids)) for t, kind in ((_plans, "plan"), (_statements, "statement"))]
    for row in connection.execute(union_all(*parts)):
        if on_date(row.signed_at) >= since:
            found[row.customer_id].signed.append(Proof(row.kind, row.id, on_date(row.signed_at), row.number))


def _read_contacts(connection: Connection, ids: list[str], since: date, found: Mapping[str, _Found]) -> None:
    """Attempts that reached nobody; and the newest that did: a visit to collect, an act that told somebody."""
    v, a = _visits.c, _actions.c
    parts = union_all(
        select(v.customer_id, literal("visit").label("kind"), v.id, v.outcome, v.occurred_at, v.said.label("words"),
               (v.outcome != "absent").label("met")).where(v.customer_id.in_(ids), v.purpose == "collect"),
        select(a.customer_id, literal("action"), a.id, a.outcome, a.occurred_at, a.summary_zh, a.effect != "")
        .where(a.customer_id.in_(ids), or_(a.outcome.in_(AWAY), and_(a.effect != "", a.source_kind == ""))),
    )
    for row in connection.execute(parts):
        one, on = found[row.customer_id], on_date(row.occurred_at)
        if row.outcome in AWAY and on >= since:
            one.away.append(Proof(row.kind, row.id, on, row.words))
        elif row.met:
            one.met_on = max(one.met_on or on, on)


def _read_signals(connection: Connection, ids: list[str], since: date, found: Mapping[str, _Found]) -> None:
    s = _signals.c
    rows = connection.execute(select(s.customer_id, s.id, s.kind, s.words, s.seen_on)
                              .where(s.customer_id.in_(ids), s.seen_on >= since))
    for row in rows:
        found[row.customer_id].seen.append((row.kind, Proof("signal", row.id, row.seen_on, row.words)))


def _read_sightings(connection: Connection, ids: list[str], since: date, found: Mapping[str, _Found]) -> None:
    """What was ticked at visits for the solvency watch and bears on conduct, unless the watch was closed since."""
    w, shut = _sightings.c, _closings.c
    closed = select(func.max(shut.at)).where(shut.customer_id == w.customer_id).scalar_subquery()
    rows = connection.execute(
        select(w.customer_id, w.id, w.signs, w.words, w.occurred_at, closed.label("closed_at"))
        .where(w.customer_id.in_(ids)))
    for row in rows:
        on = on_date(row.occurred_at)
        if on < since or (row.closed_at is not None and row.occurred_at <= row.closed_at):
            continue
        for sign in row.signs:
            if sign in WATCHED:
                found[row.customer_id].seen.append((WATCHED[sign], Proof("visit", row.id, on, row.words)))


def _read_money(connection: Connection, ids: list[str], since: date, found: Mapping[str, _Found]) -> None:
    m = _money.c
    rows = connection.execute(select(m.customer_id, m.overdue_minor, m.disputed_minor)
                              .where(m.customer_id.in_(ids)).order_by(m.open_minor))
    for row in rows:  # the currency most is owed in comes last, and counts
        found[row.customer_id].overdue, found[row.customer_id].contested = row.overdue_minor, row.disputed_minor


def with_signs(connection: Connection, today: date, criteria: Criteria | None = None) -> list[str]:
    """Customers with something overdue of whom the record of the last year says anything: worth weighing by night."""
    since = today - timedelta(days=(criteria or Criteria()).days)
    c, p, s, m = _claims.c, _promises.c, _signals.c, _money.c
    said = union_all(
        select(c.customer_id).where(c.state.in_(JUDGED)),
        select(p.customer_id).where(p.state == "broken", p.due_on >= since),
        select(s.customer_id).where(s.seen_on >= since),
        select(_sightings.c.customer_id),
    ).subquery("said")
    rows = connection.execute(select(m.customer_id).distinct().where(
        m.overdue_minor > 0, m.customer_id.in_(select(said.c.customer_id))).order_by(m.customer_id))
    return list(rows.scalars())
