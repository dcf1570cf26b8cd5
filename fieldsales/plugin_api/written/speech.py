"""Templates of a written method: text with holes from a closed list. Nothing is evaluated.

``{customer}`` is filled from the case, ``{field.amount}`` from an answer. What stands in square brackets with a hole in
it is left out as a whole when one of its holes is empty: ``送达[，{field.signed_by}签收]``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fieldsales.plugin_api.fields import Labels, words
from fieldsales.plugin_api.saying import Spoken, line, part

#: Holes filled from the case, and what the page calls them.
CASE: Mapping[str, Labels] = {
    "customer": words("客户名称", "customer"), "debtor": words("债务人", "debtor"),
    "balance": words("未付总额", "all that is open"), "overdue": words("已逾期金额", "the part overdue"),
    "disputed": words("有争议金额", "the part disputed"), "days": words("逾期天数", "days past due"),
    "oldest": words("最早到期日", "oldest due date"), "today": words("今天", "today"),
    "contact": words("联系人", "contact person"), "phone": words("联系电话", "telephone"),
    "email": words("联系邮箱", "e-mail address"), "address": words("地址", "address"),
    "seller": words("我方公司", "our company"), "account": words("我方收款账户", "our bank account"),
    "me": words("经办人", "who does it"),
    "lines": words("欠款明细", "open invoices"),
}
_HOLE = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Hole:
    """A place to be filled: from an answer, or from the case."""

    name: str
    is_answer: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces that appear together or not at all."""

    pieces: tuple[str | Hole, ...]


Pieces = tuple["str | Hole | Part", ...]


def pieces_of(template: str) -> Pieces:
    """The pieces of a template that ``wrong_with`` has nothing against."""
    found: list[str | Hole | Part] = []
    at = 0
    for match in _OPTIONAL.finditer(template):
        if _HOLE.search(match[1]):
            found += [*_flat(template[at:match.start()]), Part(_flat(match[1]))]
            at = match.end()
    return (*found, *_flat(template[at:]))


def _flat(text: str) -> tuple[str | Hole, ...]:
    pieces: list[str | Hole] = []
    for n, piece in enumerate(_HOLE.split(text)):
        if n % 2 == 0:
            pieces += [piece] if piece else []
        else:
            is_answer = piece.startswith("field.")
            pieces.append(Hole(piece.removeprefix("field."), is_answer))
    return tuple(pieces)


class Wrong(NamedTuple):
    """What is wrong with a template: in the words of the file, and of the editor's page."""

    text: Labels
    plain: Labels


def wrong_with(template: str, fields: frozenset[str], *, is_long: bool = False) -> Wrong | None:
    """What is wrong with a template, or None. ``is_long``: a mail's text, where ``{lines}`` may stand."""
    if re.search(r"[{}]", _HOLE.sub("", template)):
        return Wrong(words("花括号要成对，里面写占位词，例如 {customer}。",
                           "Braces come in pairs around a word, such as {customer}."),
                     words("花括号要成对，里面是自动填入的词，例如 {客户名称}。",
                           "Braces come in pairs around a word to be filled in, such as {customer}."))
    for name in _HOLE.findall(template):
        unknown = _unknown(name, fields)
        if unknown:
            return unknown
        if name == "lines" and not is_long:
            return _alike("{欠款明细} 有多行，只能用在邮件正文。",
                          "{lines} has several lines and belongs into the text of a mail.")
    if any(mark in text for text in _OPTIONAL.sub("", template).split("\n") for mark in "[]"):
        return _alike("方括号要成对，也不能套方括号。", "Square brackets come in pairs, and not inside one another.")
    if not any(isinstance(one, str) and one.strip() for one in pieces_of(template)):
        en = "There must be words of its own beside what is filled in."
        return Wrong(words("除了占位词，还要有固定的文字。", en), words("除了自动填入的词，还要写一点固定的文字。", en))
    return None


def _unknown(name: str, fields: frozenset[str]) -> Wrong | None:
    answer = name.removeprefix("field.") if name.startswith("field.") else None
    if answer is not None and answer not in fields:
        return _alike(f"没有叫“{answer}”的问题。", f"There is no question {answer!r}.")
    if answer is None and name not in CASE:
        return Wrong(words(f"没有占位词 {{{name}}}。可用：{'、'.join(CASE)}，或 field.问题名。",
                           f"There is no {{{name}}}. There are {', '.join(CASE)}, and field.<question>."),
                     words(f"“{name}”不能自动填入。可以填入：上面各个问题，以及{_listed('zh')}。不要花括号就是普通文字。",
                           f"{name!r} cannot be filled in. What can: the questions above, {_listed('en')}. Without "
                           "braces it is plain words."))
    return None


def _listed(lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(one[lang] for one in CASE.values())


def _alike(zh: str, en: str) -> Wrong:
    return Wrong(words(zh, en), words(zh, en))


def fill(template: str, said: Spoken, most: int = 500) -> str:
    """The template with its holes filled, at most ``most`` signs."""
    def one(piece: str | Hole) -> str:
        if isinstance(piece, str):
            return piece
        return (said.answer if piece.is_answer else said.case).get(piece.name, "")

    texts = [part(*map(one, piece.pieces)) if isinstance(piece, Part) else one(piece) for piece in pieces_of(template)]
    return line(*texts, most=most)
