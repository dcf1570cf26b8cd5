"""By e-mail (电子邮件): written here, sent by the worker, proven by the receiving server's answer.

A data message is a demand once it has reached, or should have reached, the other side
(诉讼时效规定 art. 8 ¶1(2)): so the effect is recorded only when their server has accepted it.
"""

from __future__ import annotations

from datetime import timedelta

from fieldsales.plugin_api import (
    CaseFacts,
    Choice,
    CollectionMethod,
    Decision,
    Field,
    Fields,
    MakePaper,
    Problem,
    ScheduledJob,
    SendMail,
    hookimpl,
    words,
)
from fieldsales.plugin_api.settings import SettingsForm

from .mailbox import JOB, SETTINGS

#: Days to wait for an answer.
DAYS_TO_ANSWER = 3
MOST_INVOICES = 40

FIELDS = (
    Field("to", "email", words("收件人", "To"), prefill="contact.email", opens="mailto", required_hint=True),
    Field("lang", "choice", words("语言", "Language"),
          choices=(Choice("zh", words("中文", "Chinese")), Choice("en", words("英文", "English")))),
    Field("attach", "choice", words("附件", "Attach"),
          choices=(Choice("nothing", words("不附", "Nothing")),
                   Choice("letter", words("催告函 PDF", "Demand letter PDF")))),
    Field("subject", "text", words("主题", "Subject"), words("不填则用标准主题", "Empty: the usual one")),
    Field("text", "prose", words("正文", "Text"),
          words("不填则写明全部欠款", "Empty: the usual text, which states the whole debt")),
)  # fmt: skip


def address(fields: Fields, facts: CaseFacts) -> str:
    """Where to: what was typed, else the first contact who has an address."""
    return str(fields.get("to") or next((one.email for one in facts.contacts if one.email), ""))


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """There must be an address and a debt."""
    found = []
    if not address(fields, facts):
        found.append(Problem("to", words("请填写收件人邮箱。", "Write the address to send to.")))
    if facts.balance.minor <= 0:
        found.append(Problem("", words("该客户没有未收款，不能发催款邮件。",
                                       "Nothing is open, so there is nothing to ask for.")))
    return found  # fmt: skip


def _who(facts: CaseFacts) -> str:
    return facts.debtor.name if facts.debtor else facts.customer.name


def text_zh(facts: CaseFacts) -> str:
    """The usual text in Chinese: the whole debt, by invoice, and where to pay."""
    rows = [f"- {one.number}，到期日 {one.due_on}，未付 {one.open}" for one in facts.invoices[:MOST_INVOICES]]
    more = len(facts.invoices) - len(rows)
    return "\n".join([
        f"{_who(facts)}：", "",
        f"截至 {facts.today}，贵方未付货款合计 {facts.balance}，其中已逾期 {facts.overdue}。明细如下：", "",
        *rows, *([f"- 另有 {more} 笔，见附件或对账单"] if more > 0 else []), "",
        "请将上述款项付至我公司账户（只付公司账户）：",
        facts.seller_name, facts.seller_account, "",
        "如已付款，请告知付款日期和金额；如对账目有不同意见，请三日内回复并列明差异。",
        "本邮件是对全部未付款项的催告，不表示放弃任何权利。", "",
        f"{facts.seller_name}　{facts.actor_name}",
    ])  # fmt: skip


def text_en(facts: CaseFacts) -> str:
    """The usual text in English."""
    rows = [f"- {one.number}, due {one.due_on}, open {one.open}" for one in facts.invoices[:MOST_INVOICES]]
    more = len(facts.invoices) - len(rows)
    return "\n".join([
        f"To {_who(facts)}", "",
        f"On {facts.today} you owe us {facts.balance} in all, of which {facts.overdue} is overdue:", "",
        *rows, *([f"- and {more} more, see the attachment or statement"] if more > 0 else []), "",
        "Please pay into our company account only:",
        facts.seller_name, facts.seller_account, "",
        "If you have paid, tell us when and how much. If your books differ, answer within three days with the items.",
        "This is a demand for the whole sum; no right is waived.", "",
        f"{facts.actor_name}, {facts.seller_name}",
    ])  # fmt: skip


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """The mail to send; without an address nothing is sent and the gap is the next step."""
    to = address(fields, facts)
    if not to:
        return Decision(words("没有邮箱，邮件未发", "No address, so no mail was sent"), "no_address",
                        next_step=words("问到邮箱", "Ask for an address"), next_on=facts.today)  # fmt: skip
    english = fields.get("lang") == "en"
    subject = str(fields.get("subject") or (
        f"Open account: {facts.balance}" if english else f"付款通知：未付货款 {facts.balance}"))
    text = str(fields.get("text") or (text_en(facts) if english else text_zh(facts)))
    letter = fields.get("attach") == "letter" and facts.balance.minor > 0
    pay_by = facts.today + timedelta(days=7)
    values = {"pay_by": pay_by.isoformat(), "lang": "en" if english else "zh"}
    paper = (MakePaper("demand_letter", values),) if letter else ()
    mail = SendMail(to, subject, text, "paper" if letter else "", accepted_effect="demand")
    return Decision(
        summary=words(f"邮件发往 {to}：{subject}", f"Mail to {to}: {subject}"),
        outcome="queued",
        next_step=words("看是否送达、有无回复", "See whether it arrived and was answered"),
        next_on=facts.today + timedelta(days=DAYS_TO_ANSWER),
        effects=(*paper, mail),
    )  # fmt: skip


METHOD = CollectionMethod(
    name="email",
    labels=words("邮件", "E-mail"),
    hint=words("发出后留邮件编号和对方服务器的答复", "Keeps the Message-ID and what their server answered"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    cost_minor=50,
    reach="email",
)


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method of this plugin."""
    return [METHOD]


@hookimpl
def settings() -> list[SettingsForm]:
    """Where answers and returned mail are read."""
    return [SETTINGS]


@hookimpl
def scheduled_jobs() -> list[ScheduledJob]:
    """The mailbox, every five minutes."""
    return [JOB]
