"""What a phone carries for talking at the table: a customer's habit and askings, a manager's word, what was quoted;
for the whole house the words to say, the policies that may be quoted and the phrases to avoid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from fieldsales.collection.asking import coachings, habits_from, house_ratio, newest_asks
from fieldsales.collection.phrasebook import phrases, shown_to
from fieldsales.collection.promotions import quoted_to, registered
from fieldsales.collection.talk import talk_docs
from fieldsales.collection.wording import never_docs
from fieldsales.kernel.errors import N_
from fieldsales.workday.timeline import as_date, instant
from fieldsales.workday.words import LANGS, sentence

Doc = dict[str, Any]
#: Statements ``read_table`` runs: askings, habits (four), words, quotes, what was shown.
QUERIES = 8
#: The newest words and quotes of each customer.
SHOWN = 5
WHY_NO_ASK = {
    "on_time": N_("Pays by the due date of his own accord: a statement and thanks, no pressure."),
    "keeps_word": N_("Keeps what he promises: a statement and thanks, no pressure."),
}


def read_table(connection: Connection, customer_ids: Sequence[str], today: date) -> Mapping[str, Doc]:
    """By customer: the ratio to reckon with, askings, words, quotes. Whoever has nothing of his own is left out."""
    rows = newest_asks(connection, customer_ids)
    habits = habits_from(connection, rows, customer_ids, today)
    made, words, quotes = _by_customer(rows), _by_customer(coachings(connection, customer_ids)), _by_customer(
        quoted_to(connection, customer_ids))
    shown = _by_customer(shown_to(connection, customer_ids))
    found = {}
    for key, habit in habits.items():
        doc = {
            "ratio_bp": habit.ratio_bp, "own_closes": habit.own_closes, "pays_himself": habit.pays_himself,
            "history": [_ask(row) for row in made[key]],
            "coaching": [{"id": row.id, "text": row.text, "by": row.by_name, "at": instant(row.at),
                          "call_on": as_date(row.call_on)} for row in words[key][:SHOWN]],
            "quotes": [{"id": row.id, "promotion_id": row.promotion_id, "name": row.promotion, "by": row.by_name,
                        "at": instant(row.quoted_at)} for row in quotes[key][:SHOWN]],
            "shown": [{"id": row.id, "parts": row.shown, "open_minor": row.open_minor, "currency": row.currency,
                       "by": row.by_name, "at": instant(row.shown_at)} for row in shown[key][:SHOWN]],
        }
        if habit.pays_himself:
            doc |= {f"why_{lang}": sentence(WHY_NO_ASK[habit.pays_himself], lang) for lang in LANGS}
        if any((habit.pays_himself, doc["history"], doc["coaching"], doc["quotes"], doc["shown"])):
            found[key] = doc
    return found


def _by_customer(rows: Iterable[Any]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.customer_id].append(row)
    return found


def _ask(row: Any) -> Doc:
    return {"id": row.id, "contact_kind": row.contact_kind, "contact_id": row.contact_id, "currency": row.currency,
            "expected_minor": row.expected_minor, "ask_minor": row.ask_minor, "counters": row.counters,
            "answer": row.answer, "close_minor": row.close_minor, "words": row.words, "by": row.by_name,
            "at": instant(row.occurred_at)}


def table_settings(connection: Connection, codes: Iterable[str]) -> Doc:
    """For a phone's settings: the house's ratio, words for these excuses, policies, phrases. Three queries."""
    return {
        "ask_bp": house_ratio(connection),
        "talk": talk_docs(tuple(codes)),
        "promotions": [{"id": row.id, "name": row.name, "zh": row.text_zh, "en": row.text_en or row.text_zh,
                        "from_on": as_date(row.from_on), "to_on": as_date(row.to_on)}
                       for row in registered(connection) if row.ended_at is None],
        "never": never_docs(),
        "phrases": [{"phrase": one.phrase, "instead": one.instead} for one in phrases(connection)],
    }
