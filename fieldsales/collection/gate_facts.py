"""What the gate looks at, read for a page of customers; and its shape on the phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from fieldsales.collection.case_models import (
    Case,
    ContactMade,
    ContactStanding,
    ContactStop,
    ContactTerms,
    ContactWaiver,
    GateEntry,
    StopLift,
)
from fieldsales.collection.faith import standing_of
from fieldsales.collection.gate import Bar, GateFacts, Made, Stop, Waiver, told
from fieldsales.collection.policies import OFF, WORKED, Policy, narrowed, policy_on
from fieldsales.config import as_set
from fieldsales.disputes.models import Dispute, DisputeDecision
from fieldsales.plugin_api.fields import Labels
from fieldsales.store.base import table_of
from fieldsales.store.remembering import remembered
from fieldsales.store.work import fact

_cases, _made, _standings, _stops, _lifts = (
    table_of(m) for m in (Case, ContactMade, ContactStanding, ContactStop, StopLift))
_terms, _waivers = table_of(ContactTerms), table_of(ContactWaiver)
_disputes, _decisions = table_of(Dispute), table_of(DisputeDecision)
#: Statements ``gate_facts`` runs, whatever the page.
QUERIES = 8
#: The newest contacts of a customer that are looked at: far more than any cap.
_CONTACTS = 60
#: How far back a phone needs them, and how far ahead it must know the days off.
_BACK, _AHEAD = timedelta(days=8), timedelta(days=40)


def policy_for(pack: str, day: date) -> Policy:
    """The policy of a jurisdiction ("" the house's) on a day, within the house's own hours and demands."""
    settings = as_set()
    policy = policy_on(pack or settings.compliance_pack, day)
    return narrowed(policy, settings.contact_from_hour, settings.contact_to_hour, settings.demands_per_week)


def on_day(facts: GateFacts, day: date) -> GateFacts:
    """The same facts under the policy of another day."""
    return replace(facts, policy=policy_for(facts.policy.pack, day))


@remembered
def gate_facts(connection: Connection, customer_ids: Sequence[str], day: date) -> dict[str, GateFacts]:
    """What the gate looks at, by customer, under the policy of ``day``. ``QUERIES`` statements."""
    house = as_set()
    terms = _newest(connection, _terms, customer_ids, _terms.c.customer_id)
    zones = {row.customer_id: (row.zone or house.zone, row.pack) for row in terms}
    made, people, stops = _contacts(connection, customer_ids), _people(connection, customer_ids), defaultdict(list)
    s, w = _stops.c, _waivers.c
    for stop in connection.execute(
        select(s.customer_id, s.id, s.kind, s.occurred_at).outerjoin(_lifts, _lifts.c.stop_id == s.id)
        .where(s.customer_id.in_(customer_ids), _lifts.c.id.is_(None)).order_by(s.occurred_at, s.id)
    ):
        stops[stop.customer_id].append(Stop(stop.id, stop.kind, stop.occurred_at))
    waivers = defaultdict(list)
    for row in connection.execute(
        select(w.customer_id, w.codes, w.until_at).where(w.customer_id.in_(customer_ids)).order_by(w.at, w.id)
    ):
        waivers[row.customer_id].append(Waiver(tuple(row.codes), row.until_at))
    disputed = set(connection.scalars(
        select(_disputes.c.customer_id).outerjoin(_decisions, _decisions.c.dispute_id == _disputes.c.id)
        .where(_disputes.c.customer_id.in_(customer_ids), _decisions.c.id.is_(None))))
    covered, classes = _covered(connection, customer_ids), standing_of(connection, customer_ids)
    return {
        key: GateFacts(policy_for(zones.get(key, ("", ""))[1], day), zones.get(key, (house.zone, ""))[0],
                       tuple(made.get(key, ())), people.get(key, {}), tuple(stops.get(key, ())), covered.get(key),
                       key in disputed, tuple(waivers.get(key, ())),
                       classes[key].klass if key in classes else "")
        for key in customer_ids
    }


def _newest(connection: Connection, table: Any, customer_ids: Sequence[str], by: Any) -> list[Any]:
    """The newest row of each ``by`` among some customers'."""
    rank = func.row_number().over(partition_by=by, order_by=(table.c.at.desc(), table.c.id.desc())).label("rank")
    ranked = select(table, rank).where(table.c.customer_id.in_(customer_ids)).subquery("ranked")
    return list(connection.execute(select(ranked).where(ranked.c.rank == 1)))


def _contacts(connection: Connection, customer_ids: Sequence[str]) -> dict[str, list[Made]]:
    m = _made.c
    rank = func.row_number().over(partition_by=m.customer_id, order_by=(m.at.desc(), m.id.desc())).label("rank")
    ranked = select(_made, rank).where(m.customer_id.in_(customer_ids)).subquery("ranked")
    found: dict[str, list[Made]] = defaultdict(list)
    for row in connection.execute(select(ranked).where(ranked.c.rank <= _CONTACTS).order_by(ranked.c.rank)):
        one = Made(row.at, row.channel, bool(row.effective), bool(row.demand), row.debtor_id or "")
        found[row.customer_id].append(one)
    return found


def _people(connection: Connection, customer_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _newest(connection, _standings, customer_ids, _standings.c.contact_id):
        if row.standing != "permitted":
            found[row.customer_id][row.contact_id] = row.standing
    return found


def _covered(connection: Connection, customer_ids: Sequence[str]) -> dict[str, date]:
    """Till when open promises cover all that may be asked for of a customer, of every debtor of it."""
    c = _cases.c
    found: dict[str, date] = {}
    bare = set()
    for row in connection.execute(
        select(c.customer_id, c.covered_until).where(c.customer_id.in_(customer_ids), c.closed_on.is_(None),
                                                     c.collectable_minor > 0)
    ):
        if row.covered_until is None:
            bare.add(row.customer_id)
        else:
            found[row.customer_id] = min(found.get(row.customer_id, row.covered_until), row.covered_until)
    return {key: day for key, day in found.items() if key not in bare}


def held_back(connection: Connection, source_id: str, more: Mapping[str, Labels]) -> Labels | None:
    """Why what was to be sent was held back, in both languages; None when it was not. ``more``: words of rules."""
    g, house = table_of(GateEntry).c, as_set()
    row = connection.execute(
        select(g.codes, g.until_at).where(g.source_id == source_id, g.kind == "refused").limit(1)).first()
    if row is None:
        return None
    return {lang: told(row.codes, row.until_at, house.zone, lang, more) for lang in ("zh", "en")}


@fact("gate")
def load_gates(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The gate's facts by customer, under the newest policy: ``on_day`` puts them under that of a contact's day."""
    return gate_facts(connection, keys, date.max)


def stamp(at: datetime) -> str:
    """An instant as the wire carries it."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def as_json(facts: GateFacts, today: date) -> dict[str, Any]:
    """The facts as a phone carries them, so that it answers offline as the office would: ``gate.js`` reads this."""
    policy, ahead = facts.policy, {today + timedelta(days=n) for n in range(_AHEAD.days)}
    return {
        "zone": facts.zone, "pack": policy.pack, "from_hour": policy.from_hour, "to_hour": policy.to_hour,
        "work_from": policy.work_from, "work_to": policy.work_to, "calls_per_day": policy.calls_per_day,
        "calls_per_week": policy.calls_per_week, "quiet_days": policy.quiet_days,
        "demands_per_week": policy.demands_per_week,
        "off": sorted(day.isoformat() for day in OFF.get(policy.calendar, frozenset()) & ahead),
        "worked": sorted(day.isoformat() for day in WORKED.get(policy.calendar, frozenset()) & ahead),
        "made": [{"at": stamp(one.at), "channel": one.channel, "effective": one.effective, "demand": one.demand,
                  "debtor_id": one.debtor_id} for one in facts.made if one.at.date() >= today - _BACK],
        "people": dict(facts.people),
        "stops": [{"id": one.id, "kind": one.kind, "at": stamp(one.at)} for one in facts.stops],
        "covered_until": facts.covered_until.isoformat() if facts.covered_until else None,
        "has_dispute": facts.has_dispute,
        "waivers": [{"codes": list(one.codes), "until": stamp(one.until)} for one in facts.waivers
                    if one.until.date() >= today],
        "bars": [bar_json(one) for one in facts.bars],
    }  # fmt: skip


def bar_json(one: Bar) -> dict[str, Any]:
    """What a rule holds back, as a phone carries it."""
    return {"channel": one.channel, "purpose": one.purpose, "code": one.code, **one.words, "since": stamp(one.since),
            "until": stamp(one.until) if one.until else None, **({"method": one.method} if one.method else {}),
            **({"but": list(one.but)} if one.but else {})}
