"""What happened to a case and what the gate said, in words; phones carry both languages."""

from __future__ import annotations

from datetime import date

from fieldsales.collection.case_rules import STAGE_WORDS
from fieldsales.kernel.errors import N_
from fieldsales.kernel.sentences import say

EVENTS = {
    "opened": N_("Case opened: an instalment is overdue"),
    "reopened": N_("Case reopened: what was paid is overdue again"),
    "stage": N_("The days lead to: %(stage)s"),
    "owner": N_("Now with %(owner)s"),
    "closed": N_("Case closed: nothing is overdue any more"),
    "decided": N_("Set to: %(stage)s"),
    "assigned": N_("Given to %(owner)s"),
}
UNTIL = N_("until %(day)s")
STOPS = {
    "objection": N_("They do not want to be contacted"),
    "asked_to_leave": N_("They asked us to leave"),
    "police": N_("The police came, or warned us"),
    "no_mail": N_("They want no more demands by mail"),
}
ENTRIES = {
    "refused": N_("Held back"),
    "passed": N_("Let through"),
    "flagged": N_("Done all the same, flagged"),
    "asked": N_("Leave asked for"),
    "waived": N_("Leave given"),
    "used": N_("Done with leave"),
    "told": N_("Done all the same, with a reason"),
}
CHANNELS = {
    "call": N_("Telephone"), "message": N_("Message"), "mail": N_("Mail"), "letter": N_("Letter"), "visit": N_("Visit"),
    "legal": N_("Court"),
}
STANDINGS = {
    "permitted": N_("May be asked"),
    "third_party": N_("Not one of the debtor's own"),
    "family": N_("Relative"),
    "refused": N_("Does not want to be contacted"),
    "left": N_("Has left the company"),
}


def event_text(kind: str, stage: str, owner: str, until: date | None, lang: str) -> str:
    """One event of a case's history as it is read."""
    text = say(EVENTS.get(kind, kind), lang, stage=STAGE_WORDS[stage][lang] if stage in STAGE_WORDS else stage,
               owner=owner or "–")
    return f"{text} {say(UNTIL, lang, day=until.isoformat())}" if until else text
