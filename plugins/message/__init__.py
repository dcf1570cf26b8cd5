"""By message (微信、短信): handed on from the phone, or sent by the house's provider; the reply kept as proof.

A data message is a demand once it has reached, or should have reached, the other side (诉讼时效规定 art. 8 ¶1(2)): sent
from one's own phone that is only asserted (C); the network's report, or a reply, proves it (B). What they answer is
electronic data (民事诉讼证据规定 art. 14); a screenshot is a copy of it, good as far as the chat on the phone can be
shown (art. 15, 93) and the account is known to be theirs. A reply that admits the debt, or promises to pay, interrupts
the period by itself (诉讼时效规定 art. 14). Nobody signs in a chat: A is never reached.
"""

from __future__ import annotations

from datetime import date, timedelta

from fieldsales.plugin_api import (
    CaseFacts,
    CollectionMethod,
    Decision,
    Fields,
    MakeTask,
    Problem,
    SendText,
    StopContact,
    drafted,
    figures,
    hookimpl,
    words,
)
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.types import Effect, Grade

from .form import FIELDS, REPLIES, TEXTS, WAYS

__version__ = "1.0"
__title__ = words("微信和短信催收", "Messages")
__about__ = words("在微信里发、用手机短信发，或由短信平台发；对方的回复截图留作凭证。",
                  "By WeChat, from the phone, or through the house's provider of texts; screenshots of replies are "
                  "kept as proof.")

#: Days to wait for an answer, by how hard the text was.
DAYS_TO_ANSWER = {"reminder": 3, "firm": 2, "broken": 1, "final": 3}
#: A reply of one sign or word by which people end messages (工信部 短信息服务规定 art. 18: 拒收).
_OPT_OUT = frozenset({"t", "td", "n", "r", "退订", "拒收", "stop", "unsubscribe"})
#: What a reply does to the limitation period. Any reply proves that what was sent before has arrived.
_EFFECT: dict[str, Effect] = {
    "acknowledged": "acknowledgement", "promised": "agreement", "read": "demand", "disputed": "demand",
    "refused": "demand",
}  # fmt: skip

NEXT = {
    "acknowledged": words("请其在对账单上盖章，定付款日", "Have the statement sealed, fix a day"),
    "promised": words("登记付款承诺，到日看账", "Log the promise; see the account on its day"),
    "read": words("打电话定金额和日期", "Call: fix the amount and the day"),
    "disputed": words("先答复异议", "Answer the objection first"),
    "refused": words("上门或发催告函", "Visit, or send a demand letter"),
}


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """Something must be owed and a number known to send; a reply without a screenshot proves less."""
    found = []
    if fields.get("what") == "reply":
        if "shot" not in fields and _reply(fields) != "stop":
            found.append(Problem("shot", words("没有截图：只能算口头说法，证明力较低。",
                                               "Without a screenshot it is only asserted."), blocking=False))
        return found
    if facts.balance.minor <= 0:
        found.append(Problem("", words("该客户没有未收款，不必发催款消息。", "Nothing is open: no message is needed.")))
    if fields.get("way") == "provider" and not _number(fields, facts):
        found.append(Problem("to", words("请填写手机号。", "Write the number to send to.")))
    return found


def _number(fields: Fields, facts: CaseFacts) -> str:
    return str(fields.get("to") or next((one.phone for one in facts.contacts if one.phone), "") or facts.customer.phone)


def _reply(fields: Fields) -> str:
    """What they answered; the word that ends messages counts as such whatever was chosen."""
    said = str(fields.get("reply_words", "")).strip().strip("。.!！ ").lower()
    return "stop" if said in _OPT_OUT else str(fields.get("reply", "read"))


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """What was sent, or what came back."""
    if fields.get("what") == "reply":
        return _answered(fields, facts)
    if "way" not in fields:  # written, but not said to have gone out: it counts for nothing
        return Decision(words("消息没有发出", "No message went out"), "not_sent")
    return _sent(fields, facts)


