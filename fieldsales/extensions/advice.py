"""What an author is told to do about what ``plugin check`` found."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches

from fieldsales import plugin_api
from fieldsales.plugin_api import API_VERSION
from fieldsales.plugin_api import __all__ as NAMES
from fieldsales.plugin_api.fields import FIELD_TYPES, Labels, words


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or lacking: ``said`` in words, and what to do about it."""

    said: Labels
    todo: Labels


_KINDS = {"field ": "Field", "setting ": "Setting"}


def finding(said: str, zh: str, en: str, said_zh: str = "") -> Finding:
    """A finding; without ``said_zh`` it is said the same in both languages: names and places of code."""
    return Finding(words(said_zh or said, said), words(zh, en))


def advised(said: str, kind: str = "") -> Finding:
    """A complaint of the core's or Python's, with what to do about it. ``kind``: the record it is about, if any."""
    for pattern, advice in _ADVICE:
        found = pattern.search(said)
        if found:
            return Finding(words(said, said), advice(found))
    kind = next((named for begins, named in _KINDS.items() if said.startswith(begins)), kind)
    if kind:
        return finding(said, f"参考手册的 {kind} 写着每个字段可以是什么：python3 -m fieldsales plugin reference zh",
                       f"What each part of {kind} may be stands in: python3 -m fieldsales plugin reference en")
    return finding(said, "按这一行改代码，再检查一次。", "Mend the code at that line and check again.")


def _always(zh: str, en: str) -> Callable[[re.Match[str]], Labels]:
    return lambda found: words(zh, en)


def _near(given: str, offered: tuple[str, ...]) -> str:
    return next(iter(get_close_matches(given, offered, n=1)), "")


def _type(found: re.Match[str]) -> Labels:
    near = _near(found[1], FIELD_TYPES)
    return words(f"{'是不是 ' + near + '？' if near else ''}可用：{'、'.join(FIELD_TYPES)}。",
                 f"{'Did you mean ' + near + '? ' if near else ''}There are {', '.join(FIELD_TYPES)}.")


def _no_name(found: re.Match[str]) -> Labels:
    near = _near(found[1], tuple(NAMES)) if "fieldsales" in found[2] else ""
    return words(f"{'是不是 ' + near + '？' if near else '名字写错了？'}参考手册列出了所有名字。",
                 f"{'Did you mean ' + near + '? ' if near else 'Is the name misspelt? '}The reference lists them all.")


def _undefined(found: re.Match[str]) -> Labels:
    name = found[1] if found[1] in NAMES else _near(found[1], tuple(NAMES))
    if not name:
        return words("名字写错了，或还没定义。", "It is misspelt, or not defined yet.")
    return words(f"加上：from fieldsales.plugin_api import {name}", f"Add: from fieldsales.plugin_api import {name}")


def _keyword(found: re.Match[str]) -> Labels:
    kind: type | None = getattr(plugin_api, found[1], None)
    parts = tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
    near = next((one for one in parts if found[2] in one), "") or _near(found[2], parts)
    return words(f"{'是不是 ' + near + '？' if near else ''}{found[1]} 有：{'、'.join(parts)}。",
                 f"{'Did you mean ' + near + '? ' if near else ''}{found[1]} has {', '.join(parts)}.")


_BOTH = _always('两种语言都要写：words("中文", "English")。', 'Say it in both languages: words("中文", "English").')
_NAME = _always("名字用小写字母开头，只含 a-z、0-9 和 _，2 到 40 个字符。",
                "A name begins with a small letter and has a-z, 0-9 and _ only, 2 to 40 signs.")
_MISSING = _always("什么都可能没有：字段用 fields.get(…)，名单先看是不是空的，债务人先看是不是 None。",
                   "Anything may be missing: use fields.get(…), look whether a list is empty and a debtor is None.")
