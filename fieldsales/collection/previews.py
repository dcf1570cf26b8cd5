"""What an action would do, shown before it is on record (预览): its mail word for word, and what the gate says.

The method is asked as when the action is recorded, on the same facts; nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from fieldsales.collection import gate_acts
from fieldsales.collection.gate import Contact, GateFacts
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.gate_rules import judged, standing_now
from fieldsales.collection.queries import load_case_files
from fieldsales.collection.rules import CaseFile, case_for
from fieldsales.collection.wording import objections
from fieldsales.extensions.queries import kept_of
from fieldsales.extensions.rules import HOUSE, shown
from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.fields import Labels, Value
from fieldsales.plugin_api.texts import SendText
from fieldsales.plugin_api.types import CollectionMethod, Decision, MakePaper, SendMail


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail or a text message as it would leave."""

    to: str
    subject: str
    text: str
    attached: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """``held``: why nothing would leave now, or "". ``said``: what the method warns of or objects to."""

    summary: str
    letters: tuple[Letter, ...]
    papers: int
    said: tuple[str, ...]
    held: str
    next_step: str


def preview(connection: Connection, program: Any, actor: Actor, customer_id: str, method: CollectionMethod,
            values: Mapping[str, Value], debtor_id: str | None = None) -> Preview:
    """What the method would decide now. Raises PluginFailed."""
    lang = "en" if actor.locale == "en" else "zh"
    file: CaseFile = load_case_files(connection, [customer_id])[customer_id]
    now, today, plugins = program.clock.now(), program.today, program.plugins
    plugin, kept = plugins.brought_by("collection_methods", method.name), kept_of(connection, [customer_id])
    gate = gate_facts(connection, [customer_id], today)[customer_id]
    own = shown(plugin, kept.get(customer_id), kept.get(HOUSE))
    facts = standing_now(plugins.shown(plugin, case_for(file, actor, now, today, debtor_id=debtor_id), own), gate)
    problems = plugins.check(method.name, values, facts)
    if any(one.blocking for one in problems):
        return Preview("", (), 0, tuple(one.text[lang] for one in problems), "", "")
    decision: Decision = plugins.decide(method.name, values, facts)
    problems = (*problems, *objections(method, values, decision))
    return Preview(
        decision.summary[lang], _letters(decision), sum(isinstance(one, MakePaper) for one in decision.effects),
        tuple(one.text[lang] for one in problems), _held(plugins, decision, method, gate, now, lang),
        said(decision.next_step, lang),
    )


def _letters(decision: Decision) -> tuple[Letter, ...]:
    mails = [Letter(one.to, one.subject, one.text, bool(one.attach)) for one in decision.effects
             if isinstance(one, SendMail)]  # fmt: skip
    texts = [Letter(one.to, "", one.text, False) for one in decision.effects if isinstance(one, SendText)]
    return (*mails, *texts)


def _held(plugins: Any, decision: Decision, method: CollectionMethod, gate: GateFacts, now: datetime, lang: str
          ) -> str:
    """Why the gate would hold it back just now."""
    purpose = gate_acts.meant(decision)
    if not purpose:
        return ""
    found = judged(plugins, Contact(gate_acts.channel_of(method, decision), now, purpose, method=method.name), gate)
    return "" if found.ok else found.why_en if lang == "en" else found.why_zh


def said(labels: Labels | None, lang: str) -> str:
    """A sentence of a method in one language, "" when it says none."""
    return labels[lang] if labels else ""
