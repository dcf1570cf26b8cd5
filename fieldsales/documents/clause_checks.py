"""What a clause set must be before anybody may sign by it: whole, in step in both languages, lawful. Pure.

Each rule names the law it comes from; a set that breaks one is refused in those words. Not legal advice:
a lawyer signs every set off by name besides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldsales.documents import clauses, editions
from fieldsales.documents.signs import check_printable
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.text import forbidden_sign
from fieldsales.plugin_api.clauses import GIVEN_AWAY

KINDS = ("title", "number", "line", "para", "clause", "rows", "sign")
LANGS = ("zh", "en")
_PLACE = re.compile(r"\{([^{}]*)\}")
_STRUCTURE = ("kind", "when", "unless", "gap", "rule", "of")
_LONGEST, _MOST_BLOCKS, _MOST_CLAUSES = 3000, 150, 20


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause a paper needs. ``says``: words it must hold, by language; ``places``: values it must print."""

    law: str
    title: str
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: tuple[str, ...] = ()


_INTEREST = Rule("买卖合同解释 18 ¶3；民诉解释 428(2)", N_("Interest, accrued to a date and continuing"),
                 {"zh": ("继续计算至",), "en": ("thereafter continuing",)}, ("on",))
_NO_WAIVER = Rule("买卖合同解释 18 ¶3；诉讼时效规定 9", N_("No waiver"),
                  {"zh": ("不构成", "放弃"), "en": ("no waiver",)})
_SIGNATURE = Rule("电子签名法 13 ¶2", N_("Agreed electronic signature and evidence"),
                  {"zh": ("可靠条件的电子签名",), "en": ("conditions of reliability",)})
_EFFECT = Rule("民法典 195；诉讼时效规定 14", N_("Acknowledgement restarts limitation"),
               {"zh": ("诉讼时效",), "en": ("limitation period",)})
