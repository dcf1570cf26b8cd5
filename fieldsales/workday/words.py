"""What a phone and a dossier say in both languages at once: tasks, what happened, why somebody is due a visit."""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.kernel.sentences import say

LANGS = ("zh", "en")


class Term(str):
    """A msgid inside a sentence, translated with it. Anything else is somebody's own words and stays."""


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

#: What a task's kind says to whoever must do it, when it has no title of its own.
TASK_WORDS = {
    "not_discussed": N_("The money was not talked about: ask at the next contact."),
    "gaps": N_("Fill in what is missing in the visit's record."),
    "complaint": N_("Look into the complaint."),
    "differences": N_("Clear the differences of the signed statement."),
    "promise_due": N_("A promise is due: check that the money comes."),
    "promise_broken": N_("A promise was not kept: ask today."),
    "instalment_broken": N_("An instalment was not kept: ask today."),
    "balance_moved": N_("What was signed stands, but the debt had moved since: compare the paper with the books."),
    "decide_dispute": N_("Decide the dispute or set-off request."),
    "cash_late": N_("Cash has not been handed in for more than 24 hours."),
    "limitation": N_("A claim will lapse: have the debt acknowledged in writing, or hand it to legal."),
    "next_step": N_("Do what was agreed at the visit."),
    "verify_claim": N_("Check whether the reason given is true."),
}
OUTCOMES = {
    "paid": N_("paid"), "promised": N_("promised to pay"), "oral_only": N_("agreed by word, would not sign"),
    "absent": N_("the person in charge was away"), "set_off_asked": N_("asked to set off returns or rebates"),
    "account_differs": N_("the accounts do not agree"), "refused": N_("refused"),
    "not_discussed": N_("the money was not talked about"),
}
PURPOSES = {
    "collect": N_("Visit to collect"), "return_visit": N_("Return visit"), "delivery": N_("Delivery"),
    "complaint": N_("Visit about a complaint"),
}
STATES = {
    "kept": N_("kept"), "partly": N_("partly kept"), "broken": N_("broken"), "superseded": N_("replaced"),
    "void": N_("void"),
    "open": N_("open"),
}
WAYS = {
    "cash": N_("cash"), "transfer": N_("transfer"), "qr": N_("company QR code"), "bill": N_("acceptance bill"),
    "set_off": N_("set-off"), "other": N_("other"),
}
RECEIPT_STATES = {
    "pending": N_("awaiting finance"), "handed_in": N_("handed in, awaiting finance"),
    "unhonoured": N_("bill not yet honoured"), "confirmed": N_("confirmed"), "rejected": N_("rejected"),
}


def amount(minor: int, currency: str) -> str:
    """``¥50,000`` or ``¥50,000.50``: for sentences, without empty cents."""
    return str(Money(minor, currency)).removesuffix(".00")


def day(on: date, lang: str) -> str:
    """``3月12日`` / ``12 Mar``."""
    return f"{on.month}月{on.day}日" if lang == "zh" else f"{on.day} {_MONTHS[on.month - 1]}"


def both(message: str, **params: Any) -> dict[str, str]:
    """``{"text_zh", "text_en"}`` of one sentence."""
    return {f"text_{lang}": sentence(message, lang, **params) for lang in LANGS}


def sentence(message: str, lang: str, **params: Any) -> str:
    """One sentence in one language; dates among its values are written out, a ``Term`` is translated."""
    filled = {
        name: day(value, lang) if isinstance(value, date) else say(value, lang) if isinstance(value, Term) else value
        for name, value in params.items()
    }
    return say(message, lang, **filled)


def task_title(kind: str, title: str) -> dict[str, str]:
    """A task's own words, or what its kind says, in both languages."""
    words = TASK_WORDS.get(kind, "")
    return {f"title_{lang}": title or say(words, lang) for lang in LANGS}


def term(words: dict[str, str], code: str) -> Term:
    """What a code is called; a code nobody knows is shown as it is."""
    return Term(words.get(code, code))
