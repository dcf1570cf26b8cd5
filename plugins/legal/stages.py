"""The way through the courts as a table: what may follow what, and which periods begin with each step. Pure.

Sources: 民诉法 (2023) arts. 103–105 preservation, 126 docketing, 152 first instance, 171 appeal, 225–228 payment
order, 237 and 250 enforcement; 民诉解释 arts. 427–440 payment order, 485 measures; 财产保全规定 art. 18 renewal;
诉讼时效规定 arts. 10, 11 interruption. All of 民诉法 (2023-09-01), 财产保全规定 and 诉讼时效规定 read again in
LawRefBook/Laws; 民诉解释 427–436 as in the house's notes on law, 485 (2022) as quoted by others; its 438 from memory.
Not legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fieldsales.plugin_api import words
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.types import Effect

Unit = Literal["days", "months"]


@dataclass(frozen=True, slots=True)
class Period:
    """A period that begins with a step. ``who`` must act by its last day; ``rule``: where it stands in law.

    ``from_end``: it runs from the last day of the period to perform, not from the day of the step.
    """

    code: str
    count: int
    unit: Unit
    labels: Labels
    rule: str
    ours: bool = False
    from_end: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``after``: the states it follows; ``state``: where it leads, "" for one beside the main way.

    ``effect``: on limitation (诉讼时效规定 11), as a step of ours before the court; ``then``: what to do next.
    """

    labels: Labels
    state: str
    after: tuple[str, ...]
    then: Labels
    periods: tuple[Period, ...] = ()
    effect: Effect = ""


STATES: Mapping[str, Labels] = {
    "": words("未进入法律程序", "Not before a court"),
    "order_filed": words("支付令：已申请", "Payment order: applied for"),
    "order_accepted": words("支付令：已受理", "Payment order: accepted"),
    "order_issued": words("支付令：已发出，待送达", "Payment order: issued, to be served"),
    "order_served": words("支付令：已送达，异议期内", "Payment order: served, open to objection"),
    "order_over": words("支付令：程序终结，可起诉", "Payment order: ended, a suit is open"),
    "suing": words("诉讼或仲裁：已提交", "Suit or arbitration: filed"),
    "docketed": words("诉讼或仲裁：已立案", "Suit or arbitration: docketed"),
    "judged": words("已裁判，上诉期内", "Decided, open to appeal"),
    "enforceable": words("可申请强制执行", "Can be enforced"),
    "enforcing": words("强制执行中", "Being enforced"),
    "rested": words("终结本次执行，发现财产可恢复", "Enforcement rests until property is found"),
    "closed": words("已结案", "Closed"),
}
_ORDER = ("order_filed", "order_accepted", "order_issued", "order_served")
_SUIT = ("suing", "docketed", "judged")
#: What was filed came to nothing: limitation is in doubt (``ended``).
ENDED = ("refused", "unserved", "dismissed", "withdrawn")
_MAY_SUE = ("", "order_over", *_ORDER)
_TWO_YEARS = Period("enforce", 24, "months", words("申请强制执行（两年）", "Apply for enforcement (two years)"),
                    "民诉法 250", ours=True, from_end=True)

