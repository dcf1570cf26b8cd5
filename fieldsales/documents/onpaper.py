"""The sheet for customers who sign only on paper: number, code, balance, blank instalments.

The sheet takes its clauses from the set in force; what concerns a screen and a device is left out. Clauses of plugins
stand on it in the words they have on the glass; what is written by hand there is a blank here. Pure.
"""

from __future__ import annotations

from fieldsales.documents import canonical, clauses
from fieldsales.documents.clauses import Filling, Json
from fieldsales.documents.editions import edition
from fieldsales.documents.issued import house, labels
from fieldsales.documents.papers import HASH_SIGNS, Paper, address_of

#: Rows for instalments on a sheet.
BLANKS = 6
_KEPT = ("interest", "allocation", "acceleration", "no_waiver", "service", "effect")
_NOBODY = {"name": "", "role": "other", "role_text": "—", "id_last4": "", "phone": "", "authority": "none",
           "authority_sha256": []}  # fmt: skip

#: What a sheet leaves to the pen, as it stands in a plugin's clause.
_BY_HAND = {
    "zh": {"total": "上述确认的金额", "total_words": "上述确认的金额", "count": "＿＿", "on": "签署之日",
           "signatory_name": "＿＿＿＿＿＿"},
    "en": {"total": "the amount confirmed above", "total_words": "the amount confirmed above", "count": "____",
           "on": "the day of signing", "signatory_name": "____________"},
}  # fmt: skip


def _added(payload: Json, lang: str) -> list[Json]:
    """The payload's clauses with a blank for what is written by hand, in the form ``with_added`` takes."""
    blanks = _BY_HAND[lang]

    def worded(text: str) -> str:
        for place, blank in blanks.items():
            text = text.replace(f"{{{place}}}", blank)
        return text

    return [{**one, "when": "" if one["when"] in blanks else one["when"],
             f"paras_{lang}": [worded(text) for text in one[f"paras_{lang}"]]} for one in payload.get("clauses", [])]


def _middle(found: Json, lang: str) -> list[Json]:
    """The clauses of the set that hold on paper as well, and the one about the account."""
    kept: list[Json] = []
    section: list[Json] = []
    for block in [*found["plan"][lang], {"kind": "clause"}]:
        if block["kind"] in ("clause", "sign"):
            rule = section[0].get("rule") if section else None
            if rule in _KEPT or any("{seller_account}" in one.get("text", "") for one in section):
                kept += section
            section = [block] if block["kind"] == "clause" else []
        elif section:
            section.append(block)
    # who signs confirms it at the foot of the sheet
    return [block for block in kept if block.get("when") != "represents" and block.get("unless") != "represents"]


def _filled(payload: Json, lang: str, version: int) -> tuple[Json, Filling]:
    found = edition(version)
    values, lists = clauses.filling(found, "plan", lang, payload, _NOBODY, "", bilingual=False)
    blanks = [{"n": (f"第{n}期" if lang == "zh" else str(n)), "due_on": "　", "amount": "　", "amount_words": "　"}
              for n in range(1, BLANKS + 1)]  # fmt: skip
    return found, (values, {**lists, "blanks": blanks})


def sheet(payload: Json, lang: str, version: int, public_url: str) -> Paper:
    """A commitment with its number, code, balance and blank instalments. ``payload``: PlanPayload's form, none due."""
    found, (values, lists) = _filled(payload, lang, version)
    middle = clauses.with_added(_middle(found, lang), _added(payload, lang), lang)
    wording = [*house()["blank_head"][lang], *middle, *house()["blank_tail"][lang]]
    blocks = clauses.fill_blocks(wording, values, lists, found["words"][lang])
    words = labels(lang)
    short = canonical.digest(payload)[:HASH_SIGNS]
    return Paper(
        kind="blank", lang=lang, number=payload["number"], title=blocks[0].text, author=payload["seller_name"],
        made_at=payload["made_at"], short_hash=short, address=address_of(public_url, payload["number"], short),
        blocks=blocks, labels={**words, "title": words["title_blank"], "note": words["note_blank"]},
        record=[(words["made_at"], payload["made_at"])], development=False,
    )  # fmt: skip
