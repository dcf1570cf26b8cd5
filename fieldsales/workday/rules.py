"""Who comes first today, and why: the first explainable rule. Pure.

Each reason gives points by a written table; a customer's score is their sum, and the sentence names the
heaviest reasons. The same facts give the same list: ties go by the larger sum overdue, then by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import exponent
from fieldsales.workday.words import amount, sentence

#: Points for the sum overdue, from so many major units (元) up.
BY_AMOUNT = ((1_000_000, 40), (300_000, 34), (100_000, 28), (30_000, 20), (10_000, 12), (0, 6))
#: Points for the days past due of the oldest debt, above so many days.
BY_DAYS = ((90, 22), (60, 16), (30, 10), (0, 5))
#: Points for the days since anybody spoke to the customer, from so many days up.
BY_SILENCE = ((30, 10), (14, 6), (7, 3))
#: Points for being near, below so many metres.
BY_DISTANCE = ((1_000, 5), (5_000, 3), (20_000, 1))
FRESHLY_BROKEN = 24
AWAITED = 24
BROKEN_BEFORE = 5
BROKEN_AT_MOST = 15
DUE_TODAY = 20
TASK_DUE = 12
NEVER_CONTACTED = 10
#: Points when the claim lapses within so many days.
BY_LIMITATION = ((30, 40), (90, 20), (180, 8))
#: Whoever was seen today does not come up again today unless something new weighs more.
SEEN_TODAY = 60
#: A broken promise is fresh for so many days, and remembered for so many.
FRESH_DAYS, REMEMBERED_DAYS = 3, 90
#: Reasons a card shows in figures.
ON_THE_CARD = frozenset({"overdue", "near"})
#: How many customers a day's list holds.
LENGTH = 40

PHRASES = {
    "broken": N_("a promise of %(amount)s for %(day)s was not kept"),
    "awaited": N_("%(amount)s promised for %(day)s has not come yet"),
    "due_today": N_("%(amount)s is promised for today"),
    "limitation": N_("the claim lapses on %(day)s"),
    "lapsed": N_("part of the claim lapsed on %(day)s: ask for a written acknowledgement"),
    "overdue": N_("%(amount)s overdue, the oldest by %(days)s days"),
    "broken_before": N_("promises broken in 90 days: %(count)s"),
    "task": N_("tasks due: %(count)s"),
    "silent": N_("nobody has been in touch for %(days)s days"),
    "never": N_("nobody has been in touch yet"),
    "near": N_("only %(km)s km away"),
}


@dataclass(frozen=True, slots=True)
class Missed:
    """A promise whose day is over: what of it did not come, in minor units. In its grace it is not broken yet."""

    due_on: date
    short_minor: int
    in_grace: bool = False
    currency: str = ""
    """Of the promise; empty: the customer's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer as the rule sees it. ``distance_m`` metres; None where a thing is not known."""

    customer_id: str
    currency: str
    overdue_minor: int
    days_past_due: int
    missed: tuple[Missed, ...] = ()
    """Promises and instalments of signed plans alike."""
    due_today_minor: int = 0
    due_today_currency: str = ""
    """Of what is promised for today; empty: the customer's."""
    last_contact_on: date | None = None
    tasks_due: int = 0
    limitation_on: date | None = None
    distance_m: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a customer is on the list: a key of ``PHRASES``, its points, and what fills its places."""

    code: str
    points: int
    params: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A customer on today's list."""

    standing: Standing
    score: int
    reasons: tuple[Reason, ...]

    def why(self, lang: str) -> str:
        """One sentence: the two heaviest reasons, in Chinese or English.

        The sum overdue and the way there stand beside it on the card: they are said when nothing else is.
        """
        news = [reason for reason in self.reasons if reason.code not in ON_THE_CARD] or self.reasons[:1]
        said = [sentence(PHRASES[reason.code], lang, **dict(reason.params)) for reason in news[:2]]
        text = ("，" if lang == "zh" else "; ").join(said)
        return f"{text}。" if lang == "zh" else f"{text[:1].upper()}{text[1:]}."


