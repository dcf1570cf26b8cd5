"""The words of a mail, by level and language: friendly, firm, final; each with the whole debt under it. Pure.

Whatever was typed above, the account stands below it: every invoice, the sum, where to pay, and how to want no more of
these. So no mail asks for a part and waives the rest by accident (诉讼时效规定 art. 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from fieldsales.plugin_api import CaseFacts, Choice, Keep, Text, drafted, words
from fieldsales.plugin_api.fields import Labels

MOST_INVOICES = 40
#: The levels, in the order they are climbed, and days between two steps.
LEVELS = ("friendly", "firm", "final")
STEP = timedelta(days=7)

NAMES: Mapping[str, Labels] = {
    "friendly": words("友好提醒（中文）", "Friendly, in Chinese"),
    "firm": words("催款（中文）", "Firm, in Chinese"),
    "final": words("最后通知（中文）", "Final notice, in Chinese"),
    "friendly_en": words("友好提醒（英文）", "Friendly, in English"),
    "firm_en": words("催款（英文）", "Firm, in English"),
    "final_en": words("最后通知（英文）", "Final notice, in English"),
}
CHOICES = tuple(Choice(name, labels) for name, labels in NAMES.items())

_ZH = {
    "friendly": "{name}：\n\n您好！截至{today}，贵方应付货款 {open}，其中 {overdue} 已到期，明细见下。"
                "可能是付款流程上耽搁了，请帮忙看一下，并回复预计的付款日期和金额。"
                "如果账目有不一致的地方，也请直接告诉我们。\n\n{company} {me}",
    "firm": "{name}：\n\n贵方未付货款合计 {open}，其中 {overdue} 已逾期 {days} 天，明细见下。"
            "请于三日内付款，并回复付款凭证；对账目有不同意见，请在同一期限内列明差异。\n"
            "本邮件是对全部未付款项的催告。\n\n{company} {me}",
    "final": "{name}：\n\n贵方未付货款合计 {open}，其中 {overdue} 已逾期 {days} 天，经多次催告仍未支付。"
             "请于三日内付清，或书面提出分期方案。逾期未付，我公司将依合同和法律处理。\n"
             "本邮件是对全部未付款项的催告，不放弃任何权利。\n\n{company} {me}",
    "account": "{name}：\n\n您好！截至{today}，贵方应付货款 {open}，尚未到期，明细见下。"
               "请核对，并按约付款。\n\n{company} {me}",
}  # fmt: skip
_EN = {
    "friendly": "To {name}\n\nOn {today} your account stands at {open}, of which {overdue} is past due; the items are "
                "below. It may only have been held up on the way: please have a look and tell us when it will be "
                "paid, and how much. If your books differ, please say so.\n\n{me}, {company}",
    "firm": "To {name}\n\nYou owe us {open}, of which {overdue} is {days} days overdue; the items are below. Please "
            "pay within three days and send us the slip. If your books differ, list the items within the same time.\n"
            "This is a demand for the whole sum.\n\n{me}, {company}",
    "final": "To {name}\n\nYou owe us {open}, of which {overdue} is {days} days overdue, in spite of our demands. "
             "Please pay within three days, or propose instalments in writing. After that we proceed under the "
             "contract and the law.\nThis is a demand for the whole sum; no right is waived.\n\n{me}, {company}",
    "account": "To {name}\n\nOn {today} your account stands at {open}, not due yet; the items are below. Please "
               "check it, and pay as agreed.\n\n{me}, {company}",
}  # fmt: skip
#: One text a level and language, the same whoever reads the form; the last ones stand in where nothing is overdue.
TEXTS = (
    *(Text(name, said, said) for name, said in _ZH.items()),
    *(Text(f"{name}_en", said, said) for name, said in _EN.items()),
)  # fmt: skip


def is_english(tone: str) -> bool:
    """Whether a mail of this name is written in English."""
    return tone.endswith("_en")


def level_of(facts: CaseFacts) -> str:
    """The level that is next: one above the last mail's, a week after it; not while a promise is open."""
    last, on = _last(facts)
    if not last:
        return "friendly"
    level = last.removesuffix("_en")
    at = LEVELS.index(level) if level in LEVELS else 0
    if on and facts.today - on >= STEP and not open_promise(facts):
        at = min(at + 1, len(LEVELS) - 1)
    return LEVELS[at] + ("_en" if is_english(last) else "")


def _last(facts: CaseFacts) -> tuple[str, date | None]:
    """(level and language, day) of the last mail that was sent off; what was held back was no step."""
    sent = next((one for one in facts.actions if one.method == "email" and one.outcome == "queued"), None)
    noted = next((one.body for one in facts.kept if one.kind == "ladder"), None)
    if sent is None:
        return "", None
    if noted is None:
        return str(sent.fields.get("tone") or "friendly"), sent.on
    return str(noted["tone"] if noted["on"] == sent.on.isoformat() else noted["was"] or "friendly"), sent.on


def step(tone: str, facts: CaseFacts) -> Keep:
    """What is remembered of a mail, so that the next one knows its level."""
    return Keep("ladder", "mail", {"tone": tone, "on": facts.today.isoformat(), "was": _last(facts)[0]})


def open_promise(facts: CaseFacts) -> str:
    """An open promise that is still to be kept, said in both languages' figures; "" when there is none."""
    waiting = [one for one in facts.promises if one.state == "open" and one.due_on >= facts.today]
    first = min(waiting, key=lambda one: one.due_on, default=None)
    return f"{first.due_on} {first.amount}" if first else ""


def subject(tone: str, facts: CaseFacts) -> str:
    """The usual subject: what it is, and the whole sum."""
    if is_english(tone):
        return f"{'Last notice' if tone == 'final_en' else 'Open account'}: {facts.balance}"
    return f"{'最后通知' if tone == 'final' else '付款通知'}：未付货款 {facts.balance}"


def letter(tone: str, own: str, facts: CaseFacts) -> str:
    """The whole mail: one's own words, or those of the level; then the account."""
    english = is_english(tone)
    mine = [one for one in TEXTS if is_english(one.name) == english]
    above = own.strip() or drafted(tuple(mine), tone, facts, "en" if english else "zh")
    return f"{above}\n\n{_account(facts, english=english)}"


def _account(facts: CaseFacts, *, english: bool) -> str:
    shown = facts.invoices[:MOST_INVOICES]
    more = len(facts.invoices) - len(shown)
    if english:
        rows = [f"- {one.number}, due {one.due_on}, open {one.open}" for one in shown]
        rows += [f"- and {more} more, see the statement of account"] if more > 0 else []
        end = ["Open in all:", f"{facts.balance}, of which {facts.overdue} is overdue", "",
               "Please pay into our company account only:"]  # fmt: skip
        out = 'To get no more mails of this kind, answer "unsubscribe". What is owed stays owed.'
    else:
        rows = [f"- {one.number}，到期日 {one.due_on}，未付 {one.open}" for one in shown]
        rows += [f"- 另有 {more} 笔，见对账单"] if more > 0 else []
        end = ["合计未付：", f"{facts.balance}，其中已逾期 {facts.overdue}", "", "请只付我公司账户："]
        out = "不想再收到此类邮件，请回复“退订”；所欠款项不因此改变。"
    return "\n".join(["————————", *rows, *end, facts.seller_name, facts.seller_account, "", out])
