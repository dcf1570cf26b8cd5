"""What the office's form of a method shows before anybody acts: what the gate says to it, and what to say to a reason.

The phone's twins are ``static/js/methods/held.js`` and ``script.js``; lines, replies and rules come from one source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from fieldsales.collection.asking import ceilings, newest_asks
from fieldsales.collection.asks import hoped_for
from fieldsales.collection.gate import NOTES, Contact, told
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.gate_rules import judged
from fieldsales.collection.queries import load_case_files
from fieldsales.collection.rules import case_for
from fieldsales.collection.talk import LINES
from fieldsales.kernel.money import Money
from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.caps import reached
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.saying import day_in_words
from fieldsales.plugin_api.texts import figures, fill
from fieldsales.plugin_api.types import CollectionMethod, Excuse


@dataclass(frozen=True, slots=True)
class Before:
    """``held``: why the gate holds this way back now, "" when it is free; ``notes``: what it only advises.

    ``cap``: (times, days) of the method's own cap that one more use would go beyond.
    """

    held: str = ""
    notes: tuple[str, ...] = ()
    cap: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """What to say to one reason: lines with the customer's figures, what to ask for, how it is verified."""

    code: str
    says: tuple[str, ...]
    asks: tuple[str, ...]
    verify: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """Texts a method drafts. ``by``: of a drafted field, the field that chooses; ``texts``: by its answer;
    ``debtor_id``: whose name and figures stand in them."""

    by: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    debtor_id: str = ""


def before(connection: Connection, program: Any, customer_id: str, method: CollectionMethod, lang: str) -> Before:
    """What stands in the way of a method for a customer now. It refuses nothing: what has happened is written down."""
    if not method.purpose:
        return Before()
    now: datetime = program.clock.now()
    gate = gate_facts(connection, [customer_id], program.today)[customer_id]
    found = judged(program.plugins, Contact(method.channel, now, method.purpose, method=method.name), gate)
    cap = None
    if method.caps:
        actions = load_case_files(connection, [customer_id])[customer_id].facts.actions
        cap = reached(method.caps, (one.on for one in actions if one.method == method.name), program.today)
    return Before(told(found.codes, found.until, gate.zone, lang, found.words) if found.codes else "",
                  tuple(NOTES[note][lang] for note in found.notes), (cap.times, cap.days) if cap else None)


def scripts(connection: Connection, program: Any, actor: Actor, customer_id: str, method: CollectionMethod, lang: str
            ) -> tuple[Script, ...]:
    """What to say to each reason the form offers under ``excuse``; nothing where it asks for none."""
    asked = next((one for one in method.fields if one.name == "excuse"), None)
    if asked is None:
        return ()
    file = load_case_files(connection, [customer_id])[customer_id]
    facts = case_for(file, actor, program.clock.now(), program.today)
    closes = [row.close_minor for row in newest_asks(connection, [customer_id])
              if (row.close_minor or 0) > 0 and row.currency == facts.currency]
    most = ceilings(connection, [customer_id]).get(customer_id, {}).get(facts.currency, 0)
    known = spoken_figures(facts, hoped_for(closes, facts.overdue.minor, most), lang)
    excuses = (program.plugins.excuses.get(choice.value) for choice in asked.choices)
    return tuple(script(one, known, lang) for one in excuses if one is not None)


def drafts(connection: Connection, program: Any, actor: Actor, customer_id: str, method: CollectionMethod, lang: str
           ) -> Drafts:
    """The method's texts with this customer's figures; what lacks a figure is left out."""
    if not any(one.draft for one in method.fields):
        return Drafts()
    facts = case_for(load_case_files(connection, [customer_id])[customer_id], actor, program.clock.now(), program.today)
    known = figures(facts, lang)
    said = {one.name: fill(one.zh if lang == "zh" else one.en, known) for one in method.texts}
    return Drafts({one.name: one.draft for one in method.fields if one.draft},
                  {name: text for name, text in said.items() if text}, facts.debtor.id if facts.debtor else "")


def spoken_figures(facts: CaseFacts, hoped_minor: int, lang: str) -> dict[str, str]:
    """What a line that is said may name: what a text may, the signed statement, and the ask."""
    signed = max(facts.statements, key=lambda one: one.as_of, default=None)
    more = {"ask": str(Money(hoped_minor, facts.currency)) if hoped_minor > 0 else ""}
    if signed:
        more |= {"statement": str(signed.agreed), "statement_on": day_in_words(signed.as_of, lang)}
    return figures(facts, lang) | {name: value for name, value in more.items() if value}


def script(excuse: Excuse, known: dict[str, str], lang: str) -> Script:
    """The reply to a reason, then the house's own lines; where it has none, those that lead back to sum and day."""
    own = _lines(excuse.code, known, lang) or _lines("back", known, lang)
    reply = (excuse.reply[lang],) if excuse.reply else ()
    return Script(excuse.code, (*reply, *own), tuple(one[lang] for one in excuse.asks), excuse.verify[lang])


def _lines(use: str, known: dict[str, str], lang: str) -> tuple[str, ...]:
    said: Iterable[str] = (fill(one.zh if lang == "zh" else one.en, known) for one in LINES
                           if one.use == use and not one.sent)
    return tuple(one for one in said if one)
