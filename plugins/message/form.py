"""The form of a message, and the texts it drafts: by tone, with the whole debt in each."""

from __future__ import annotations

from fieldsales.plugin_api import Choice, Field, Text, words

WAYS = {
    "wechat": words("微信转发", "WeChat or another app"),
    "sms": words("本机短信", "a text from this phone"),
    "provider": words("公司短信平台", "the house's text messages"),
}
REPLIES = {
    "acknowledged": words("确认欠款", "they admit the debt"),
    "promised": words("答应付款", "they promise to pay"),
    "read": words("已收到", "received"),
    "disputed": words("有异议", "they object"),
    "refused": words("拒绝付款", "they refuse"),
    "stop": words("不要再发（退订）", "no more messages"),
}
TONES = {
    "reminder": words("提醒", "Reminder"),
    "firm": words("催款", "Demand"),
    "broken": words("失约后", "After a broken promise"),
    "final": words("最后通知", "Last notice"),
}

TEXTS = (
    Text("reminder",
         "{name}：截至{today}，贵方应付货款 {open}，其中 {overdue} 已于{oldest_on}起到期。请回复付款日期和金额，"
         "只付公司账户。{company} {me}",
         "To {name}: on {today} the account stands at {open}, of which {overdue} has been due since {oldest_on}. "
         "Please reply with the day and the amount; pay only to the company's account. {company} {me}"),
    Text("firm",
         "{name}：贵方未付货款合计 {open}，其中 {overdue} 已逾期 {days} 天。请今天安排付款并回复付款凭证；"
         "对账目有不同意见，请列明差异。本消息是对全部欠款的催告。{company} {me}",
         "To {name}: {open} is unpaid, of which {overdue} is {days} days overdue. Please pay today and reply with the "
         "slip; if your books differ, list the items. This is a demand for the whole debt. {company} {me}"),
    Text("broken",
         "{name}：{promised_on}约定的 {promised} 未到账。目前未付货款合计 {open}，其中 {overdue} 已逾期 {days} 天。"
         "请今天告知确切付款时间。本消息是对全部欠款的催告。{company} {me}",
         "To {name}: the {promised} agreed for {promised_on} has not arrived. {open} is unpaid in all, of which "
         "{overdue} is {days} days overdue. Please tell us today when it is paid. This is a demand for the whole debt. "
         "{company} {me}"),
    Text("final",
         "{name}：未付货款合计 {open}，其中 {overdue} 已逾期 {days} 天。请在三日内付清，或书面提出分期方案；"
         "逾期我公司将依合同和法律处理。本消息是对全部欠款的催告，不放弃任何权利。{company} {me}",
         "To {name}: {open} is unpaid, of which {overdue} is {days} days overdue. Please pay "
         "within three days or propose instalments in writing; after that we proceed under the contract and the law. "
         "This is a demand for the whole debt; no right is waived. {company} {me}"),
    Text("plain",
         "{name}：截至{today}，贵方应付货款 {open}。请核对并回复付款日期，只付公司账户。{company} {me}",
         "To {name}: on {today} the account stands at {open}. Please check it and reply with the day of payment; pay "
         "only to the company's account. {company} {me}"),
)  # fmt: skip

_SENT, _CAME = ("what", ("send",)), ("what", ("reply",))

FIELDS = (
    Field("what", "choice", words("要做什么", "What is it?"), required_hint=True, choices=(
        Choice("send", words("发消息", "Send a message")), Choice("reply", words("登记对方回复", "Note their reply")))),
    Field("tone", "choice", words("语气", "Tone"), when=_SENT,
          choices=tuple(Choice(name, labels) for name, labels in TONES.items())),
    Field("text", "prose", words("内容", "Text"),
          words("按实有数字写好，可改", "Written with the real figures; change it"),
          when=_SENT, draft="tone", maximum=600),
    Field("way", "choice", words("怎么发", "How"), when=_SENT, choices=(
        Choice("wechat", WAYS["wechat"], "share"), Choice("sms", WAYS["sms"], "sms"),
        Choice("provider", WAYS["provider"]))),
    Field("to", "phone", words("手机号", "Number"), prefill="contact.phone", when=("way", ("sms", "provider"))),
    Field("reply", "choice", words("对方怎么说", "What they say"), required_hint=True, when=_CAME,
          choices=tuple(Choice(name, labels) for name, labels in REPLIES.items())),
    Field("reply_words", "prose", words("原话", "In their words"), when=_CAME, maximum=1000),
    Field("pay_amount", "money", words("答应付多少", "How much"), when=("reply", ("promised",))),
    Field("pay_on", "date", words("哪天付", "On which day"), when=("reply", ("promised",))),
    Field("shot", "photo", words("回复截图", "Screenshot of the reply"),
          words("要看得见对方账号、时间和前后文", "With their account, the time and what stands around it"), when=_CAME,
          maximum=5),
    Field("account", "choice", words("对方账号", "Their account"), when=_CAME, choices=(
        Choice("known", words("一直用它联系，是本人", "Known to be theirs")),
        Choice("unknown", words("还不能确定是谁", "Not sure whose it is")))),
)  # fmt: skip
