"""By letter (催告函): make it, post it, follow it, prove that it arrived.

The letter always states the whole debt: the core writes the figures, so that no part can be waived by accident
(诉讼时效规定 art. 9). A posted letter is asserted (C), an arrival shown by tracking or a scan is proven (B), a return
receipt signed by whoever binds the debtor, with its scan, is signed (A) (art. 8).
"""

from __future__ import annotations

from datetime import date, timedelta

from fieldsales.plugin_api import (
    Batch,
    CaseFacts,
    Choice,
    CollectionMethod,
    Decision,
    Field,
    Fields,
    MakePaper,
    MakeTask,
    Problem,
    Tracking,
    words,
)
from fieldsales.plugin_api.types import Grade

from .making import (
    MAKING,
    SIGNERS,
    before_a_new_one,
    choices,
    days_to_pay,
    pay_by_of,
    stage_of,
    tone_of,
    values_of,
)
from .thread import BINDING, TONES, Sent, meant_by, proof_days

STAGES = {
    "make": words("出函", "Make the letter"),
    "posted": words("已寄出", "Posted"),
    "in_transit": words("在途", "On its way"),
    "delivered": words("已送达", "Delivered"),
    "returned": words("被退回", "Came back"),
}
BACK = (
    Choice("unknown", words("查无此人", "Not known there")), Choice("moved", words("已搬迁", "Has moved")),
    Choice("refused", words("拒收", "Refused")), Choice("unclaimed", words("逾期未领", "Not collected")),
    Choice("bad_address", words("地址不详", "Address incomplete")), Choice("other", words("其他", "Other")),
)  # fmt: skip
WHY = {
    "A": words("凭证等级 A：有权签收人签收并有回执照片（诉讼时效规定 8）",
               "Proof A: signed for by somebody who binds them, with the scan (诉讼时效规定 8)"),
    "B": words("凭证等级 B：物流记录或照片显示已到达（诉讼时效规定 8）",
               "Proof B: tracking or a scan shows that it arrived (诉讼时效规定 8)"),
    "C": words("凭证等级 C：只有我方说法；补上签收记录或回执可以提高",
               "Proof C: our word alone; a tracking page or the receipt raises it"),
}  # fmt: skip

FIELDS = (
    Field("stage", "choice", words("进行到哪一步", "Where it stands"), choices=choices({**STAGES}),
          required_hint=True),
    *MAKING,
    Field("address", "text", words("寄往", "Sent to"), prefill="debtor.address", when=("stage", ("make", "posted"))),
    Field("carrier", "text", words("快递公司", "Carrier"), when=("stage", ("posted",))),
    Field("tracking_number", "text", words("快递单号", "Tracking number"), required_hint=True,
          when=("stage", ("posted", "in_transit", "delivered", "returned"))),
    Field("posted_on", "date", words("寄出日", "Posted on"), prefill="today", when=("stage", ("posted",))),
    Field("delivered_on", "date", words("签收日", "Delivered on"), required_hint=True, when=("stage", ("delivered",))),
    Field("signed_by", "text", words("签收人", "Signed for by"), when=("stage", ("delivered",))),
    Field("signer", "choice", words("签收人身份", "Who signed"), choices=choices({**SIGNERS}),
          when=("stage", ("delivered",))),
    Field("returned_on", "date", words("退回日", "Came back on"), when=("stage", ("returned",))),
    Field("returned_as", "choice", words("退回原因", "Why it came back"), choices=BACK, when=("stage", ("returned",))),
    Field("why_back", "text", words("退件上的说明", "What it says on it"), when=("stage", ("returned",))),
    Field("proof", "photo", words("面单、物流记录或回执照片", "Photo of waybill, tracking page or receipt"),
          when=("stage", ("posted", "in_transit", "delivered", "returned"))),
)  # fmt: skip


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """A letter needs a debt and its turn. What has happened is only noted."""
    return before_a_new_one(fields, facts, "letter") if stage_of(fields) == "make" else []


def _piece(fields: Fields, facts: CaseFacts) -> Sent | None:
    return meant_by(facts, "letter", stage_of(fields), str(fields.get("tracking_number", "")))


def _make(fields: Fields, facts: CaseFacts) -> Decision:
    pay_by, tone = pay_by_of(fields, facts), tone_of(fields, facts)
    return Decision(
        summary=words(f"出催告函（{TONES[tone]['zh']}），要求 {pay_by:%Y-%m-%d} 前付清 {facts.balance}",
                      f"Demand letter made ({TONES[tone]['en'].lower()}): {facts.balance} by {pay_by:%Y-%m-%d}"),
        outcome="made",
        next_step=words("寄出并记下单号", "Post it and note the tracking number"),
        next_on=facts.today + timedelta(days=1),
        effects=(MakePaper("demand_letter", values_of(fields, facts)),),
        details=(words(f"语气：{TONES[tone]['zh']}", f"Tone: {TONES[tone]['en']}"),),
    )  # fmt: skip


