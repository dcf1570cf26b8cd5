"""The next step of a page of customers: facts to the rule, and the rule's answer in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from fieldsales.collection import stepwords
from fieldsales.collection.asks import pays_himself
from fieldsales.collection.effectiveness import measured_for
from fieldsales.collection.gate import Contact, GateFacts, Permit
from fieldsales.collection.gate_rules import judged
from fieldsales.collection.ladder import LAW, NOTICE, Chase, Measured, Policy, Way, way_of
from fieldsales.collection.nextstep import Suggestion, suggest
from fieldsales.collection.stepfacts import Held, SuggestFacts, Unchecked
from fieldsales.collection.steprules import MAY_DECLINE, learn
from fieldsales.collection.stepwords import Said
from fieldsales.config import as_set
from fieldsales.kernel.money import exponent
from fieldsales.plugin_api.caps import reached
from fieldsales.plugin_api.manager import Plugins
from fieldsales.visits.rules import Point, distance_m
from fieldsales.workday.stepreads import QUERIES, Known, Read, read
from fieldsales.workday.words import LANGS, amount, sentence

__all__ = ["QUERIES", "Step", "steps_of"]

#: The hour of day a suggestion is judged at by the gate: within every policy's hours.
_AT = time(10)
_CHANNEL_OF_REACH = {"phone": "call", "email": "mail", "address": "letter", "fax": "letter", "": "message"}


@dataclass(frozen=True, slots=True)
class Step:
    """A customer's next step: the rule's answer, and what it was chosen by."""

    suggestion: Suggestion
    facts: SuggestFacts
    way: Way | None
    place: Point | None
    address: str
    #: what the gate says to each method today, by its name
    permits: Mapping[str, Permit] = field(default_factory=dict)
    covered_until: date | None = None
    contacted_on: date | None = None
    visited_on: date | None = None

    @property
    def is_due(self) -> bool:
        """Whether there is something to do today or before."""
        return self.suggestion.on is not None and self.suggestion.on <= self.facts.today

    def as_doc(self) -> dict[str, Any]:
        """As phones carry it: ``screen`` is what opens below the customer, dates ISO.

        ``instead``: what is suggested once this one is declined, so that the phone needs nobody for it.
        """
        doc = self._doc(self.suggestion, self.way)
        if doc["may_decline"]:
            other = suggest(self._without(self.suggestion))
            doc["instead"] = self._doc(other, _way(self.facts.ways, other.method))
        return doc

    def _without(self, one: Suggestion) -> SuggestFacts:
        never = (date.max, 1)
        if one.method and self.facts.chase:
            declined = {**self.facts.chase.declined, one.method: never}
            return replace(self.facts, chase=replace(self.facts.chase, declined=declined))
        return replace(self.facts, declined={**self.facts.declined, (one.kind, ""): never})

    def _doc(self, one: Suggestion, way: Way | None) -> dict[str, Any]:
        doc: dict[str, Any] = {
            "kind": one.kind, "method": one.method, "on": one.on.isoformat() if one.on else None,
            "in_person": one.in_person, "needs_approval": one.needs_approval, "claim_id": one.claim_id,
            "screen": _screen(one, way), "days": self.facts.interval(), "may_decline": one.kind in MAY_DECLINE,
            "is_asked": next(iter(sorted(self.facts.asked)), ""),
        }
        parts = (("why", stepwords.WHY, one.why), ("change", stepwords.CHANGES, one.what_would_change),
                 ("ask", stepwords.ASKS, one.ask_hint))
        for lang in LANGS:
            label = way.labels[lang] if way else ""
            title = stepwords.TITLES[one.kind]
            doc[f"title_{lang}"] = sentence(title, lang, method=label) if title else label
            for name, table, said in parts:
                doc[f"{name}_{lang}"] = spoken(table, said, lang, self.facts.currency)
        return doc


def _way(ways: Iterable[Way], name: str) -> Way | None:
    return next((one for one in ways if one.name == name), None)


def steps_of(connection: Connection, customer_ids: Sequence[str], today: date, plugins: Plugins | None,
             limits: Mapping[str, date] | None = None) -> dict[str, Step]:
    """The next step of each customer, by id. ``QUERIES`` statements whatever their number; none for no customers.

    ``limits``: when the oldest claim of a customer lapses, where that is near.
    """
    if not customer_ids:
        return {}
    settings = as_set()
    found = read(connection, customer_ids, today, settings.zone)
    ways = tuple(way_of(method) for method in plugins.methods.values() if method.asks) if plugins else ()
    chooser = _Chooser(found, today, ways, plugins, limits or {}, Policy(
        notices=settings.notices_in_vain, km_cost_minor=settings.km_cost_minor))
    return {key: chooser.step(key) for key in customer_ids if key in found.known}


@dataclass
class _Chooser:
    found: Read
    today: date
    ways: tuple[Way, ...]
    plugins: Plugins | None
    limits: Mapping[str, date]
    policy: Policy

    def __post_init__(self) -> None:
        self._effects: dict[tuple[str, str], Mapping[str, Measured]] = {}

    def step(self, key: str) -> Step:
        known = self.found.known[key]
        gate = self.found.gates[key]
        permits = self._permits(gate)
        facts = self._facts(key, known, permits)
        suggestion = suggest(facts)
        return Step(suggestion, facts, _way(self.ways, suggestion.method), _place(known), known.row.address, permits,
                    gate.covered_until, known.contacted_on, known.visited_on)

    def _permits(self, gate: GateFacts) -> Mapping[str, Permit]:
        return {way.name: judged(self.plugins, _contact(way, self.today, gate.zone), gate) for way in self.ways}

    def _facts(self, key: str, known: Known, permits: Mapping[str, Permit]) -> SuggestFacts:
        row, gate = known.row, self.found.gates[key]
        overdue = max(0, row.overdue_minor or 0)
        late = (self.today - row.oldest_due_on).days if row.oldest_due_on and overdue else 0
        faith = self.found.faith[key].klass if key in self.found.faith else ""
        learned = learn(self.found.answers.get(key, ()), self.today)
        currency = row.currency or as_set().currency
        chase = Chase(
            self.today, overdue, max(0, late), faith, self._distance(known), _reachable(row), known.tried(),
            {method: one for (_, method), one in learned.declined.items() if method},
            self._measured(faith, row.credit_grade),
            frozenset(name for name, answer in permits.items() if not answer.ok) | self._capped(known))
        return SuggestFacts(
            self.today, currency, overdue, overdue // 10 ** exponent(currency), max(0, late), row.disputed_minor or 0,
            known.next_due_on, row.credit_grade, faith, bool(pays_himself(self.found.payers[key])), tuple(known.words),
            gate.covered_until, self._unchecked(known), self._is_short(known), known.has_plan, known.contacted_on,
            self.limits.get(key), _held(self.ways, permits, gate), gate.policy.demands_per_week, None, self.ways, chase,
            {key: one for key, one in learned.declined.items() if not key[1]}, learned.approved, learned.asked,
            self.policy, known.waiting_minor, known.matures_on)

    def _capped(self, known: Known) -> frozenset[str]:
        """Methods that were used here as often as they themselves allow."""
        return frozenset(way.name for way in self.ways if way.caps and reached(
            way.caps, (on for on, name in known.used if name == way.name), self.today))

    def _measured(self, faith: str, grade: str) -> Mapping[str, Measured]:
        if (faith, grade) not in self._effects:
            self._effects[faith, grade] = measured_for(self.found.effects, faith, grade)
        return self._effects[faith, grade]

    def _distance(self, known: Known) -> int | None:
        place, middle = _place(known), self.found.patches.get(known.row.owner_id or "")
        return distance_m(middle, place) if place and middle else None

    def _unchecked(self, known: Known) -> tuple[Unchecked, ...]:
        codes = self.plugins.excuses if self.plugins else {}
        return tuple(
            Unchecked(one.id, codes[one.code].labels if one.code in codes else {"zh": one.code, "en": one.code},
                      one.at.date())
            for one in known.claims if one.state == "unverified")

    def _is_short(self, known: Known) -> bool:
        codes = self.plugins.excuses if self.plugins else {}
        return any(one.state in ("true", "partly") and one.code in codes
                   and codes[one.code].if_true == "instalments" for one in known.claims)


def _contact(way: Way, today: date, zone: str) -> Contact:
    channel = "visit" if way.in_person else "legal" if way.level == LAW else _CHANNEL_OF_REACH[way.reach]
    purpose = "legal" if way.level == LAW else "demand"
    return Contact(channel, datetime.combine(today, _AT, ZoneInfo(zone)), purpose, method=way.name)


def _held(ways: Iterable[Way], permits: Mapping[str, Permit], gate: GateFacts) -> Held | None:
    """The gate's no to every first notice: its words, and the first day one is free again."""
    answers = [permits[way.name] for way in ways if way.level == NOTICE]
    if not answers or any(answer.ok for answer in answers):
        return None
    free = [answer.until.astimezone(ZoneInfo(gate.zone)).date() for answer in answers if answer.until]
    return Held({"zh": answers[0].why_zh, "en": answers[0].why_en}, min(free, default=None))


def _reachable(row: Any) -> frozenset[str]:
    there = {"phone": row.has_phone, "email": row.has_mail, "address": row.address or (row.lat and row.lon)}
    return frozenset(reach for reach, is_there in there.items() if is_there)


def _place(known: Known) -> Point | None:
    row = known.row
    return Point(float(row.lat), float(row.lon)) if row.lat and row.lon else None


def _screen(one: Suggestion, way: Way | None) -> str:
    """What opens below the customer for a step: a form, ``call`` the dialler, or nothing but the customer."""
    if one.kind == "contact" and way is not None:
        if way.in_person and not way.has_form:
            return "visit"
        return "call" if way.dials else f"method/{way.name}" if way.has_form else ""
    return {"plan": "plan", "thank": "statement"}.get(one.kind, "")


def spoken(table: Mapping[str, str], said: Said, lang: str, currency: str) -> str:
    """A sentence of the step in one language: sums written out, labels of plugins and the gate's words put in."""
    params = dict(said.params)
    if "minor" in params:
        params["amount"] = amount(params.pop("minor"), currency)
    filled = {name: value[lang] if isinstance(value, Mapping) else value for name, value in params.items()}
    return sentence(table[said.code], lang, **filled) if said.code else str(filled.get("text", ""))
