"""By letter (催告函): make it, post it, prove that it arrived.

The letter always states the whole debt: the core writes the figures, so that no part can be waived
by accident (诉讼时效规定 art. 9). A posted letter is asserted (C), an arrival shown by tracking or
receipt is proven (B), a return receipt signed by the debtor's side is signed (A) (art. 8).
"""

from __future__ import annotations

from datetime import date, timedelta

from fieldsales.plugin_api import (
    CaseFacts,
    Choice,
    CollectionMethod,
    Decision,
    Field,
    Fields,
    MakePaper,
    Problem,
    hookimpl,
    words,
)
from fieldsales.plugin_api.types import Grade

STAGES = {
    "make": words("出函", "Make the letter"),
    "posted": words("已寄出", "Posted"),
    "delivered": words("已送达", "Delivered"),
    "returned": words("被退回", "Came back"),
}
TONES = {
    "friendly": words("友好提醒", "Friendly reminder"),
    "firm": words("正式催告", "Firm demand"),
    "final": words("最后催告", "Final demand"),
}
SIGNERS = {
    "legal_representative": words("法定代表人", "Legal representative"),
    "person_in_charge": words("主要负责人", "Person in charge"),
    "mailroom": words("收发部门", "Mail department"),
    "authorised": words("受托签收人", "Authorised person"),
    "other": words("其他人", "Somebody else"),
}
#: Whose signature on a receipt is a company's own (诉讼时效规定 art. 8 ¶2).
BINDING = ("legal_representative", "person_in_charge", "mailroom", "authorised")
#: Days a debtor is given when the letter names none.
DAYS_TO_PAY = 7


def _choices(named: dict[str, object]) -> tuple[Choice, ...]:
    return tuple(Choice(code, labels) for code, labels in named.items())  # type: ignore[arg-type]


FIELDS = (
    Field("stage", "choice", words("进行到哪一步", "Where it stands"), choices=_choices({**STAGES}),
          required_hint=True),
    Field("tone", "choice", words("语气", "Tone"), choices=_choices({**TONES}), when=("stage", ("make",))),
    Field("lang", "choice", words("语言", "Language"), when=("stage", ("make",)),
          choices=(Choice("zh", words("中文", "Chinese")), Choice("en", words("英文", "English")),
                   Choice("zh_en", words("中英对照，以中文为准", "Both, the Chinese prevails")))),
    Field("pay_by", "date", words("要求付款日", "To be paid by"), when=("stage", ("make",))),
    Field("address", "text", words("寄往", "Sent to"), prefill="debtor.address", when=("stage", ("make", "posted"))),
    Field("note", "prose", words("附言", "Note"), when=("stage", ("make",)), maximum=900),
    Field("carrier", "text", words("快递公司", "Carrier"), when=("stage", ("posted",))),
    Field("tracking_number", "text", words("快递单号", "Tracking number"), required_hint=True,
          when=("stage", ("posted", "delivered", "returned"))),
    Field("posted_on", "date", words("寄出日", "Posted on"), prefill="today", when=("stage", ("posted",))),
    Field("delivered_on", "date", words("签收日", "Delivered on"), required_hint=True, when=("stage", ("delivered",))),
    Field("signed_by", "text", words("签收人", "Signed for by"), when=("stage", ("delivered",))),
    Field("signer", "choice", words("签收人身份", "Who signed"), choices=_choices({**SIGNERS}),
          when=("stage", ("delivered",))),
    Field("proof", "photo", words("面单、物流记录或回执照片", "Photo of waybill, tracking page or receipt"),
          when=("stage", ("posted", "delivered", "returned"))),
    Field("why_back", "text", words("退回原因", "Why it came back"), when=("stage", ("returned",))),
)  # fmt: skip


def stage_of(fields: Fields) -> str:
    """The stage, "make" when it was not said."""
    return str(fields.get("stage", "make"))


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """A letter needs a debt; a day to pay by must lie ahead. What has happened is only noted."""
    if stage_of(fields) != "make":
        return []
    found = []
    if facts.balance.minor <= 0:
        found.append(Problem("", words("该客户没有未收款，不能出催告函。",
                                       "Nothing is open, so there is nothing to demand.")))
    pay_by = fields.get("pay_by")
    if isinstance(pay_by, date) and pay_by < facts.today:
        found.append(Problem("pay_by", words("要求付款日不能早于今天。", "The day to pay by must not be past.")))
    if facts.disputes:
        found.append(Problem("", words("有未处理的争议：函中仍写明全部欠款，并请先答复争议。",
                                       "A dispute is open: the letter states the whole debt; answer the dispute too."),
                             blocking=False))
    return found  # fmt: skip


