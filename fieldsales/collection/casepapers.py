"""What the papers of a case say: figures and proofs from the books, manner from the method. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal, get_args

from fieldsales.collection.rules import CaseFile, Letter, as_date
from fieldsales.documents.contents import (
    Acknowledged,
    BroughtPayload,
    CasePayload,
    Exhibit,
    InterestShown,
    LimitationAct,
)
from fieldsales.documents.messages import Lang, LetterPayload
from fieldsales.kernel.ids import paper_number
from fieldsales.plugin_api.facts import CaseFacts, EvidenceFacts
from fieldsales.plugin_api.types import MakePaper
from fieldsales.receivables import limitation
from fieldsales.receivables.interest import Sum, reckon

PaperKind = Literal["letter", "application", "lawyer", "report", "plugin"]
Payload = LetterPayload | CasePayload | BroughtPayload
#: A method's paper, what it is called in the books, and what its number begins with.
KINDS: dict[str, tuple[PaperKind, str]] = {
    "demand_letter": ("letter", "CH"), "payment_order_application": ("application", "ZL"),
    "lawyer_letter": ("lawyer", "LS"), "evidence_report": ("report", "ZJ"),
}  # fmt: skip
#: Most invoices and proofs a paper lists; the sum is of all of them.
MOST_LISTED = 500
DAYS_TO_PAY = timedelta(days=7)
_TONES = {"reminder": "friendly", "friendly": "friendly", "final": "final"}
#: Papers of our own making that prove nothing by themselves.
_NO_PROOF = ("application", "lawyer", "report", "plugin")
_LINE = 120


def lang_of(paper: MakePaper) -> Lang:
    """The language a method asks for; Chinese when it asks for none we have."""
    asked = paper.values.get("lang", "zh").replace("_", "-")
    return asked if asked in get_args(Lang) else "zh"  # type: ignore[return-value]  # asked is one of them


def one_lang_of(paper: MakePaper) -> Lang:
    """The language of a paper that has no form in both: Chinese prevails."""
    return "en" if lang_of(paper) == "en" else "zh"


def _sums(letter: Letter) -> list[Sum]:
    return [Sum(debt.invoice.number, debt.due_on, debt.open_minor) for debt in letter.debts
            if debt.kind not in ("costs", "interest")]


def interest_of(file: CaseFile, letter: Letter, to_on: date, *, contract_only: bool = False) -> InterestShown | None:
    """Late interest on the debt between these two sides, by the rates on record."""
    return reckon(_sums(letter), to_on, file.rates, contract_only=contract_only)


def limitation_of(file: CaseFile, letter: Letter) -> date | None:
    """The earliest last day to claim any part of the debt, by proven acts alone; None when nothing is owed."""
    last: dict[str, date] = defaultdict(lambda: date.min)
    for debt in letter.debts:
        last[debt.invoice.id] = max(last[debt.invoice.id], debt.due_on)
    days = [
        limitation.reckon(debt.due_on, last[debt.invoice.id],
                          (act for act in file.acts if act.covers(letter.debtor.id, debt.invoice.id))).earliest_on
        for debt in letter.debts if debt.open_minor > 0
    ]  # fmt: skip
    return min(days, default=None)


def is_expired(file: CaseFile, letter: Letter, today: date) -> bool:
    """Whether the limitation period has run out for some of the debt: then legal must look before more is said."""
    ends_on = limitation_of(file, letter)
    return ends_on is not None and ends_on < today


def _listed(letter: Letter) -> list[tuple[str, date, int]]:
    return [(debt.invoice.number, debt.due_on, debt.open_minor) for debt in letter.debts[:MOST_LISTED]]


def letter_payload(
    file: CaseFile, letter: Letter, letter_id: str, paper: MakePaper, facts: CaseFacts
) -> LetterPayload:
    """What a demand letter says: the whole debt; its interest where the tone asks for it."""
    values, today = paper.values, facts.today
    tone = _TONES.get(values.get("tone", ""), "firm")
    interest = None if tone == "friendly" else interest_of(file, letter, today)
    return LetterPayload.model_validate({
        "letter_id": letter_id, "number": paper_number(KINDS["demand_letter"][1], letter_id, today),
        "debtor_name": letter.debtor.name, "debtor_address": values.get("address", "")[:_LINE] or letter.debtor.address,
        "seller_name": letter.seller.name, "seller_account": letter.seller.account, "as_of": today,
        "pay_by": max(as_date(values.get("pay_by", "")) or today + DAYS_TO_PAY, today), "currency": letter.currency,
        "total_minor": letter.total_minor(), "overdue_minor": letter.overdue_minor(today),
        "invoices": _listed(letter), "contact_name": facts.actor_name[:_LINE], "note": values.get("note", "")[:1000],
        "made_at": facts.now.replace(microsecond=0), "tone": tone, "interest": interest,
        "expired": is_expired(file, letter, today),
    })  # fmt: skip


def _acknowledged(letter: Letter, facts: CaseFacts, alone: bool) -> list[Acknowledged]:
    """Plans and statements of this debtor; one that names none counts where the customer has no other debtor."""
    theirs = [
        *(("plan", one.number, one.signed_on, one.total, one.debtor_id) for one in facts.plans if one.state != "void"),
        *(("statement", one.number, one.as_of, one.agreed, one.debtor_id) for one in facts.statements),
    ]  # fmt: skip
    meant = (letter.debtor.id, "") if alone else (letter.debtor.id,)
    found = [
        Acknowledged.model_validate({"kind": kind, "number": number, "on": on, "amount_minor": money.minor})
        for kind, number, on, money, debtor_id in theirs
        if money.minor > 0 and money.currency == letter.currency and debtor_id in meant
    ]
    return sorted(found, key=lambda one: (one.on, one.number))[:100]


def _exhibits(facts: CaseFacts, others: set[str], numbers: set[str], signed_on: dict[str, date]) -> list[Exhibit]:
    """Proofs on file, oldest first; none of another debtor's plans and statements, none of invoices paid long ago.
    What was signed stands under the day of its signing, not the day it was sealed."""

    def belongs(one: EvidenceFacts) -> bool:
        return one.kind not in _NO_PROOF and one.name not in others and (
            not one.invoice_number or one.invoice_number in numbers)  # fmt: skip

    dated = [replace(one, on=signed_on.get(one.name, one.on)) for one in facts.evidence if belongs(one)]
    kept = sorted(dated, key=lambda one: (one.on or date.min, one.name))
    return [
        Exhibit(kind=one.kind, name=one.name[:_LINE], on=one.on, invoice_number=one.invoice_number[:_LINE],
                sha256=one.sha256 or None)
        for one in kept[:MOST_LISTED]
    ]  # fmt: skip


def case_payload(file: CaseFile, letter: Letter, paper_id: str, paper: MakePaper, facts: CaseFacts) -> CasePayload:
    """What an application, a lawyer's draft or a report of evidence says of a case."""
    values, today, debtor, seller = paper.values, facts.today, letter.debtor, letter.seller
    acknowledged = _acknowledged(letter, facts, len(file.debtors) < 2)
    signed = {one.number for one in facts.plans} | {one.number for one in facts.statements}
    acts = sorted((one for one in file.acts if one.debtor_id in (None, debtor.id)), key=lambda one: one.occurred_on)
    expired, kind = is_expired(file, letter, today), KINDS[paper.kind][0]
    return CasePayload.model_validate({
        "paper_id": paper_id, "number": paper_number(KINDS[paper.kind][1], paper_id, today),
        "seller_name": seller.name, "seller_reg_no": seller.reg_no, "seller_address": seller.address,
        "seller_phone": seller.phone, "seller_account": seller.account, "debtor_name": debtor.name,
        "debtor_kind": debtor.kind, "debtor_reg_no": debtor.reg_no, "debtor_address": debtor.address,
        "as_of": today, "pay_by": max(as_date(values.get("pay_by", "")) or today + DAYS_TO_PAY, today),
        "currency": letter.currency, "total_minor": letter.total_minor(),
        "overdue_minor": letter.overdue_minor(today), "invoices": _listed(letter),
        "interest": interest_of(file, letter, today, contract_only=kind == "application"),
        "acknowledged": acknowledged,
        "evidence": _exhibits(facts, signed - {one.number for one in acknowledged},
                              {debt.invoice.number for debt in letter.debts},
                              {one.number: one.on for one in acknowledged}),
        "acts": [LimitationAct.model_validate({"on": one.occurred_on, "effect": one.ground, "grade": one.grade})
                 for one in acts if one.ground != limitation.WITHDRAWN][-100:],
        "limitation_on": limitation_of(file, letter), "expired": expired, "court": values.get("court", "")[:_LINE],
        "law_firm": values.get("law_firm", "")[:_LINE], "lawyer": values.get("lawyer", "")[:_LINE],
        "contact_name": facts.actor_name[:_LINE], "note": values.get("note", "")[:1000],
        "made_at": facts.now.replace(microsecond=0),
    })  # fmt: skip
