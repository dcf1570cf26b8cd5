"""The excuses every rep hears, coded. Plugins add others through the hook ``excuse_codes``.

Legal effects follow 民诉法 art. 225, 民诉解释 arts. 427, 430 and 436, 民法典 arts. 465, 525, 526, 615, 617 and 621
(late complaints of quality), 合同编通则解释 art. 31 (refusing the main duty over a minor one) and
保障中小企业款项支付条例 (2025) arts. 9 and 15: quality and non-delivery are disputes; no money, later, or somebody
else's debts are not. 条例 (State Council order 802) 9 and 15 were read; 通则解释 31 is cited from memory. Not legal
advice.
"""

from __future__ import annotations

from typing import Any

from fieldsales.plugin_api.fields import Labels, words
from fieldsales.plugin_api.types import Excuse


def _excuse(code: str, labels: Labels, verify: Labels, rule: Labels, *, asks: tuple[Labels, ...],
            facts: tuple[str, ...], **more: Any) -> Excuse:
    effect = "dispute" if more.get("dispute_kind") else "none"
    return Excuse(code, labels, verify, effect, asks=asks, facts=facts, rule=rule, **more)  # type: ignore[arg-type]


_NO_MONEY = words("没钱、缓一缓不算异议，不影响支付令（民诉解释 436）",
                  "No money, or later, is no objection; a payment order is open (民诉解释 436)")
_MINOR = words("次要义务没做完，一般不能拒付货款，另有约定除外（合同编通则解释 31）",
               "A minor duty left undone seldom excuses payment, unless so agreed (合同编通则解释 31)")
_UNDISPUTED = words("对账差异只挡有争议的部分，无争议部分先付（支付条例 15）",
                    "A difference holds up only the disputed part; the rest is to be paid (支付条例 15)")

