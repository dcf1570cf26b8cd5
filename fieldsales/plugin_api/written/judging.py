"""A written method at work: its document as records, and the check and outcome of the CollectionMethod made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fieldsales.plugin_api.caps import Cap
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Choice, Field, Labels, words
from fieldsales.plugin_api.markers import hookimpl
from fieldsales.plugin_api.saying import Spoken, day_from, spoken, workday
from fieldsales.plugin_api.types import (
    CollectionMethod,
    Decision,
    Effect,
    Effects,
    Fields,
    Grade,
    MakePaper,
    MakeTask,
    Problem,
    SendMail,
)
from fieldsales.plugin_api.written.conditions import Case, Condition, holds
from fieldsales.plugin_api.written.speech import fill

#: Signs of one answer in the text of a mail; elsewhere answers are cut at 80.
LONG_ANSWER = 2000


@dataclass(frozen=True, slots=True)
class Objection:
    """A check: said when all its conditions hold."""

    say: Labels
    field: str
    blocks: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome. ``grade_a``/``grade_b``: what must hold for that grade, None: never; C: every effect has it.
    """

    code: str
    conditions: tuple[Condition, ...]
    summary: Labels
    effect: Effect
    grade_a: tuple[Condition, ...] | None
    grade_b: tuple[Condition, ...] | None
    next: Mapping[str, Any] | None
    tasks: tuple[Mapping[str, Any], ...]
    paper: Mapping[str, Any] | None
    mail: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Written:
    """A method as it is written. ``document``: every key of the format (``shape``)."""

    document: Mapping[str, Any]
    fields: tuple[Field, ...]
    objections: tuple[Objection, ...]
    caps: tuple[Cap, ...]
    results: tuple[Result, ...]

    @property
    def name(self) -> str:
        """The method's name."""
        return str(self.document["name"])


def _conditions(rows: list[Mapping[str, Any]]) -> tuple[Condition, ...]:
    return tuple(Condition(row["test"], row["field"], tuple(row["values"]), row["value"], row["days"]) for row in rows)


def field_of(row: Mapping[str, Any]) -> Field:
    """One question, as the form draws it."""
    asked = row["when"] or {}
    answers: tuple[str | bool, ...] = tuple(asked.get("is", ())) or (bool(asked.get("yes")),)
    return Field(
        row["name"], row["type"], row["labels"], row["hint"], row["wanted"],
        tuple(Choice(one["value"], words(one["zh"] or one["en"], one["en"] or one["zh"])) for one in row["choices"]),
        row["minimum"], row["maximum"], (asked["field"], answers) if asked.get("field") else None, row["prefill"],
        row["opens"])


def _result(row: Mapping[str, Any]) -> Result:
    step, paper, mail = row["next"], row["paper"], row["mail"]
    return Result(
        row["code"], _conditions(row["if"]), row["summary"], row["effect"],
        _conditions(row["grade_a"]) or None, _conditions(row["grade_b"]) or None,
        step if step and step["say"] else None, tuple(row["tasks"]), paper if paper and paper["kind"] else None,
        mail if mail and mail["to"] else None)


def written_of(document: Mapping[str, Any]) -> Written:
    """The records of a whole document that ``sense`` has nothing against."""
    return Written(
        document, tuple(field_of(row) for row in document["fields"]),
        tuple(Objection(row["say"], row["field"], row["blocks"], _conditions(row["if"])) for row in document["checks"]),
        tuple(Cap(row["times"], row["days"]) for row in document["caps"]),
        tuple(_result(row) for row in document["outcomes"]))


def method_of(written: Written) -> CollectionMethod:
    """The method: the same record any plugin declares."""
    use, document = written.document["use"], written.document
    return CollectionMethod(
        document["name"], document["labels"], _outcome(written), written.fields, _check(written),
        can=tuple(use["roles"]), version=document["version"], hint=document["hint"], level=use["level"],
        cost_minor=use["cost"], in_person=use["in_person"], manner=use["manner"], reach=use["reach"],
        approval=use["approval"], caps=written.caps)


