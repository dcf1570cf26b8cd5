"""By law (法律途径): is the file ready for a payment order (支付令), and what is still missing.

Sources: 民诉法 arts. 225–228, 民诉解释 arts. 427–430 and 436, 买卖合同解释 art. 1, 诉讼时效规定
art. 11 (an application for a payment order interrupts limitation like a suit). Not legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fieldsales.plugin_api import (
    CaseFacts,
    Choice,
    CollectionMethod,
    Decision,
    Field,
    Fields,
    Problem,
    hookimpl,
    words,
)
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.types import Grade

STAGES = {
    "review": words("检查材料", "Check the file"),
    "apply": words("准备申请支付令", "Prepare the application"),
    "filed": words("已向法院提交", "Filed with the court"),
    "issued": words("法院已发支付令", "Order issued"),
    "objected": words("债务人书面异议", "Debtor objected in writing"),
}
#: Days the law gives (民诉法 arts. 226–227): the court answers, the court issues, the debtor pays or objects.
ANSWER_DAYS, ISSUE_DAYS, OBJECT_DAYS = 5, 15, 15
#: Disputes that contest the debt itself; a request to set off a rebate does not by itself.
CONTESTS = ("quality", "not_received", "price", "account")
#: Interest can be had by payment order only when a paper stipulates it (民诉解释 art. 428(2)).
WITH_INTEREST = ("contract", "plan")

FIELDS = (
    Field("stage", "choice", words("进行到哪一步", "Where it stands"), required_hint=True,
          choices=tuple(Choice(code, labels) for code, labels in STAGES.items())),
    Field("court", "text", words("法院", "Court"), when=("stage", ("filed", "issued", "objected"))),
    Field("case_number", "text", words("案号", "Case number"), when=("stage", ("filed", "issued", "objected"))),
    Field("on", "date", words("日期", "On"), prefill="today", when=("stage", ("filed", "issued", "objected"))),
    Field("proof", "photo", words("受理通知、支付令或异议书照片", "Photo of the court's paper"),
          when=("stage", ("filed", "issued", "objected"))),
    Field("note", "prose", words("备注", "Note")),
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
    if fields.get("stage", "review") in ("review", "apply"):
        return _review(fields, facts)
    return _court(fields, facts)


METHOD = CollectionMethod(
    name="legal",
    labels=words("法律途径", "Legal"),
    hint=words("检查支付令材料：有什么，缺什么", "What a payment order needs: on file, and missing"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    can=("legal", "manager"),
)


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method of this plugin."""
    return [METHOD]
