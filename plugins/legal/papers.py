"""Papers for the court that the core has none of: complaint, preservation, enforcement. Filled in from the books."""

from __future__ import annotations

from collections.abc import Mapping

from fieldsales.plugin_api import CaseFacts, DocumentTemplate, Fields, MakePaper, Money, words

from .track import Track, performance_ends

_SIDES = ("number", "on", "seller_name", "seller_reg_no", "seller_address", "seller_phone", "debtor_name",
          "debtor_address", "contact_name")  # fmt: skip
TEMPLATES = (
    DocumentTemplate("civil_complaint", words("民事起诉状", "Civil complaint"), "papers/complaint.html",
                     facts=(*_SIDES, "overdue", "overdue_words", "interest", "invoices", "oldest_due_on"),
                     values=("court", "debtor_reg_no", "proofs", "note"), langs=("zh",), prefix="QS", for_court=True),
    DocumentTemplate("preservation_application", words("财产保全申请书", "Application for preservation"),
                     "papers/preservation.html", facts=(*_SIDES, "overdue", "overdue_words"),
                     values=("court", "debtor_reg_no", "case_number", "property", "before_suit", "note"),
                     langs=("zh",), prefix="BQ", for_court=True),
    DocumentTemplate("enforcement_application", words("强制执行申请书", "Application for enforcement"),
                     "papers/enforcement.html", facts=_SIDES,
                     values=("court", "debtor_reg_no", "basis", "performed_by", "awarded", "received", "property",
                             "note"), langs=("zh",), prefix="ZX", for_court=True),
)  # fmt: skip
#: What the form calls each.
MADE = {"sue": "civil_complaint", "preserve": "preservation_application", "enforce": "enforcement_application"}
#: What proves the debt: its name, where it comes from, what it shows (民诉法 124(4), 证据规定 19). In this order.
PROVES: Mapping[str, tuple[str, str, str]] = {
    "contract": ("买卖合同", "双方签订，原告保存", "买卖关系、价款和付款期限"),
    "delivery_note": ("收货单", "被告签收，原告保存", "货物已经交付"),
    "statement": ("对账确认函", "被告签署，原告保存", "被告确认欠款数额"),
    "plan": ("还款计划暨债务确认书", "被告签署，原告保存", "被告承认债务、同意分期履行"),
    "fapiao": ("发票", "原告开具", "结算金额"), "payment_slip": ("付款凭证", "被告或银行出具", "被告部分付款"),
}
_LISTED, _LONGEST = 8, 1900


def proofs_of(facts: CaseFacts) -> list[str]:
    """The evidence list, a row each: name~source~what it shows. More of one kind than fit stand in one row."""
    rows = []
    for kind, (title, source, shows) in PROVES.items():
        names = list(dict.fromkeys(one.name for one in facts.evidence if one.kind == kind))
        said = [f"{title} {_plain(name)}".strip() for name in names[:_LISTED]]
        if len(names) > _LISTED:
            said = [f"{title} {'、'.join(map(_plain, names[:3]))}等 {len(names)} 份"]
        rows += [f"{one}~{source}~{shows}" for one in said]
    while len("|".join(rows)) > _LONGEST:
        rows.pop()
    return rows


def _plain(name: str) -> str:
    return name.replace("|", "／").replace("~", "－")[:60]


def made(stage: str, fields: Fields, facts: CaseFacts, track: Track) -> MakePaper:
    """The paper of a stage, with what the form and the case on record say of it."""
    said = {name: str(fields.get(name) or "") for name in ("court", "case_number", "property", "note")}
    final, ends = track.last("final", "effective"), performance_ends(track)
    received = sum(one.minor for one in track.steps if one.stage == "received")
    proofs, before_suit = proofs_of(facts), track.state in ("", "order_over") and not said["case_number"]
    number = final.number if final else ""
    court = said["court"] or next((one.court for one in reversed(track.steps) if one.court), "")
    return MakePaper(MADE[stage], {
        **said, "court": court, "lang": "zh", "debtor_reg_no": facts.debtor.reg_no if facts.debtor else "",
        "proofs": "|".join(proofs), "before_suit": "1" if before_suit else "",
        "basis": " ".join(part for part in (final.court, number) if part) if final else "",
        "performed_by": ends.isoformat() if ends else "",
        "awarded": str(Money(final.minor, track.currency)) if final and final.minor else "",
        "received": str(Money(received, track.currency)) if received else "",
    })  # fmt: skip
