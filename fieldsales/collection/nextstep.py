"""The next best action for one customer, with its reason in one sentence and what would change it. Pure.

``suggest`` asks the rules below in their order; the first that has an answer gives it. Money and facts come before
pressing: what is promised for today is looked for, what was said is checked; then a pause is kept; then the cheapest
way that works is taken, and the next one after so many in vain (``ladder``), law last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from fieldsales.collection import cadence
from fieldsales.collection.asks import LATE_DAYS
from fieldsales.collection.effectiveness import FEW
from fieldsales.collection.ladder import Chase, Rung, next_rung, rungs
from fieldsales.collection.stepfacts import Held, SuggestFacts, Unchecked, Word
from fieldsales.collection.stepwords import Said
from fieldsales.promises.pausing import days_followed

__all__ = ["KINDS", "Held", "SuggestFacts", "Suggestion", "Unchecked", "Word", "suggest"]
Kind = Literal["rest", "hold", "thank", "check_money", "verify", "wait", "plan", "contact", "approval", "manager"]
KINDS: tuple[str, ...] = ("rest", "hold", "thank", "check_money", "verify", "wait", "plan", "contact", "approval",
                          "manager")
#: Who was spoken to so lately needs no reminder of a word he has just given.
REMIND_AFTER = timedelta(days=3)
#: A claim that lapses within so many days needs proof now (民法典 art. 188, 195).
LAPSES_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do next. ``on``: the day, None when no day is known. ``method``: of a contact, else empty."""

    kind: Kind
    method: str
    on: date | None
    ask_hint: Said
    why: Said
    what_would_change: Said
    in_person: bool = False
    needs_approval: bool = False
    claim_id: str = ""


def suggest(facts: SuggestFacts) -> Suggestion:
    """The next step for one customer: the first rule that has an answer."""
    for rule in (_held, _nothing, _lapsing, _self_payer, _given, _money, _unchecked, _promised, _pause, _full,
                 _instalments):
        found = rule(facts)
        if found is not None and facts.wants(found.kind, found.method):
            return found
    return _contact(facts)


def _plain(kind: Kind, on: date | None, why: Said, change: str, ask: str = "", claim_id: str = "") -> Suggestion:
    return Suggestion(kind, "", on, Said(ask), why, Said(change), claim_id=claim_id)


def _held(facts: SuggestFacts) -> Suggestion | None:
    """A hard stop goes before everything: what it leaves open needs a manager; often nothing is."""
    if facts.held is None or facts.held.until is not None:
        return None
    rung = next_rung(_rungs(facts), _chase(facts), facts.policy)
    if rung is None:
        return _plain("hold", None, Said("", {"text": facts.held.why}), "gate")
    why = Said("stopped", {"text": facts.held.why, "method": rung.way.labels})
    return _by(facts, rung, why, "") if rung.way.name in facts.approved else Suggestion(
        "approval", rung.way.name, facts.today, Said(""), why, Said("decision"), rung.way.in_person, True)


def _nothing(facts: SuggestFacts) -> Suggestion | None:
    """Nothing to collect: overdue is zero, or all of it disputed, and nobody's word stands for today."""
    collectable = facts.overdue_minor - facts.disputed_minor
    if collectable > 0 or any(one.state == "open" for one in facts.words):
        return None
    if facts.next_due_on is not None:
        return _plain("rest", facts.next_due_on, Said("rest_until", {"day": facts.next_due_on}), "overdue")
    return _plain("rest", None, Said("rest"), "overdue")


def _lapsing(facts: SuggestFacts) -> Suggestion | None:
    """A claim about to lapse needs proof today, whatever else was agreed."""
    ends_on = facts.limitation_on
    if ends_on is None or not facts.today <= ends_on <= facts.today + LAPSES_SOON:
        return None
    formal = [one for one in _rungs(facts) if one.way.level > 1 or one.way.in_person]
    if not formal:
        return None
    rung = formal[0]
    return _by(facts, rung, Said("lapsing", {"day": ends_on, "method": rung.way.labels}), "whole")


def _self_payer(facts: SuggestFacts) -> Suggestion | None:
    """Proven self-payers get a statement and thanks, and no pressure (S35)."""
    if not facts.is_self_payer:
        return None
    on = cadence.due_on(facts.last_contact_on, facts.interval(), facts.today)
    change = Said("light", {"days": LATE_DAYS})
    return Suggestion("thank", "", on, Said("statement"), Said("thank"), change)


def _given(facts: SuggestFacts) -> Suggestion | None:
    """All of it is in a rep's hand or in a bill: nobody asks again before finance has looked, or the bill is due."""
    if not facts.waiting_minor or facts.waiting_minor < facts.overdue_minor - facts.disputed_minor:
        return None
    if facts.matures_on is not None and facts.matures_on > facts.today:
        why = Said("bill", {"minor": facts.waiting_minor, "day": facts.matures_on})
        return _plain("wait", facts.matures_on, why, "money")
    return _plain("check_money", facts.today, Said("given", {"minor": facts.waiting_minor}), "money")


def _money(facts: SuggestFacts) -> Suggestion | None:
    """A word whose day has come: look for the money before anything is said."""
    due = [one for one in facts.words if one.state == "open" and one.due_on <= facts.today]
    if not due:
        return None
    first = min(due, key=lambda one: one.due_on)
    return _plain("check_money", facts.today, Said("check_money", {"minor": first.minor, "day": first.due_on}),
                  "money")


def _unchecked(facts: SuggestFacts) -> Suggestion | None:
    """Neither believe nor disbelieve: an unchecked reason is looked into before the next talk (S28)."""
    if not facts.unchecked:
        return None
    first = min(facts.unchecked, key=lambda one: (one.on, one.claim_id))
    return _plain("verify", facts.today, Said("verify", {"excuse": first.labels}), "finding", "proof", first.claim_id)


