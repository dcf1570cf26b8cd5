"""By law (法律途径): is the file ready for a payment order (支付令), and what is still missing.

Sources: 民诉法 arts. 225–228, 民诉解释 arts. 427–430 and 436, 买卖合同解释 art. 1, 诉讼时效规定
art. 11 (an application for a payment order interrupts limitation like a suit). Not legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

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
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.types import Grade

STAGES = {
    "review": words("检查材料", "Check the file"),
    "apply": words("出支付令申请书", "Make the application for a payment order"),
    "lawyer": words("出律师函草稿", "Make a draft of a lawyer's letter"),
    "report": words("出证据报告", "Make a report of the evidence"),
    "filed": words("已向法院提交", "Filed with the court"),
    "issued": words("法院已发支付令", "Order issued"),
    "objected": words("债务人书面异议", "Debtor objected in writing"),
}
PaperKind = Literal["payment_order_application", "lawyer_letter", "evidence_report"]
#: Days the law gives (民诉法 arts. 226–227): the court answers, the court issues, the debtor pays or objects.
ANSWER_DAYS, ISSUE_DAYS, OBJECT_DAYS = 5, 15, 15
#: Disputes that contest the debt itself; a request to set off a rebate does not by itself.
CONTESTS = ("quality", "not_received", "price", "account")
#: Interest can be had by payment order only when a paper stipulates it (民诉解释 art. 428(2)).
WITH_INTEREST = ("contract", "plan")

FIELDS = (
    Field("stage", "choice", words("进行到哪一步", "Where it stands"), required_hint=True,
          choices=tuple(Choice(code, labels) for code, labels in STAGES.items())),
    Field("lang", "choice", words("语言", "Language"), when=("stage", ("apply", "lawyer", "report")),
          choices=(Choice("zh", words("中文", "Chinese")), Choice("en", words("英文", "English")),
                   Choice("zh_en", words("中英对照，以中文为准", "Both, the Chinese prevails")))),
    Field("law_firm", "text", words("律师事务所", "Law firm"), when=("stage", ("lawyer",))),
    Field("lawyer", "text", words("律师", "Lawyer"), when=("stage", ("lawyer",))),
    Field("pay_by", "date", words("要求付款日", "To be paid by"), when=("stage", ("lawyer",))),
    Field("court", "text", words("法院", "Court"), when=("stage", ("apply", "filed", "issued", "objected"))),
    Field("case_number", "text", words("案号", "Case number"), when=("stage", ("filed", "issued", "objected"))),
    Field("on", "date", words("日期", "On"), prefill="today", when=("stage", ("filed", "issued", "objected"))),
    Field("proof", "photo", words("受理通知、支付令或异议书照片", "Photo of the court's paper"),
          when=("stage", ("filed", "issued", "objected"))),
    Field("note", "prose", words("备注（出文书时印上）", "Note (printed on the paper)"), maximum=900),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One condition of a payment order, whether it is met, and what to say of it."""

    met: bool
    said: Labels


def _papers(facts: CaseFacts, kind: str) -> int:
    return sum(one.kind == kind for one in facts.evidence) + sum(kind in one.papers for one in facts.invoices)


def _undelivered(facts: CaseFacts) -> list[str]:
    noted = {one.invoice_number for one in facts.evidence if one.kind == "delivery_note"}
    return [
        one.number for one in facts.invoices
        if one.due_on < facts.today and "delivery_note" not in one.papers and one.number not in noted
    ]  # fmt: skip


def _debt_proof(facts: CaseFacts) -> Item:
    if facts.plans or facts.statements:
        number = (facts.plans or facts.statements)[0].number
        return Item(True, words(f"债务人签字的债权凭证：{number}", f"The debt acknowledged in writing: {number}"))
    missing = _undelivered(facts)
    if _papers(facts, "contract") and not missing:
        return Item(True, words("合同和全部签收单在案", "Contract and every delivery note on file"))
    parts_zh = [] if _papers(facts, "contract") else ["合同"]
    parts_en = [] if _papers(facts, "contract") else ["contract"]
    if missing:
        named = "、".join(missing[:5])
        parts_zh.append(f"{len(missing)} 张签收单（{named}{'…' if len(missing) > 5 else ''}）")
        parts_en.append(f"{len(missing)} delivery notes ({', '.join(missing[:5])}{'…' if len(missing) > 5 else ''})")
    return Item(False, words(f"缺签字的对账单或还款计划，或补齐：{'、'.join(parts_zh)}",
                             f"Needs a signed statement or plan, or else: {', '.join(parts_en)}"))  # fmt: skip


def _dispute(facts: CaseFacts) -> Item:
    contested = [one for one in facts.disputes if one.kind in CONTESTS]
    if contested:
        return Item(False, words(f"有 {len(contested)} 项未解决的争议，不能申请支付令，应先处理或起诉",
                                 f"{len(contested)} open disputes: no payment order until solved; or sue"))  # fmt: skip
    return Item(True, words("没有未解决的债务争议", "No open dispute of the debt"))


def _debtor(facts: CaseFacts) -> Item:
    debtor = facts.debtor
    gaps = [
        pair for pair, there in (
            (("债务人法定名称", "the debtor's legal name"), debtor and debtor.name),
            (("统一社会信用代码或身份证号", "the debtor's registration number"), debtor and debtor.reg_no),
            (("能送达的地址", "an address for service"), debtor and debtor.address),
        ) if not there
    ]  # fmt: skip
    if gaps:
        return Item(False, words(f"缺{'、'.join(zh for zh, _ in gaps)}", f"Missing: {', '.join(en for _, en in gaps)}"))
    assert debtor is not None
    served = f"{debtor.name}，{debtor.address}"
    return Item(True, words(f"可送达：{served}", f"Can be served: {served}"))