_AUTHORITY = Rule("合同编通则解释 22", N_("Authority unproven is printed"))
_ACCOUNT = Rule("民法典 523", N_("Account for payment"), {}, ("seller_account",))
RULES: Mapping[str, Mapping[str, Rule]] = {
    "plan": {
        "acknowledgement": Rule("民诉解释 427；诉讼时效规定 14", N_("Acknowledgement of the whole debt"),
                                {"zh": ("确认", "欠"), "en": ("acknowledges", "owes")}, ("total", "total_words", "on")),
        "interest": _INTEREST,
        "account": _ACCOUNT,
        "allocation": Rule("民法典 560、561", N_("Order of allocation"), {"zh": ("抵充",), "en": ("principal",)}),
        "acceleration": Rule("民法典 634", N_("Acceleration"), {"zh": ("立即到期",), "en": ("falls due",)}),
        "no_waiver": _NO_WAIVER, "e_signature": _SIGNATURE,
        "service": Rule("诉讼时效规定 8", N_("Address for service"), {"zh": ("送达地址",), "en": ("service",)}),
        "effect": _EFFECT, "authority": _AUTHORITY,
    },
    "statement": {
        "acknowledgement": Rule("买卖合同解释 1", N_("Acknowledgement of the balance"),
                                {"zh": ("确认", "欠"), "en": ("acknowledges", "owes")},
                                ("agreed", "agreed_words", "on")),
        "interest": _INTEREST, "account": _ACCOUNT, "no_waiver": _NO_WAIVER, "e_signature": _SIGNATURE,
        "effect": _EFFECT, "authority": _AUTHORITY,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: a sentence with its values, and the rule of law where it is one."""

    sentence: str
    params: Mapping[str, str]
    law: str = ""


def _problem(sentence: str, law: str = "", **params: str) -> Problem:
    return Problem(sentence, params, law)


def _names(kind: str, words: Any) -> tuple[set[str], dict[str, set[str]]]:
    """(the places a paper of this kind has, those of each of its lists)."""
    payload, signatory = editions.sample(kind)
    values, lists = clauses.filling(words, kind, "zh", payload, signatory, "", bilingual=False)
    return set(values), {name: set(rows[0]) for name, rows in lists.items()}


def _texts(block: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(block.get(name, "")) for name in ("text", "caption"))
    for column in block.get("columns", ()):
        yield from (column["head"], column["text"])


def _structure(kind: str, zh: list[Any], en: list[Any]) -> Iterator[Problem]:
    if len(zh) != len(en):
        yield _problem(N_("The Chinese and the English text have not the same number of paragraphs."))
        return
    for n, (left, right) in enumerate(zip(zh, en, strict=True), 1):
        if any(left.get(name) != right.get(name) for name in _STRUCTURE):
            yield _problem(N_("Paragraph %(n)s is not of the same kind in both languages."), n=str(n))
        elif bool(left.get("text", "-").strip()) != bool(right.get("text", "-").strip()):
            yield _problem(N_("Paragraph %(n)s is written in one language only."), n=str(n))
    if len(zh) > _MOST_BLOCKS or sum(block["kind"] == "clause" for block in zh) > _MOST_CLAUSES:
        yield _problem(N_("There are too many paragraphs or clauses; at most 20 clauses."))


def _wording(blocks: list[Any], lang: str, places: set[str], lists: dict[str, set[str]]) -> Iterator[Problem]:
    for n, block in enumerate(blocks, 1):
        known = lists.get(block.get("of", ""), set()) if block["kind"] == "rows" else places
        if block["kind"] not in KINDS or (block["kind"] == "rows" and block.get("of") not in lists):
            yield _problem(N_("Paragraph %(n)s is of a kind nobody knows."), n=str(n))
            continue
        for text in _texts(block):
            for name in _PLACE.findall(text):
                if name not in known:
                    yield _problem(N_("Paragraph %(n)s (%(lang)s) has a place nobody fills: {%(name)s}."), n=str(n),
                                   lang=lang, name=name[:40])
            given_away = next((words for words in GIVEN_AWAY if words in text), "")
            if given_away:
                yield _problem(N_("Paragraph %(n)s gives the late-payment penalty away: “%(words)s”."),
                               "买卖合同解释 18 ¶3", n=str(n), words=given_away)
            yield from _signs(text, n)
        for condition in (block.get("when"), block.get("unless")):
            if condition and condition not in places:
                yield _problem(N_("Paragraph %(n)s depends on something nobody knows: %(name)s."), n=str(n),
                               name=str(condition)[:40])


def _signs(text: str, n: int) -> Iterator[Problem]:
    sign = forbidden_sign(text.replace("\n", " "))
    if sign or "\n" in text or len(text) > _LONGEST or not unicodedata.is_normalized("NFC", text):
        yield _problem(N_("Paragraph %(n)s is too long, has a line break or a hidden character."), n=str(n))
        return
    try:
        check_printable(text)
    except Invalid as refusal:
        yield _problem(N_("Paragraph %(n)s has characters that cannot be printed: %(signs)s."), n=str(n),
                       signs=str(refusal.params.get("signs", "")))


def _sections(blocks: list[Any]) -> dict[str, str]:
    """The text under each clause that says what it is, and of each marked line by itself."""
    found: dict[str, str] = {}
    rule = ""
    for block in blocks:
        if block["kind"] == "clause":
            rule = block.get("rule", "")
        elif block["kind"] == "para" and rule:
            found[rule] = found.get(rule, "") + block["text"]
        elif block.get("rule"):
            found[block["rule"]] = block["text"]
    account = "".join(b["text"] for b in blocks if b["kind"] == "para" and "{seller_account}" in b["text"])
    return {**found, "account": account}


def _lawful(kind: str, lang: str, blocks: list[Any]) -> Iterator[Problem]:
    sections = _sections(blocks)
    for name, rule in RULES[kind].items():
        text = sections.get(name, "").strip()
        if not text:
            yield _problem(N_("%(paper)s (%(lang)s) lacks a required clause: %(title)s."), rule.law, paper=kind,
                           lang=lang, title=rule.title)
            continue
        lacking = [words for words in rule.says.get(lang, ()) if words not in text]
        lacking += [f"{{{place}}}" for place in rule.places if f"{{{place}}}" not in text]
        if lacking:
            yield _problem(N_("%(paper)s (%(lang)s), clause “%(title)s”, does not say: %(lacking)s."), rule.law,
                           paper=kind, lang=lang, title=rule.title, lacking=", ".join(lacking))


def problems_of(found: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with a set; empty: it may be published. At most a page of it."""
    problems: list[Problem] = []
    for kind in RULES:
        zh, en = found[kind]["zh"], found[kind]["en"]
        places, lists = _names(kind, found)
        problems += _structure(kind, zh, en)
        for lang, blocks in (("zh", zh), ("en", en)):
            problems += _wording(blocks, lang, places, lists)
            problems += _lawful(kind, lang, blocks)
    return problems[:40]
