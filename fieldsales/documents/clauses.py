"""The locked clause sets and the whole text a signatory reads: the same bytes on the phone and here.

A clause set is data (``clause_sets/v3.json``, or a house's own set under its home folder, numbered from
``FIRST_OWN`` on); a published version is never edited, a new wording is a new version.
A block has ``kind`` and ``text`` with ``{name}`` places, ``when``/``unless`` (the name of a value that must
be non-empty/empty) and ``gap`` (an empty line before it). Kinds: title, number,
line, para, sign (plain lines), clause (a numbered heading), rows (a head line and a line an item, its
cells joined by two spaces). Places are filled in one pass, so a name that contains braces stays text.
The text is the blocks' lines joined by LF, normalised to NFC, without a LF at the end.

The phone's port is ``static/js/plans/text.js``; ``tests/documents/fixtures/clause_cases.json`` holds
what both must give.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from fieldsales.documents import words
from fieldsales.documents.bilingual import BILINGUAL, paired
from fieldsales.documents.editions import FOLDER as FOLDER
from fieldsales.documents.editions import NEWEST as NEWEST
from fieldsales.documents.editions import edition, newest_version
from fieldsales.documents.shown import CELL_JOINT
from fieldsales.documents.shown import Shown as Shown
from fieldsales.kernel.errors import N_, Invalid

_PLACE = re.compile(r"\{([a-z0-9_]+)\}")

Json = Mapping[str, Any]
Values = dict[str, str]
#: The values of a paper's places, and the items of each of its lists.
Filling = tuple[Values, dict[str, list[Values]]]


def clause_sets(version: int | None = None) -> dict[str, Any]:
    """What a phone needs to build the text offline: ``plan``, ``statement`` ({version, zh, en}) and ``words``."""
    number = newest_version() if version is None else version
    found = edition(number)
    sets = {name: {"version": number, **found[name]} for name in ("plan", "statement")}
    return {**sets, "words": {"version": number, **found["words"]}}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled, in one pass."""
    return _PLACE.sub(lambda place: values[place[1]], text)


def shown_date(iso: str, lang: Json) -> str:
    """2026-11-21 → 2026年11月21日, 21 November 2026."""
    year, month, day = iso[:10].split("-")
    places = {"year": year, "month": str(lang["months"][int(month) - 1]), "day": str(int(day))}
    return fill(lang["date"], places)


def cell_date(iso: str, lang: Json, in_both: bool) -> str:
    """A date in a table; in a table of both languages 2026-11-21, said once."""
    return iso[:10] if in_both else shown_date(iso, lang)


class Amounts:
    """Figures and words of one currency in one language. ``currencies``: the clause set's own table."""

    def __init__(self, currencies: Json, currency: str, lang: str) -> None:
        known = currencies.get(currency)
        self.currency = known or {"sign": f"{currency} ", "digits": 2, "zh": currency, "en": currency}
        self.lang = lang

    def figures(self, minor: int) -> str:
        """¥100,000.00."""
        return words.figures(minor, self.currency["sign"], self.currency["digits"])

    def words(self, minor: int) -> str:
        """人民币壹拾万元整, Renminbi one hundred thousand only."""
        name = str(self.currency[self.lang])
        if self.lang == "zh":
            return name + words.zh_amount(minor, self.currency["digits"])
        return f"{name} {words.en_amount(minor, self.currency['digits'])}"


def is_unproven(payload: Json, signatory: Json) -> bool:
    """Whether nothing shows that the signatory may bind the debtor (合同编通则解释 22): printed as such.

    A person signs for themselves; "self" proves nothing for a company.
    """
    if signatory["authority"] == "self":
        return bool(payload["debtor_kind"] == "company")
    return bool(signatory["authority"] == "none" and not signatory["authority_sha256"])


def _signing_values(payload: Json, signatory: Json, witness: str, lang: Json) -> Values:
    photos = len(signatory["authority_sha256"])
    return {
        "signatory_name": signatory["name"],
        "role": signatory["role_text"] or lang["roles"][signatory["role"]],
        "authority": lang["authorities"][signatory["authority"]],
        "id_last4": signatory["id_last4"],
        "signatory_phone": signatory["phone"],
        "photos": str(photos) if photos else "",
        "unproven": "1" if is_unproven(payload, signatory) else "",
        "represents": "" if signatory["role"] == "self" else "1",
        "witness": witness,
    }


