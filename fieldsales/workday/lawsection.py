"""The dossier's sections on limitation and the solvency watch: what stands, and what to do now, in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from fieldsales.collection.solvency import ALONE, AMBER, FRESH, RED, REMEMBERED, SIGNS, STEPS
from fieldsales.collection.watchlist import open_sightings
from fieldsales.config import as_set
from fieldsales.kernel.sentences import say
from fieldsales.receivables.clocks import Clock, open_of
from fieldsales.workday.words import LANGS, sentence

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
