"""The worker's part of one-time codes: by the house's mail server, or through a plugin's provider of text messages.

A code is sent at most until it runs out. One that may have arrived is not sent again: two mails with one code do no
harm, and the receiver can ask for another.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from sqlalchemy import select

from fieldsales.collection.effects import mail_domain
from fieldsales.collection.smtp import deliver
from fieldsales.documents.models import SigningCode
from fieldsales.documents.onetime import CODE_TOPIC, LIFETIME
from fieldsales.documents.tickets import code_for
from fieldsales.kernel.operation import SYSTEM
from fieldsales.plugin_api.manager import PluginFailed
from fieldsales.plugin_api.senders import OutMessage
from fieldsales.reminders import texting
from fieldsales.store.base import table_of
from fieldsales.store.outbox import Later, job
from fieldsales.web import outward

_codes = table_of(SigningCode)
MINUTES = int(LIFETIME.total_seconds() // 60)
#: Written to the signatory in the paper's language, not in the language of whoever uses the program.
WORDS = {
    "zh": ("{number} 号文书的验证码：{code}",
           "【{company}】您正在确认 {number} 号文书，验证码 {code}，{minutes} 分钟内有效。"
           "输入验证码表示您已阅读并确认所示全文；全文的校验码是 {short}。"
           "不是您本人在签署的，请不要把验证码告诉任何人，包括我们的业务员。"),
    "en": ("Code for paper {number}: {code}",
           "{company}: you are confirming paper {number}. Your code is {code}; it holds for {minutes} minutes. "
           "Entering it says that you have read and confirm the whole text shown; the text's check sum is {short}. "
           "If this was not you, tell the code to nobody, our own staff included."),
}  # fmt: skip


class _Refused(Exception):
    """It was not taken, and trying again is no use."""


@job(CODE_TOPIC)
def send_code(program: Any, payload: dict[str, Any]) -> None:
    """Send one code. Too late, confirmed already or refused for good, nothing more is tried."""
    with program.store.reading() as connection:
        row = connection.execute(select(_codes).where(_codes.c.id == payload["code_id"])).first()
    if row is None or row.state != "queued":
        return
    state, answer = "sent", ""
    try:
        if program.clock.now() > row.ends_at:
            raise _Refused("it ran out before it could be sent")
        answer = (_by_mail if row.channel == "email" else _by_text)(program, row)
    except _Refused as refusal:
        state, answer = "failed", str(refusal)
    program.dispatcher.perform(SYSTEM, "documents.record_code", {
        "code_id": row.id, "customer_id": row.customer_id, "state": state, "answer": answer[:300]})


def words_of(row: Any, code: str, company: str) -> tuple[str, str]:
    """Subject and text of the message, in the paper's language."""
    subject, text = WORDS["en" if row.lang == "en" else "zh"]
    short = " ".join(row.text_sha256[at:at + 4] for at in (0, 4, 8))
    places = {"number": row.number, "code": code, "company": company, "minutes": MINUTES, "short": short}
    return subject.format(**places), text.format(**places)


def _words(program: Any, row: Any) -> tuple[str, str, str]:
    settings = program.settings
    code = code_for(settings.home, row.id, row.to_address, row.text_sha256)
    company = settings.company_name_en if row.lang == "en" else settings.company_name
    return code, *words_of(row, code, company)


def _by_mail(program: Any, row: Any) -> str:
    settings = program.settings
    if not settings.smtp_url or not settings.mail_from:
        raise _Refused("no mail server is set")
    _, subject, text = _words(program, row)
    message = EmailMessage(policy=SMTP)
    try:
        message["From"], message["To"], message["Subject"] = settings.mail_from, row.to_address, subject
        message["Date"] = format_datetime(program.clock.now())
        message["Message-ID"] = f"<{row.id}@{mail_domain()}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text, cte="base64" if not text.isascii() else None)
        whole = message.as_bytes()
    except ValueError as error:  # an address no header can carry: the next try fails as this one
        raise _Refused(f"{type(error).__name__}: {error}") from error
    delivery = deliver(settings.smtp_url, parseaddr(settings.mail_from)[1], row.to_address, whole)
    if delivery.state == "later":
        raise Later(delivery.answer)
    if delivery.state == "refused":
        raise _Refused(delivery.answer)
    return delivery.answer


def _by_text(program: Any, row: Any) -> str:
    code, _, text = _words(program, row)
    places = {"code": code, "number": row.number, "minutes": str(MINUTES)}
    message = OutMessage(row.id, row.to_address, text, "code", row.lang, program.clock.now(), places)
    try:
        return texting.hand_over(program, program.settings.sms_sender, message).answer
    except outward.Unreachable as error:
        raise Later(str(error)) from error
    except (texting.Refused, texting.Unsure, outward.NotAllowedOut, PluginFailed, ValueError) as error:
        raise _Refused(str(error) or type(error).__name__) from error
