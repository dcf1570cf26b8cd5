"""The rules of contact that plugins bring (``compliance_rules``), asked for the gate: stricter, never looser.

A rule that raises, hangs or answers rubbish fails closed for the methods of its own plugin, which were made to rest on
it, and open for all others: the law itself stands in the core's gate, and one broken plugin must not silence a house.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from fieldsales.collection.gate import RULE_AWAY, Bar, Contact, GateFacts, Permit, permit
from fieldsales.plugin_api.compliance import ComplianceRule, ContactQuestion, PastContact, PastStop, Ruling, ruling
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.manager import PluginFailed, Plugins

HOOK = "compliance_rules"
#: A refusal that ends is looked at again where it ends, so often at most.
_AGAIN = 8


def words_of_rules(plugins: Plugins | None) -> dict[str, Labels]:
    """What the codes of the rules that are there say, by code."""
    rules = plugins.declared(HOOK).values() if plugins else ()
    return {RULE_AWAY[0]: RULE_AWAY[1],
            **{f"{rule.name}.{code}": said for rule in rules for code, said in rule.codes.items()}}


def standing_now(facts: CaseFacts, gate: GateFacts) -> CaseFacts:
    """The case with what the gate knows of it: the stops that stand, and who must not be pressed."""
    people = tuple(replace(one, standing=gate.people.get(one.id, "")) for one in facts.contacts)
    return replace(facts, stops=tuple(dict.fromkeys(one.kind for one in gate.stops)), contacts=people)


def judged(plugins: Plugins | None, contact: Contact, facts: GateFacts) -> Permit:
    """What the gate says to a contact, the rules of plugins asked: at its own instant, and again where they end."""
    if plugins is None or contact.purpose == "service" or not plugins.declared(HOOK):
        return permit(contact, facts)
    bars = _at(plugins, contact, facts)
    found = permit(contact, replace(facts, bars=bars))
    for _ in range(_AGAIN):
        if found.until is None:
            break
        later = _at(plugins, replace(contact, at=found.until), facts)
        if not later:
            break
        bars += later
        found = permit(contact, replace(facts, bars=bars))
    return found


def _at(plugins: Plugins, contact: Contact, facts: GateFacts) -> tuple[Bar, ...]:
    """What every rule says to one contact at its instant."""
    question = Asker(facts)(contact)
    found = []
    for name, rule in plugins.declared(HOOK).items():
        try:
            answer: Ruling = plugins.ask(HOOK, name, lambda one: ruling(one.judge(question), one, contact.at))
        except PluginFailed:
            if contact.method and is_own(plugins, name, contact.method):
                found.append(Bar(contact.channel, contact.purpose, *RULE_AWAY, contact.at, None))
            continue
        if not answer.allows:
            found.append(bar_of(rule, contact.channel, contact.purpose, contact.at, answer))
    return tuple(found)


def is_own(plugins: Plugins, rule: str, method: str) -> bool:
    """Whether a rule and a method come from one plugin."""
    return plugins.brought_by(HOOK, rule) == plugins.brought_by("collection_methods", method) != ""


def bar_of(rule: ComplianceRule, channel: str, purpose: str, at: datetime, answer: Ruling) -> Bar:
    """A refusal as the gate knows it."""
    return Bar(channel, purpose, f"{rule.name}.{answer.code}", rule.codes[answer.code], at, answer.until)


class Asker:
    """Words contacts with one customer as questions to rules; what does not change is made once."""

    def __init__(self, facts: GateFacts, kind: type[ContactQuestion] = ContactQuestion) -> None:
        self._kind = kind
        self._facts, self._zone = facts, ZoneInfo(facts.zone)
        self._made = tuple((one.debtor_id, PastContact(one.at, one.channel, one.effective, one.demand))
                           for one in facts.made)
        self._stops = tuple(PastStop(one.kind, one.at) for one in facts.stops)

    def __call__(self, contact: Contact) -> ContactQuestion:
        facts, theirs = self._facts, contact.debtor_id
        made = tuple(one for debtor, one in self._made if not debtor or not theirs or debtor == theirs)
        return self._kind(
            contact.channel, contact.at, contact.at.astimezone(self._zone), contact.purpose, contact.method,
            facts.people.get(contact.contact_id, "") if contact.contact_id else "", facts.faith, made, self._stops,
            facts.covered_until, facts.has_dispute)
