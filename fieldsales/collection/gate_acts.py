"""What a method's decision is to the gate: how it reaches the debtor, and what of it has not happened yet. Pure."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from fieldsales.collection.gate import Permit, told
from fieldsales.plugin_api.fields import Labels, words
from fieldsales.plugin_api.keeping import Forget, Keep
from fieldsales.plugin_api.texts import SendText
from fieldsales.plugin_api.types import CollectionMethod, Decision, Effects, MakePaper, SendMail

#: Effects of an act in which the debtor was pressed: refused or agreed to, he was asked.
PRESSING = ("demand", "agreement")
#: Papers that press, or go to law: they are held back; other papers disturb nobody.
_PAPERS = {"demand_letter": "demand", "payment_order_application": "legal"}
HELD = words("没有发出：", "Held back: ")
AGAIN = words("现在可以发了：先看情况有没有变化，再发", "Free to send now: see first whether anything has changed")


def channel_of(method: CollectionMethod, decision: Decision) -> str:
    """The way an act reaches the debtor: by what the method opens or needs, else by what it has made."""
    if method.channel and method.channel != "legal":
        return method.channel
    if any(isinstance(one, SendMail) for one in decision.effects):
        return "mail"
    if any(isinstance(one, SendText) for one in decision.effects):
        return "message"
    return "letter" if any(isinstance(one, MakePaper) for one in decision.effects) else "visit"


def took_place(decision: Decision, channel: str) -> tuple[str, bool]:
    """(purpose, somebody was spoken to) of what has happened already; purpose "" when nothing of the kind has.

    A call that reached nobody is a call all the same; a visit without a demand disturbs nobody's evening.
    """
    if decision.effect in PRESSING:
        return "demand", True
    return ("reminder", False) if channel == "call" else ("", False)


def is_meant(effect: Effects) -> str:
    """The purpose of an effect that is still to be carried out: demand, legal, or "" for what disturbs nobody."""
    if isinstance(effect, SendMail):
        return "demand" if effect.accepted_effect in PRESSING else ""
    if isinstance(effect, SendText):
        return "demand" if effect.delivered_effect in PRESSING else ""
    if isinstance(effect, MakePaper):
        return _PAPERS.get(effect.kind, "demand" if effect.presses else "")
    return ""


def meant(decision: Decision) -> str:
    """The purpose of what a decision still wants done; a demand weighs more than a paper for the court."""
    purposes = {is_meant(effect) for effect in decision.effects}
    return next((purpose for purpose in ("demand", "legal") if purpose in purposes), "")


def held_back(decision: Decision, found: Permit, zone: str) -> Decision:
    """The decision without what the gate holds back. Where nothing else has happened, it says so, with the day on
    which to look again."""
    left = tuple(effect for effect in decision.effects if not is_meant(effect))
    if decision.effect:
        return replace(decision, effects=left)
    day = found.until.astimezone(ZoneInfo(zone)).date() if found.until else None
    left = tuple(effect for effect in left if not isinstance(effect, Keep | Forget))  # of what has not happened
    return replace(decision, effects=left, summary=not_sent(found), outcome="held_back", grade="",
                   next_step=AGAIN if day else None, next_on=day)


def not_sent(found: Permit) -> Labels:
    """That something was not sent, why, and from when it may be."""
    return words(f"{HELD['zh']}{found.why_zh}", f"{HELD['en']}{found.why_en}")


def reasons(found: Permit, zone: str) -> list[dict[str, str]]:
    """What a contact went beyond, one sentence a code, for the record of the act."""
    return [{lang: told((code,), None, zone, lang, found.words) for lang in ("zh", "en")} for code in found.codes]
