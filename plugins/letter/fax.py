"""By fax (传真): the demand letter behind a cover sheet, and what the transmission report proves.

A fax is a data message (民法典 art. 469): it interrupts limitation when it arrived or should have arrived (诉讼时效规定
art. 8 ¶1(2)). The report of our own machine proves that it was sent, not that it arrived: C. Sent to a number they
named or the contract holds, a good report shows that it should have arrived: B. The first page faxed back signed by
whoever binds the debtor is signed: A.
"""

from __future__ import annotations

from datetime import timedelta

from fieldsales.plugin_api import CaseFacts, CollectionMethod, Decision, Field, Fields, MakePaper, Problem, words
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
from .thread import BINDING, TONES, Sent, meant_by

STAGES = {
    "make": words("出传真件", "Make the fax"),
    "sent": words("已发送", "Sent"),
    "answered": words("对方签收回传", "They signed and faxed it back"),
    "failed": words("发送失败", "It did not go through"),
}
WHY = {
    "A": words("凭证等级 A：有权签收人签字回传（诉讼时效规定 8）",
               "Proof A: faxed back signed by somebody who binds them (诉讼时效规定 8)"),
    "B": words("凭证等级 B：发到对方提供或合同约定的号码，报告显示发送成功，视为应当到达（诉讼时效规定 8）",
               "Proof B: a good report to a number they named: it should have arrived (诉讼时效规定 8)"),
    "C": words("凭证等级 C：发送报告只证明已发出，不证明对方收到；请对方签字回传",
               "Proof C: a report proves sending, not arrival; have them sign and fax it back"),
}  # fmt: skip

FIELDS = (
    Field("stage", "choice", words("进行到哪一步", "Where it stands"), choices=choices({**STAGES}),
          required_hint=True),
    *MAKING,
    Field("fax_number", "phone", words("传真号码", "Fax number"), required_hint=True,
          when=("stage", ("make", "sent", "failed"))),
    Field("to_person", "text", words("收件人", "For the attention of"), when=("stage", ("make",))),
    Field("pages", "number", words("页数（含封面）", "Pages, with the cover sheet"), minimum=1, maximum=99,
          when=("stage", ("make", "sent"))),
    Field("agreed", "bool", words("号码由对方提供或合同载明", "They named the number, or the contract does"),
          when=("stage", ("sent",))),
    Field("sent_on", "date", words("发送日", "Sent on"), prefill="today", when=("stage", ("sent",))),
    Field("report", "photo", words("发送报告", "Transmission report"), required_hint=True,
          when=("stage", ("sent", "failed"))),
    Field("signed_by", "text", words("签收人", "Signed by"), when=("stage", ("answered",))),
    Field("signer", "choice", words("签收人身份", "Who signed"), choices=choices({**SIGNERS}),
          when=("stage", ("answered",))),
    Field("answer", "photo", words("回传件", "What they faxed back"), required_hint=True,
          when=("stage", ("answered",))),
    Field("why_failed", "text", words("失败原因", "Why it failed"), when=("stage", ("failed",))),
)  # fmt: skip


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """A fax needs a debt and its turn, as a letter does. What has happened is only noted."""
    return before_a_new_one(fields, facts, "fax") if stage_of(fields) == "make" else []


def _piece(fields: Fields, facts: CaseFacts) -> Sent | None:
    return meant_by(facts, "fax", stage_of(fields), "")


def _make(fields: Fields, facts: CaseFacts) -> Decision:
    pay_by, tone, values = pay_by_of(fields, facts), tone_of(fields, facts), values_of(fields, facts)
    number = str(fields.get("fax_number", ""))
    cover = {"lang": values["lang"], "fax_number": number, "to_person": str(fields.get("to_person", "")),
             "pages": str(fields.get("pages", "")), "note": values["note"], "pay_by": values["pay_by"]}  # fmt: skip
    return Decision(
        summary=words(f"出催告函传真件（{TONES[tone]['zh']}），要求 {pay_by:%Y-%m-%d} 前付清 {facts.balance}",
                      f"Demand by fax made ({TONES[tone]['en'].lower()}): {facts.balance} by {pay_by:%Y-%m-%d}"),
        outcome="made",
        next_step=words("发传真，留发送报告", "Send it and keep the transmission report"),
        next_on=facts.today + timedelta(days=1),
        effects=(MakePaper("demand_letter", values), MakePaper("fax_cover", cover)),
    )  # fmt: skip


def grade_of_sending(fields: Fields) -> Grade:
    """B: a report of success to a number they named. C: anything less."""
    return "B" if fields.get("report") and fields.get("agreed") is True else "C"


def _sent(fields: Fields, facts: CaseFacts) -> Decision:
    grade, piece, number = grade_of_sending(fields), _piece(fields, facts), str(fields.get("fax_number", ""))
    zh, en = (f"：{number}", f" to {number}") if number else ("", "")
    return Decision(
        summary=words(f"催告函已传真{zh}", f"Demand faxed{en}"),
        outcome="sent",
        grade=grade,
        effect="demand",
        next_step=words("请对方在首页签字回传", "Have them sign the first page and fax it back"),
        next_on=facts.today + timedelta(days=1),
        details=(WHY[grade],),
        follows=piece.last_id if piece else "",
    )


def grade_of_answer(fields: Fields) -> Grade:
    """A: signed by somebody who binds them, with the page. B: the page alone. C: asserted."""
    if not fields.get("answer"):
        return "C"
    return "A" if fields.get("signer") in BINDING and fields.get("signed_by") else "B"


def _answered(fields: Fields, facts: CaseFacts) -> Decision:
    grade, piece, who = grade_of_answer(fields), _piece(fields, facts), str(fields.get("signed_by", ""))
    why = WHY[grade] if grade != "B" else words("凭证等级 B：有对方回传件，签字人身份未证明（诉讼时效规定 8）",
                                                "Proof B: they faxed it back; who signed is not shown (诉讼时效规定 8)")
    return Decision(
        summary=words(f"传真已由对方签收回传{f'（{who}）' if who else ''}",
                      f"The fax came back signed{f' by {who}' if who else ''}"),
        outcome="answered",
        grade=grade,
        effect="demand",
        next_step=words("到期未付：上门或升级催告", "If unpaid: visit, or send a firmer letter"),
        next_on=facts.today + timedelta(days=days_to_pay(facts)),
        details=(why,),
        follows=piece.last_id if piece else "",
    )  # fmt: skip


def _failed(fields: Fields, facts: CaseFacts) -> Decision:
    piece, why = _piece(fields, facts), str(fields.get("why_failed", ""))
    zh, en = (f"：{why}", f": {why}") if why else ("", "")
    return Decision(
        summary=words(f"传真发送失败{zh}", f"The fax did not go through{en}"),
        outcome="failed",
        next_step=words("核对号码再发，或改寄信函", "Check the number and try again, or send a letter"),
        next_on=facts.today + timedelta(days=1),
        follows=piece.last_id if piece else "",
    )


STEPS = {"make": _make, "sent": _sent, "answered": _answered, "failed": _failed}


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """What this stage of the fax means."""
    return STEPS[stage_of(fields)](fields, facts)


METHOD = CollectionMethod(
    name="fax",
    labels=words("传真", "Fax"),
    hint=words("出催告函和传真封面，发送后留发送报告", "Make letter and cover sheet, send them, keep the report"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    level=2,
    cost_minor=2_500,  # a quarter of an hour at the machine; a letter costs less and proves more
    manner="firm",
    reach="fax",
)
