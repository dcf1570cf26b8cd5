"""A written method as a plugin in Python: the same form, checks and outcomes, as code somebody can go on from."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldsales.plugin_api.fields import Field, Labels
from fieldsales.plugin_api.written.conditions import Condition, as_python, quoted, repr_of
from fieldsales.plugin_api.written.judging import LONG_ANSWER, Result, Written
from fieldsales.plugin_api.written.speech import Hole, Part, pieces_of

#: The widest line, as ruff counts: a Chinese sign is two wide.
WIDEST = 108
_API = ("Cap", "CaseFacts", "Choice", "CollectionMethod", "Decision", "Field", "Fields", "MakePaper", "MakeTask",
        "Problem", "SendMail", "hookimpl", "words")
_SAYING = ("day_from", "day_of", "line", "part", "size_of", "spoken", "uses_within", "workday")
_TYPES = ("Effects", "Grade")


@dataclass(frozen=True, slots=True)
class Call:
    """``name(args)``; an argument is a line of source, a Text, or a Call. ``marks``: the brackets."""

    name: str
    args: tuple[Any, ...]
    marks: str = "()"


@dataclass(frozen=True, slots=True)
class Text:
    """A text, written over several lines when it is long. ``key``: ``summary=`` before it."""

    text: str


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def _flat(one: Any) -> str:
    if isinstance(one, Call):
        return f"{one.name}{one.marks[0]}{', '.join(map(_flat, one.args))}{one.marks[1]}"
    return quoted(one.text) if isinstance(one, Text) else str(one)


def _lines(one: Any, indent: int, before: str = "", after: str = "") -> list[str]:
    """Source of an expression at an indent, on one line where it fits."""
    flat = f"{' ' * indent}{before}{_flat(one)}{after}"
    if _width(flat) <= WIDEST:
        return [flat]
    if isinstance(one, Call):
        inner = [line for arg in one.args for line in _lines(arg, indent + 4, "", ",")]
        return [f"{' ' * indent}{before}{one.name}{one.marks[0]}", *inner, f"{' ' * indent}{one.marks[1]}{after}"]
    if not isinstance(one, Text):
        return [flat]
    pieces = list(_pieces(one.text))
    return [f"{' ' * indent}{before if n == 0 else ''}{quoted(piece)}{after if n == len(pieces) - 1 else ''}"
            for n, piece in enumerate(pieces)]


def _pieces(text: str) -> Iterable[str]:
    at, wide = "", 0
    for sign in text:
        at, wide = at + sign, wide + _width(sign)
        if wide >= 76 or sign == "\n":
            yield at
            at, wide = "", 0
    if at:
        yield at


def _words(labels: Labels) -> Call:
    return Call("words", (Text(labels["zh"]), Text(labels["en"])))


def _said(template: str, name: str, most: int) -> Any:
    """A template as the call that fills it: ``line("送达", part("，", zh.answer["signed_by"], "签收"))``."""
    def one(piece: str | Hole) -> Any:
        if isinstance(piece, str):
            return Text(piece)
        return f"{name}.{'answer' if piece.is_answer else 'case'}[{quoted(piece.name)}]"

    pieces = pieces_of(template)
    if all(isinstance(piece, str) for piece in pieces) and len(template) <= most:
        return Text("".join(str(piece) for piece in pieces))
    args = [Call("part", tuple(map(one, piece.pieces))) if isinstance(piece, Part) else one(piece) for piece in pieces]
    return Call("line", (*args, *([] if most == 500 else [f"most={most}"])))


def _filled(labels: Labels, most: int = 500) -> Call:
    return Call("words", (_said(labels["zh"], "zh", most), _said(labels["en"], "en", most)))


def _field(field: Field) -> Call:
    args: list[Any] = [quoted(field.name), quoted(field.type), _words(field.labels)]
    args += [_words(field.hint)] if field.hint else []
    args += ["required_hint=True"] if field.required_hint else []
    if field.choices:
        args.append(_Named("choices", Call("", tuple(
            Call("Choice", (quoted(one.value), _words(one.labels))) for one in field.choices))))
    args += [f"{key}={value:_}" for key, value in (("minimum", field.minimum), ("maximum", field.maximum))
             if value is not None]
    if field.when:
        values = ", ".join(str(one) if isinstance(one, bool) else quoted(one) for one in field.when[1])
        args.append(f"when=({quoted(field.when[0])}, ({values},))")
    args += [f"{key}={quoted(value)}" for key, value in (("prefill", field.prefill), ("opens", field.opens)) if value]
    return Call("Field", tuple(args))


class _Named(Call):
    """``choices=(…)``: a tuple given by name, with the comma one entry needs."""

    def __new__(cls, key: str, inner: Call) -> Any:
        last = "," if len(inner.args) == 1 else ""
        args = (*inner.args[:-1], _Tail(inner.args[-1], last)) if last else inner.args
        return Call(f"{key}=", args)


@dataclass(frozen=True, slots=True)
class _Tail:
    one: Any
    after: str

    def __str__(self) -> str:
        return f"{_flat(self.one)}{self.after}"


def _all(conditions: tuple[Condition, ...], method: str) -> list[str]:
    """The lines of ``if …:`` at indent 4."""
    said = [as_python(one, method) for one in conditions]
    flat = f"    if {' and '.join(said)}:"
    if _width(flat) <= WIDEST:
        return [flat]
    return ["    if (", *(f"        {'and ' if n else ''}{one}" for n, one in enumerate(said)), "    ):"]


def _check(written: Written) -> list[str]:
    lines = ["", "", "def check(fields: Fields, facts: CaseFacts) -> list[Problem]:",
             '    """What to object to. A warning is Problem(..., blocking=False)."""']  # fmt: skip
    lines.append("    found: list[Problem] = []")
    for one in written.objections:
        lines += _all(one.conditions, written.name)
        args = (quoted(one.field), _filled(one.say), *([] if one.blocks else ["blocking=False"]))
        lines += _lines(Call("found.append", (Call("Problem", args),)), 8)
    return [*lines[:4], *_spoken(lines), *lines[4:], "    return found"]


def _spoken(lines: list[str]) -> list[str]:
    """The words of the languages that these lines make use of."""
    return [f'    {lang} = spoken(FIELDS, fields, facts, "{lang}")' for lang in ("zh", "en")
            if any(f"{lang}.answer[" in line or f"{lang}.case[" in line for line in lines)]


def _outcome(written: Written) -> list[str]:
    lines = ["", "", "def outcome(fields: Fields, facts: CaseFacts) -> Decision:",
             '    """The first outcome whose conditions all hold; the last is for every other case."""']  # fmt: skip
    for one in written.results[:-1]:
        lines += [*_all(one.conditions, written.name), f"        return outcome_{one.code}(fields, facts)"]
    return [*lines, f"    return outcome_{written.results[-1].code}(fields, facts)"]


def _result(written: Written, one: Result) -> list[str]:
    lines = ["", "", f"def outcome_{one.code}(fields: Fields, facts: CaseFacts) -> Decision:",
             f'    """The outcome {one.code}: its words, its proof, and what follows."""']  # fmt: skip
    body: list[Any] = [_filled(one.summary), quoted(one.code)]
    if one.effect:
        lines += _grade(written, one)
        body += ["grade=grade", f"effect={quoted(one.effect)}"]
    if one.next:
        start = f"day_from(fields, facts, {quoted(one.next['from'])})" if one.next["from"] else "facts.today"
        on = f"{start} + timedelta(days={one.next['days']})"
        body += [_keyed("next_step", _filled(one.next["say"], 120)),
                 f"next_on={f'workday({on})' if one.next['workday'] else on}"]  # fmt: skip
    if one.paper or one.mail or one.tasks:
        lines += _effects(one)
        body.append("effects=tuple(effects)")
    made = _lines(Call("return Decision", tuple(body)), 4)
    return [*lines[:4], *_spoken([*lines, *made]), *lines[4:], *made]


def _keyed(key: str, call: Call) -> Call:
    return Call(f"{key}={call.name}", call.args)


def _grade(written: Written, one: Result) -> list[str]:
    lines = ['    grade: Grade = "C"']
    for grade, conditions in (("B", one.grade_b), ("A", one.grade_a)):
        if conditions is not None:
            lines += [*_all(conditions, written.name), f'        grade = "{grade}"']
    return lines


def _effects(one: Result) -> list[str]:
    lines = ["    effects: list[Effects] = []"]
    if one.paper:
        lang = "en" if one.paper["lang"] == "en" else "zh"
        lines.append(f"    pay_by = facts.today + timedelta(days={one.paper['days']})")
        pairs: list[Any] = [f'"lang": {quoted(one.paper["lang"])}', f'"tone": {quoted(one.paper["tone"])}',
                            '"pay_by": pay_by.isoformat()']  # fmt: skip
        if one.paper["note"]:
            said = _said(one.paper["note"], lang, 2000)
            call = said if isinstance(said, Call) else Call("line", (said, "most=2000"))
            pairs.append(Call(f'"note": {call.name}', call.args))
        paper = Call("MakePaper", (quoted(one.paper["kind"]), Call("", tuple(pairs), "{}")))
        lines += ["    if facts.balance.minor > 0:", *_lines(Call("effects.append", (paper,)), 8)]
    lines += _mail(one.mail) if one.mail else []
    for task in one.tasks:
        role = [f"for_role={quoted(task['role'])}"] if task["role"] else []
        made = Call("MakeTask", (_filled(task["say"], 120), f"facts.today + timedelta(days={task['days']})", *role))
        lines += _lines(Call("effects.append", (made,)), 4)
    return lines


def _mail(mail: Mapping[str, Any]) -> list[str]:
    lang, to = mail["lang"], f"{mail['lang']}.case[\"email\"]"
    if mail["to"] != "contact":
        to = f"str(fields.get({quoted(mail['to'].removeprefix('field.'))}) or {to})"
    args = ("to", _said(mail["subject"][lang], "mail", 200), _said(mail["text"][lang], "mail", 20_000),
            quoted("paper" if mail["attach"] else ""), quoted(mail["effect"]))  # fmt: skip
    return [
        f'    mail = spoken(FIELDS, fields, facts, "{lang}", {LONG_ANSWER})', f"    to = {to}",
        "    if to and facts.balance.minor > 0:", *_lines(Call("effects.append", (Call("SendMail", args),)), 8),
    ]  # fmt: skip


def _method(written: Written) -> list[str]:
    document, use = written.document, written.document["use"]
    args: list[Any] = [quoted(document["name"]), _words(document["labels"]), "outcome", "FIELDS", "check",
                       f"can={repr_of(tuple(use['roles']))}" if len(use["roles"]) != 1
                       else f"can=({quoted(use['roles'][0])},)", f"version={document['version']}"]  # fmt: skip
    args += [_keyed("hint", _words(document["hint"]))] if document["hint"] else []
    args += [f"level={use['level']}", f"cost_minor={use['cost']:_}", f"manner={quoted(use['manner'])}",
             f"reach={quoted(use['reach'])}", f"in_person={use['in_person']}",
             f"approval={use['approval']}"]  # fmt: skip
    args += [f"caps=({', '.join(f'Cap({one.times}, {one.days})' for one in written.caps)},)"] if written.caps else []
    return ["", "", *_lines(Call("METHOD = CollectionMethod", tuple(args)), 0), "", "", "@hookimpl",
            "def collection_methods() -> list[CollectionMethod]:", '    """The one method of this plugin."""',
            "    return [METHOD]"]  # fmt: skip


def source_of(written: Written) -> str:
    """The module of a plugin that decides as the written method does."""
    fields = [line for one in written.fields for line in _lines(_field(one), 4, "", ",")]
    body = ["", "FIELDS: tuple[Field, ...] = (", *fields, ")"] if fields else ["", "FIELDS: tuple[Field, ...] = ()"]
    body += [*_check(written), *_outcome(written)]
    for one in written.results:
        body += _result(written, one)
    body += _method(written)
    used = {node.id for node in ast.walk(ast.parse("\n".join(body))) if isinstance(node, ast.Name)}
    title = written.document["labels"]["en"].replace("\\", "").replace('"', "'")
    head = [f'"""{title}: written on the page of own methods, exported to go on in Python."""', "",
            "from __future__ import annotations", ""]  # fmt: skip
    head += ["from datetime import timedelta", ""] if "timedelta" in used else []
    for module, names in (("fieldsales.plugin_api", _API), ("fieldsales.plugin_api.saying", _SAYING),
                          ("fieldsales.plugin_api.types", _TYPES)):
        wanted = [name for name in names if name in used]
        head += _import(module, wanted) if wanted else []
    return "\n".join([*head, "", '__version__ = "1.0"', *body]) + "\n"


def _import(module: str, names: list[str]) -> list[str]:
    flat = f"from {module} import {', '.join(names)}"
    return [flat] if _width(flat) <= 88 else [f"from {module} import (", *(f"    {name}," for name in names), ")"]
