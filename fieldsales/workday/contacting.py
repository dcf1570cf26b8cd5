"""The dossier's sections on the case and on the gate before every contact: what a phone answers by, offline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.collection import gate_facts
from fieldsales.collection.case_models import Case, CaseEvent, ContactStop, StopLift
from fieldsales.collection.case_rules import STAGE_MEANS, STAGE_WORDS, STAGES
from fieldsales.collection.case_words import STOPS, event_text
from fieldsales.collection.gate_ahead import ahead
from fieldsales.collection.models import Action
from fieldsales.config import as_set
from fieldsales.customers.models import Debtor
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.sentences import say
from fieldsales.people.models import User
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.base import table_of
from fieldsales.workday.words import LANGS

CASE_QUERIES, GATE_QUERIES = 2, gate_facts.QUERIES + 1
#: Events of a customer's cases that a phone carries; all of them stand on the office's page.
_EVENTS = 12
_cases, _events, _debtors, _users = (table_of(m) for m in (Case, CaseEvent, Debtor, User))
_stops, _lifts, _actions = table_of(ContactStop), table_of(StopLift), table_of(Action)


def read_case(connection: Connection, customer_ids: Sequence[str], today: date) -> Mapping[str, Any]:
    """Open cases by customer, the furthest first, and the newest of their history. ``CASE_QUERIES`` statements."""
    found: dict[str, dict[str, Any]] = {}
    rows = connection.execute(
        select(_cases, _debtors.c.name.label("debtor_name"), func.coalesce(_users.c.name, "").label("owner_name"))
        .join(_debtors, _debtors.c.id == _cases.c.debtor_id).outerjoin(_users, _users.c.id == _cases.c.owner_id)
        .where(_cases.c.customer_id.in_(customer_ids), _cases.c.closed_on.is_(None)).order_by(_cases.c.id))
    for row in rows:
        doc = found.setdefault(row.customer_id, {"open": [], "history": []})
        doc["open"].append(_case(row, today))
    for doc in found.values():
        doc["open"].sort(key=lambda one: (-STAGES.index(one["stage"]), -one["collectable_minor"]))
    for row in _history(connection, customer_ids):
        doc = found.setdefault(row.customer_id, {"open": [], "history": []})
        doc["history"].append({
            "on": row.on_day.isoformat(), "kind": row.kind, "stage": row.stage, "by": row.by_name, "reason": row.reason,
            **{f"text_{lang}": event_text(row.kind, row.stage, row.owner_name, row.until_on, lang) for lang in LANGS}})
    return found


def _case(row: Any, today: date) -> dict[str, Any]:
    return {
        "id": row.id, "debtor_id": row.debtor_id, "debtor": row.debtor_name, "stage": row.stage,
        **{f"stage_{lang}": STAGE_WORDS[row.stage][lang] for lang in LANGS},
        **{f"means_{lang}": STAGE_MEANS[row.stage][lang] for lang in LANGS},
        "opened_on": row.opened_on.isoformat(), "stage_on": row.stage_on.isoformat(), "owner_id": row.owner_id,
        "owner": row.owner_name, "currency": row.currency, "overdue_minor": row.overdue_minor,
        "contested_minor": row.contested_minor, "collectable_minor": row.collectable_minor,
        "days_past_due": (today - row.oldest_on).days if row.oldest_on else 0,
        "covered_until": row.covered_until.isoformat() if row.covered_until else None,
    }


def _history(connection: Connection, customer_ids: Sequence[str]) -> list[Any]:
    e, owners, authors = _events.c, _users.alias("owners"), _users.alias("authors")
    newest = (e.on_day.desc(), e.case_id.desc(), e.n.desc())
    rank = func.row_number().over(partition_by=e.customer_id, order_by=newest).label("rank")
    ranked = select(_events, rank).where(e.customer_id.in_(customer_ids)).subquery("ranked")
    return list(connection.execute(
        select(ranked, func.coalesce(owners.c.name, "").label("owner_name"),
               func.coalesce(authors.c.name, "").label("by_name"))
        .outerjoin(owners, owners.c.id == ranked.c.owner_id).outerjoin(authors, authors.c.id == ranked.c.by_id)
        .where(ranked.c.rank <= _EVENTS).order_by(ranked.c.customer_id, ranked.c.rank)))


def read_gate(connection: Connection, customer_ids: Sequence[str], today: date, plugins: Plugins | None = None
              ) -> Mapping[str, Any]:
    """What the gate looks at, by customer, the stops that stand in words, and what rules of ``plugins`` hold back in
    the days ahead. ``GATE_QUERIES`` statements, and one where a method has a cap of its own."""
    said: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = connection.execute(
        select(_stops, func.coalesce(_users.c.name, "").label("by_name"))
        .outerjoin(_lifts, _lifts.c.stop_id == _stops.c.id).outerjoin(_users, _users.c.id == _stops.c.by_id)
        .where(_stops.c.customer_id.in_(customer_ids), _lifts.c.id.is_(None))
        .order_by(_stops.c.occurred_at, _stops.c.id))
    for row in rows:
        said[row.customer_id].append({
            "id": row.id, "kind": row.kind, "at": gate_facts.stamp(row.occurred_at), "words": row.words,
            "who": row.who, "by": row.by_name, **{f"text_{lang}": say(STOPS[row.kind], lang) for lang in LANGS}})
    found = gate_facts.gate_facts(connection, customer_ids, today)
    used = _used(connection, customer_ids, today, plugins)
    heard = [name for name, one in (plugins.methods if plugins else {}).items() if "visits.logged" in one.on]
    docs = {}
    for key, facts in found.items():
        ruled = ahead(plugins, facts, today)
        more = {way: [gate_facts.bar_json(one) for one in bars] for way, bars in ruled.more.items()}
        docs[key] = gate_facts.as_json(replace(facts, bars=ruled.bars), today) | {
            "stops": said.get(key, []),
            **({"visited_by": heard} if heard else {}),
            **({"bars_more": more} if more else {}),
            **({"used": used[key]} if key in used else {})}
    return docs


def _used(connection: Connection, customer_ids: Sequence[str], today: date, plugins: Plugins | None
          ) -> Mapping[str, dict[str, list[str]]]:
    """On which days (of the house) methods with a cap of their own were used, by customer and method."""
    capped = {name: max(cap.days for cap in one.caps) for name, one in (plugins.methods if plugins else {}).items()
              if one.caps}
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    if not capped:
        return found
    a, zone = _actions.c, as_set().zone
    first = datetime.combine(today - timedelta(days=max(capped.values())), time(), UTC)
    for row in connection.execute(
        select(a.customer_id, a.method, a.occurred_at)
        .where(a.customer_id.in_(customer_ids), a.method.in_(capped), a.occurred_at >= first).order_by(a.occurred_at)
    ):
        found[row.customer_id].setdefault(row.method, []).append(on_date(row.occurred_at, zone).isoformat())
    return found
