"""Words never written to a debtor: threats, exposure, family, borrowed authority, insults, a waived rest. Pure.

Unlike phrases of pity (``linter``), which are only marked, a text with one of these does not leave: at a desk it is
corrected, made on a phone it is held. What was sent from a phone's own apps has happened: it stays on record with the
warning. The twin on the phone (``static/js/methods/texts.js``) is given the same list, so that it is seen beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fieldsales.collection.linter import Phrase, mark
from fieldsales.plugin_api.fields import Labels, Value, words
from fieldsales.plugin_api.texts import SendText
from fieldsales.plugin_api.types import CollectionMethod, Decision, Problem, SendMail

_THREAT = words("威胁不能写（治安管理处罚法、刑法 293 条之一）", "a threat (public order and criminal law)")
_EXPOSE = words("不能以公开相要挟（民法典 1024、1032 条）", "a threat to expose them (Civil Code 1024, 1032)")
_FAMILY = words("不得牵涉家人和第三人（民法典 1033 条）", "family or third parties (Civil Code 1033)")
_POWER = words("不能冒充或借用公权力", "authority that we do not have")
_INSULT = words("不能贬损对方（民法典 1024 条）", "an insult (Civil Code, art. 1024)")
_WAIVE = words("不能顺手放弃其余债权（诉讼时效规定 9 条）", "it waives the rest of the debt (limitation rules, art. 9)")

#: (why, phrases); ``*`` stands for a short gap, as in the linter. Reviewed 2026-11-22.
_NEVER: tuple[tuple[Labels, tuple[str, ...]], ...] = (
    (_THREAT, ("弄死", "打断*腿", "收拾你", "要你好看", "让你好看", "等着瞧", "走着瞧", "找人*堵", "泼*油漆",
        "不得安宁", "别想好过", "or else you", "you will regret", "watch your back", "we know where you live")),
    (_EXPOSE, ("曝光你", "公开曝光", "公之于众", "发到朋友圈", "发朋友圈", "贴大字报", "身败名裂", "全网*通报",
        "expose you", "name and shame", "post it online", "ruin your reputation")),
    (_FAMILY, ("你老婆", "你爱人", "你父母", "你孩子", "您孩子", "你家人", "您家人", "你的家人", "通知*亲戚",
        "通知*家属", "告诉*邻居", "your wife", "your husband", "your children", "your family", "your neighbours",
        "your neighbors")),
    (_POWER, ("报警抓", "抓你", "坐牢", "刑事拘留", "通缉", "公安*立案", "我们是法院", "法院的人",
        "have you arrested", "go to jail", "we are the court")),
    (_INSULT, ("老赖", "赖账", "赖皮", "无赖", "骗子", "诈骗", "不要脸", "恶意拖欠", "恶意欠款", "deadbeat",
        "fraudster", "crook", "bad faith", "bad-faith")),
    (_WAIVE, ("其余*免", "余款*免", "余下*不要", "剩余*不要", "免除*余", "一笔勾销", "we waive the rest",
        "forget the rest", "waive the remainder")),
)  # fmt: skip
_WHY: Mapping[str, Labels] = {phrase.lower(): why for why, phrases in _NEVER for phrase in phrases}


@dataclass(frozen=True, slots=True)
class Forbidden:
    """One place of a text that must not leave: the words as they stand there, and why."""

    found: str
    why: Labels


def never() -> tuple[Phrase, ...]:
    """The list as the linter takes it; ``instead`` is the phrase itself, by which its reason is found again."""
    return tuple(Phrase("zh", phrase, phrase) for _, phrases in _NEVER for phrase in phrases)


def forbidden(text: str) -> list[Forbidden]:
    """What in a text must not leave, in its order."""
    return [Forbidden(hit.found, _WHY[hit.instead.lower()]) for hit in mark(text, never())]


def never_docs() -> list[dict[str, str]]:
    """The list as a phone carries it."""
    return [{"phrase": phrase, "zh": why["zh"], "en": why["en"]} for why, phrases in _NEVER for phrase in phrases]


def objections(method: CollectionMethod, values: Mapping[str, Value], decision: Decision | None) -> tuple[Problem, ...]:
    """What of a decision's messages must not leave (blocking), and what of a text already shared should not have."""
    effects = decision.effects if decision else ()
    leaving = "\n".join(one.text for one in effects if isinstance(one, SendText | SendMail))
    blocked = forbidden(leaving)
    shared = "\n".join(str(values.get(field.name, "")) for field in method.fields if field.draft)
    told = [one for one in forbidden(shared) if one not in blocked]
    return (*_problems(blocked, blocking=True), *_problems(told, blocking=False))


def _problems(found: Iterable[Forbidden], *, blocking: bool) -> list[Problem]:
    """Each only once, however often it stands there."""
    once = {one.found: one.why for one in found}
    return [Problem("", words(f"“{said}”：{why['zh']}", f"“{said}”: {why['en']}"), blocking)
            for said, why in once.items()]
