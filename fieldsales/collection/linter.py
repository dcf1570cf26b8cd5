"""Phrases of pity (乞求) in what is written or said to a customer, and what to say instead. Pure: no I/O.

"客户不是搞救济的，乞求博得客户的同情，更容易把自己置于不利环境之中". A phrase is marked and a firm, polite way of
saying it is offered; nothing is ever refused because of it. The twin is ``static/js/parts/pity.js``, held to the same
table of cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: A gap (``*``) in a phrase spans so many characters at most, and no end of line.
GAP = 12


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase to avoid and the firm alternative. ``*`` stands for a short gap; ``lang`` is zh or en."""

    lang: str
    phrase: str
    instead: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One phrase found: where it begins (in characters), the words as they stand there, what to say instead."""

    start: int
    found: str
    instead: str


_WORK_ZH = "这是我们之间的货款：今天请您定下金额和日期。"
_ORDER_ZH = "按约定付款，供货就能照常安排，对您对我们都好。"
_DATE_ZH = "这笔款已经到期，请问哪一天付、付多少？"
_WORK_EN = "This is payment for goods delivered: please name the amount and the day."
_ORDER_EN = "With the payment as agreed, deliveries go on as usual, which serves us both."
_DATE_EN = "This amount is past its due date. On which day will you pay, and how much?"

DEFAULTS: tuple[Phrase, ...] = (
    *(Phrase("zh", phrase, _WORK_ZH) for phrase in (
        "任务压力", "任务*完不成", "完不成任务", "公司*逼", "领导*逼", "老板*骂我", "公司催得紧", "没有办法才找您",
        "实在没办法", "走投无路", "考核*过不了")),
    *(Phrase("zh", phrase, _ORDER_ZH) for phrase in (
        "帮帮我", "帮帮忙", "帮我一把", "照顾照顾", "照顾一下小弟", "可怜可怜", "可怜我", "求求您", "求求你", "求您了",
        "求你了", "给点面子", "给个面子", "行行好", "高抬贵手", "拉兄弟一把")),
    *(Phrase("zh", phrase, _WORK_ZH) for phrase in (
        "拿不到工资", "发不出工资", "扣我工资", "扣我的工资", "吃不上饭", "揭不开锅", "养家糊口", "饭碗", "没奖金",
        "拿不到奖金", "拿不到提成")),
    *(Phrase("zh", phrase, _DATE_ZH) for phrase in (
        "多少给点", "多少付点", "哪怕付一点", "哪怕*一点", "意思一下", "您看着给", "你看着给", "不好意思打扰",
        "不好意思开口", "实在不好意思", "能不能通融", "想想办法")),
    *(Phrase("en", phrase, _WORK_EN) for phrase in (
        "under a lot of pressure", "under pressure", "my boss will", "my boss is", "my manager will kill me",
        "my target", "my quota", "i have no choice but to ask", "i will be fired", "i'll be fired", "lose my job",
        "my salary", "my bonus", "my commission", "feed my family", "pay my rent")),
    *(Phrase("en", phrase, _ORDER_EN) for phrase in (
        "help me out", "do me a favour", "do me a favor", "as a favour to me", "as a favor to me", "i beg you",
        "i'm begging", "i am begging", "have mercy", "take pity", "be kind enough to help", "please, please")),
    *(Phrase("en", phrase, _DATE_EN) for phrase in (
        "sorry to bother", "sorry to ask", "sorry for bothering", "hate to ask", "if it is not too much trouble",
        "if it's not too much trouble", "anything you can spare", "whatever you can spare", "even a little",
        "any small amount")),
)


def pattern(phrase: str) -> str:
    """A phrase as a regular expression: blanks may be any, an apostrophe of either kind, English ends at a word."""
    made = "".join(_sign(sign) for sign in re.sub(r"\s+", " ", phrase.strip()))
    begins = r"(?<![A-Za-z])" if re.match(r"[A-Za-z]", phrase) else ""
    ends = r"(?![A-Za-z])" if re.search(r"[A-Za-z]$", phrase) else ""
    return f"{begins}{made}{ends}"


def _sign(sign: str) -> str:
    if sign == "*":
        return rf"[^\n]{{0,{GAP}}}?"
    if sign == " ":
        return r"[ \t\n\u00a0\u3000]+"
    if sign in "'’":
        return "['’]"
    return re.escape(sign) if re.match(r"[!-/:-@\[-`{-~]", sign) else sign


def mark(text: str, phrases: Iterable[Phrase]) -> list[Mark]:
    """Every phrase found, by where it begins; of two that overlap the one that begins first, else the longer."""
    found = [
        Mark(hit.start(), hit[0], one.instead)
        for one in phrases if one.phrase.strip(" *")
        for hit in re.finditer(pattern(one.phrase), text, re.IGNORECASE)
    ]
    marks: list[Mark] = []
    for one in sorted(found, key=lambda each: (each.start, -len(each.found), each.instead)):
        if not marks or one.start >= marks[-1].start + len(marks[-1].found):
            marks.append(one)
    return marks


def in_force(kept: Iterable[tuple[str, str, str, bool]]) -> tuple[Phrase, ...]:
    """The phrases that count: the program's own, changed by what the house set (lang, phrase, instead, active)."""
    every = {(one.lang, one.phrase): one for one in DEFAULTS}
    for lang, phrase, instead, active in kept:
        every.pop((lang, phrase), None)
        if active:
            every[lang, phrase] = Phrase(lang, phrase, instead)
    return tuple(every.values())
