"""The dossier's sections on limitation, supply and the solvency watch: what stands and what to do, in two languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.collection.models import Task
from fieldsales.collection.solvency import ALONE, AMBER, FRESH, RED, REMEMBERED, SIGNS, STEPS
from fieldsales.collection.supply import decided
from fieldsales.collection.supplyrules import CONDITIONS, STATE_WORDS
from fieldsales.collection.watchlist import open_sightings
from fieldsales.config import as_set
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.sentences import say
from fieldsales.people.rules import Scope
from fieldsales.receivables.clocks import Clock, open_of
from fieldsales.receivables.discount import rate_on
from fieldsales.receivables.rates import rates_for
from fieldsales.receivables.setofflist import of_customers
from fieldsales.receivables.setoffrules import KINDS, STATES
from fieldsales.store.base import table_of
from fieldsales.workday.words import LANGS, amount, sentence

_tasks = table_of(Task)
#: Debts a phone carries of each customer, the first to end first; the office has them all.
MOST = 5


def read_limitation(connection: Connection, customer_ids: Sequence[str], today: date) -> Mapping[str, Any]:
    """By customer: its first debts to lapse. Two queries."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for clock in open_of(connection, customer_ids, today):
        if len(found[clock.customer_id]) < MOST:
            found[clock.customer_id].append(_doc(clock))
    return found


def _doc(clock: Clock) -> dict[str, Any]:
    advice, reckoning = clock.advice, clock.reckoning
    words = {f"advice_{lang}": sentence(advice.sentence, lang, day=_full(advice.day, lang),
                                        other=_full(advice.other, lang)) for lang in LANGS}
    return {
        "number": clock.number, "n": clock.n, "due_on": clock.due_on.isoformat(), "open_minor": clock.open_minor,
        "currency": clock.currency, "each_on": reckoning.each_on.isoformat(),
        "last_on": reckoning.last_on.isoformat(), "asserted_on": reckoning.asserted_on.isoformat(),
        "cap_on": clock.cap_on.isoformat(), "alert": clock.alert, "advice": advice.code, **words,
        "acts": [{"on": one.act.occurred_on.isoformat(), "ground": one.act.ground, "grade": one.act.grade,
                  "proof_kind": one.proof_kind} for one in clock.acts[:3]],
    }  # fmt: skip


def _full(day: date, lang: str) -> str:
    """A day with its year: these lie years ahead."""
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day:%-d %b %Y}"


def read_watch(connection: Connection, customer_ids: Sequence[str], today: date) -> Mapping[str, Any]:
    """By customer: the level, what was seen (for the phone's own judgement of more), what to do. One query."""
    return {
        key: {
            "level": watch.level, "score": watch.score,
            "seen": [{"on": one.on.isoformat(), "signs": list(one.signs)} for one in seen],
            "signs": [both_words(SIGNS[sign][1], code=sign) for sign in watch.signs],
            "steps": [both_words(STEPS[step], code=step) for step in watch.steps],
        }
        for key, (watch, seen) in open_sightings(connection, customer_ids, today, as_set().zone).items()
    }  # fmt: skip


def both_words(message: str, **more: Any) -> dict[str, Any]:
    """A sentence in both languages, as phones carry it."""
    return {**more, **{lang: say(message, lang) for lang in LANGS}}


def watch_policy() -> dict[str, Any]:
    """The signs a phone offers, and all it needs to say at once how grave they are."""
    return {
        "signs": [both_words(words, code=code, weight=weight, alone=code in ALONE)
                  for code, (weight, words) in SIGNS.items()],
        "red": RED, "amber": AMBER, "fresh_days": FRESH.days, "remembered_days": REMEMBERED.days,
    }  # fmt: skip


def read_supply(connection: Connection, customer_ids: Sequence[str], today: date) -> Mapping[str, Any]:
    """By customer whose supply is held back: how, why, what releases it, and whether that has come about. Four
    queries."""
    everybody = Scope("all", "", None)
    found = {}
    for one in decided(connection, everybody, as_set().zone, customer_ids=customer_ids):
        condition = CONDITIONS.get(one.release_kind)
        release = {
            lang: "；".join(part for part in (
                sentence(condition, lang, amount=amount(one.release_minor, one.currency)) if condition else "",
                one.release_when) if part) for lang in LANGS
        }  # fmt: skip
        found[one.customer_id] = {
            "state": one.state, "reason": one.reason, "since": on_date(one.at, as_set().zone).isoformat(),
            **{f"state_{lang}": say(STATE_WORDS[one.state], lang) for lang in LANGS},
            **{f"release_{lang}": words for lang, words in release.items()}, "met": one.met,
        }  # fmt: skip
    return found


def read_set_offs(connection: Connection, customer_ids: Sequence[str], today: date) -> Mapping[str, Any]:
    """By customer: the newest requests for a set-off, and what became of them. One query."""
    return {
        key: [{"id": one.id, "amount_minor": one.amount_minor, "approved_minor": one.approved_minor,
               "currency": one.currency, "on": on_date(one.at, as_set().zone).isoformat(),
               **{f"kind_{lang}": say(KINDS[one.kind], lang) for lang in LANGS},
               **{f"state_{lang}": say(STATES[one.state], lang) for lang in LANGS}} for one in asked]
        for key, asked in of_customers(connection, customer_ids).items()
    }  # fmt: skip


def bill_discount(connection: Connection, today: date) -> dict[str, Any] | None:
    """The bank's discount rate of the day, for the phone to say what a bill is worth; None: none on record. One
    query."""
    rate = rate_on(rates_for(connection, [""])[""], today)
    return {"rate_bp100": rate.rate_bp100, "source": rate.source} if rate else None


def supply_tasks(connection: Connection, today: date) -> list[dict[str, Any]]:
    """A task for whoever decided, once, when what releases supply has come about. Five queries."""
    tasks = {}
    for one in decided(connection, Scope("all", "", None), as_set().zone):
        if one.met:
            task_id = derived_id(one.id, "task supply_ready")
            tasks[task_id] = {"task_id": task_id, "customer_id": one.customer_id, "kind": "supply_ready", "title": "",
                              "due_on": today.isoformat(), "assignee_id": one.by_id, "source_id": one.id}
    known = set(connection.execute(select(_tasks.c.id).where(_tasks.c.id.in_(tasks))).scalars())
    return [task for task_id, task in tasks.items() if task_id not in known]
