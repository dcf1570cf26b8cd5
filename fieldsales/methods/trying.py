"""A method tried out before it is saved: a made-up case, the answers typed into the preview, and what comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask_babel import gettext

from fieldsales.collection.questions import Drawn, draw_fields, read_answers
from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.answers import Refusal, read_fields
from fieldsales.plugin_api.caps import cap_words, reached
from fieldsales.plugin_api.facts import ActionFacts, CaseFacts, DisputeFacts, PlanFacts, PromiseFacts
from fieldsales.plugin_api.fields import FILE_TYPES, Field
from fieldsales.plugin_api.saying import day_in_words
from fieldsales.plugin_api.testing import TODAY, case
from fieldsales.plugin_api.types import Decision, MakePaper, MakeTask, SendMail
from fieldsales.plugin_api.written import Written, method_of

#: The preview's inputs are called ``try.<field>``.
PREFIX = "try."
#: The made-up cases, and what the page calls them.
CASES: Mapping[str, str] = {
    "owes": N_("Owes ¥182,300.00, ¥150,000.00 of it 46 days overdue"), "nothing": N_("Owes nothing"),
    "dispute": N_("The same, with an open dispute"), "promise": N_("The same, with an open promise"),
    "plan": N_("The same, with a running plan"), "used": N_("The same, and this way was used yesterday"),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What the method makes of the answers. ``refused``: what the form itself refuses, or the decision's own fault.

    ``made``: papers, mails and tasks, one line each; ``mail``: the text of the mail, when one is written.
    """

    refused: tuple[str, ...] = ()
    blocking: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    decision: Decision | None = None
    made: tuple[str, ...] = ()
    mail: SendMail | None = None


def sample_case(kind: str, method: str) -> CaseFacts:
    """One of the made-up cases: 海港五金, on a Thursday."""
    facts, day = case(promises=(), actions=()), timedelta(days=1)
    if kind == "nothing":
        return replace(facts, balance=Money(0), overdue=Money(0), invoices=(), days_past_due=0, oldest_due_on=None)
    if kind == "dispute":
        return replace(facts, disputed=Money(3_000_000),
                       disputes=(DisputeFacts("d1", "quality", Money(3_000_000), TODAY - 5 * day),))
    if kind == "promise":
        return replace(facts, promises=(PromiseFacts("p1", Money(5_000_000), TODAY + 3 * day),))
    if kind == "plan":
        return replace(facts, plans=(PlanFacts("l1", "HK-1", Money(15_000_000), TODAY - 9 * day),))
    if kind == "used":
        return replace(facts, actions=(ActionFacts("a1", method, "done", TODAY - day),))
    return facts


def drawn(fields: tuple[Field, ...], lang: str, typed: Mapping[str, str]) -> tuple[Drawn, ...]:
    """The form as it is drawn for a customer; where files belong, a tick says that one is there."""
    known = {f"{PREFIX}{one.name}": TODAY.isoformat() for one in fields if one.prefill == "today"}
    rows = draw_fields(fields, lang, known | dict(typed), PREFIX)
    said = gettext("(in this preview: tick when it is there)")
    return tuple(replace(one, kind="bool", label=f"{one.label} {said}") if one.kind in FILE_TYPES else one
                 for one in rows)


def _file(field: Field, typed: Mapping[str, str]) -> Any:
    if not typed.get(PREFIX + field.name):
        return None
    sha256 = "a" * 64
    if field.type == "recording":
        return {"sha256": sha256, "mime": "audio/mpeg", "size": 1000, "consent": True}
    return sha256 if field.type == "signature" else [sha256]


def tried(written: Written, typed: Mapping[str, str], kind: str, lang: str) -> Tried:
    """What the method decides on the answers typed, in the made-up case."""
    facts, method = sample_case(kind, written.name), method_of(written)
    raw = read_answers(written.fields, typed, facts.currency, lambda field, _name: _file(field, typed), PREFIX)
    values, refusals = read_fields(written.fields, raw, currency=facts.currency, locale=lang)
    if refusals:
        return Tried(tuple(_refused(one, written.fields, lang) for one in refusals))
    problems = validate.problems(method.check(values, facts))
    cap = reached(method.caps, (one.on for one in facts.actions if one.method == method.name), facts.today)
    blocking = tuple(one.text[lang] for one in problems if one.blocking)
    warnings = tuple(one.text[lang] for one in problems if not one.blocking)
    warnings += (cap_words(cap)[lang],) if cap else ()
    try:
        decision = validate.decision(method.outcome(values, facts), facts)
    except validate.Garbage:  # said to programmers only: a written method is made so that it cannot happen
        said = gettext("With these answers the office could not carry it out. Look at what it makes and sends.")
        return Tried((said,), blocking, warnings)
    effects = decision.effects if decision else ()
    mail = next((one for one in effects if isinstance(one, SendMail)), None)
    return Tried((), blocking, warnings, decision, tuple(_line(one, lang) for one in effects), mail)


def _refused(refusal: Refusal, fields: tuple[Field, ...], lang: str) -> str:
    """What the form refuses, with the question it is about."""
    text = str(gettext(refusal.message, **refusal.params))
    asked = next((one.labels[lang] for one in fields if one.name == refusal.field.split(".")[0]), "")
    return f"{asked}{'：' if lang == 'zh' else ': '}{text}" if asked else text


def _line(effect: object, lang: str) -> str:
    if isinstance(effect, MakePaper):
        return str(gettext("A paper is made: %(kind)s", kind=gettext(PAPER_WORDS[effect.kind])))
    if isinstance(effect, SendMail):
        return str(gettext("A mail goes to %(to)s: %(subject)s", to=effect.to, subject=effect.subject))
    if isinstance(effect, MakeTask):
        day = day_in_words(effect.due_on, lang)
        return str(gettext("A task: %(title)s, due %(day)s", title=effect.title[lang], day=day))
    return type(effect).__name__


#: The papers a method may have made, in words.
PAPER_WORDS: Mapping[str, str] = {
    "demand_letter": N_("Demand letter"), "lawyer_letter": N_("Lawyer's letter"),
    "evidence_report": N_("Report of the evidence"),
}
