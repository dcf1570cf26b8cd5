"""The format, number 1: every key of a written method, what it may hold, and what it is when it is left out.

Reading by this table makes a plain document with every key in the table's order; what is at its default is left out
again by ``slim``, so that the same method is always the same text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldsales.kernel.money import MAX_MINOR
from fieldsales.kernel.text import forbidden_sign
from fieldsales.plugin_api.fields import FIELD_TYPES, NAME, PREFILLS, Labels, words
from fieldsales.plugin_api.types import EFFECTS, MANNERS, REACHES, ROLES
from fieldsales.plugin_api.written.conditions import KINDS
from fieldsales.plugin_api.written.faults import Fault, Path, fault

FORMAT = 1
MISSING = words("请填写。", "This is missing.")
#: Rows of rows are for a plugin in Python.
TYPES = tuple(one for one in FIELD_TYPES if one != "rows")


@dataclass
class Reading:
    """What is found wrong on the way."""

    faults: list[Fault] = field(default_factory=list)

    def wrong(self, path: Path, zh: str, en: str, plain: Labels | None = None) -> None:
        """Note a fault at a place; ``plain``: in the words of the editor's page."""
        self.faults.append(fault(path, zh, en, plain))


@dataclass(frozen=True, slots=True)
class Rule:
    """What a key may hold. ``needed``: may not be left out."""

    needed: bool = False
    default: Any = None

    def read(self, given: Any, at: Path, out: Reading) -> Any:
        """The value, checked; the default and a fault when it may not be."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Text(Rule):
    """Text of at most ``longest`` signs on one line, or ``lines``; ``name``: lower-case letters, digits and _."""

    longest: int = 120
    default: Any = ""
    lines: bool = False
    name: bool = False

    def read(self, given: Any, at: Path, out: Reading) -> Any:
        if not isinstance(given, str):
            out.wrong(at, "这里要写文字。", "This must be text.")
            return self.default
        text = given.strip()
        if len(text) > self.longest:
            out.wrong(at, f"最多 {self.longest} 个字符。", f"At most {self.longest} characters.")
        elif forbidden_sign(text):
            out.wrong(at, "含有看不见的字符，请重新输入。", "This holds a hidden character. Type it again.")
        elif not self.lines and "\n" in text:
            out.wrong(at, "只能写一行。", "This must be one line.")
        elif self.name and text and not NAME.fullmatch(text):
            out.wrong(at, "只能用小写字母、数字和下划线，以字母开头，2 到 40 个字符。",
                      "Lower-case letters, digits and _ only, beginning with a letter, 2 to 40.")
        elif self.needed and not text:
            out.wrong(at, MISSING["zh"], MISSING["en"])
        else:
            return text
        return self.default


@dataclass(frozen=True, slots=True)
class Said(Rule):
    """Words in both languages: ``{ zh = "…", en = "…" }``. One alone stands for both."""

    longest: int = 120
    lines: bool = False

    def read(self, given: Any, at: Path, out: Reading) -> Any:
        if not isinstance(given, Mapping) or set(given) - {"zh", "en"}:
            out.wrong(at, "要写成 { zh = \"中文\", en = \"English\" }。", 'Write it as { zh = "…", en = "…" }.')
            return None
        one = Text(longest=self.longest, lines=self.lines)
        read = {lang: one.read(given.get(lang, ""), (*at, lang), out) for lang in ("zh", "en")}
        known = read["zh"] or read["en"]
        if not known:
            if self.needed:
                out.wrong((*at, "zh"), "请填写。", "This is missing.")
            return None
        return {"zh": read["zh"] or known, "en": read["en"] or known}


@dataclass(frozen=True, slots=True)
class Whole(Rule):
    """A whole number."""

    low: int = 0
    high: int = 366

    def read(self, given: Any, at: Path, out: Reading) -> Any:
        if type(given) is int and self.low <= given <= self.high:
            return given
        out.wrong(at, f"要写 {self.low} 到 {self.high} 之间的整数。", f"A whole number from {self.low} to {self.high}.")
        return self.default


@dataclass(frozen=True, slots=True)
class Flag(Rule):
    """Yes or no."""

    default: Any = False

    def read(self, given: Any, at: Path, out: Reading) -> Any:
        if isinstance(given, bool):
            return given
        out.wrong(at, "只能是 true 或 false。", "This is true or false.")
        return self.default


@dataclass(frozen=True, slots=True)
class OneOf(Rule):
    """One of a closed list."""

    of: tuple[str, ...] = ()

    def read(self, given: Any, at: Path, out: Reading) -> Any:
        if isinstance(given, str) and given in self.of:
            return given
        if given in ("", None):
            out.wrong(at, "请选择。", "Choose one.")
        else:
            known = "、".join(repr(one) for one in self.of)
            out.wrong(at, f"只能是：{known}。", f"One of {known.replace('、', ', ')}.")
        return self.default


@dataclass(frozen=True, slots=True)
class Names(Rule):
    """Several names, each once; of ``of`` when it is given."""

    of: tuple[str, ...] = ()
    most: int = 60

    def read(self, given: Any, at: Path, out: Reading) -> Any:
        if not isinstance(given, list) or len(given) > self.most:
            out.wrong(at, f"要写成列表，最多 {self.most} 项。", f"A list of at most {self.most}.")
            return self.default
        rule = OneOf(of=self.of) if self.of else Text(name=True, needed=True, longest=40)
        found = [rule.read(one, (*at, n), out) for n, one in enumerate(given)]
        return list(dict.fromkeys(one for one in found if one))


@dataclass(frozen=True, slots=True)
class Part(Rule):
    """A table with keys of its own."""

    keys: Mapping[str, Rule] = field(default_factory=dict)

    def read(self, given: Any, at: Path, out: Reading) -> Any:
        if not isinstance(given, Mapping):
            out.wrong(at, "这里要写成一个表 { … }。", "This must be a table { … }.")
            return None
        for key in list(given)[:200]:
            if key not in self.keys:
                shown = key[:40] if key.isprintable() else "?"
                out.wrong((*at, shown), f"没有“{shown}”这一项。可用：{'、'.join(self.keys)}。",
                          f"There is no {shown!r}. There are {', '.join(self.keys)}.")
        found = {}
        for key, rule in self.keys.items():
            if key in given:
                found[key] = rule.read(given[key], (*at, key), out)
            elif rule.needed:
                out.wrong((*at, key), f"缺少“{key}”。", f"{key!r} is missing.", MISSING)
                found[key] = rule.default
            else:
                found[key] = [] if isinstance(rule, Rows) else rule.default
        return found


@dataclass(frozen=True, slots=True)
class Rows(Rule):
    """A list of tables."""

    keys: Mapping[str, Rule] = field(default_factory=dict)
    most: int = 20

    def read(self, given: Any, at: Path, out: Reading) -> Any:
        if not isinstance(given, list) or len(given) > self.most:
            out.wrong(at, f"要写成列表，最多 {self.most} 项。", f"A list of at most {self.most} entries.")
            return []
        rows = [Part(keys=self.keys).read(one, (*at, n), out) for n, one in enumerate(given)]
        return [one for one in rows if one is not None]


CONDITION: Mapping[str, Rule] = {
    "test": OneOf(needed=True, of=tuple(KINDS)), "field": Text(name=True, longest=40), "values": Names(default=[]),
    "value": Whole(default=0, high=MAX_MINOR), "days": Whole(default=0),
}
_IF = Rows(keys=CONDITION, most=10)
CHOICE: Mapping[str, Rule] = {
    "value": Text(needed=True, name=True, longest=40), "zh": Text(longest=60), "en": Text(longest=60),
}
FIELD: Mapping[str, Rule] = {
    "name": Text(needed=True, name=True, longest=40), "type": OneOf(needed=True, of=TYPES, default="text"),
    "labels": Said(needed=True, longest=60), "hint": Said(longest=200), "wanted": Flag(),
    "choices": Rows(keys=CHOICE, most=60), "minimum": Whole(low=-MAX_MINOR, high=MAX_MINOR),
    "maximum": Whole(low=-MAX_MINOR, high=MAX_MINOR), "prefill": OneOf(of=PREFILLS, default=""),
    "opens": OneOf(of=("", "tel", "mailto", "sms"), default=""),
    "when": Part(keys={"field": Text(name=True, longest=40), "is": Names(default=[]), "yes": Flag()}),
}
USE: Mapping[str, Rule] = {
    "roles": Names(of=ROLES, default=["rep", "manager", "finance", "legal"]), "level": Whole(low=1, high=3, default=1),
    "cost": Whole(high=10**9, default=500), "in_person": Flag(), "manner": OneOf(of=MANNERS, default="soft"),
    "reach": OneOf(of=REACHES, default=""), "approval": Flag(),
}
CHECK: Mapping[str, Rule] = {
    "say": Said(needed=True, longest=200), "field": Text(name=True, longest=40), "blocks": Flag(), "if": _IF,
}
CAP: Mapping[str, Rule] = {"times": Whole(low=1, high=50, default=1), "days": Whole(low=1, high=366, default=7)}
NEXT: Mapping[str, Rule] = {
    "say": Said(longest=120), "days": Whole(default=1), "from": Text(name=True, longest=40), "workday": Flag(),
}
TASK: Mapping[str, Rule] = {
    "say": Said(needed=True, longest=100), "days": Whole(default=1), "role": OneOf(of=("", *ROLES), default=""),
}
PAPER: Mapping[str, Rule] = {
    "kind": OneOf(of=("", "demand_letter", "lawyer_letter", "evidence_report"), default=""),
    "tone": OneOf(of=("friendly", "firm", "final"), default="firm"),
    "lang": OneOf(of=("zh", "en", "zh_en"), default="zh"),
    "days": Whole(low=1, default=7), "note": Text(longest=600, lines=True),
}
MAIL: Mapping[str, Rule] = {
    "to": Text(longest=60), "lang": OneOf(of=("zh", "en"), default="zh"), "subject": Said(longest=120),
    "text": Said(longest=4000, lines=True), "attach": Flag(), "effect": OneOf(of=EFFECTS, default=""),
}
OUTCOME: Mapping[str, Rule] = {
    "code": Text(needed=True, name=True, longest=40), "if": _IF, "summary": Said(needed=True, longest=200),
    "effect": OneOf(of=EFFECTS, default=""), "grade_a": _IF, "grade_b": _IF, "next": Part(keys=NEXT),
    "tasks": Rows(keys=TASK, most=4), "paper": Part(keys=PAPER), "mail": Part(keys=MAIL),
}
METHOD = Part(keys={
    "format": Whole(needed=True, low=FORMAT, high=FORMAT), "name": Text(needed=True, name=True, longest=40),
    "version": Whole(low=1, high=1_000_000, default=1), "labels": Said(needed=True, longest=40),
    "hint": Said(longest=200), "use": Part(keys=USE), "fields": Rows(keys=FIELD, most=40),
    "checks": Rows(keys=CHECK, most=20), "caps": Rows(keys=CAP, most=4), "outcomes": Rows(keys=OUTCOME, most=20),
})


def whole(document: Mapping[str, Any], out: Reading) -> dict[str, Any]:
    """The document with every key, each checked by itself."""
    read: dict[str, Any] = METHOD.read(document, (), out)
    read["use"] = read["use"] or Part(keys=USE).read({}, (), Reading())
    return read


def slim(document: Mapping[str, Any], rules: Mapping[str, Rule] = METHOD.keys) -> dict[str, Any]:
    """The document without what is at its default."""
    found: dict[str, Any] = {}
    for key, rule in rules.items():
        value = document.get(key)
        if isinstance(rule, Part) and value:
            value = slim(value, rule.keys)
        elif isinstance(rule, Rows) and value:
            value = [slim(one, rule.keys) for one in value]
        if rule.needed or key == "version" or value not in (rule.default, None, [], {}):
            found[key] = value
    return found
