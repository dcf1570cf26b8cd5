"""Papers for the court that the core has none of: complaint, preservation, enforcement. Filled in from the books."""

from __future__ import annotations

from fieldsales.plugin_api import CaseFacts, DocumentTemplate, Fields, MakePaper, Money, words

from .track import Track, performance_ends

_SIDES = ("number", "on", "seller_name", "seller_address", "seller_phone", "debtor_name", "debtor_address",
          "contact_name")  # fmt: skip
TEMPLATES = (
    DocumentTemplate("civil_complaint", words("民事起诉状", "Civil complaint"), "papers/complaint.html",
                     facts=(*_SIDES, "overdue", "overdue_words", "invoices", "oldest_due_on"),
                     values=("court", "debtor_reg_no", "proofs", "note"), langs=("zh",), prefix="QS", for_court=True),
    DocumentTemplate("preservation_application", words("财产保全申请书", "Application for preservation"),
                     "papers/preservation.html", facts=(*_SIDES, "overdue", "overdue_words"),
                     values=("court", "debtor_reg_no", "case_number", "property", "note"), langs=("zh",), prefix="BQ",
                     for_court=True),
    DocumentTemplate("enforcement_application", words("强制执行申请书", "Application for enforcement"),
                     "papers/enforcement.html", facts=_SIDES,
                     values=("court", "debtor_reg_no", "basis", "performed_by", "awarded", "received", "property",
                             "note"), langs=("zh",), prefix="ZX", for_court=True),
)  # fmt: skip
#: What the form calls each.
MADE = {"sue": "civil_complaint", "preserve": "preservation_application", "enforce": "enforcement_application"}
_PROVES = ("contract", "delivery_note", "plan", "statement", "fapiao", "payment_slip")
_LISTED = 12


def made(stage: str, fields: Fields, facts: CaseFacts, track: Track) -> MakePaper:
    """The paper of a stage, with what the form and the case on record say of it."""
    said = {name: str(fields.get(name) or "") for name in ("court", "case_number", "property", "note")}
    final, ends = track.last("final", "effective"), performance_ends(track)
    received = sum(one.minor for one in track.steps if one.stage == "received")
    proofs = list(dict.fromkeys(one.name for one in facts.evidence if one.kind in _PROVES))
    number = final.number if final else ""
    court = said["court"] or next((one.court for one in reversed(track.steps) if one.court), "")
    return MakePaper(MADE[stage], {
        **said, "court": court, "lang": "zh", "debtor_reg_no": facts.debtor.reg_no if facts.debtor else "",
        "proofs": "；".join(proofs[:_LISTED]) + ("等" if len(proofs) > _LISTED else ""),
        "basis": " ".join(part for part in (final.court, number) if part) if final else "",
        "performed_by": ends.isoformat() if ends else "",
        "awarded": str(Money(final.minor, track.currency)) if final and final.minor else "",
        "received": str(Money(received, track.currency)) if received else "",
    })  # fmt: skip
