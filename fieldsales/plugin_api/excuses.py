"""The excuses every rep hears, coded. Plugins add others through the hook ``excuse_codes``.

Legal effects follow 民诉法 art. 225, 民诉解释 arts. 427 and 436, 民法典 art. 621 (late complaints of
quality): quality and non-delivery are disputes; no money, later, or somebody else's debts are not.
"""

from __future__ import annotations

from typing import Literal

from fieldsales.plugin_api.types import Excuse

Kind = Literal["", "quality", "not_received", "return", "rebate", "price", "account", "fapiao", "other"]


def _excuse(code: str, zh: str, en: str, verify_zh: str, verify_en: str, dispute: Kind = "") -> Excuse:
    return Excuse(
        code=code,
        labels={"zh": zh, "en": en},
        verify={"zh": verify_zh, "en": verify_en},
        effect="dispute" if dispute else "none",
        dispute_kind=dispute,
    )


CORE_EXCUSES: tuple[Excuse, ...] = (
    _excuse("cash_tight", "资金周转不灵", "Short of cash",
            "看库存和货流，问清几号有钱进账、谁付给他",
            "Look at stock and trade; ask what comes in, when, from whom"),
    _excuse("downstream", "下家没付（下游欠款）", "Own customers have not paid",
            "看下家的欠条或对账单，问清欠多少、几号付",
            "See the customers' notes of debt; ask how much and by when"),
    _excuse("paid_others", "钱被别家拿走了", "Paid another supplier first",
            "问付给谁、付了多少、下一次付款日，排进去",
            "Ask who was paid, how much, and the next payment day; get on it"),
    _excuse("unsold", "产品卖不动", "The goods do not sell",
            "当场数库存，对进货日期和动销",
            "Count the stock; compare with delivery dates and sell-through"),
    _excuse("at_once", "马上办，明天就付", "Will do it at once",
            "当场要金额、日期、付款人，写成承诺",
            "Get amount, day and payer now, and write it as a promise"),
    _excuse("approval", "审批中，在走流程", "In approval",
            "问到哪一步、谁签字、付款日，请看付款申请单",
            "Ask which step, who signs, the pay day; see the payment request"),
    _excuse("not_received", "没收到货", "Goods not received",
            "调签收单、物流记录，与收货人核对",
            "Fetch the signed delivery note and carrier's record; ask the receiver",
            "not_received"),
    _excuse("quality", "产品质量有问题", "Quality complaint",
            "看实物，拍照，记批号和发现日期；查检验期限是否已过",
            "See the goods; photos, batch and date found; is the period over?",
            "quality"),
    _excuse("after_sales", "售后没跟上", "After-sales service missing",
            "查售后单和未结投诉，约定处理日期",
            "Check service tickets and open complaints; fix a day for them", "other"),
    _excuse("campaign", "活动支持没兑现", "Promised campaign support missing",
            "查批准的政策与费用申请，不口头许诺",
            "Check the approved policy and claim; promise nothing by mouth", "rebate"),
    _excuse("rebate", "返利没兑现", "Rebate not paid",
            "查返利协议与计算表，报主管批红字",
            "Check the rebate agreement and sums; ask the manager for a credit note", "rebate"),
    _excuse("account_differs", "账对不上", "The accounts differ",
            "逐笔对账，差异列明，无争议部分先签对账单",
            "Reconcile line by line; list differences; sign the undisputed part", "account"),
    _excuse("no_fapiao", "发票没到", "Tax invoice not arrived",
            "查开票与寄送记录，当天补寄并留单号",
            "Check issue and dispatch; send again today and keep the number"),
    _excuse("threat", "威胁中止合作", "Threatens to end business",
            "记原话，报主管，不当场让步，催款照常",
            "Write the exact words, tell the manager, give nothing away"),
)  # fmt: skip
