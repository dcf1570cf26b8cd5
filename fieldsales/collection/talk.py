"""What to say at the table, and what to send afterwards: firm, polite, back to amount and day. Pure data, no I/O.

"摆事实，讲道理": each answer to an excuse takes the matter seriously, names a fact, and returns to how much and when
(别被带偏). Win-win ("把货款付了 … 更能保证供货正常"): payment keeps supply flowing. Places in braces are filled with
the customer's own figures; a line whose figure is not there is left out. What is *said* may name the ask; what is
*sent* or shown never does: a written demand states the whole debt (诉讼时效规定 art. 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: Figures of the customer a line may name; ``ask`` only in what is said.
PLACES = ("name", "company", "me", "open", "overdue", "undisputed", "days", "oldest_on", "invoice", "invoices",
          "promised", "promised_on", "paid", "paid_on", "statement_on", "statement", "today")  # fmt: skip
SAID_ONLY = ("ask",)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say or to send, in both languages. ``use``: what it is for (a code of ``USES`` or of an excuse)."""

    use: str
    zh: str
    en: str
    sent: bool = False


def _say(use: str, zh: str, en: str) -> Line:
    return Line(use, zh, en)


def _send(use: str, zh: str, en: str) -> Line:
    return Line(use, zh, en, sent=True)


#: Uses that are no excuse.
USES = ("opening", "back", "winwin", "reminder", "after_broken", "thanks", "self_payer", "parked")

