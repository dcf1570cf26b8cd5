"""By e-mail (电子邮件): written here, sent by the worker, proven by the receiving server's answer.

A data message is a demand once it has reached, or should have reached, the other side
(诉讼时效规定 art. 8 ¶1(2)): so the effect is recorded only when their server has accepted it.
"""

from __future__ import annotations

from datetime import timedelta

from fieldsales.plugin_api import (
    CaseFacts,
    Choice,
    CliCommand,
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

from .listing import DUE
from .mailbox import JOB, SETTINGS
from .writing import CHOICES, NAMES, TEXTS, is_english, letter, level_of, open_promise, step, subject

__title__ = words("邮件催收", "E-mail")
__about__ = words("用邮件催款，按级别逐步加重；收回复和退信，归到客户名下。要填收信邮箱。",
                  "Asks for payment by mail, level by level, and puts answers and returned mail on the case. Wants "
                  "a mailbox to read.")

#: Days to wait for an answer.
DAYS_TO_ANSWER = 3
#: Papers on record that may go with a mail, by the answer that asks for the newest of them.
PAPERS = {"statement": "statement", "plan": "plan"}

FIELDS = (
    Field("to", "email", words("收件人", "To"), prefill="contact.email", opens="mailto", required_hint=True),
    Field("tone", "choice", words("级别和语言", "Level and language"),
          words("不选则自动：隔一周升一级；有承诺未到期时不升级",
                "None: one above the last mail's, a week after it; not while a promise is open"), choices=CHOICES),
    Field("text", "prose", words("正文", "Text"),
          words("下面自动附上全部欠款明细、收款账户和退订方式",
                "The whole account, where to pay and the way out follow it"), draft="tone"),
    Field("attach", "choice", words("附件", "Attach"), choices=(
        Choice("nothing", words("不附", "Nothing")), Choice("letter", words("催告函 PDF", "Demand letter PDF")),
        Choice("statement", words("最近签署的对账单", "The newest signed statement")),
        Choice("plan", words("最近签署的还款计划", "The newest signed plan")))),
    Field("subject", "text", words("主题", "Subject"), words("不填则用标准主题", "Empty: the usual one")),
)  # fmt: skip


def address(fields: Fields, facts: CaseFacts) -> str:
    """Where to: what was typed, else the first contact who has an address that works."""
    return str(fields.get("to") or next((one.email for one in facts.contacts if one.email), ""))


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """There must be an address and a debt; an address that failed, a promise that waits, a missing paper are said."""
    found, to = [], address(fields, facts)
    if not to:
        found.append(Problem("to", words("请填写收件人邮箱。", "Write the address to send to.")))
    if facts.balance.minor <= 0:
        found.append(Problem("", words("该客户没有未收款，不能发催款邮件。",
                                       "Nothing is open, so there is nothing to ask for.")))
    if to and to.lower() in {one.email_failed for one in facts.contacts}:
        found.append(Problem("to", words("发往这个邮箱的邮件被退回过，请核对。",
                                         "Mail to this address came back: check it."), blocking=False))
    waits = open_promise(facts)
    if waits:
        found.append(Problem("tone", words(f"对方已承诺（{waits}），未到期前不升级。",
                                           f"They promised ({waits}): no higher level until then."), blocking=False))
    wanted = str(fields.get("attach") or "")
    if wanted in PAPERS and not _paper(wanted, facts):
        found.append(Problem("attach", words("没有已签署的这种文书，邮件将不带附件。",
                                             "There is no signed paper of this kind: nothing is attached."),
                             blocking=False))
    return found  # fmt: skip


def _paper(wanted: str, facts: CaseFacts) -> str:
    """The id of the newest paper of that kind on record."""
    return next((one.id for one in facts.evidence if one.kind == PAPERS[wanted] and one.id), "")


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """The mail to send; without an address nothing is sent and the gap is the next step."""
    to = address(fields, facts)
    if not to:
        return Decision(words("没有邮箱，邮件未发", "No address, so no mail was sent"), "no_address",
                        next_step=words("问到邮箱", "Ask for an address"), next_on=facts.today)  # fmt: skip
    tone, wanted = str(fields.get("tone") or level_of(facts)), str(fields.get("attach") or "")
    paper, attach = _attached(wanted, tone, facts)
    title = str(fields.get("subject") or subject(tone, facts))
    mail = SendMail(to, title, letter(tone, str(fields.get("text") or ""), facts), attach, accepted_effect="demand")
    name = NAMES[tone]
    return Decision(
        summary=words(f"邮件发往 {to}：{title}", f"Mail to {to}: {title}"),
        outcome="queued",
        next_step=words("看是否送达、有无回复", "See whether it arrived and was answered"),
        next_on=facts.today + timedelta(days=DAYS_TO_ANSWER),
        effects=(*paper, mail, step(tone, facts)), details=(words(f"级别：{name['zh']}", f"Level: {name['en']}"),),
    )  # fmt: skip


def _attached(wanted: str, tone: str, facts: CaseFacts) -> tuple[tuple[MakePaper, ...], str]:
    """(papers to be made, what the mail attaches)."""
    if wanted in PAPERS:
        return (), _paper(wanted, facts)
    if wanted != "letter" or facts.balance.minor <= 0:
        return (), ""
    pay_by = (facts.today + timedelta(days=7)).isoformat()
    values = {"pay_by": pay_by, "lang": "en" if is_english(tone) else "zh", "tone": tone.removesuffix("_en")}
    return (MakePaper("demand_letter", values),), "paper"


METHOD = CollectionMethod(
    name="email",
    labels=words("邮件", "E-mail"),
    hint=words("发出后留邮件编号和对方服务器的答复", "Keeps the Message-ID and what their server answered"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    cost_minor=50,
    reach="email",
    texts=TEXTS,
    version=2,
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


@hookimpl
def cli_commands() -> list[CliCommand]:
    """Who is to be written to."""
    return [DUE]