#: The first that fits is given.
_ADVICE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Labels]], ...] = tuple(
    (re.compile(pattern), advice) for pattern, advice in (
        (r"has no (?:zh|en)$|no (?:Chinese|English) for|must be \{\"zh\"", _BOTH),
        (r"words\(\) missing", _BOTH),
        (r"name '(\w+)' is not defined", _undefined),
        (r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'", _keyword),
        (r"(\w+)\.__init__\(\) missing .*: (.*) \(", lambda found: words(
            f"{found[1]} 还要给出：{found[2]}。", f"{found[1]} must also be given: {found[2]}.")),
        (r"TypeError: .*'Money'", _always(
            "金额只和金额比、加减：Money(100_000)；要整数（分）用 .minor。",
            "A sum is compared and added with a sum: Money(100_000); .minor is its whole number.")),
        (r"must be a date, not datetime", _always("用 facts.today，或 .date()。", "Use facts.today, or .date().")),
        (r"judge must return a Ruling", _always(
            '放行返回 ALLOW，拦下返回 Ruling("代号", 到何时)。', 'Return ALLOW, or Ruling("code", until).')),
        (r"a whole number, not float", _always(
            "用整数、Money，或先写成文字。", "Use a whole number, Money, or write it as text.")),
        (r"there is no field type '([^']*)'", _type),
        (r"choices belong to the type choice", _always(
            "选项（choices）只给 choice 类型的字段，而且必须给。",
            "A field of type choice has choices, and no other has.")),
        (r"when names answers that field \S+ does not offer|when goes round", _always(
            "when=(字段名, (它的选项, …))：字段要存在，而且是 choice 或 bool。",
            "when=(field, (its answers, …)): that field must be there, and be a choice or a bool.")),
        (r"is called with \d+ arguments?, but is", _always(
            "按程序的调用方式写参数；参考手册里该记录写着。",
            "Take the arguments it is called with; the reference names them.")),
        (r"No module named '([^']*)'", lambda found: words(
            f"装上它（pip install），或改正名字 {found[1]}；用到的包写进依赖。",
            f"Install it, or correct the name {found[1]}; declare what you need.")),
        (r"cannot import name '([^']*)' from '([^']*)'", _no_name),
        (r"an effect on limitation needs a grade", _always(
            'effect 要配 grade：说过为 "C"，证明送达为 "B"，对方签字为 "A"。',
            'An effect needs a grade: "C" said, "B" shown to have arrived, "A" signed by them.')),
        (r"the same (?:facts|form and case) must give", _always(
            "同样的事实要给同样的答案：用 facts.today，不要时钟、随机数和全局变量。",
            "The same facts must give the same answer: use facts.today, no clock, no chance, no globals.")),
        (r"no answer within", _always(
            "两秒内必须答完；慢的、要联网的放进 scheduled_jobs。",
            "It must answer within two seconds; what is slow or goes outside is a scheduled job.")),
        (r"must return a list", _always("钩子返回一个列表：return [METHOD]。",
                                          "A hook returns a list: return [METHOD].")),
        (r"must be a tuple", _always('写成元组；只有一项时别忘了逗号：("a",)。',
                                     'Write a tuple; a single entry needs its comma: ("a",).')),
        (r"must be an? ([A-Z]\w+), not", lambda found: words(f"返回 {found[1]}(…)。", f"Return a {found[1]}(…).")),
        (r"is taken already|two (?:fields|have)|stands twice", _always("换一个名字。", "Choose another name.")),
        (r"(?:name|code|value|kind) '[^']*'", _NAME),
        (r"is longer than (\d+)", lambda found: words(f"缩短到 {found[1]} 个字符以内。",
                                                      f"Shorten it to {found[1]} characters.")),
        (r"needs version \d+ of the plugin API", _always(
            f"本程序的插件接口是第 {API_VERSION} 版：改 __api__，或升级程序。",
            f"This program has version {API_VERSION}: change __api__, or take a newer program.")),
        (r"there is no file templates/", _always("把模板放到插件的 templates/ 下。",
                                                 "Put it below the plugin's templates/.")),
        (r"KeyError|IndexError|NoneType", _MISSING),
    ))  # fmt: skip