def rank(standings: Iterable[Standing], today: date, length: int = LENGTH) -> list[Ranked]:
    """Today's list, first the one to see first. Who gives no reason to act is not on it."""
    ranked = []
    for standing in standings:
        reasons = tuple(sorted(reasons_of(standing, today), key=lambda each: (-each.points, each.code)))
        if not any(reason.code not in ("near", "silent", "never") for reason in reasons):
            continue
        score = sum(reason.points for reason in reasons) - (SEEN_TODAY if standing.last_contact_on == today else 0)
        if score > 0:
            ranked.append(Ranked(standing, score, reasons))
    ranked.sort(key=lambda each: (-each.score, -each.standing.overdue_minor, each.standing.customer_id))
    return ranked[:length]


def reasons_of(standing: Standing, today: date) -> list[Reason]:
    """Every reason that holds, with its points."""
    found = [*_awaited(standing), *_broken(standing, today), *_limitation(standing, today), *_contact(standing, today)]
    if standing.overdue_minor > 0:
        points = _from(BY_AMOUNT, standing.overdue_minor // 10 ** exponent(standing.currency))
        points += _above(BY_DAYS, standing.days_past_due)
        found.append(Reason("overdue", points, (("amount", amount(standing.overdue_minor, standing.currency)),
                                                ("days", standing.days_past_due))))
    if standing.due_today_minor:
        promised = amount(standing.due_today_minor, standing.due_today_currency or standing.currency)
        found.append(Reason("due_today", DUE_TODAY, (("amount", promised),)))
    if standing.tasks_due:
        found.append(Reason("task", TASK_DUE, (("count", standing.tasks_due),)))
    if standing.distance_m is not None:
        points = next((points for below, points in BY_DISTANCE if standing.distance_m < below), 0)
        if points:
            found.append(Reason("near", points, (("km", f"{standing.distance_m / 1000:.1f}"),)))
    return found


def _awaited(standing: Standing) -> list[Reason]:
    awaited = [one for one in standing.missed if one.in_grace]
    return [_newest("awaited", AWAITED, awaited, standing.currency)] if awaited else []


def _broken(standing: Standing, today: date) -> list[Reason]:
    remembered = [one for one in standing.missed
                  if not one.in_grace and one.due_on >= today - timedelta(days=REMEMBERED_DAYS)]
    fresh = [one for one in remembered if one.due_on >= today - timedelta(days=FRESH_DAYS)]
    found = [_newest("broken", FRESHLY_BROKEN, fresh, standing.currency)] if fresh else []
    if len(remembered) > len(fresh[:1]):
        points = min(BROKEN_AT_MOST, BROKEN_BEFORE * (len(remembered) - len(fresh[:1])))
        found.append(Reason("broken_before", points, (("count", len(remembered)),)))
    return found


def _newest(code: str, points: int, missed: Sequence[Missed], currency: str) -> Reason:
    newest = max(missed, key=lambda one: (one.due_on, one.short_minor))
    short = amount(newest.short_minor, newest.currency or currency)
    return Reason(code, points, (("amount", short), ("day", newest.due_on)))


def _limitation(standing: Standing, today: date) -> list[Reason]:
    ends_on = standing.limitation_on
    if ends_on is None:
        return []
    if ends_on < today:
        return [Reason("lapsed", BY_LIMITATION[1][1], (("day", ends_on),))]
    points = next((points for days, points in BY_LIMITATION if (ends_on - today).days <= days), 0)
    return [Reason("limitation", points, (("day", ends_on),))] if points else []


def _contact(standing: Standing, today: date) -> list[Reason]:
    if standing.last_contact_on is None:
        return [Reason("never", NEVER_CONTACTED)]
    days = (today - standing.last_contact_on).days
    points = _from(BY_SILENCE, days)
    return [Reason("silent", points, (("days", days),))] if points else []


def _from(table: Sequence[tuple[int, int]], value: int) -> int:
    return next((points for floor, points in table if value >= floor), 0)


def _above(table: Sequence[tuple[int, int]], value: int) -> int:
    return next((points for floor, points in table if value > floor), 0)
