"""Excuses that lawyers hear, and the clauses that keep a later suit near and cheap.

Sources: 民法典 188, 192, 195 (limitation), 合同编通则解释 22 (authority beats the seal), 民诉法 35 (agreed venue),
诉讼时效规定 8, 14, 19 (whoever agreed to perform cannot plead limitation any more). All read. Not legal advice.
"""

from __future__ import annotations

from fieldsales.plugin_api import Excuse, PlanClause, words

EXCUSES = (
    Excuse(
        "time_barred", words("时效已过，不用还了", "It is time-barred"),
        words("看时效页：最后一次有回执的催告、付款、签字是哪天；从那天起三年",
              "See the page on limitation: the last proven demand, payment or signature; three years from then"),
        asks=(words("最近一次付款或签字的日期", "The day of the last payment or signature"),
              words("愿不愿签一份债务确认或还款计划", "Whether they sign an acknowledgement or a plan"),
              words("先还一笔：部分履行即同意履行", "A first payment: part performance is agreement")),
        facts=("statement", "plan", "payment", "claim", "promise"),
        rule=words("三年，催告送达、付款、签字都重新计算；即使届满，签字同意履行后不得再抗辩（民法典 188、192、195）",
                   "Three years, running anew from a demand, payment or signature; after it, whoever agrees to perform "
                   "cannot plead it (民法典 188, 192, 195)")),
    Excuse(
        "not_our_seal", words("章不是我们的，不是我签的", "Not our seal, not our signature"),
        words("核对合同、对账单、收货单上的签字和章；查签字人职务、社保、以往经手的单",
              "Compare seal and hand on contract, statement and delivery notes; who signed, in what post, what before"),
        effect="dispute", dispute_kind="account",
        asks=(words("当时谁经手，职务和电话", "Who dealt with it, post and number"),
              words("以往同样的章或签字用在哪些单上", "Where else the same seal or hand stands"),
              words("货是否收到、用没用", "Whether the goods came, and were used")),
        facts=("contract", "delivery_note", "statement", "fapiao", "payment_slip"),
        rule=words("看人不看章：有权的人签字即有效，章真人无权反而不一定（合同编通则解释 22）；查实前是争议，挡支付令",
                   "Authority beats the seal: signed by whoever may is binding (合同编通则解释 22); a dispute until "
                   "it is clear, and no payment order")),
)  # fmt: skip

CLAUSES = (
    PlanClause(
        "venue", 1, words("管辖", "Venue"),
        (words("因本文书或者上述欠款发生的争议，由{seller_name}所在地有管辖权的人民法院管辖。",
               "Any dispute over this paper or the debt above is decided by the court competent at the seat of "
               "{seller_name}."),),
        words("民诉法 35：合同当事人可以书面约定原告所在地法院管辖；格式条款应提请对方注意",
              "Civil Procedure Law art. 35: parties may agree in writing on the court of the plaintiff's seat; point "
              "it out to the other side"), order=50),
)  # fmt: skip
