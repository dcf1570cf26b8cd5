"""What the past says of a customer's open debts: how late he usually pays, and what may come within a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import exponent
from fieldsales.receivables.habits import newest_spread, settled_debts
from fieldsales.receivables.models import Due
from fieldsales.receivables.punctuality import Habit, Spread, habit_of, late, paid_within
from fieldsales.store.base import table_of
from fieldsales.workday.words import LANGS, amount, sentence

QUERIES = 3
#: Below so many settled debts of his own nothing is said of a customer.
KNOWN_FROM = 3
#: What may come is reckoned for so many days.
WITHIN = 30
_dues = table_of(Due)

PHRASES = {
    "late": N_("Usually pays %(days)s days after the due date (%(count)s bills paid)"),
    "early": N_("Usually pays %(days)s days before the due date (%(count)s bills paid)"),
    "on_time": N_("Usually pays on the due date (%(count)s bills paid)"),
    "coming": N_("; as in the past, about %(amount)s may come within 30 days"),
}


def read_outlook(connection: Connection, customer_ids: Sequence[str], today: date) -> dict[str, dict[str, Any]]:
    """By customer: ``usual_days``, ``settled``, ``late`` (invoice id → probability in per cent that it is paid late),
    ``coming_minor`` within 30 days in ``currency`` (the one most is owed in), and a sentence. ``QUERIES`` statements.
    """
    spread = newest_spread(connection)
    if spread is None:
        return {}
    settled = settled_debts(connection, today, customer_ids)
    habits = {key: habit_of(debts, spread.usual_days, today) for key, debts in settled.items()
              if len(debts) >= KNOWN_FROM}
    rows: dict[str, list[Any]] = {}
    d = _dues.c
    for row in connection.execute(
        select(d.customer_id, d.invoice_id, d.due_on, d.open_minor, d.currency)
        .where(d.customer_id.in_(list(habits)), d.open_minor > 0).order_by(d.customer_id, d.due_on, d.id)
    ):
        rows.setdefault(row.customer_id, []).append(row)
    return {key: _shape(habit, spread, rows.get(key, []), today) for key, habit in habits.items()}


def _shape(habit: Habit, spread: Spread, dues: Sequence[Any], today: date) -> dict[str, Any]:
    sums: dict[str, int] = {}
    coming: dict[str, float] = {}
    risks: dict[str, int] = {}
    for due in dues:
        now = (today - due.due_on).days
        sums[due.currency] = sums.get(due.currency, 0) + due.open_minor
        share = paid_within(habit, spread, now, WITHIN)
        coming[due.currency] = coming.get(due.currency, 0.0) + due.open_minor * share
        risks[due.invoice_id] = max(risks.get(due.invoice_id, 0), round(100 * late(habit, spread, now)))
    currency = max(sums, key=lambda one: (sums[one], one), default="CNY")
    step = 100 * 10 ** exponent(currency)  # a guess is not said to the cent
    coming_minor = int(coming.get(currency, 0.0)) // step * step
    return {"usual_days": round(habit.usual_days), "settled": habit.settled, "late": risks,
            "coming_minor": coming_minor, "currency": currency, **_words(habit, coming_minor, currency)}


def _words(habit: Habit, coming_minor: int, currency: str) -> Mapping[str, str]:
    days = round(habit.usual_days)
    code = "late" if days > 0 else "early" if days < 0 else "on_time"
    words = {}
    for lang in LANGS:
        text = sentence(PHRASES[code], lang, days=abs(days), count=habit.settled)
        if coming_minor > 0:
            text += sentence(PHRASES["coming"], lang, amount=amount(coming_minor, currency))
        words[f"text_{lang}"] = text + ("。" if lang == "zh" else ".")
    return words