def _common_values(payload: Json, lang: Json) -> Values:
    return {
        "number": payload["number"],
        "seller_name": payload["seller_name"],
        "seller_account": payload["seller_account"],
        "debtor_name": payload["debtor_name"],
        "debtor_kind": lang["kinds"][payload["debtor_kind"]],
        "debtor_reg_no": payload["debtor_reg_no"],
        "reg_label": lang["reg_labels"][payload["debtor_kind"]],
        "place": payload["place"],
        "signed_at": payload["made_at"][:16].replace("T", " "),
        "invoices": str(len(payload["invoices"]) or ""),
    }


def _plan_values(payload: Json, lang: Json, amounts: Amounts, in_both: bool) -> Filling:
    listed = sum(invoice[1] for invoice in payload["invoices"])
    rate, paid = payload["late_daily_bp100"], payload.get("predecessor_paid_minor", 0)
    values = {
        "on": shown_date(payload["acknowledged_on"], lang),
        "debtor_address": payload["debtor_address"],
        "guarantor_name": payload["guarantor_name"],
        "total": amounts.figures(payload["total_minor"]),
        "total_words": amounts.words(payload["total_minor"]),
        "count": str(len(payload["instalments"])),
        "late_rate": words.percent(rate) if rate else "",
        "invoices_total": amounts.figures(listed),
        "rest": "1" if listed > payload["total_minor"] else "",
        "statement": payload["statement_id"] or "",
        "predecessor": payload["predecessor_id"] or "",
        "predecessor_number": payload.get("predecessor_number", ""),
        "predecessor_paid": amounts.figures(paid) if paid else "",
        "expired": "1" if payload.get("limitation_expired") else "",
        "remote": "1" if payload.get("channel") == "remote" else "",
    }
    instalments = [
        {
            "n": str(item["n"]),
            "due_on": cell_date(item["due_on"], lang, in_both),
            "amount": amounts.figures(item["amount_minor"]),
            "amount_words": amounts.words(item["amount_minor"]),
        }
        for item in payload["instalments"]
    ]
    invoices = [{"number": number, "amount": amounts.figures(minor)} for number, minor in payload["invoices"]]
    return values, {"instalments": instalments, "invoices": invoices}


def _statement_values(payload: Json, lang: Json, amounts: Amounts, in_both: bool) -> Filling:
    differences = payload["differences"]
    values = {
        "on": shown_date(payload["as_of"], lang),
        "balance": amounts.figures(payload["balance_minor"]),
        "balance_words": amounts.words(payload["balance_minor"]),
        "agreed": amounts.figures(payload["agreed_minor"]),
        "agreed_words": amounts.words(payload["agreed_minor"]),
        "owes": "1" if payload["agreed_minor"] else "",
        "differences": str(len(differences) or ""),
        "difference": amounts.figures(sum(item["amount_minor"] for item in differences)),
    }
    rows = [
        {
            "kind": lang["differences"][item["kind"]],
            "note": item["note"] or "—",
            "amount": amounts.figures(item["amount_minor"]),
        }
        for item in differences
    ]
    invoices = [
        {"number": number, "due_on": cell_date(due_on, lang, in_both), "amount": amounts.figures(minor)}
        for number, due_on, minor in payload["invoices"]
    ]
    return values, {"differences": rows, "invoices": invoices}