def checklist(facts: CaseFacts) -> list[Item]:
    """The conditions of a payment order for this case, in the order a court looks at them."""
    due = facts.overdue.minor > 0
    interest = bool(facts.plans) or _papers(facts, "contract") > 0
    return [
        Item(due, words(f"已到期、数额确定：{facts.overdue}", f"Due and certain: {facts.overdue}")
             if due else words("没有已到期的欠款", "Nothing is due yet")),
        _debt_proof(facts),
        _dispute(facts),
        _debtor(facts),
        Item(interest, words("凭证约定了逾期利息", "A paper stipulates late interest") if interest
             else words("没有约定利息的凭证：只能申请本金", "No paper stipulates interest: principal only")),
    ]  # fmt: skip


def is_ready(items: list[Item]) -> bool:
    """Whether an application can be made: all but interest must be met."""
    return all(item.met for item in items[:-1])


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """An open dispute stops an application before it is made; what a court has done is only noted."""
    if fields.get("stage") in ("lawyer", "report") and facts.balance.minor <= 0:
        return [Problem("", words("该客户没有未收款，没有可以写的。", "Nothing is open: nothing to write."))]
    if fields.get("stage") != "apply":
        return []
    return [Problem("", item.said) for item in checklist(facts)[:4] if not item.met]


def _review(fields: Fields, facts: CaseFacts) -> Decision:
    items = checklist(facts)
    missing = sum(not item.met for item in items[:-1])
    on_file = [
        words(f"在案：{one.name}", f"On file: {one.name}") for one in facts.evidence[:20]
    ]  # fmt: skip
    marks = [
        words(f"{'✓' if item.met else '✗'} {item.said['zh']}", f"{'✓' if item.met else '✗'} {item.said['en']}")
        for item in items
    ]
    applying = fields.get("stage") == "apply"
    ready = words("材料齐备，可申请支付令", "Ready for a payment order")
    short = words(f"申请支付令还差 {missing} 项", f"{missing} things missing for a payment order")
    return Decision(
        summary=ready if not missing else short,
        outcome=("applying" if applying else "ready") if not missing else "not_ready",
        next_step=words("向债务人所在地基层法院提交申请", "File with the court of the debtor's seat")
        if not missing else words("补齐缺少的材料", "Get what is missing"),
        next_on=facts.today + timedelta(days=2 if applying else 7),
        details=tuple(marks + on_file),
        effects=(_paper("payment_order_application", fields),) if applying and not missing else (),
    )  # fmt: skip


def _paper(kind: PaperKind, fields: Fields) -> MakePaper:
    """The paper asked for, with what the form says of it; figures and proofs are the core's."""
    given = {name: str(fields.get(name) or "") for name in ("court", "law_firm", "lawyer", "note")}
    pay_by = fields.get("pay_by")
    return MakePaper(kind, {**given, "lang": str(fields.get("lang", "zh")),
                            "pay_by": pay_by.isoformat() if isinstance(pay_by, date) else ""})  # fmt: skip


def _draft(fields: Fields, facts: CaseFacts) -> Decision:
    """A paper for somebody else to sign or read: no demand by itself."""
    if fields["stage"] == "lawyer":
        return Decision(
            summary=words("出律师函草稿，待律师审阅签发", "Draft of a lawyer's letter made, for a lawyer to sign"),
            outcome="drafted", effects=(_paper("lawyer_letter", fields),),
            next_step=words("交律师审阅、签名、盖章后寄出", "Have a lawyer review, sign and send it"),
            next_on=facts.today + timedelta(days=3),
        )  # fmt: skip
    return Decision(
        summary=words("出债权证据报告", "Report of the evidence made"), outcome="reported",
        effects=(_paper("evidence_report", fields),),
    )  # fmt: skip


def _court(fields: Fields, facts: CaseFacts) -> Decision:
    stage = str(fields["stage"])
    given = fields.get("on")
    on = given if isinstance(given, date) else facts.today
    number = " ".join(str(fields[name]) for name in ("court", "case_number") if name in fields)
    grade: Grade = "A" if fields.get("proof") else "B" if fields.get("case_number") else "C"
    step, days = {
        "filed": (words("法院应在五日内通知是否受理", "The court must answer within five days"), ANSWER_DAYS),
        "issued": (words("债务人十五日内付款或书面异议", "Debtor pays or objects within fifteen days"), OBJECT_DAYS),
        "objected": (words("转入诉讼，或在七日内表示不起诉", "Goes on as a suit unless we decline in seven days"), 7),
    }[stage]
    return Decision(
        summary=words(f"{STAGES[stage]['zh']}{f'：{number}' if number else ''}",
                      f"{STAGES[stage]['en']}{f': {number}' if number else ''}"),
        outcome=stage,
        grade=grade,
        effect="suit",
        next_step=step,
        next_on=max(facts.today, on + timedelta(days=days)),
    )  # fmt: skip


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """The state of the file, or what the court has done."""
    stage = fields.get("stage", "review")
    if stage in ("review", "apply"):
        return _review(fields, facts)
    if stage in ("lawyer", "report"):
        return _draft(fields, facts)
    return _court(fields, facts)


METHOD = CollectionMethod(
    name="legal",
    labels=words("法律途径", "Legal"),
    hint=words("检查支付令材料，出申请书、律师函草稿和证据报告",
               "Check the file; make the application, a lawyer's draft, a report of the evidence"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    can=("legal", "manager"),
    version=2,
    level=3,
    cost_minor=30_000,
    manner="firm",
)


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method of this plugin."""
    return [METHOD]
