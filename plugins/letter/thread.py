"""What became of earlier letters, read from the actions on record: which is on its way, which is proven, which is due.

The next one waits until the last is proven or its time is over: two demands on their way at once prove no more than
one, and a firm tone that overtakes the friendly one reads as a mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fieldsales.plugin_api import ActionFacts, CaseFacts, words

TONES = {
    "friendly": words("友好提醒", "Friendly reminder"),
    "firm": words("正式催告", "Firm demand"),
    "final": words("最后催告", "Final demand"),
}
ORDER = tuple(TONES)
#: The methods whose tones count together: a fax that was firm is followed by a final letter.
METHODS = ("letter", "fax")
#: Outcomes after which nobody has read it.
LOST = ("returned", "failed")
#: Days until a piece nobody can prove counts as lost, where the administrator sets nothing. A registered letter
#: inside the country takes under a week; the rest is for the slip to come back.
PROOF_DAYS = 15
#: After a year an old letter says nothing about the tone of a new one.
REMEMBERED = timedelta(days=365)
#: Whose signature on a receipt is a company's own (诉讼时效规定 art. 8 ¶2).
BINDING = ("legal_representative", "person_in_charge", "mailroom", "authorised")


@dataclass(frozen=True, slots=True)
class Sent:
    """One letter or fax. ``stage``: the newest outcome; ``since``: the day it was last heard of; ``last_id``: of it."""

    root: str
    method: str
    tone: str
    made_on: date
    stage: str
    since: date
    grade: str
    number: str
    last_id: str
    path: tuple[tuple[str, date], ...] = ()
    """(outcome, day) of every stage, the oldest first."""
    lost_on: date | None = None
    """The day it was known to have come back or failed."""

    @property
    def is_proven(self) -> bool:
        """Whether its arrival is shown (B) or signed for (A)."""
        return self.grade in ("A", "B")

    def is_over(self, today: date, days: int) -> bool:
        """Whether nothing more is waited for: proven, come back or failed, or its time is over."""
        return self.is_proven or self.stage in LOST or today >= self.free_on(days)

    def free_on(self, days: int) -> date:
        """The day on which its time is over."""
        return self.since + timedelta(days=days)


def proof_days(facts: CaseFacts) -> int:
    """Days until a piece nobody can prove counts as lost."""
    given = facts.settings.get("proof_days")
    return given if isinstance(given, int) and given > 0 else PROOF_DAYS


def _day(action: ActionFacts, name: str) -> date | None:
    given = action.fields.get(name)
    try:
        return date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _happened(action: ActionFacts) -> date:
    """The day a stage speaks of, which is not the day somebody wrote it down."""
    named = (_day(action, name) for name in ("posted_on", "sent_on", "delivered_on", "returned_on"))
    return next((day for day in named if day), action.on)


def _sent(stages: list[ActionFacts], earlier: list[Sent]) -> Sent:
    first, last = stages[0], stages[-1]
    posted = [day for one in stages for day in (_day(one, "posted_on"), _day(one, "sent_on")) if day]
    # moved on the way, it is still the same posting: its time runs from there
    since = posted[-1] if posted else last.on if last.outcome in ("posted", "sent") else first.on
    numbers = [str(one.fields["tracking_number"]) for one in stages if one.fields.get("tracking_number")]
    grade = next((grade for grade in ("A", "B", "C") if any(one.grade == grade for one in stages)), "")
    said = str(first.fields.get("tone") or "")
    tone = said if said in TONES else _turn(earlier, first.on)
    return Sent(first.id, first.method, tone, first.on, last.outcome, since, grade,
                numbers[-1] if numbers else "", last.id, tuple((one.outcome, _happened(one)) for one in stages),
                last.on if last.outcome in LOST else None)


def sent(facts: CaseFacts, methods: tuple[str, ...] = METHODS) -> list[Sent]:
    """Every letter or fax that was made, the newest first."""
    threads: dict[str, list[ActionFacts]] = {}
    for action in reversed(facts.actions):
        if action.method not in methods or action.outcome == "held_back":
            continue
        if action.outcome == "made":
            threads[action.id] = [action]
        elif action.follows in threads:
            threads[action.follows].append(action)
    found: list[Sent] = []
    for stages in threads.values():
        found.append(_sent(stages, found))
    return sorted(found, key=lambda one: one.made_on)[::-1]


def meant_by(facts: CaseFacts, method: str, stage: str, number: str) -> Sent | None:
    """The piece that something is noted of: the one with this number, else the newest that can have come so far."""
    ours = sent(facts, (method,))
    if number:
        named = next((one for one in ours if one.number == number), None)
        if named:
            return named
    before = ("made",) if stage in ("posted", "sent", "failed") else ("posted", "in_transit", "sent")
    left = [one for one in ours if one.stage in before and not (number and one.number and one.number != number)]
    later = [one for one in ours if not one.number and one.stage in ("made", *before)]
    return next(iter([*left, *later]), None)


def held_up_by(facts: CaseFacts, method: str) -> Sent | None:
    """The piece that must be proven, or must time out, before the next one; None when the way is free."""
    newest = next(iter(sent(facts, (method,))), None)
    if newest is None or newest.is_over(facts.today, proof_days(facts)):
        return None
    return newest


def _turn(earlier: list[Sent], on: date) -> str:
    """The tone whose turn it is on a day, after these: one above the firmest that was not known then to be lost."""
    heard = [ORDER.index(one.tone) for one in earlier
             if on - one.made_on <= REMEMBERED and (one.lost_on is None or one.lost_on > on)]
    return ORDER[min(max(heard, default=-1) + 1, len(ORDER) - 1)]


def next_tone(facts: CaseFacts) -> str:
    """The firmest tone whose turn it is: one above the firmest so far, friendly at first. What came back or failed was
    read by nobody and does not count."""
    return _turn(sent(facts), facts.today)
