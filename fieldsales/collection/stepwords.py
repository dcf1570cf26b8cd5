"""What a next step says: why, what would change it, what to ask. Never a class, a floor or a score in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldsales.kernel.errors import N_

WHY: dict[str, str] = {
    "rest": N_("Nothing is overdue."),
    "rest_until": N_("Nothing is overdue; the next sum falls due on %(day)s."),
    "thank": N_("Pays without being asked: send the statement and say thank you."),
    "check_money": N_("%(amount)s is promised for %(day)s: look whether it came before you ask for anything."),
    "given": N_("%(amount)s was handed over and waits for finance: see that it is confirmed before you ask."),
    "bill": N_("%(amount)s is in hand, with bills due up to %(day)s: until then there is nothing to ask for."),
    "verify": N_("“%(excuse)s” is not checked yet: find out first, then the talk has facts."),
    "promised": N_("%(amount)s is promised for %(day)s: no new demand for it, a reminder on %(on)s."),
    "cadence": N_("Last contact on %(day)s: once in %(days)s days is enough here."),
    "plan": N_("What was said about money was found true: agree instalments they can keep, and have them signed."),
    "lapsing": N_("The claim lapses on %(day)s: get it acknowledged in writing."),
    "broken": N_("The promise of %(amount)s for %(day)s was not kept: ask today."),
    "remind": N_("%(amount)s falls due on %(day)s as promised: a reminder today."),
    "measured": N_("The cheapest that works: money within 14 days after %(rate)s%% of %(uses)s uses."),
    "cheapest": N_("The cheapest way that has not been used in vain."),
    "instead": N_("Instead of %(declined)s, which you did not want just now."),
    "escalate": N_("%(count)s × by other ways brought no money."),
    "firm": N_("Goodwill has not moved them: ask on record, and close after one another."),
    "approval": N_("%(count)s × without money: the next way needs the manager's yes."),
    "approval_first": N_("The next way needs the manager's yes."),
    "asked": N_("The manager has been asked about %(asked)s; until he answers, keep in touch."),
    "stopped": N_("%(text)s What is left needs the manager's yes."),
    "manager": N_("Every way open here was used without money: the manager decides what now."),
}
#: What a kind of step is called on a button; a contact is called by its method.
TITLES: dict[str, str] = {
    "rest": N_("Nothing to do"), "hold": N_("Do not contact"), "thank": N_("Statement and thanks"),
    "check_money": N_("Look for the money"), "verify": N_("Find out first"), "wait": N_("Wait"),
    "plan": N_("Agree instalments"), "contact": "", "approval": N_("Ask the manager: %(method)s"),
    "manager": N_("To the manager"),
}
CHANGES: dict[str, str] = {
    "overdue": N_("A sum that becomes overdue."),
    "light": N_("More than %(days)s days past due, or a promise not kept."),
    "money": N_("Money that is confirmed, or the day passing without it."),
    "finding": N_("What you find: true, partly true or not true."),
    "promise": N_("The promise broken or replaced, or another debt falling due."),
    "news": N_("A broken promise, a larger sum or a worse credit grade brings it forward."),
    "signed": N_("A signed plan, or the manager's decision not to wait."),
    "any_money": N_("Money, a promise or a dispute; after %(left)s more without effect the next way."),
    "last_try": N_("Money, a promise or a dispute; without effect the next way follows."),
    "decision": N_("The manager's answer, or money."),
    "gate": N_("The day of the pause, or the manager lifting it with a reason."),
}
ASKS: dict[str, str] = {
    "": "",
    "whole": N_("Ask for all that is overdue, with a day and where the money comes from."),
    "rest": N_("Ask for what is missing of the promise, today."),
    "statement": N_("Ask for nothing: have the statement confirmed."),
    "plan": N_("Ask for a first part today and dated instalments for the rest."),
    "proof": N_("Ask what they told, and note what you see."),
    "remind": N_("Do not ask anew: say the sum and the day."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence: a key of ``WHY``, ``CHANGES`` or ``ASKS``, and what fills its places."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