def _make(fields: Fields, facts: CaseFacts) -> Decision:
    given = fields.get("pay_by")
    pay_by = given if isinstance(given, date) else facts.today + timedelta(days=DAYS_TO_PAY)
    tone, lang = str(fields.get("tone", "firm")), str(fields.get("lang", "zh"))
    values = {
        "tone": tone,
        "pay_by": pay_by.isoformat(),
        "address": str(fields.get("address") or (facts.debtor.address if facts.debtor else "")),
        "note": str(fields.get("note", "")),
        "lang": lang,
    }
    return Decision(
        summary=words(f"出催告函（{TONES[tone]['zh']}），要求 {pay_by:%Y-%m-%d} 前付清 {facts.balance}",
                      f"Demand letter made ({TONES[tone]['en'].lower()}): {facts.balance} by {pay_by:%Y-%m-%d}"),
        outcome="made",
        next_step=words("寄出并记下单号", "Post it and note the tracking number"),
        next_on=facts.today + timedelta(days=1),
        effects=(MakePaper("demand_letter", values),),
    )  # fmt: skip


def _posted(fields: Fields, facts: CaseFacts) -> Decision:
    number = str(fields.get("tracking_number", ""))
    carrier = str(fields.get("carrier", ""))
    where = " ".join(part for part in (carrier, number) if part)
    return Decision(
        summary=words(f"催告函已寄出{f'：{where}' if where else '（无单号）'}",
                      f"Demand letter posted{f': {where}' if where else ' (no tracking number)'}"),
        outcome="posted",
        grade="C",
        effect="demand",
        next_step=words("查物流，留签收记录", "Check the tracking and keep the proof of delivery"),
        next_on=facts.today + timedelta(days=3),
    )  # fmt: skip


def grade_of_delivery(fields: Fields, facts: CaseFacts) -> Grade:
    """A: signed for by somebody who binds the debtor, with its photo. B: arrival shown. C: asserted."""
    proof, signer = bool(fields.get("proof")), fields.get("signer")
    if proof and signer in BINDING and fields.get("signed_by"):
        return "A"
    earlier = facts.last("letter")
    tracked = fields.get("tracking_number") or (earlier and earlier.fields.get("tracking_number"))
    return "B" if proof or (tracked and fields.get("delivered_on")) else "C"


def _delivered(fields: Fields, facts: CaseFacts) -> Decision:
    grade = grade_of_delivery(fields, facts)
    on = fields.get("delivered_on")
    day = on if isinstance(on, date) else facts.today
    signed = str(fields.get("signed_by", ""))
    return Decision(
        summary=words(f"催告函 {day:%Y-%m-%d} 送达{f'，{signed}签收' if signed else ''}",
                      f"Demand letter delivered {day:%Y-%m-%d}{f', signed for by {signed}' if signed else ''}"),
        outcome="delivered",
        grade=grade,
        effect="demand",
        next_step=words("到期未付：上门或升级催告", "If unpaid: visit, or send a firmer letter"),
        next_on=max(facts.today, day + timedelta(days=DAYS_TO_PAY)),
    )  # fmt: skip


def _returned(fields: Fields, facts: CaseFacts) -> Decision:
    why = str(fields.get("why_back", ""))
    zh, en = (f"：{why}", f": {why}") if why else ("", "")
    return Decision(
        summary=words(f"催告函被退回{zh}", f"Demand letter came back{en}"),
        outcome="returned",
        next_step=words("核对地址，改为上门送达", "Find the right address, or hand it over in person"),
        next_on=facts.today + timedelta(days=1),
    )


STEPS = {"make": _make, "posted": _posted, "delivered": _delivered, "returned": _returned}


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """What this stage of the letter means."""
    return STEPS[stage_of(fields)](fields, facts)


METHOD = CollectionMethod(
    name="letter",
    labels=words("信函", "Letter"),
    hint=words("出催告函 PDF，寄出后记单号和签收", "Make the demand letter, post it, prove its arrival"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    version=2,
    level=2,
    cost_minor=2_200,
    manner="firm",
    reach="address",
)


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method of this plugin."""
    return [METHOD]