def _posted(fields: Fields, facts: CaseFacts) -> Decision:
    number, carrier = str(fields.get("tracking_number", "")), str(fields.get("carrier", ""))
    where = " ".join(part for part in (carrier, number) if part)
    given, days, piece = fields.get("posted_on"), proof_days(facts), _piece(fields, facts)
    day = given if isinstance(given, date) else facts.today
    late = MakeTask(
        words(f"催告函 {day:%Y-%m-%d} 寄出，满 {days} 天仍无送达凭证：查签收，或换方式送达",
              f"Letter posted {day:%Y-%m-%d}, {days} days without proof of arrival: ask, or send it another way"),
        max(facts.today, day + timedelta(days=days)), kind="proof_overdue")
    return Decision(
        summary=words(f"催告函已寄出{f'：{where}' if where else '（无单号）'}",
                      f"Demand letter posted{f': {where}' if where else ' (no tracking number)'}"),
        outcome="posted",
        grade="C",
        effect="demand",
        next_step=words("查物流，留签收记录", "Check the tracking and keep the proof of delivery"),
        next_on=max(facts.today, day + timedelta(days=3)),
        effects=(late,),
        details=(WHY["C"],),
        follows=piece.last_id if piece else "",
    )  # fmt: skip


def _in_transit(fields: Fields, facts: CaseFacts) -> Decision:
    piece, number = _piece(fields, facts), str(fields.get("tracking_number", ""))
    days = proof_days(facts)
    since = piece.since if piece else facts.today
    late = MakeTask(words(f"催告函满 {days} 天仍无送达凭证：查签收，或换方式送达",
                          f"Letter without proof of arrival for {days} days: ask, or send it another way"),
                    max(facts.today, since + timedelta(days=days)), kind="proof_overdue")
    return Decision(
        summary=words(f"催告函在途{f'：{number}' if number else ''}",
                      f"Demand letter on its way{f': {number}' if number else ''}"),
        outcome="in_transit",
        next_step=words("查物流，留签收记录", "Check the tracking and keep the proof of delivery"),
        next_on=facts.today + timedelta(days=3),
        effects=(late,),
        follows=piece.last_id if piece else "",
    )  # fmt: skip


def grade_of_delivery(fields: Fields, facts: CaseFacts) -> Grade:
    """A: signed for by somebody who binds the debtor, with its scan. B: arrival shown. C: asserted."""
    proof, signer = bool(fields.get("proof")), fields.get("signer")
    if proof and signer in BINDING and fields.get("signed_by"):
        return "A"
    piece, earlier = _piece(fields, facts), facts.last("letter")
    tracked = fields.get("tracking_number") or (piece and piece.number) or (
        earlier and earlier.fields.get("tracking_number"))
    return "B" if proof or (tracked and fields.get("delivered_on")) else "C"


def _delivered(fields: Fields, facts: CaseFacts) -> Decision:
    grade, piece = grade_of_delivery(fields, facts), _piece(fields, facts)
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
        next_on=max(facts.today, day + timedelta(days=days_to_pay(facts))),
        details=(WHY[grade],),
        follows=piece.last_id if piece else "",
    )  # fmt: skip


def _returned(fields: Fields, facts: CaseFacts) -> Decision:
    coded = next((one.labels for one in BACK if one.value == fields.get("returned_as")), None)
    said, piece = str(fields.get("why_back", "")), _piece(fields, facts)
    zh = "：" + "，".join(part for part in (coded["zh"] if coded else "", said) if part)
    en = ": " + ", ".join(part for part in (coded["en"] if coded else "", said) if part)
    return Decision(
        summary=words(f"催告函被退回{zh.rstrip('：')}", f"Demand letter came back{en.rstrip(': ')}"),
        outcome="returned",
        next_step=words("核对地址，改为上门送达", "Find the right address, or hand it over in person"),
        next_on=facts.today + timedelta(days=1),
        follows=piece.last_id if piece else "",
    )


STEPS = {"make": _make, "posted": _posted, "in_transit": _in_transit, "delivered": _delivered, "returned": _returned}


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """What this stage of the letter means."""
    return STEPS[stage_of(fields)](fields, facts)


BATCH = Batch(
    fields=("tone", "lang", "pay_by", "note"),
    answers={"stage": "make"},
    sheets=("address_sheet", "address_labels", "envelope_dl", "envelope_zl", "envelope_c5", "posting_list"),
    tracking=Tracking(
        number="tracking_number", steps={step: {"stage": step} for step in STAGES if step != "make"},
        ends=("delivered", "returned"), carrier="carrier", signed_by="signed_by", signer="signer", reason="why_back",
        proof="proof",
        days={"posted": "posted_on", "delivered": "delivered_on", "returned": "returned_on"},
    ),
)  # fmt: skip

METHOD = CollectionMethod(
    name="letter",
    labels=words("信函", "Letter"),
    hint=words("出催告函 PDF，寄出后记单号和签收", "Make the demand letter, post it, prove its arrival"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    version=3,
    level=2,
    cost_minor=2_200,
    manner="firm",
    reach="address",
    batch=BATCH,
)