def fill_blocks(blocks: list[Json], values: Values, lists: Mapping[str, list[Values]], lang: Json) -> list[Shown]:
    """The blocks that apply, their places filled; ``lists`` holds the items of each ``rows`` block."""
    shown: list[Shown] = []
    number = 0
    for block in blocks:
        if ("when" in block and not values[block["when"]]) or ("unless" in block and values[block["unless"]]):
            continue
        gap = bool(block.get("gap"))
        if block["kind"] == "clause":
            number += 1
            head = fill(lang["clause"], {"numeral": lang["numerals"][number - 1], "title": block["text"]})
            shown.append(Shown("clause", head, gap, number))
        elif block["kind"] == "rows":
            columns = block["columns"]
            rows = tuple(tuple(fill(c["text"], item) for c in columns) for item in lists[block["of"]])
            heads = tuple(column["head"] for column in columns)
            aligns = tuple(column["align"] for column in columns)
            text = "\n".join(CELL_JOINT.join(cells) for cells in (heads, *rows))
            shown.append(Shown("rows", text, gap, 0, block["caption"], heads, aligns, rows,
                               of=block["of"]))  # fmt: skip
        else:
            shown.append(Shown(block["kind"], fill(block["text"], values), gap))
    return shown


def filling(
    found: Json, kind: str, lang: str, payload: Json, signatory: Json, witness: str, *, bilingual: bool
) -> Filling:
    """The values of a paper's places and the items of its lists, in one language."""
    language = found["words"][lang]
    amounts = Amounts(found["words"]["currencies"], payload["currency"], lang)
    of_kind = _plan_values if kind == "plan" else _statement_values
    own, lists = of_kind(payload, language, amounts, bilingual)
    common = {**_common_values(payload, language), **_signing_values(payload, signatory, witness, language)}
    return {**common, **own, "bilingual": "1" if bilingual else ""}, lists


def with_added(blocks: list[Json], added: list[Json], lang: str) -> list[Json]:
    """The blocks with the clauses a payload brings, before the clause on effect, which closes a paper."""
    if not added:
        return blocks
    at = next((n for n, block in enumerate(blocks) if block.get("rule") == "effect"), len(blocks))
    more: list[Json] = []
    for clause in added:
        when = {"when": clause["when"]} if clause["when"] else {}
        more.append({"kind": "clause", "text": clause[f"title_{lang}"], "gap": True, **when})
        more += [{"kind": "para", "text": text, **when} for text in clause[f"paras_{lang}"]]
    return [*blocks[:at], *more, *blocks[at:]]


def blocks_of(
    found: Json, kind: str, lang: str, payload: Json, signatory: Json, witness: str = "", *, bilingual: bool = False
) -> list[Shown]:
    """As ``shown_blocks``, in one language, from a set that need not be published."""
    values, lists = filling(found, kind, lang, payload, signatory, witness, bilingual=bilingual)
    blocks = with_added(found[kind][lang], payload.get("clauses", []), lang)
    return fill_blocks(blocks, values, lists, found["words"][lang])


def shown_blocks(
    kind: str, lang: str, payload: Json, signatory: Json, witness: str = "", version: int | None = None
) -> list[Shown]:
    """The paper ``kind`` ("plan" or "statement") block by block, for the page and the PDF.

    ``payload`` and ``signatory`` are the JSON forms of PlanPayload or StatementPayload and Signatory,
    every field present. ``lang`` zh, en, or zh-en: both, from version 2 on.
    """
    return shown_by(edition(newest_version() if version is None else version), kind, lang, payload, signatory, witness)


def shown_by(found: Json, kind: str, lang: str, payload: Json, signatory: Json, witness: str = "") -> list[Shown]:
    """The same by a set that need not be published."""
    if lang != BILINGUAL:
        return blocks_of(found, kind, lang, payload, signatory, witness)
    if not found["words"].get("bilingual"):
        raise Invalid("documents.no_bilingual", N_("This version of the clauses has no form in both languages."))
    zh, en = (blocks_of(found, kind, each, payload, signatory, witness, bilingual=True) for each in ("zh", "en"))
    return paired(zh, en)


def text_of(blocks: list[Shown]) -> str:
    """The blocks as the one text whose bytes are hashed: LF, NFC, no LF at the end."""
    lines = ("\n" * block.gap + block.text for block in blocks)
    return unicodedata.normalize("NFC", "\n".join(lines))


def shown_text(
    kind: str, lang: str, payload: Json, signatory: Json, witness: str = "", version: int | None = None
) -> str:
    """The whole text shown before signing."""
    return text_of(shown_blocks(kind, lang, payload, signatory, witness, version))


def text_sha256(text: str) -> str:
    """The SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()
