"""Papers that only we issue, block by block: receipt, demand letter, application, lawyer's draft, report of evidence.

Their wording is data (``clause_sets/house-v2.json``). Pure: a payload's JSON form in, blocks out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from fieldsales.documents import clauses
from fieldsales.documents.bilingual import BILINGUAL, both, paired
from fieldsales.documents.clauses import Amounts, Json, Values
from fieldsales.documents.shown import Shown
from fieldsales.documents.words import percent

NEWEST = 2
#: How friendly a demand letter is.
TONES = ("friendly", "firm", "final")
_SHORT = 16
Lists = dict[str, list[Values]]


@cache
def house(version: int = NEWEST) -> Any:
    """The wording of what only we issue, and of the record at the foot of every paper."""
    return json.loads((clauses.FOLDER / f"house-v{version}.json").read_text(encoding="utf-8"))


def labels(lang: str) -> dict[str, str]:
    """The words of the record of signing and of the page's edge."""
    record = house()["record"]
    if lang == BILINGUAL:
        joined = {name: both(record["zh"][name], record["en"][name]) for name in record["zh"]}
        return {**joined, "page": record["zh"]["page"]}
    return dict(record[lang])


class _Words:
    """One language's words for one paper: amounts in its currency, dates, codes."""

    def __init__(self, payload: Json, lang: str, bilingual: bool) -> None:
        words = clauses.clause_sets()["words"]
        self.payload, self.lang, self.clauses, self.bilingual = payload, lang, words[lang], bilingual
        self.amounts = Amounts(words["currencies"], payload["currency"], lang)
        self.house = house()["words"][lang]

    def day(self, iso: str | None) -> str:
        return clauses.shown_date(iso, self.clauses) if iso else ""

    def cell_day(self, iso: str) -> str:
        return clauses.cell_date(iso, self.clauses, self.bilingual)

    def named(self, *names: str) -> Values:
        return {name: self.payload[name] for name in names}


def _receipt(w: _Words) -> tuple[Values, Lists]:
    payload = w.payload
    named = w.named("number", "seller_name", "seller_account", "debtor_name", "note", "bill_number", "bill_acceptor",
                    "collector_name")  # fmt: skip
    values = {
        **named,
        "payer_name": payload["payer_name"] if payload["payer_name"] != payload["debtor_name"] else "",
        "amount": w.amounts.figures(payload["amount_minor"]),
        "amount_words": w.amounts.words(payload["amount_minor"]),
        "method": house()["methods"][w.lang][payload["method"]],
        "bill_matures_on": w.day(payload["bill_matures_on"]),
        "invoice_list": ("、" if w.lang == "zh" else ", ").join(payload["invoice_numbers"]),
        "on": w.day(payload["received_on"]),
        "is_bill": "1" if payload["method"] == "bill" else "",
        "is_cash": "1" if payload["method"] == "cash" else "",
    }
    return values, {}


def _debt(w: _Words) -> tuple[Values, Lists]:
    """What every paper about a debt says: the whole of it, what is overdue, the invoices, the interest."""
    payload = w.payload
    as_of = date.fromisoformat(payload["as_of"])
    rows = [
        {
            "number": number,
            "due_on": w.cell_day(due_on),
            "days": str(max((as_of - date.fromisoformat(due_on)).days, 0)),
            "amount": w.amounts.figures(minor),
        }
        for number, due_on, minor in payload["invoices"]
    ]
    unlisted = payload["total_minor"] - sum(minor for _, _, minor in payload["invoices"])
    values = {
        **w.named("number", "seller_name", "seller_account", "debtor_name", "debtor_address", "note"),
        "on": w.day(payload["as_of"]),
        "pay_by": w.day(payload["pay_by"]),
        "total": w.amounts.figures(payload["total_minor"]),
        "total_words": w.amounts.words(payload["total_minor"]),
        "overdue": w.amounts.figures(payload["overdue_minor"]),
        "overdue_words": w.amounts.words(payload["overdue_minor"]),
        "invoices": str(len(payload["invoices"]) or ""),
        "unlisted": w.amounts.figures(unlisted) if unlisted and payload["invoices"] else "",
        "expired": "1" if payload.get("expired") else "",
    }
    interest, lines = _interest(w)
    return {**values, **interest}, {"invoices": rows, "interest": lines}


