"""What to do now so that a claim does not lapse (诉讼时效): one sentence a debt, from its clock alone. Pure.

Sources: 民法典 188 (three years, at most twenty), 189 (instalments), 192 (a debtor who agrees to perform after the
period has run out cannot plead it any more), 195 (demand, agreement, suit restart it); 诉讼时效规定 8 (what proves
that a demand arrived), 11 (an application for a payment order counts as suit), 14 (a plan or part-payment is an
agreement); of suits that came to nothing see ``limitation``. How early each is advised is our own cautious choice: the
later, the surer the act. Not legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fieldsales.kernel.errors import N_
from fieldsales.receivables.limitation import (
    ALERT_MONTHS,
    LONGEST_YEARS,
    Reckoning,
    alert_of,
    months_after,
    years_after,
)

#: What is advised, by code. ``%(day)s`` is the last day on the cautious reading, ``%(other)s`` on the other one.
ADVICE = {
    "acknowledge": N_("The period ran out on %(day)s: have the debtor sign a plan or statement that acknowledges this "
                      "debt (Civil Code art. 192); do not threaten with court."),
    "acknowledge_or_sue": N_("Instalment by instalment it ran out on %(day)s; from the last instalment it runs until "
                             "%(other)s: have it acknowledged now, and let legal decide whether to sue before then."),
    "prove": N_("By proven acts it ran out on %(day)s; acts nobody can prove would carry it to %(other)s: find their "
                "proof (messages, recordings, witnesses) or have the debt acknowledged."),
    "doubt_lapsed": N_("Without the suit that was withdrawn or dismissed it ran out on %(day)s; whether that suit "
                       "counts is disputed, with it it runs until %(other)s: have the debt acknowledged now, and let "
                       "legal decide whether to sue before then."),
    "doubt": N_("A suit was withdrawn or dismissed, and whether it interrupted is disputed: without it the period ends "
                "on %(day)s, with it on %(other)s. Reckon with the earlier day and claim anew, with proof of arrival."),
    "cap": N_("Twenty years end on %(day)s: no demand moves that day, only a suit filed before it helps."),
    "sue": N_("Sue before %(day)s: a part is disputed, so a payment order would be refused, and a demand may arrive "
              "too late."),
    "file": N_("Apply for a payment order or sue before %(day)s: a demand may arrive too late."),
    "letter": N_("Post the demand letter now with a tracking number and keep the proof of delivery: %(day)s is near."),
    "sign": N_("Have a statement or plan signed at the next visit: it restarts the period with the best proof "
               "(now until %(day)s)."),
    "confirm": N_("Confirm in writing what was said: without it the period ends on %(day)s."),
    "rest": N_("Nothing needed now: it runs until %(day)s."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advice:
    """``code`` a key of ``ADVICE``; ``day`` and ``other`` the days its sentence names."""

    code: str
    day: date
    other: date

    @property
    def sentence(self) -> str:
        """The msgid."""
        return ADVICE[self.code]


def cap_of(due_on: date) -> date:
    """The day after which nothing helps (民法典 188)."""
    return years_after(due_on, LONGEST_YEARS)


def advise(clock: Reckoning, due_on: date, today: date, *, disputed: bool = False) -> Advice:
    """The one thing to do now for a debt due on ``due_on``."""
    ends, cap = clock.earliest_on, cap_of(due_on)
    code = _code(clock, ends, cap, today, disputed)
    if code in ("doubt", "doubt_lapsed"):
        other = clock.doubtful_on
    else:
        other = clock.last_on if clock.last_on > clock.each_on else clock.asserted_on
    return Advice(code, ends, max(other, ends))


def _code(clock: Reckoning, ends: date, cap: date, today: date, disputed: bool) -> str:
    if ends < today:
        if clock.last_on >= today:
            return "acknowledge_or_sue"
        if clock.is_doubted and clock.doubtful_on >= today:
            return "doubt_lapsed"
        return "prove" if clock.asserted_on >= today else "acknowledge"
    reached = alert_of(ends, today)
    if ends == cap and months_after(today, max(ALERT_MONTHS)) >= cap:
        return "cap"
    if reached == 1:
        return "sue" if disputed else "file"
    if reached == 3:
        return "letter"
    if clock.is_doubted:
        return "doubt"
    if reached == 6:
        return "sign"
    if clock.asserted_on > clock.each_on:
        return "confirm"
    return "sign" if reached == 12 else "rest"
