"""The record of a commitment signed by hand, block by block. Pure."""

from __future__ import annotations

from typing import Any

from fieldsales.documents import clauses
from fieldsales.documents.bilingual import BILINGUAL, paired
from fieldsales.documents.clauses import Json, is_unproven
from fieldsales.documents.editions import edition
from fieldsales.documents.issued import house
from fieldsales.documents.shown import Shown


def _transcript(payload: Json, lang: str, bilingual: bool) -> list[Shown]:
    found = edition(payload["clause_version"])
    words = found["words"][lang]
    values, lists = clauses.filling(
        found, "plan", lang, payload, payload["signatory"], payload["witness"], bilingual=bilingual)
    more = {
        "version": str(payload["clause_version"]), "stamped": "1" if payload["stamped"] else "",
        "recorder": payload["recorder"], "unproven": "1" if is_unproven(payload, payload["signatory"]) else "",
    }  # fmt: skip
    photos = [{"n": str(n), "sha256": sha256} for n, sha256 in enumerate(payload["photos"], 1)]
    wording = house()["transcript"][lang]
    foot = next(n for n, block in enumerate(wording) if block["kind"] == "sign")
    added = clauses.with_added([], payload.get("clauses", []), lang)
    blocks = [*wording[:foot], *added, *wording[foot:]]
    return clauses.fill_blocks(blocks, {**values, **more}, {**lists, "photos": photos}, words)


def transcript(lang: str, payload: Json) -> list[Shown]:
    """The record of a commitment signed by hand, block by block."""
    if lang == BILINGUAL:
        return paired(_transcript(payload, "zh", True), _transcript(payload, "en", True))
    return _transcript(payload, lang, False)


def transcript_payload(plan: Json, **recorded: Any) -> dict[str, Any]:
    """What the record says: the plan's own fields, and how it was recorded (clause_version, signatory, witness,
    photos, stamped, recorder)."""
    return {**plan, **recorded}
