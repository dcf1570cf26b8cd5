"""Limitation (诉讼时效): until when a debt can be claimed in court.

Sources: 民法典 art. 188 (three years; never beyond twenty from the harm), 189 (instalments of one
debt: from the last one's due date), 192 (a debtor who agrees to perform afterwards cannot plead it),
195 (interruption: the period starts anew), 201–202 (counting); 诉讼时效规定 (法释〔2020〕17号) 8 (a demand
counts when it arrives), 10 (a suit from the day it is filed), 11 (what counts as one). Not legal advice.

A suit or payment order that came to nothing (withdrawn, treated as withdrawn, not accepted, dismissed, not served):
no statute says whether it interrupts, and courts differ. 最高人民法院第二巡回法庭 2021 年第 18 次法官会议纪要 sets
out three views: never, always, only once the complaint was served; 海商法 267 (maritime claims) says never, 辽宁高院
in its guidance on commercial cases from the day of service. So the act becomes ``WITHDRAWN``, grade C, and the clock
is shown with it and without it; alerts go without. If the complaint was served, its arrival is a demand of that day.

Two things are left out, both in the debtor's favour: that the period runs anew only from the end of a suit or
payment order (195), and that a last day on a holiday moves to the next working day (203).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

#: Policy of 2021-01-01 (民法典 188): years of the period, and years after which nothing helps.
YEARS = 3
LONGEST_YEARS = 20
#: Months before the date at which a reminder is due (seed-map S41).
ALERT_MONTHS = (12, 6, 3, 1)
#: Fields of a method's form that name the day an act took effect.
EFFECT_DAYS = ("delivered_on", "on")
#: What a debtor may do after expiry so that the plea is lost (art. 192).
REVIVING = frozenset({"agreement", "acknowledgement"})
#: The ground of a suit that came to nothing: whether it interrupted is disputed.
WITHDRAWN = "withdrawn_suit"


@dataclass(frozen=True, slots=True)
class Interruption:
    """One act that restarts the period. ``grade``: A signed, B arrival proven, C only asserted.

    ``debtor_id`` None means every debtor of the customer; no ``invoice_ids`` means the whole debt.
    """

    occurred_on: date
    ground: str
    grade: str
    debtor_id: str | None = None
    invoice_ids: frozenset[str] = frozenset()

    def covers(self, debtor_id: str | None, invoice_id: str) -> bool:
        """Whether the act reaches this invoice of this debtor."""
        if self.debtor_id and debtor_id and self.debtor_id != debtor_id:
            return False
        return not self.invoice_ids or invoice_id in self.invoice_ids


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The last day to claim, on every reading. Alerts follow ``earliest_on``.

    ``each_on``: this instalment by itself, proven interruptions only. ``last_on``: reckoned from the
    last instalment (art. 189). ``asserted_on``: as ``each_on`` but believing grade C as well. ``doubtful_on``: as
    ``each_on`` but counting suits that came to nothing as well.
    """

    each_on: date
    last_on: date
    asserted_on: date
    doubtful_on: date

    @property
    def is_doubted(self) -> bool:
        """Whether a suit that came to nothing makes a difference."""
        return self.doubtful_on > self.each_on

    @property
    def earliest_on(self) -> date:
        """The cautious reading."""
        return min(self.each_on, self.last_on)


def years_after(day: date, years: int) -> date:
    """The corresponding day years later, or the month's last where there is none (art. 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def last_day(due_on: date, interruptions: Iterable[Interruption], *, believe_asserted: bool = False,
             believe_withdrawn: bool = False) -> date:
    """The last day of the period for a debt due on ``due_on``.

    The harm begins when the due date passes; counting from the due date itself is a day or two on the
    safe side. An act before the due date restarts nothing. An act after expiry restarts nothing either,
    unless the debtor agreed (art. 192). Never beyond twenty years from the due date.
    """
    ends, cap = years_after(due_on, YEARS), years_after(due_on, LONGEST_YEARS)
    for act in sorted(interruptions, key=lambda each: each.occurred_on):
        if act.grade == "C" and not believe_asserted and not (believe_withdrawn and act.ground == WITHDRAWN):
            continue
        if act.occurred_on <= due_on or (act.occurred_on > ends and act.ground not in REVIVING):
            continue
        ends = max(ends, years_after(act.occurred_on, YEARS))
    return min(ends, cap)


def reckon(due_on: date, last_due_on: date, interruptions: Iterable[Interruption]) -> Reckoning:
    """Both readings for one instalment of an invoice whose last instalment is due on ``last_due_on``."""
    acts = tuple(interruptions)
    return Reckoning(
        each_on=last_day(due_on, acts),
        last_on=last_day(max(due_on, last_due_on), acts),
        asserted_on=last_day(due_on, acts, believe_asserted=True),
        doubtful_on=last_day(due_on, acts, believe_withdrawn=True),
    )


def alert_of(ends_on: date, today: date) -> int | None:
    """The tightest reminder (in months) that has been reached, 0 when expired, None when far off."""
    if ends_on < today:
        return 0
    return next((limit for limit in reversed(ALERT_MONTHS) if ends_on <= months_after(today, limit)), None)


def months_after(day: date, months: int) -> date:
    """The corresponding day months later, or the month's last where there is none (art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_of_effect(occurred_on: date, said: Mapping[str, object]) -> date:
    """The day an act took effect: when the letter was delivered or the paper filed, where the record names an
    earlier day than its own (诉讼时效规定 8: arrival counts). A later day than the record's is never believed.
    """
    named = [as_day(said.get(name)) for name in EFFECT_DAYS]
    return min([occurred_on, *(day for day in named if day is not None)])


def as_day(value: object) -> date | None:
    """A calendar date, given as one or in ISO form; None for anything else."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