STEPS: Mapping[str, Step] = {
    "filed": Step(
        words("已向法院提交支付令申请", "Application for a payment order filed"), "order_filed", ("", "order_over"),
        words("法院应在五日内通知是否受理", "The court must answer within five days"),
        (Period("answer", 5, "days", words("法院通知是否受理（5日）", "Court says whether it accepts (5 days)"),
                "民诉法 226"),), "suit"),
    "accepted": Step(
        words("法院已受理", "Accepted by the court"), "order_accepted", ("order_filed",),
        words("法院应在受理之日起十五日内发出支付令", "The court issues the order within fifteen days"),
        (Period("issue", 15, "days", words("法院发出支付令（15日）", "Court issues the order (15 days)"),
                "民诉法 227"),)),
    "issued": Step(
        words("法院已发支付令", "Order issued"), "order_issued", ("order_filed", "order_accepted"),
        words("盯住送达：三十日内送达不到，程序终结", "See to service: unserved after thirty days, it ends"),
        (Period("serve", 30, "days", words("送达债务人（30日）", "Service on the debtor (30 days)"), "民诉解释 430"),),
        "suit"),
    "served": Step(
        words("支付令已送达债务人", "Order served on the debtor"), "order_served", ("order_issued",),
        words("债务人十五日内付款或书面异议", "Debtor pays or objects in writing within fifteen days"),
        (Period("object", 15, "days", words("债务人清偿或书面异议（15日）", "Debtor pays or objects (15 days)"),
                "民诉法 227"),)),
    "objected": Step(
        words("债务人书面异议", "Debtor objected in writing"), "order_over", ("order_issued", "order_served"),
        words("转入诉讼，或在七日内表示不起诉", "Goes on as a suit unless we decline in seven days"),
        (Period("decline", 7, "days", words("不同意起诉的表态（7日）", "Decline a suit (7 days)"),
                "民诉法 228，民诉解释 438", ours=True),), "suit"),
    "unserved": Step(
        words("三十日内无法送达", "Could not be served in thirty days"), "order_over", ("order_issued",),
        words("督促程序终结：起诉", "The order has ended: sue")),
    "refused": Step(
        words("不予受理或驳回申请", "Refused by the court"), "order_over", ("order_filed", "order_accepted"),
        words("补齐材料或改为起诉；核对时效中断是否成立", "Mend it or sue; check whether limitation was interrupted")),
    "effective": Step(
        words("期满未异议，支付令生效", "No objection: the order is final"), "enforceable", ("order_served",),
        words("两年内申请强制执行", "Apply for enforcement within two years"), (_TWO_YEARS,)),
    "sued": Step(
        words("已起诉或申请仲裁", "Suit or arbitration filed"), "suing", _MAY_SUE,
        words("法院应在七日内立案或裁定不予受理", "The court dockets it within seven days"),
        (Period("docket", 7, "days", words("法院立案（7日）", "Court dockets it (7 days)"), "民诉法 126"),), "suit"),
    "docketed": Step(
        words("已立案", "Docketed"), "docketed", ("suing", "order_over"),
        words("举证期限内交证据；需要的申请保全", "Bring evidence in time; apply for preservation where needed"),
        (Period("decide", 6, "months", words("一审审结（普通程序6个月）", "First instance decided (6 months)"),
                "民诉法 152"),)),
    "dismissed": Step(
        words("裁定驳回或不予受理", "Suit dismissed"), "closed", ("suing", "docketed", "judged"),
        words("核对理由和时效，决定上诉或另诉", "Check grounds and limitation; appeal or sue anew"),
        (Period("appeal", 10, "days", words("对裁定上诉（10日）", "Appeal against the ruling (10 days)"), "民诉法 171",
                ours=True),)),
    "withdrawn": Step(
        words("撤回申请或撤诉", "Withdrawn"), "closed", (*_ORDER, *_SUIT),
        words("核对时效：撤回后中断是否成立有争议，尽快另行主张",
              "Check limitation: whether it was interrupted is disputed; claim anew soon")),
    "judged": Step(
        words("判决、裁决或调解书已送达", "Judgement, award or settlement served"), "judged", ("suing", "docketed"),
        words("等上诉期届满，或决定上诉", "Wait for the time of appeal, or appeal"),
        (Period("appeal", 15, "days", words("上诉期（15日）", "Time of appeal (15 days)"), "民诉法 171", ours=True),)),
    "final": Step(
        words("裁判生效", "Judgement final"), "enforceable", ("judged", "docketed"),
        words("履行期过后计加倍利息，两年内申请执行", "Double interest after the day set; enforce within two years"),
        (_TWO_YEARS,)),
    "enforcing": Step(
        words("已申请强制执行", "Enforcement applied for"), "enforcing", ("enforceable", "rested"),
        words("提供财产线索；六个月未执行的，可向上一级法院申请",
              "Name property; unexecuted after six months, turn to the higher court"),
        (Period("higher", 6, "months", words("满六个月未执行，可提级", "Six months: the higher court is open"),
                "民诉法 237"),),
        "suit"),
    "received": Step(
        words("收到执行款或履行款", "Money received"), "", ("judged", "enforceable", "enforcing", "rested"),
        words("登记回款，余额继续执行", "Book the payment; enforce what is left")),
    "rested": Step(
        words("终结本次执行", "Enforcement rests"), "rested", ("enforcing",),
        words("继续找财产线索，发现即申请恢复", "Look for property; resume when some is found")),
    "closed": Step(
        words("全部履行，结案", "Performed in full, closed"), "closed", tuple(STATES)[1:-1],
        words("归档", "File it")),
    "pre_frozen": Step(
        words("诉前保全已采取", "Preserved before suit"), "", ("", "order_over"),
        words("三十日内起诉或申请仲裁，否则解除", "Sue within thirty days, or it is lifted"),
        (Period("sue", 30, "days", words("起诉或仲裁（诉前保全后30日）", "Sue (30 days after preservation)"),
                "民诉法 104", ours=True),), "suit"),
    "frozen": Step(
        words("诉讼保全已采取", "Preserved in the suit"), "", ("suing", "docketed", "judged", "enforcing"),
        words("届满前七日申请续行", "Apply to renew seven days before it ends")),
    "released": Step(
        words("保全已解除", "Preservation lifted"), "", tuple(STATES), words("核对原因", "Check why")),
}  # fmt: skip

#: Months a measure lasts at most (民诉解释 485), and days before its end a renewal is asked for (财产保全规定 18).
MEASURES: Mapping[str, tuple[int, Labels]] = {
    "bank": (12, words("冻结银行存款（1年）", "Bank account frozen (1 year)")),
    "movable": (24, words("查封、扣押动产（2年）", "Movables seized (2 years)")),
    "estate": (36, words("查封不动产、冻结其他财产权（3年）", "Real estate, other rights (3 years)")),
}
RENEW_DAYS = 7


def may_follow(state: str, step: str) -> bool:
    """Whether the table has this step after that state."""
    return state in STEPS[step].after
