"""What a customer's word is worth, for whoever goes to see him: in the dossier of the phone and of the office.

Judged with what is known today. For the house only: none of it stands in papers, shared pages or the customer's view.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, union_all

from fieldsales.collection.claims import truth_rates
from fieldsales.collection.models import Action
from fieldsales.config import as_set
from fieldsales.kernel.sentences import say
from fieldsales.promises.history import MONTHS, History, histories, shape_of
from fieldsales.promises.history import QUERIES as HISTORY_QUERIES
from fieldsales.promises.models import NoPromise, Promise
from fieldsales.promises.pausing import StandingPromise, paused
from fieldsales.promises.probability import CLASSES, Assessment, assess, reasons_in
from fieldsales.promises.refusals import REASONS
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit
from fieldsales.workday.words import LANGS

Doc = dict[str, Any]
QUERIES = HISTORY_QUERIES + 4
#: Reasons shown beside a promise.
REASONS_SHOWN = 5
#: Refusals shown, the newest.
REFUSALS_SHOWN = 3
_promises, _visits, _actions, _refusals = (table_of(model) for model in (Promise, Visit, Action, NoPromise))


def read_judgement(connection: Connection, customer_ids: Sequence[str], today: date) -> dict[str, Doc]:
    """By customer: the record of promises, each open one judged, what they pause, and how many asks a yuan takes."""
    ids = list(customer_ids)
    rows: defaultdict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(
        select(_promises).where(_promises.c.customer_id.in_(ids), _promises.c.state == "open")
        .order_by(_promises.c.due_on, _promises.c.id)
    ):
        rows[row.customer_id].append(row)
    earliest = min((row.made_on for found in rows.values() for row in found), default=today)
    known, truth = histories(connection, ids, min(earliest, today)), truth_rates(connection, ids)
    refusals, contacts = _refused(connection, ids), _contacts(connection, ids, today)
    docs = {}
    for key in ids:
        history = known.get(key, known[""])
        judged = {row.id: _judged(assess(shape_of(row, history, truth.get(key))), row) for row in rows[key]}
        docs[key] = {
            "record": _record(history, truth.get(key), today),
            "promises": judged, "paused": _paused(rows[key], judged, today),
            "asks": _asks(history, contacts.get(key, 0), today),
            "refusals": refusals[key],
        }
    return docs


def _record(history: History, truth: tuple[int, int] | None, today: date) -> Doc:
    """What the phone's own judgement of a promise being typed begins with."""
    currencies = sorted({currency for currency, _, _ in history.received})
    return {"kept": history.kept, "partly": history.partly, "settled": history.settled, "house_bp": history.house_bp,
            "months": {currency: list(history.months(currency, today)) for currency in currencies},
            "truth": list(truth) if truth else None}


def _judged(found: Assessment, row: Any) -> Doc:
    return {
        "klass": found.klass, "probability_bp": found.probability_bp,
        **{f"klass_{lang}": say(CLASSES[found.klass], lang) for lang in LANGS},
        **{f"reasons_{lang}": reasons_in(found.reasons, lang, REASONS_SHOWN) for lang in LANGS},
        "day_named": bool(row.day_named), "funding": row.funding, "others_promised": row.others_promised,
        "confirmed": bool(row.confirmed), "funding_proven": bool(row.funding_proven), "put_off": row.put_off,
        "plan_id": row.plan_id,
    }


def _paused(rows: list[Any], judged: dict[str, Doc], today: date) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        standing = StandingPromise(row.amount_minor - row.kept_minor, row.due_on, judged[row.id]["klass"])
        minor = paused(standing, today, as_set().promise_grace_days)
        if minor:
            sums[row.currency] = sums.get(row.currency, 0) + minor
    return sums


def _asks(history: History, contacts: int, today: date) -> Doc:
    """Contacts about the money in the last twelve months, what came in, and contacts for each 10 000 of it."""
    first = _first_month(today)
    received: dict[str, int] = {}
    for (currency, year, month), minor in history.received.items():
        if date(year, month, 1) >= first:
            received[currency] = received.get(currency, 0) + minor
    whole = max(received.values(), default=0)
    currency = max(received, key=lambda one: received[one], default="")
    return {"contacts": contacts, "received_minor": max(0, whole), "currency": currency,
            "per_10k": round(contacts * 1_000_000 / whole, 1) if whole > 0 else None}


def _first_month(today: date) -> date:
    months = today.year * 12 + today.month - 1 - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def _contacts(connection: Connection, ids: list[str], today: date) -> dict[str, int]:
    """Visits to collect and actions since then, by customer; what a visit led to is no second one."""
    since = datetime.combine(_first_month(today), time.min, ZoneInfo(as_set().zone))
    v, a = _visits.c, _actions.c
    both = union_all(
        select(v.customer_id).where(v.customer_id.in_(ids), v.purpose == "collect", v.occurred_at >= since),
        select(a.customer_id).where(a.customer_id.in_(ids), a.source_kind != "visit", a.occurred_at >= since),
    ).subquery("both")
    rows = connection.execute(select(both.c.customer_id, func.count()).group_by(both.c.customer_id))
    return {customer_id: int(count) for customer_id, count in rows}


def _refused(connection: Connection, ids: list[str]) -> defaultdict[str, list[Doc]]:
    """The newest refusals of the last half year, by customer."""
    r = _refusals.c
    place = func.row_number().over(partition_by=r.customer_id, order_by=(r.made_on.desc(), r.id.desc())).label("place")
    newest = select(_refusals, place).where(r.customer_id.in_(ids)).subquery("newest")
    found: defaultdict[str, list[Doc]] = defaultdict(list)
    for row in connection.execute(
        select(newest).where(newest.c.place <= REFUSALS_SHOWN).order_by(newest.c.customer_id, newest.c.place)
    ):
        words = {f"text_{lang}": say(REASONS[row.reason].text, lang) for lang in LANGS}
        found[row.customer_id].append({"id": row.id, "reason": row.reason, **words, "words": row.words,
                                       "person_name": row.person_name, "on": row.made_on.isoformat()})
    return found