def _promised(facts: SuggestFacts) -> Suggestion | None:
    """An open promise for all that is overdue pauses demands until the reminder before its day (S17)."""
    still = [one for one in facts.words if one.state == "open" and one.due_on > facts.today]
    if not still or facts.covered_until is None or facts.covered_until < facts.today:
        return None
    first = min(still, key=lambda one: one.due_on)
    days = [first.due_on - timedelta(days=ahead) for ahead in days_followed(facts.grade, "") if ahead > 0]
    days = [on for on in days if facts.last_contact_on is None or on - facts.last_contact_on >= REMIND_AFTER]
    if facts.today in days:
        rung = _remote(facts)
        if rung is not None:
            why = Said("remind", {"minor": first.minor, "day": first.due_on, "method": rung.way.labels})
            return _by(facts, rung, why, "remind")
    ahead = min((on for on in days if on > facts.today), default=first.due_on)
    why = Said("promised", {"minor": first.minor, "day": first.due_on, "on": ahead})
    return _plain("wait", ahead, why, "promise")


def _pause(facts: SuggestFacts) -> Suggestion | None:
    """Between two contacts there is a pause, shorter the worse the credit; a word broken since ends it."""
    if facts.broken() is not None or facts.last_contact_on is None:
        return None
    days = facts.interval()
    on = cadence.due_on(facts.last_contact_on, days, facts.today, facts.not_before)
    if on <= facts.today:
        return None
    return _plain("wait", on, Said("cadence", {"day": facts.last_contact_on, "days": days}), "news")


def _full(facts: SuggestFacts) -> Suggestion | None:
    """The measure of contacts is full: the gate names the day from which it is not."""
    if facts.held is None or facts.held.until is None or facts.held.until <= facts.today:
        return None
    return _plain("wait", facts.held.until, Said("", {"text": facts.held.why}), "gate")


def _instalments(facts: SuggestFacts) -> Suggestion | None:
    """Truly short of cash, in good faith: instalments they can keep, signed, rather than one more demand."""
    if not facts.is_short_of_cash or facts.faith == "bad_faith" or facts.has_plan:
        return None
    return _plain("plan", facts.today, Said("plan"), "signed", "plan")


def _contact(facts: SuggestFacts) -> Suggestion:
    """The cheapest way that works; the next one after so many in vain; a manager's yes above a first notice."""
    rung = next_rung(_rungs(facts), _chase(facts), facts.policy)
    if rung is None:
        return _plain("manager", facts.today, Said("manager"), "decision")
    broken = facts.broken()
    if rung.way.needs_approval and rung.way.name not in facts.approved:
        return _for_approval(facts, rung)
    if broken is not None:
        why = Said("broken", {"minor": broken.minor, "day": broken.due_on, "method": rung.way.labels})
        return _by(facts, rung, why, "rest")
    return _by(facts, rung, _reason(facts, rung), "whole")


def _for_approval(facts: SuggestFacts, rung: Rung) -> Suggestion:
    """Above a first notice the manager is asked; while he thinks, a notice keeps in touch."""
    keeps = _remote(facts)
    if rung.way.name in facts.asked and keeps is not None:
        why = Said("asked", {"asked": rung.way.labels, "method": keeps.way.labels})
        return Suggestion("contact", keeps.way.name, facts.today, Said("whole"), why, Said("decision"))
    count = _in_vain(facts)
    why = Said("approval", {"method": rung.way.labels, "count": count}) if count else Said(
        "approval_first", {"method": rung.way.labels})
    return Suggestion("approval", rung.way.name, facts.today, Said(""), why, Said("decision"), rung.way.in_person, True)


def _reason(facts: SuggestFacts, rung: Rung) -> Said:
    if facts.faith == "bad_faith":
        return Said("firm", {"method": rung.way.labels})
    others = _in_vain(facts) - rung.tried
    if others:
        return Said("escalate", {"count": others, "method": rung.way.labels})
    usual = next_rung(rungs(facts.ways, replace(_chase(facts), declined={}), facts.policy), _chase(facts), facts.policy)
    if usual is not None and usual.way is not rung.way:
        return Said("instead", {"declined": usual.way.labels, "method": rung.way.labels})
    if rung.measured.uses >= FEW:
        return Said("measured", {"method": rung.way.labels, "rate": round(rung.measured.rate_bp / 100),
                                 "uses": rung.measured.uses})
    return Said("cheapest", {"method": rung.way.labels})


def _by(facts: SuggestFacts, rung: Rung, why: Said, ask: str) -> Suggestion:
    most = facts.policy.notices if rung.way.level == 1 else facts.policy.formals
    left = most - rung.tried
    change = Said("any_money", {"left": left}) if left > 1 else Said("last_try")
    return Suggestion("contact", rung.way.name, facts.today, Said(ask), why, change, rung.way.in_person,
                      rung.way.needs_approval and rung.way.name not in facts.approved)


def _chase(facts: SuggestFacts) -> Chase:
    return facts.chase or Chase(facts.today, facts.overdue_minor, facts.days_past_due, facts.faith)


def _rungs(facts: SuggestFacts) -> list[Rung]:
    return rungs(facts.ways, _chase(facts), facts.policy)


def _remote(facts: SuggestFacts) -> Rung | None:
    """The first notice that needs no way there."""
    return next((one for one in _rungs(facts) if one.way.level == 1 and not one.way.in_person), None)


def _in_vain(facts: SuggestFacts) -> int:
    return sum(_chase(facts).tried.values())
