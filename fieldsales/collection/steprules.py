"""What a declined suggestion teaches, and what a manager's yes is good for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fieldsales.kernel.errors import N_
from fieldsales.plugin_api.fields import Labels, words

#: Why a rep does not take a suggestion, and for how many days it is then not made again to this customer.
REASONS: dict[str, str] = {
    "done_otherwise": N_("Already dealt with in another way"),
    "not_now": N_("Not the right moment"),
    "no_use": N_("Brings nothing with this customer"),
    "other": N_("Another reason"),
}
REST_DAYS = {"done_otherwise": 7, "not_now": 7, "no_use": 30, "other": 14}
#: Each further time the pause doubles, up to this.
LONGEST_REST = 90
#: Declines older than this are forgotten.
REMEMBERED = timedelta(days=180)
#: A manager's yes to a method stands for so many days.
APPROVED_DAYS = 30
#: What an action is flagged with when a rep went above a first notice and no manager had said yes.
NO_YES = "no_yes"
NO_YES_WORDS: Labels = words("这一步超出一级通知，主管还没同意",
                             "This goes beyond a first notice, and no manager has said yes")
#: Steps a rep may decline: not those that only wait, nor a stop.
MAY_DECLINE = ("check_money", "verify", "plan", "contact", "approval", "thank", "manager")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a suggested step on record."""

    answer: str
    step: str
    method: str
    until_on: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Learned:
    """What the answers to one customer's steps come to. ``declined``: (step, method) → until when, and how often."""

    declined: Mapping[tuple[str, str], tuple[date, int]]
    approved: frozenset[str]
    asked: frozenset[str]


def rest_until(reason: str, earlier: int, today: date) -> date:
    """Until when a step declined for this reason rests, after ``earlier`` declines of it.

    >>> rest_until("not_now", 0, date(2026, 3, 12)), rest_until("not_now", 2, date(2026, 3, 12))
    (datetime.date(2026, 3, 19), datetime.date(2026, 4, 9))
    """
    return today + timedelta(days=min(LONGEST_REST, REST_DAYS.get(reason, REST_DAYS["other"]) * 2 ** min(earlier, 10)))


def learn(answers: Iterable[Answer], today: date) -> Learned:
    """What stands today, from the answers on record.

    Of the manager's answers and the questions to him the newest counts for each method; an old yes runs out.
    """
    declined: dict[tuple[str, str], tuple[date, int]] = {}
    newest: dict[str, Answer] = {}
    for one in sorted(answers, key=lambda one: one.at):
        if one.answer == "declined":
            until, times = declined.get((one.step, one.method), (date.min, 0))
            declined[one.step, one.method] = (max(until, one.until_on or date.min), times + 1)
        else:
            newest[one.method] = one
    approved = {method for method, one in newest.items()
                if one.answer == "approved" and (one.until_on is None or today <= one.until_on)}
    asked = {method for method, one in newest.items() if one.answer == "asked"}
    for method, one in newest.items():
        if one.answer == "refused" and one.until_on is not None and today < one.until_on:
            declined["contact", method] = (one.until_on, 1)
    return Learned(declined, frozenset(approved), frozenset(asked))