def _interest(w: _Words) -> tuple[Values, list[Values]]:
    found = w.payload.get("interest")
    if not found:
        return {"interest": ""}, []
    markup = {"markup": str(found["markup_percent"])}
    words = w.house
    unreckoned = clauses.fill(words["unreckoned"], {"count": str(found["unreckoned"])}) if found["unreckoned"] else ""
    values = {
        "interest": "1",
        "interest_basis": clauses.fill(words["basis"][found["basis"]], markup),
        "interest_to": w.day(found["to_on"]),
        "interest_total": w.amounts.figures(found["total_minor"]),
        "interest_words": w.amounts.words(found["total_minor"]),
        "formula": clauses.fill(words["formula"][found["basis"]], markup),
        "interest_source": found["source"],
        "unreckoned": unreckoned,
    }
    rows = [
        {
            "number": line["number"],
            "principal": w.amounts.figures(line["principal_minor"]),
            "from_on": line["from_on"],
            "days": str(line["days"]),
            "rate": clauses.fill(words["per"][line["per"]], {"rate": percent(line["rate_bp100"])}),
            "amount": w.amounts.figures(line["amount_minor"]),
        }
        for line in found["lines"]
    ]
    return values, rows


def _letter(w: _Words) -> tuple[Values, Lists]:
    payload, (values, lists) = w.payload, _debt(w)
    tone = payload.get("tone", "firm")
    contact = " ".join(part for part in (payload["contact_name"], payload["contact_phone"]) if part)
    tones = {name: "1" if name == tone else "" for name in TONES}
    return {**values, **tones, **w.named("carrier", "tracking_number"), "contact": contact}, lists


def _exhibits(w: _Words) -> list[Values]:
    rows = []
    for n, one in enumerate(w.payload["evidence"], 1):
        said = w.house["evidence"].get(one["kind"], w.house["evidence"]["other"])
        about = " ".join(part for part in (one["invoice_number"], one["name"]) if part and part not in said)
        rows.append({
            "n": str(n),
            "name": f"{said} {about}".strip(),
            "on": one["on"] or "",
            "proves": w.house["proves"].get(one["kind"], w.house["proves"]["other"]),
            "short": (one["sha256"] or "")[:_SHORT],
        })  # fmt: skip
    return rows


def _case(w: _Words) -> tuple[Values, Lists]:
    payload, (values, lists) = w.payload, _debt(w)
    words = w.house
    said = [
        clauses.fill(words["acknowledged"], {
            "kind": words["evidence"][one["kind"]], "number": one["number"], "on": w.day(one["on"]),
            "amount": w.amounts.figures(one["amount_minor"]),
        })
        for one in payload["acknowledged"]
    ]  # fmt: skip
    blank = "＿" * 8 if w.lang == "zh" else "_" * 16
    more = {
        **w.named("seller_reg_no", "seller_address", "seller_phone", "debtor_reg_no", "court"),
        "debtor_kind": w.clauses["kinds"][payload["debtor_kind"]],
        "reg_label": w.clauses["reg_labels"][payload["debtor_kind"]],
        "acknowledged": words["joint"].join(said),
        "evidence": str(len(payload["evidence"]) or ""),
        "acts": str(len(payload["acts"]) or ""),
        "limitation_on": "" if payload["expired"] else w.day(payload["limitation_on"]),
        "law_firm": payload["law_firm"] or blank + ("律师事务所" if w.lang == "zh" else ""),
        "lawyer": payload["lawyer"] or blank,
        "contact": payload["contact_name"],
    }
    acts = [
        {"on": w.cell_day(act["on"]), "what": words["acts"][act["effect"]], "grade": words["grades"][act["grade"]]}
        for act in payload["acts"]
    ]
    rows = _exhibits(w)
    return {**values, **more}, {**lists, "evidence": rows, "files": rows, "acts": acts}


_KINDS: Mapping[str, Callable[[_Words], tuple[Values, Lists]]] = {
    "receipt": _receipt, "letter": _letter, "application": _case, "lawyer": _case, "report": _case,
}  # fmt: skip


def _blocks(kind: str, lang: str, payload: Json, bilingual: bool) -> list[Shown]:
    words = _Words(payload, lang, bilingual)
    values, lists = _KINDS[kind](words)
    values["bilingual"] = "1" if bilingual else ""
    return clauses.fill_blocks(house()[kind][lang], values, lists, words.clauses)


def house_blocks(kind: str, lang: str, payload: Json) -> list[Shown]:
    """A paper that only we issue, block by block, in Chinese, English or both."""
    if lang == BILINGUAL:
        return paired(_blocks(kind, "zh", payload, True), _blocks(kind, "en", payload, True))
    return _blocks(kind, lang, payload, False)
