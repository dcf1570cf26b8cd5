"""What the editor of a method shows: its document in words, faults at their inputs, the preview, the decision."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from fieldsales.collection.questions import Drawn
from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.methods import trying
from fieldsales.methods.typed import conditions_in, in_words
from fieldsales.plugin_api.fields import PREFILLS
from fieldsales.plugin_api.types import ROLES
from fieldsales.plugin_api.written import Fault, NotWritten, Written
from fieldsales.plugin_api.written.conditions import KINDS
from fieldsales.plugin_api.written.judging import field_of
from fieldsales.plugin_api.written.sense import read_document
from fieldsales.plugin_api.written.shape import METHOD as SHAPE
from fieldsales.plugin_api.written.shape import TYPES, Part, Reading, Rows, whole
from fieldsales.plugin_api.written.speech import CASE
from fieldsales.web.forms import NOT_AN_AMOUNT

#: Names of what may be chosen, in words of the page.
TYPE_WORDS: Mapping[str, str] = {
    "choice": N_("Choose one answer"), "text": N_("One line of text"), "prose": N_("Several lines of text"),
    "bool": N_("Yes or no"), "date": N_("A calendar day"), "time": N_("Time of day"),
    "duration": N_("A number of minutes"),
    "money": N_("Amount of money"), "number": N_("Whole number"), "phone": N_("Telephone number"),
    "email": N_("E-mail address"), "photo": N_("Photos of it"), "signature": N_("A signature"),
    "location": N_("A place"),
    "recording": N_("Recording (with consent)"),
}
EFFECT_WORDS: Mapping[str, str] = {
    "": N_("None: it changes nothing"), "demand": N_("Demand: they were asked to pay"),
    "agreement": N_("Agreement: they agreed to pay, or asked for time"),
    "part_payment": N_("Part payment: they paid a part"),
    "acknowledgement": N_("Acknowledgement: they confirmed the debt in writing"), "suit": N_("Suit: it went to court"),
}
MANNER_WORDS: Mapping[str, str] = {
    "soft": N_("Soft: works by goodwill"), "firm": N_("Firm: for everybody"),
    "persistent": N_("Persistent: only where a manager approved that class"),
}
REACH_WORDS: Mapping[str, str] = {
    "": N_("Nothing is needed"), "phone": N_("A telephone number"), "email": N_("An e-mail address"),
    "address": N_("An address"), "fax": N_("A fax number (none is kept: not suggested by itself)"),
}
PREFILL_WORDS: Mapping[str, str] = {
    "": N_("Empty at first"), "today": N_("Today's date"), "customer.phone": N_("The customer's telephone"),
    "contact.phone": N_("The contact's telephone"), "contact.email": N_("The contact's e-mail address"),
    "debtor.address": N_("The debtor's address"), "balance": N_("All that is open"),
    "overdue": N_("The part overdue"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """What may be chosen, as (value, words)."""

    types: tuple[tuple[str, str], ...]
    effects: tuple[tuple[str, str], ...]
    manners: tuple[tuple[str, str], ...]
    reaches: tuple[tuple[str, str], ...]
    prefills: tuple[tuple[str, str], ...]
    roles: tuple[str, ...]
    papers: tuple[tuple[str, str], ...]
    cases: tuple[tuple[str, str], ...]
    #: every condition of the case, and of a question by the question's type
    tests: tuple[tuple[str, str], ...]
    tests_of: Mapping[str, tuple[tuple[str, str], ...]]
    asks: Mapping[str, tuple[str, ...]]
    holes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EditorPage:
    """The editor. ``known``: the method was saved before, so its name stays. ``was``: the version it is made from."""

    doc: dict[str, Any]
    known: bool
    was: int
    note: str
    both: bool
    errors: dict[str, str]
    faults: tuple[tuple[str, str], ...]
    options: Options
    preview: tuple[Drawn, ...]
    tried: trying.Tried | None
    chosen_case: str
    grades: Mapping[str, str]
    effects: Mapping[str, str]
    lang: str


def options(lang: str) -> Options:
    """Everything that may be chosen, in words."""
    def said(words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        return tuple((value, gettext(text)) for value, text in words.items())

    of_type = {kind: tuple((test, one.labels[lang]) for test, one in KINDS.items()
                           if "field" in one.asks and (not one.types or kind in one.types)) for kind in TYPES}
    return Options(
        said(TYPE_WORDS), said(EFFECT_WORDS), said(MANNER_WORDS), said(REACH_WORDS),
        tuple((value, gettext(PREFILL_WORDS[value])) for value in PREFILLS), ROLES, said(trying.PAPER_WORDS),
        said(trying.CASES), tuple((test, one.labels[lang]) for test, one in KINDS.items() if "field" not in one.asks),
        of_type, {test: one.asks for test, one in KINDS.items()},
        tuple((labels[lang], name) for name, labels in CASE.items()))


def judged(document: Mapping[str, Any]) -> tuple[Written | None, tuple[Fault, ...]]:
    """The method in a document, or what is wrong with it."""
    try:
        return read_document(document), ()
    except NotWritten as wrong:
        return None, wrong.faults


def names_of(fault: Fault) -> str:
    """The input a fault belongs to: places count from 1, inputs from 0."""
    parts = fault.path.split(".") if fault.path else []
    return ".".join(str(int(part) - 1) if part.isdigit() else part for part in parts)


#: The parts of a place, in words of the page.
PLACE_WORDS: Mapping[str, str] = {
    "fields": N_("Question %(n)s"), "outcomes": N_("Outcome %(n)s"), "checks": N_("Check %(n)s"),
    "caps": N_("How often"), "if": N_("Condition"), "summary": N_("What the record says"), "next": N_("Next step"),
    "tasks": N_("Tasks it makes"), "paper": N_("A paper it makes"), "mail": N_("A mail it sends"), "to": N_("To"),
    "grade_a": N_("Grade of proof"), "grade_b": N_("Grade of proof"), "choices": N_("Answers to choose from"),
    "when": N_("Ask only after"), "hint": N_("Hint under the question"), "name": N_("Name in files"),
    "subject": N_("Subject"), "text": N_("Text"), "cost": N_("Cost of one use (¥)"), "roles": N_("Who may use it"),
    "days": N_("In so many days"), "times": N_("How many times"), "code": N_("Name in files"),
    "minimum": N_("At least"), "maximum": N_("At most"), "effect": N_("What it does to the limitation period"),
}


def place_of(fault: Fault) -> str:
    """Where a fault is, in words: 结果 2 · 记录里怎么写."""
    parts = fault.path.split(".") if fault.path else []
    if parts[:1] == ["labels"]:
        return str(gettext("Name of the method"))
    said = []
    for part, after in zip(parts, [*parts[1:], ""], strict=True):
        if part in PLACE_WORDS:
            said.append(str(gettext(PLACE_WORDS[part], n=after)))
    return " · ".join(said)


def plain(fault: Fault, document: Mapping[str, Any], lang: str) -> str:
    """A fault in the words of the page: an amount is typed as one, whatever the file holds."""
    if _is_amount(fault.path.split("."), document):
        return str(gettext(NOT_AN_AMOUNT))
    return str((fault.plain or fault.text)[lang])


def _is_amount(parts: list[str], document: Mapping[str, Any]) -> bool:
    """Whether a place holds an amount in major units on the page."""
    row: Any = document
    for part in parts[:-1]:
        if isinstance(row, list):
            row = row[int(part) - 1] if part.isdigit() and int(part) <= len(row) else {}
        else:
            row = row.get(part) or {} if isinstance(row, Mapping) else {}
    if not isinstance(row, Mapping) or parts[-1] not in ("cost", "minimum", "maximum", "value"):
        return parts[-1] == "cost"
    types = {one.get("name"): one.get("type") for one in document.get("fields") or []}
    return parts[-1] == "cost" or "money" in (row.get("type"), types.get(row.get("field"))) \
        or row.get("test") == "owes_at_least"


def told(fault: Fault, document: Mapping[str, Any], lang: str) -> str:
    """A fault in one sentence, with its place in words."""
    place, text = place_of(fault), plain(fault, document, lang)
    return f"{place}{'：' if lang == 'zh' else ': '}{text}" if place else text


def questions_of(document: Mapping[str, Any]) -> tuple[Any, ...]:
    """The questions that can be drawn already, though something else is wrong."""
    rows = whole({"fields": document.get("fields", [])}, Reading())["fields"]
    return tuple(field_of(row) for row in rows if row["name"] and row["labels"])


def shown(document: Mapping[str, Any], lang: str, currency: str) -> dict[str, Any]:
    """The document as the inputs hold it: every key, placeholders in words, amounts in major units, one language once.

    What is wrong stays as it was typed.
    """
    made = _filled(in_words(deepcopy(dict(document)), lang), SHAPE.keys)
    types = {row["name"]: row["type"] for row in made["fields"]}
    _major(made["use"], "cost", currency)
    for row in made["fields"]:
        if row["type"] == "money":
            _major(row, "minimum", currency)
            _major(row, "maximum", currency)
    for one in conditions_in(made):
        if types.get(one["field"]) == "money" or one["test"] == "owes_at_least":
            _major(one, "value", currency)
    return made


def _filled(row: Any, rules: Mapping[str, Any]) -> dict[str, Any]:
    """The table with every key its template asks for."""
    given = row if isinstance(row, Mapping) else {}
    made: dict[str, Any] = {}
    for key, rule in rules.items():
        value = given.get(key)
        if isinstance(rule, Part):
            made[key] = _filled(value, rule.keys)
        elif isinstance(rule, Rows):
            made[key] = [_filled(one, rule.keys) for one in value or []] if isinstance(value or [], list) else []
        elif type(rule).__name__ == "Said":
            said = value if isinstance(value, Mapping) else {}
            zh, en = str(said.get("zh", "")), str(said.get("en", ""))
            made[key] = {"zh": zh, "en": "" if en == zh else en}
        else:
            made[key] = rule.default if value is None else value
    return made


def _major(row: dict[str, Any], key: str, currency: str) -> None:
    if type(row[key]) is int and abs(row[key]) < 10**13:
        row[key] = Money(row[key], currency).plain()


def page_of(document: dict[str, Any], *, known: bool, was: int, lang: str, currency: str, typed: Mapping[str, str],
            errors: dict[str, str] | None = None, tell: bool = False) -> EditorPage:
    """The editor with a document. ``tell``: say everything that is wrong; else only the preview says what it lacks."""
    written, faults = judged(document)
    if any(one.path.startswith("labels") for one in faults):  # its name in files is made of its name
        faults = tuple(one for one in faults if one.path != "name")
    said = {names_of(one): plain(one, document, lang) for one in reversed(faults)} if tell else {}
    kind = typed.get("case", "owes") if typed.get("case") in trying.CASES else "owes"
    fields = written.fields if written else questions_of(document)
    words = {value: gettext(text) for value, text in EFFECT_WORDS.items()}
    grades = {"A": gettext("signed or sealed"), "B": gettext("arrival shown"), "C": gettext("asserted only")}
    both = typed["langs"] == "both" if "langs" in typed else _has_english(document)
    listed = tuple((names_of(one), told(one, document, lang)) for one in faults)
    return EditorPage(
        shown(document, lang, currency), known, was, typed.get("note", ""), both, said | (errors or {}),
        listed, options(lang), trying.drawn(fields, lang, typed),
        trying.tried(written, typed, kind, lang) if written else None, kind, grades, words, lang)


def _has_english(document: Mapping[str, Any]) -> bool:
    """Whether the name is written in both languages."""
    labels = document.get("labels") or {}
    return bool(labels.get("en")) and labels.get("en") != labels.get("zh")