def _sent(fields: Fields, facts: CaseFacts) -> Decision:
    tone, way = str(fields.get("tone", "reminder")), str(fields["way"])
    text = str(fields.get("text") or drafted(TEXTS, tone, facts))
    label = WAYS[way]
    after = facts.today + timedelta(days=DAYS_TO_ANSWER[tone])
    step = words("看有无回复：有就截图登记，没有就打电话", "See whether they answered: keep a screenshot, else call")
    if way == "provider":
        to = _number(fields, facts)
        if not to or not text:
            return Decision(words("没有手机号，短信未发", "No number, so nothing was sent"), "no_number",
                            next_step=words("问到手机号", "Ask for a number"), next_on=facts.today)  # fmt: skip
        return Decision(
            words(f"{label['zh']}发往 {to}", f"{label['en']} to {to}"), "queued", next_step=step, next_on=after,
            effects=(SendText(to, text, tone, figures(facts, "zh"), delivered_effect="demand"),),
        )  # fmt: skip
    if not text:
        return Decision(words(f"{label['zh']}：没有内容，未发", f"{label['en']}: nothing was written"), "nothing")
    return Decision(
        words(f"{label['zh']}已发出", f"Sent by {label['en']}"), "sent", grade="C", effect="demand",
        next_step=step, next_on=after,
        details=(words(f"内容：{text}"[:300], f"Text: {text}"[:300]),),
    )  # fmt: skip


def _answered(fields: Fields, facts: CaseFacts) -> Decision:
    reply, said = _reply(fields), str(fields.get("reply_words", ""))
    label = REPLIES[reply]
    quote = words(f"：“{said}”" if said else "", f": “{said}”" if said else "")
    if reply == "stop":
        return Decision(
            words(f"对方要求不再发消息{quote['zh']}", f"They want no more messages{quote['en']}"[:300]), "stop",
            next_step=words("由主管决定今后怎么联系", "The manager decides how it goes on"), next_on=facts.today,
            effects=(StopContact("objection", said, _who(facts)),),
        )  # fmt: skip
    grade: Grade = "B" if "shot" in fields and fields.get("account") != "unknown" else "C"
    step, on = _next(reply, fields, facts.today)
    objection = words("对方在消息里有异议：登记争议", "They object by message: log the dispute")
    tasks = (MakeTask(objection, facts.today),) if reply == "disputed" else ()
    return Decision(
        words(f"对方回复：{label['zh']}{quote['zh']}", f"They answered: {label['en']}{quote['en']}"), reply,
        grade=grade, effect=_EFFECT[reply], next_step=step, next_on=on, effects=tasks, details=_keeping(fields),
    )  # fmt: skip


def _who(facts: CaseFacts) -> str:
    return facts.contacts[0].name if facts.contacts else facts.customer.name


def _next(reply: str, fields: Fields, today: date) -> tuple[Labels, date]:
    on = fields.get("pay_on")
    if reply == "promised":
        return NEXT[reply], max(today, on if isinstance(on, date) else today + timedelta(days=3))
    return NEXT[reply], today + timedelta(days=2 if reply == "acknowledged" else 1)


def _keeping(fields: Fields) -> tuple[Labels, ...]:
    """What makes the screenshot worth more."""
    if "shot" not in fields:
        return ()
    kept = [words("截图是复制件：保留原手机、原聊天记录，不删不改（证据规定 15、93 条）",
                  "A screenshot is a copy: keep the phone and the chat as they are (evidence rules 15, 93)")]
    if fields.get("account") == "unknown":
        kept.append(words("还须证明这个账号是对方本人：实名、名片、付款备注或本人当面确认",
                          "Show that the account is theirs: real name, card, a payment's note, or their own word"))
    return tuple(kept)


METHOD = CollectionMethod(
    name="message",
    labels=words("微信 / 短信", "WeChat / text"),
    hint=words("发出前可改，发给对方本人；回复截图留作凭证",
               "Changed as you like before it goes, to the debtor alone; keep the reply as proof"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    texts=TEXTS,
    cost_minor=50,
    reach="phone",
)


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method of this plugin."""
    return [METHOD]
