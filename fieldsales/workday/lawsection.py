"""The dossier's section on limitation: the debts that end first, why, and what to do now, in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

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
