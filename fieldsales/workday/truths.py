"""What the dossier says of truth: verdicts with their evidence, who settles a dispute, how closely to follow up.

A class is never in here: a phone lies on the customer's table, so it carries a way to follow up in neutral words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.collection.faith import standing_of
from fieldsales.collection.faith_rules import FOLLOW_UP, MODES
from fieldsales.collection.models import ClaimVerdict
from fieldsales.disputes.models import Dispute, DisputeDecision, DisputeFinding
from fieldsales.disputes.queries import assignments
from fieldsales.disputes.rules import collectable
from fieldsales.kernel.sentences import say
from fieldsales.people.models import User
from fieldsales.receivables.models import Due, Invoice
from fieldsales.store.base import table_of
from fieldsales.workday.timeline import as_date, instant
from fieldsales.workday.words import LANGS

_verdicts, _users = table_of(ClaimVerdict), table_of(User)
_disputes, _decided, _findings = table_of(Dispute), table_of(DisputeDecision), table_of(DisputeFinding)
_invoices, _dues = table_of(Invoice), table_of(Due)
Found = Mapping[str, Any]


def verdicts(connection: Connection, customer_ids: Sequence[str], today: date) -> Found:
    """By claim, what it was found to be: the newest first, all of them. One query."""
    v = _verdicts.c
    rows = connection.execute(
        select(v.customer_id, v.claim_id, v.n, v.state, v.note, v.product, v.facts, v.evidence_sha256, v.at,
               func.coalesce(_users.c.name, "").label("by"))
        .outerjoin(_users, _users.c.id == v.by_id).where(v.customer_id.in_(list(customer_ids)))
        .order_by(v.claim_id, v.n.desc()))
    found: defaultdict[str, dict[str, list[Any]]] = defaultdict(dict)
    for row in rows:
        found[row.customer_id].setdefault(row.claim_id, []).append({
            "state": row.state, "note": row.note, "product": row.product, "facts": row.facts,
            "evidence": row.evidence_sha256, "at": instant(row.at), "by": row.by})
    return found


def settling(connection: Connection, customer_ids: Sequence[str], today: date) -> Found:
    """Of the disputes that are open: who settles them, by when, what was found; and what is collected all the same.

    Three queries. ``collectable_minor`` is in the currency most is contested in, of what is overdue today.
    """
    ids = list(customer_ids)
    last, d = assignments().subquery("last"), _disputes.c
    rows = connection.execute(
        select(d.customer_id, d.id, d.invoice_id, d.amount_minor, d.currency, last.c.desk, last.c.due_on,
               func.coalesce(_users.c.name, "").label("owner"))
        .outerjoin(last, last.c.dispute_id == d.id).outerjoin(_users, _users.c.id == last.c.owner_id)
        .outerjoin(_decided, _decided.c.dispute_id == d.id)
        .where(d.customer_id.in_(ids), _decided.c.id.is_(None)).order_by(d.id)).all()
    answers = _answers(connection, ids)
    overdue = _overdue(connection, ids, today)
    found: dict[str, Any] = {}
    for row in rows:
        doc = found.setdefault(row.customer_id, {"open": {}, "loose": defaultdict(int)})
        doc["open"][row.id] = {
            "desk": row.desk or "", "owner": row.owner, "due_on": as_date(row.due_on),
            "overdue": bool(row.due_on and row.due_on < today), "finding": answers.get(row.id)}
        if row.invoice_id is None:
            doc["loose"][row.currency] += row.amount_minor
    return {key: _split(doc, overdue.get(key, {})) for key, doc in found.items()}


def _split(doc: dict[str, Any], overdue: dict[str, list[tuple[int, int]]]) -> dict[str, Any]:
    """One currency's worth: the one most is overdue in."""
    loose = doc.pop("loose")
    currency = max(overdue, key=lambda one: (sum(part for part, _ in overdue[one]), one), default="")
    doc["currency"] = currency
    doc["collectable_minor"] = collectable(overdue.get(currency, ()), loose.get(currency, 0))
    doc["held_minor"] = sum(part for part, _ in overdue.get(currency, ())) - doc["collectable_minor"]
    return doc


def _answers(connection: Connection, ids: list[str]) -> dict[str, Any]:
    f = _findings.c
    rows = connection.execute(
        select(f.dispute_id, f.finding, f.words, f.at, func.coalesce(_users.c.name, "").label("by"))
        .join(_disputes, _disputes.c.id == f.dispute_id).outerjoin(_users, _users.c.id == f.by_id)
        .where(_disputes.c.customer_id.in_(ids)).order_by(f.at, f.id))
    return {row.dispute_id: {"finding": row.finding, "words": row.words, "at": instant(row.at), "by": row.by}
            for row in rows}


def _overdue(connection: Connection, ids: list[str], today: date) -> dict[str, dict[str, list[tuple[int, int]]]]:
    """By customer and currency, (overdue, contested) of each invoice with an instalment past its day."""
    i, u = _invoices.c, _dues.c
    rows = connection.execute(
        select(i.customer_id, i.currency, func.sum(u.open_minor), func.max(i.disputed_minor))
        .join(_dues, u.invoice_id == i.id)
        .where(i.customer_id.in_(ids), u.due_on < today, u.open_minor > 0)
        .group_by(i.customer_id, i.currency, i.id))
    found: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for customer_id, currency, overdue, contested in rows:
        found.setdefault(customer_id, {}).setdefault(currency, []).append((int(overdue), int(contested or 0)))
    return found


def following(connection: Connection, customer_ids: Sequence[str], today: date) -> Found:
    """How closely to follow up, in neutral words; who is followed as usual is left out. One query."""
    found = {}
    for customer_id, standing in standing_of(connection, customer_ids).items():
        pace, advice = FOLLOW_UP[standing.klass]
        found[customer_id] = {
            "mode": MODES[standing.klass],
            **{lang: say(pace, lang) for lang in LANGS},
            **{f"advice_{lang}": say(advice, lang) for lang in LANGS},
        }
    return found