CORE_EXCUSES: tuple[Excuse, ...] = (
    _excuse("cash_tight", words("资金周转不灵", "Short of cash"),
            words("看库存和货流，问清几号有钱进账、谁付给他",
                  "Look at stock and trade; ask what comes in, when, from whom"),
            _NO_MONEY, facts=("invoice", "payment", "promise", "photo", "claim"), if_true="instalments",
            asks=(words("近期进账的合同或付款通知", "The contract or notice behind the money that is to come"),
                  words("今天能付的数", "What can be paid today"))),
    _excuse("downstream", words("下家没付（下游欠款）", "Own customers have not paid"),
            words("看下家的欠条或对账单，问清欠多少、几号付",
                  "See the customers' notes of debt; ask how much and by when"),
            words("合同只约束双方，下家不付不是理由；约定“背靠背”对小企业无效（民法典 465，支付条例 9）",
                  "A contract binds its parties: others' debts excuse nothing, pay-when-paid is void against "
                  "small firms (民法典 465, 支付条例 9)"), facts=("invoice", "contract", "promise", "claim"),
            if_true="instalments",
            asks=(words("下家的对账单或欠条照片", "A photo of their customers' statements or notes of debt"),
                  words("下家付款日，约定到账当天转", "Their customers' pay day, and our share the same day"))),
    _excuse("paid_others", words("钱被别家拿走了", "Paid another supplier first"),
            words("问付给谁、付了多少、下一次付款日，排进去",
                  "Ask who was paid, how much, and the next payment day; get on it"),
            _NO_MONEY, facts=("invoice", "payment", "promise", "statement"),
            asks=(words("下一个付款日和我们的数", "The next pay day, and our sum on it"),
                  words("付款申请单或排款表照片", "A photo of the payment request or list"))),
    _excuse("unsold", words("产品卖不动", "The goods do not sell"),
            words("当场数库存，对进货日期和动销", "Count the stock; compare with delivery dates and sell-through"),
            words("买断的货卖不动由买方承担；合同写明代销的除外",
                  "Goods bought are the buyer's risk, unless the contract "
                  "says on consignment"), facts=("photo", "invoice", "contract", "delivery_note"),
            asks=(words("库存照片，按品种的数量", "Photos of the stock, counted by item"),
                  words("已卖掉部分的货款先付", "Payment for what has been sold"))),
    _excuse("at_once", words("马上办，明天就付", "Will do it at once"),
            words("当场要金额、日期、付款人，写成承诺", "Get amount, day and payer now, and write it as a promise"),
            _NO_MONEY, facts=("promise", "payment", "invoice"),
            asks=(words("金额、日期、付款账户", "Amount, day and paying account"),
                  words("转账截图或付款申请单", "A screenshot of the transfer, or the payment request"))),
    _excuse("approval", words("审批中，在走流程", "In approval"),
            words("问到哪一步、谁签字、付款日，请看付款申请单",
                  "Ask which step, who signs, the pay day; see the payment request"),
            _NO_MONEY, facts=("invoice", "statement", "fapiao", "promise"),
            asks=(words("付款申请单照片", "A photo of the payment request"),
                  words("签字人的姓名和电话", "Name and number of whoever signs"))),
    _excuse("boss_away", words("老板不在，做不了主", "The boss is away"),
            words("问老板哪天回、谁能做主，当场打电话，记下号码",
                  "Ask when the boss is back and who may decide; ring now, note the number"),
            words("不影响债务；催告当面交给负责人或有权的人才算送达（诉讼时效规定 8）",
                  "No effect on the debt; a demand counts when it reaches who is in charge (诉讼时效规定 8)"),
            facts=("claim", "promise", "invoice"),
            asks=(words("老板的电话，约好的日期", "The boss's number, and a day that is fixed"),
                  words("在场的人签收催告或对账单", "Whoever is there to sign for the letter or statement"))),
    _excuse("not_received", words("没收到货", "Goods not received"),
            words("调签收单、物流记录，与收货人核对",
                  "Fetch the signed delivery note and carrier's record; ask the receiver"),
            words("查实即为争议，可拒付相应部分，挡支付令（民法典 525、526，民诉解释 427）",
                  "If true a dispute: that part may be withheld, and no payment order (民法典 525, 526, 民诉解释 427)"),
            facts=("delivery_note", "invoice", "contract", "statement"), dispute_kind="not_received", owner="logistics",
            asks=(words("少的是哪张单、哪几件", "Which order, and which pieces, are missing"),
                  words("收货人的姓名和电话", "Name and number of the receiver"),
                  words("已收部分先付", "Payment for what was received"))),
    _excuse("quality", words("产品质量有问题", "Quality complaint"),
            words("看实物，拍照，记批号和发现日期；查检验期限是否已过",
                  "See the goods; photos, batch and date found; is the period over?"),
            words("约定的检验期或收货两年内没通知的，视为合格；期内为争议，挡支付令（民法典 621，民诉解释 427）",
                  "Not notified in the agreed period or in two years: deemed sound; in time it is a dispute "
                  "(民法典 621, 民诉解释 427)"),
            facts=("delivery_note", "contract", "photo", "statement", "invoice"), dispute_kind="quality",
            owner="quality", asks=(words("实物照片、批号、数量", "Photos of the goods, batch, count"),
                  words("哪天发现、哪天通知的我们", "The day it was found, and the day we were told"),
                  words("没有问题的部分先付", "Payment for what is sound"))),
    _excuse("after_sales", words("售后没跟上", "After-sales service missing"),
            words("查售后单和未结投诉，约定处理日期", "Check service tickets and open complaints; fix a day for them"),
            _MINOR, facts=("complaint", "contract", "invoice", "dispute"), dispute_kind="other", owner="quality",
            asks=(words("哪一台、什么故障、哪天报的", "Which piece, what fault, reported when"),
                  words("与售后无关的货款先付", "Payment for what the service has nothing to do with"))),
    _excuse("campaign", words("活动支持没兑现", "Promised campaign support missing"),
            words("查批准的政策与费用申请，不口头许诺",
                  "Check the approved policy and claim; promise nothing by mouth"),
            _MINOR, facts=("contract", "statement", "dispute"), dispute_kind="rebate", owner="sales_support",
            asks=(words("书面政策或批复、活动照片和单据",
                        "The written policy or approval, photos and slips of the campaign"),
                  words("谁答应的、哪天", "Who promised it, and when"))),
    _excuse("rebate", words("返利没兑现", "Rebate not paid"),
            words("查返利协议与计算表，报主管批红字",
                  "Check the rebate agreement and sums; ask the manager for a credit note"),
            words("抵销要通知到对方且债务已到期（民法典 568）；批红字前余额不变",
                  "Set-off needs notice and a debt that is due (民法典 568); no balance changes before the "
                  "credit note"),
            facts=("contract", "statement", "invoice", "dispute"), dispute_kind="rebate", owner="sales_support",
            asks=(words("返利协议和完成量", "The rebate agreement, and the volume reached"),
                  words("抵扣之外的部分先付", "Payment of what is left after it"))),
    _excuse("price", words("价格对不上（价差）", "The price differs"),
            words("对合同、报价和当时的调价通知，逐单列差额",
                  "Compare contract, quote and price notices; list the difference by order"),
            _UNDISPUTED, facts=("contract", "invoice", "statement"), dispute_kind="price", owner="sales_support",
            asks=(words("对方认的单价和依据", "The price they hold to, and on what paper"),
                  words("按对方认的价先付", "Payment at the price they accept"))),
    _excuse("account_differs", words("账对不上", "The accounts differ"),
            words("逐笔对账，差异列明，无争议部分先签对账单",
                  "Reconcile line by line; list differences; sign the undisputed part"),
            _UNDISPUTED, facts=("statement", "invoice", "payment", "delivery_note"), dispute_kind="account",
            owner="finance", asks=(words("对方的明细账", "Their own ledger"),
                                   words("对账单先签无争议部分", "A signature under the undisputed part"))),
    _excuse("no_fapiao", words("发票没到", "Tax invoice not arrived"),
            words("查开票与寄送记录，当天补寄并留单号",
                  "Check issue and dispatch; send again today and keep the number"),
            _MINOR, facts=("fapiao", "invoice", "delivery_note"), owner="finance",
            asks=(words("收票人、地址或邮箱", "Who receives it, address or e-mail"),
                  words("票到哪天付，写成承诺", "The day of payment once it is there, as a promise"))),
    _excuse("threat", words("威胁中止合作", "Threatens to end business"),
            words("记原话，报主管，不当场让步，催款照常", "Write the exact words, tell the manager, give nothing away"),
            words("中止合作不免除已欠货款（民法典 566、567）",
                  "Ending business does not end what is owed (民法典 566, 567)"),
            facts=("invoice", "promise", "complaint", "dispute"), flag="manager",
            reply=words("合作我们看重，您的问题我今天报主管、按日答复；已到期的货款请按约付，两件事分开办。",
                        "We value the business: your points go to my manager today and get an answer by a day. What "
                        "is due please pay as agreed; these are two matters."),
            asks=(words("到底哪件事没解决", "Which matter exactly is unsettled"),
                  words("解决的日期与付款的日期分开写", "A day for that matter, and a day for the payment, apart"))),
)  # fmt: skip
