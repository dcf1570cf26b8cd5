"""Texts to debtors (短信、微信): templates with places for real figures, filled in by the phone and the office alike.

A written demand states the whole debt (诉讼时效规定 art. 9): a template names it with ``{open}``; no place exists for a
part of it that is asked for. The twin is ``static/js/methods/texts.js``, held to the same table of cases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from fieldsales.kernel.money import Money
from fieldsales.kernel.text import forbidden_sign
from fieldsales.plugin_api.facts import CaseFacts

#: Figures a text may name. A text with a figure that is not there is left out rather than sent with a hole in it.
PLACES = ("name", "company", "me", "today", "open", "overdue", "undisputed", "days", "oldest_on", "invoice", "invoices",
          "promised", "promised_on")  # fmt: skip
LONGEST = 600
STOPS = ("objection", "asked_to_leave", "police")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,30}")
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text ready to be sent, in both languages. ``name``: the answer of the field that chooses among them."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SendText:
    """Have the worker send a text message (短信) through the house's provider, at most once.

    ``template`` and ``places``: for providers that send only their own templates, the text's name and its figures.
    ``delivered_effect`` is recorded with grade B once the network reports that it reached the phone: a data message is
    a demand when it has arrived, or should have (诉讼时效规定 art. 8 ¶1(2)). The gate is asked before; a text with
    words that are never written to a debtor is held back.
    """

    to: str
    text: str
    template: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    delivered_effect: str = ""


@dataclass(frozen=True, slots=True)
class StopContact:
    """They want no more contact (退订, 别再联系), asked us to leave, or the police came: the gate holds what disturbs
    from now on, and the manager and legal are told. ``words``: theirs; ``who``: who said so."""

    kind: Literal["objection", "asked_to_leave", "police"] = "objection"
    words: str = ""
    who: str = ""


def _day(day: date, lang: str) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else day.isoformat()


def figures(facts: CaseFacts, lang: str) -> dict[str, str]:
    """What a text may name of this case, written out; what there is no figure for is left out."""
    overdue, oldest = facts.overdue, facts.oldest_due_on
    broken = max((one for one in facts.promises if one.state in ("broken", "partly_kept")),
                 key=lambda one: one.due_on, default=None)
    owed = [one for one in facts.invoices if one.open.minor > 0]
    every: dict[str, object] = {
        "name": facts.debtor.name if facts.debtor else facts.customer.name, "company": facts.seller_name,
        "me": facts.actor_name, "today": _day(facts.today, lang), "open": _sum(facts.balance),
        "overdue": _sum(overdue), "undisputed": _sum(facts.balance - facts.disputed), "days": facts.days_past_due or "",
        "oldest_on": _day(oldest, lang) if oldest and overdue.minor > 0 else "",
        "invoice": owed[0].number if owed else "", "invoices": len(owed) or "",
        "promised": _sum(broken.amount) if broken else "", "promised_on": _day(broken.due_on, lang) if broken else "",
    }  # fmt: skip
    return {name: str(value) for name, value in every.items() if value}


def _sum(amount: Money) -> str:
    return str(amount) if amount.minor > 0 else ""


def fill(text: str, known: Mapping[str, str]) -> str:
    """A text with its figures, or "" when one of them is not there."""
    if any(place not in known for place in _PLACE.findall(text)):
        return ""
    return _PLACE.sub(lambda found: known[found[1]], text).strip()


def drafted(texts: tuple[Text, ...], name: str, facts: CaseFacts, lang: str = "zh") -> str:
    """The text of that name with this case's figures; the first that can be filled when that one cannot."""
    known = figures(facts, lang)
    ranked = sorted(texts, key=lambda one: one.name != name)
    return next((said for one in ranked if (said := fill(one.zh if lang == "zh" else one.en, known))), "")


def objection(text: Text) -> str:
    """Why a template may not be declared, or ""."""
    if type(text) is not Text or not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", text.name):
        return f"{text!r} is no Text"
    for said in (text.zh, text.en):
        strange = [place for place in _PLACE.findall(said) if place not in PLACES]
        if strange:
            return f"text {text.name}: there is no place {strange[0]!r}"
        if not said.strip() or len(said) > LONGEST:
            return f"text {text.name}: empty, or longer than {LONGEST} characters"
    return ""


def wrong(given: SendText | StopContact, effects: tuple[str, ...]) -> str:
    """Why a message or a stop may not be returned, or "". ``effects``: those there are on limitation."""
    if isinstance(given, StopContact):
        fine = given.kind in STOPS and _is_text(given.words, 1000) and _is_text(given.who, 120)
        return "" if fine else f"StopContact: kind {given.kind!r}, or its words are too long"
    if not isinstance(given.to, str) or not _PHONE.fullmatch(given.to):
        return "SendText: to is no telephone number"
    if not _is_text(given.text, LONGEST) or not given.text.strip():
        return f"SendText: text is empty, longer than {LONGEST} characters, or has a hidden sign"
    places: Any = given.places
    if not isinstance(places, Mapping) or len(places) > 20 or not all(
            isinstance(name, str) and _is_text(value, 200) for name, value in places.items()):
        return "SendText: places are no small mapping of text"
    fine = _is_text(given.template, 40) and given.delivered_effect in effects
    return "" if fine else f"SendText: template {given.template!r} or effect {given.delivered_effect!r}"


def _is_text(given: Any, longest: int) -> bool:
    return isinstance(given, str) and len(given) <= longest and forbidden_sign(given) is None