LINES: tuple[Line, ...] = (
    _say("opening", "{name}，今天来办一件事：未结货款 {open}，其中 {overdue} 已到期，最早一笔 {oldest_on}。"
         "这次请安排 {ask}，哪天付？",
         "{name}, I am here for one thing: {open} is open, {overdue} of it past due, the oldest since {oldest_on}. "
         "Please arrange {ask} now. On which day?"),
    _say("back", "这件事我记下来单独办。货款这边：付多少，哪一天？",
         "I have noted that and it will be dealt with. On the payment: how much, on which day?"),
    _say("back", "我们先把能定的定下来：金额、日期、从哪个账户付。",
         "Let us fix what can be fixed now: the amount, the day, the account it comes from."),
    _say("winwin", "按约付款，您的货就能照常排产发运，谁都不受影响；对您卖货、对我们供货都好。",
         "With payment as agreed your orders are produced and shipped as usual. It serves your sales and our "
         "supply."),
    _say("cash_tight", "资金紧我理解，所以更要定下来：最近一笔进账是哪天、多少？到账当天先付 {ask}，其余排到哪天？",
         "Money is tight, I see; all the more reason to fix it. What comes in next, on which day? Of it {ask} the "
         "same day; when the rest?"),
    _say("downstream", "下家欠您的账我们可以一起看。您和我们的货款是另一份合同：下家哪天付？那天转 {ask}。",
         "We can look at what your customers owe together. Our contract is a separate one: on which day do they "
         "pay? Then {ask} the same day."),
    _say("paid_others", "付给别家说明这个月有安排货款。下一个付款日是哪天？请把我们的 {ask} 排在第一笔。",
         "So payments are being made this month. When is the next pay day? Please put our {ask} first on it."),
    _say("unsold", "一起数一下库存：卖掉的先付，没卖掉的商量怎么动销。已到期 {overdue}，卖掉部分今天付多少？",
         "Let us count the stock: what is sold is paid, for the rest we find a way to sell it. {overdue} is due; "
         "how much today for what is sold?"),
    _say("at_once", "好，那现在定：今天几点、付多少、谁去办？我等回单，收到就给您开收据。",
         "Good, then let us fix it: what time today, how much, who does it? I wait for the slip and give you a "
         "receipt."),
    _say("at_once", "上次说 {promised_on} 付 {promised}，没有兑现。这次请写下来，当场办。",
         "Last time it was {promised} on {promised_on}, and it did not come. This time in writing, please, and now."),
    _say("approval", "审批走到哪一步了，谁签字？付款申请单给我看一下，我们定付款日。",
         "Which step has it reached, and who signs? May I see the payment request? Then we fix the pay day."),
    _say("boss_away", "老板哪天回来，电话几点方便？付款 {ask} 需要他签的，现在就给他打个电话。",
         "When is he back, and when can he be reached? If {ask} needs his word, let us call him now."),
    _say("not_received", "这是签收单，请一起核对。对得上的部分照付；对不上的今天报物流，按日答复。",
         "Here is the signed delivery note; let us check it together. What agrees is paid; what does not goes to "
         "logistics today, with a day for the answer."),
    _say("quality", "请带我看实物，拍照、记批号，今天就报质量部门，按日答复。没有争议的 {undisputed} 请按约付，哪天？",
         "Show me the goods: photos and batch go to quality today, with a day for the answer. The undisputed "
         "{undisputed} please pay as agreed: which day?"),
    _say("after_sales", "售后的事今天登记，定负责人和日期。货款是另一件事：{overdue} 已到期，哪天付？",
         "The service matter is entered today, with a name and a day. Payment is another matter: {overdue} is due; "
         "on which day?"),
    _say("campaign", "活动支持以批准的政策为准，我把单子报上去，不口头许诺。到期货款先按约付，哪天、多少？",
         "Support follows the approved policy: I hand the claim in and promise nothing by word. What is due is paid "
         "as agreed: which day, how much?"),
    _say("rebate", "返利按协议算，批了开红字冲账。在那之前货款照付：无争议 {undisputed}，哪天付？",
         "The rebate follows the agreement and comes as a credit note once approved. Until then the undisputed "
         "{undisputed} is paid: on which day?"),
    _say("price", "价差那一部分列出来，我报主管。其余没有争议的 {undisputed} 今天先付多少？",
         "Let us list the part in question for my manager. Of the undisputed {undisputed}, how much today?"),
    _say("account_differs", "现在逐笔对：差的列清楚，对得上的先签对账单、先付款。",
         "Let us go line by line now: the differences in a list, the rest signed and paid first."),
    _say("account_differs", "{statement_on} 的对账单签的是 {statement}，从那一天往后对就行。",
         "The statement of {statement_on} was signed for {statement}; we only need to check from there."),
    _say("no_fapiao", "发票今天补寄，单号马上给您。票到哪天付？请定个日子。",
         "The invoice goes out again today and you get the number at once. On which day after it do you pay?"),
    _say("threat", "合作我们看重，您的问题我今天报主管、按日答复。已到期的 {overdue} 是另一件事，请按约付。",
         "We value the business; your points go to my manager today with a day for the answer. The {overdue} that "
         "is due is another matter: please pay as agreed."),
    _send("reminder",
          "{name}：截至 {today}，贵方应付货款 {open}，其中已到期 {overdue}，最早一笔 {oldest_on} 到期。请回复付款日"
          "期和金额，款项只付公司账户。按约付款，后续供货照常安排。{company} {me}",
          "To {name}: on {today} the account stands at {open}, of which {overdue} is past due, the oldest since "
          "{oldest_on}. Please reply with the day and the amount, and pay only to the company's account. With "
          "payment as agreed deliveries go on as usual. {company} {me}"),
    _send("after_broken",
          "{name}：{promised_on} 约定的 {promised} 尚未到账。请今天告知付款时间；目前应付货款共 {open}，其中已到期 "
          "{overdue}。{company} {me}",
          "To {name}: the {promised} agreed for {promised_on} has not arrived. Please tell us today when it is "
          "paid; the account stands at {open}, of which {overdue} is past due. {company} {me}"),
    _send("thanks",
          "{name}：{paid_on} 的 {paid} 已收到，谢谢。后续到货、售后有任何事请直接找我，我来跟进。{company} {me}",
          "To {name}: your {paid} of {paid_on} has arrived, thank you. For deliveries and service call me; I see to "
          "it. {company} {me}"),
    _send("self_payer",
          "{name}：附上截至 {today} 的账目，应付 {open}，请核对。感谢一直按时付款，供货照常安排。{company} {me}",
          "To {name}: here is the account as of {today}, {open}, for your check. Thank you for paying on time, as "
          "always; deliveries go on as usual. {company} {me}"),
    _send("parked", "{name}：您今天提的事已登记，我负责跟进并按日答复。货款按约定的日期办理。{company} {me}",
          "To {name}: the matter you raised today is on record; I follow it up and you get an answer by a day. The "
          "payment goes ahead as agreed. {company} {me}"),
)


def talk_docs(codes: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The lines as a phone carries them; ``codes``: the excuses there are now (others are left out)."""
    wanted = {*USES, *codes} if codes else {one.use for one in LINES}
    return [{"use": one.use, "zh": one.zh, "en": one.en, "sent": one.sent} for one in LINES if one.use in wanted]