def _check(written: Written) -> Callable[[Fields, CaseFacts], list[Problem]]:
    def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
        case, said = Case(fields, facts, written.name), _both(written, fields, facts)
        found = [Problem(one.field, _filled(one.say, said), one.blocks) for one in written.objections
                 if holds(one.conditions, case)]
        return found

    return check


def _outcome(written: Written) -> Callable[[Fields, CaseFacts], Decision]:
    def outcome(fields: Fields, facts: CaseFacts) -> Decision:
        case = Case(fields, facts, written.name)
        result = next(one for one in written.results if holds(one.conditions, case))
        said = _both(written, fields, facts)
        step = result.next
        return Decision(
            _filled(result.summary, said), result.code, grade_of(result, case), result.effect,
            _filled(step["say"], said, 120) if step else None, _next_on(step, fields, facts) if step else None,
            effects_of(written, result, fields, facts, said))  # fmt: skip

    return outcome


def grade_of(result: Result, case: Case) -> Grade:
    """The best grade whose conditions hold; C is what an effect has at least, and without an effect there is none."""
    if not result.effect:
        return ""
    if result.grade_a is not None and holds(result.grade_a, case):
        return "A"
    return "B" if result.grade_b is not None and holds(result.grade_b, case) else "C"


def _both(written: Written, fields: Fields, facts: CaseFacts, most: int = 80) -> dict[str, Spoken]:
    return {lang: spoken(written.fields, fields, facts, lang, most) for lang in ("zh", "en")}


def _filled(labels: Labels, said: Mapping[str, Spoken], most: int = 500) -> Labels:
    return words(fill(labels["zh"], said["zh"], most), fill(labels["en"], said["en"], most))


def _next_on(step: Mapping[str, Any], fields: Fields, facts: CaseFacts) -> date:
    """So many days after a day answered, else after today; never in the past."""
    start = day_from(fields, facts, step["from"]) if step["from"] else facts.today
    on = start + timedelta(days=step["days"])
    return workday(on) if step["workday"] else on


def effects_of(written: Written, result: Result, fields: Fields, facts: CaseFacts, said: Mapping[str, Spoken]
               ) -> tuple[Effects, ...]:
    """What is to be made: the paper, the mail, the tasks. No paper and no mail while nothing is open."""
    made: list[Effects] = []
    owes, paper, mail = facts.balance.minor > 0, result.paper, result.mail
    if paper and owes:
        values = {"lang": paper["lang"], "tone": paper["tone"],
                  "pay_by": (facts.today + timedelta(days=paper["days"])).isoformat()}
        if paper["note"]:
            values["note"] = fill(paper["note"], said["en" if paper["lang"] == "en" else "zh"], 2000)
        made.append(MakePaper(paper["kind"], values))
    to = address(mail, fields, facts) if mail else ""
    if mail and to and owes:
        long = spoken(written.fields, fields, facts, mail["lang"], LONG_ANSWER)
        subject, text = fill(mail["subject"][mail["lang"]], long, 200), fill(mail["text"][mail["lang"]], long, 20_000)
        made.append(SendMail(to, subject, text, "paper" if mail["attach"] else "", mail["effect"]))
    return (*made, *(
        MakeTask(_filled(task["say"], said, 120), facts.today + timedelta(days=task["days"]), for_role=task["role"])
        for task in result.tasks
    ))  # fmt: skip


def address(mail: Mapping[str, Any], fields: Fields, facts: CaseFacts) -> str:
    """Where a mail goes: the address answered, else that of the first contact who has one; "" sends nothing."""
    given = fields.get(str(mail["to"]).removeprefix("field.")) if mail["to"] != "contact" else ""
    return str(given or next((one.email for one in facts.contacts if one.email), ""))


class WrittenPlugin:
    """What stands for a module when a written method is loaded: one hook."""

    def __init__(self, written: Written) -> None:
        self._method = method_of(written)

    @hookimpl
    def collection_methods(self) -> list[CollectionMethod]:
        """The one method."""
        return [self._method]
