"""What a phone and a dossier say in both languages at once: tasks, what happened, why somebody is due a visit."""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.kernel.sentences import say
from fieldsales.promises import refusals

LANGS = ("zh", "en")


class Term(str):
    """A msgid inside a sentence, translated with it. Anything else is somebody's own words and stays."""


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

#: What a task's kind says to whoever must do it, when it has no title of its own.
TASK_WORDS = {
    "not_discussed": N_("The money was not talked about: ask at the next contact."),
    "gaps": N_("Fill in what is missing in the visit's record."),
    "complaint": N_("Look into the complaint."),
    "coach_call": N_("The manager calls the customer after the hard talk."),
    "differences": N_("Clear the differences of the signed statement."),
    "promise_due": N_("A promise is due: check that the money comes."),
    "promise_soon": N_("A promise falls due soon: ask whether the money is ready, and what could still stop it."),
    "promise_late": N_("Promised for yesterday and not here yet: ask what happened, and for today's hour."),
    "ask_rest": N_("Part of a promised sum came: thank them, and ask for the rest today."),
    **refusals.TASKS,
    "promise_broken": N_("A promise was not kept: ask today."),
    "instalment_broken": N_("An instalment was not kept: ask today."),
    "balance_moved": N_("What was signed stands, but the debt had moved since: compare the paper with the books."),
    "decide_dispute": N_("Decide the dispute or set-off request."),
    "cash_late": N_("Cash has not been handed in for more than 24 hours."),
    "limitation": N_("A claim will lapse: have the debt acknowledged in writing, or hand it to legal."),
    "next_step": N_("Do what was agreed at the visit."),
    "planned_visit": N_("Visit them, as planned."),
    "contact_stopped": N_("They do not want to be contacted, or the police came: say how it goes on."),
    "leave_asked": N_("Leave is asked for, to contact them beyond the rules: give it or not."),
    "mail_reply": N_("They answered by mail: read it, and answer."),
    "find_address": N_("Mail came back: find the right address."),
    "text_failed": N_("A text message did not arrive: check the number, or ask another way."),
    "send_again": N_("A letter was held back and is free now: see what has changed, then send it."),
    "solvency": N_("Signs of insolvency on site: stop supply, secure the debt, look for property to preserve."),
    "decide_set_off": N_("Approve or deny the set-off of returns or rebates."),
    "supply_ready": N_("What releases supply has come about: decide whether it runs again."),
    "target_proposed": N_("A rep proposes other numbers for a customer's month: decide."),
    "pay_run": N_("The customer's pay-run is near: be in his list."),
    "plan_step": N_("Do the next step of the month's plan."),
    "support": N_("Do what lets the customer keep his promise."),
    "verify_claim": N_("Check whether the reason given is true."),
    "settle_dispute": N_("Settle the dispute, and say what was found."),
    "dispute_overdue": N_("A dispute is past its day: see who settles it, or give it to somebody else."),
    "threat": N_("They threaten to end business: see what the account is worth, and answer. Collecting goes on."),
    "faith_proposed": N_("Decide on the proposed way to follow this customer up."),
    "faith_review": N_("Look again at the way this customer is followed up: its day has come."),
}
#: Tasks of the office's own people: they stand on their desks, not among what a rep is to do for the customer.
OFFICE_TASKS = (
    "solvency", "decide_set_off", "supply_ready", "faith_proposed", "faith_review", "target_proposed", "leave_asked",
    "dispute_overdue", "coach_call",
)
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
