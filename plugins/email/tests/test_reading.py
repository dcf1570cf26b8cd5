"""What a message is: answers, machines' answers, mail that came back in every form, and "no more of these"."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from ..plain import own_words, text_of_html
from ..reading import LARGEST_FILE, read

MAIL_ID = "019c0000-0000-7000-8000-0000000000aa"
OURS = f"<{MAIL_ID}@haichuan.example>"
OTHER = "<019c0000-0000-7000-8000-0000000000bb@haichuan.example>"


def letter(text: str = "周五付五万。", subject: str = "回复: 付款通知", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = "陈海 <boss@harbour.example>"
    message["To"] = "ar@haichuan.example"
    message["Subject"] = subject
    message["Date"] = "Thu, 12 Mar 2026 14:00:00 +0800"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def report(action: str, status: str, said: str, *, original: bool = True, envelope: bool = False) -> bytes:
    """A delivery report as Postfix writes it (RFC 3464)."""
    lines = [
        "From: MAILER-DAEMON@mx.harbour.example (Mail Delivery System)", "To: ar@haichuan.example",
        "Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"', "", "--b1",
        "Content-Type: text/plain; charset=us-ascii", "", "This is the mail system at host mx.harbour.example.", "",
        "--b1", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.harbour.example",
        *([f"Original-Envelope-Id: {MAIL_ID}"] if envelope else []), "Arrival-Date: Thu, 12 Mar 2026 14:00:00 +0800",
        "", "Final-Recipient: rfc822; boss@harbour.example", f"Action: {action}", f"Status: {status}",
        f"Diagnostic-Code: smtp; {said}", "",
        *(["--b1", "Content-Type: text/rfc822-headers", "", f"Message-ID: {OURS}", ""] if original else []),
        "--b1--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def provider(sender: str, subject: str, html: str) -> bytes:
    """Mail that came back in a form of the provider's own: one HTML page, no report."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "ar@haichuan.example", subject
    message.set_content(html, subtype="html", charset="gb18030")
    return message.as_bytes()


QQ = (f"<html><body><p>抱歉，您的邮件被退回来了……</p><p>原邮件信息：</p><p>收件人：boss@harbour.example</p>"
      f"<p>退信原因：收件人邮件地址（boss@harbour.example）不存在，邮件无法送达。</p>"
      f"<p>host mx.harbour.example said: 550 5.1.1 Mailbox not found</p>"
      f"<pre>Message-ID: {OURS.replace('<', '&lt;').replace('>', '&gt;')}</pre></body></html>")  # fmt: skip
NETEASE = ("<div>您的邮件未能送达以下收件人：boss@harbour.example</div><div>退信代码：550 MI:SPF 收件服务器拒收</div>")


def test_answer_is_matched_by_what_it_answers_and_keeps_its_own_words() -> None:
    raw = letter(f"周五付五万。\n\n------------------ 原始邮件 ------------------\n发件人: 海川\n{OURS}\n请付款",
                 In_Reply_To=OURS, References=f"{OTHER} {OURS}")  # fmt: skip
    found = read(raw)
    assert (found.kind, found.sender, found.text) == ("reply", "boss@harbour.example", "周五付五万。")
    assert found.answers == (OURS, OTHER)
    assert found.at is not None
    assert found.at.isoformat() == "2026-03-12T06:00:00+00:00"
    [eml] = found.attached
    assert (eml.name, eml.content) == ("message.eml", raw)
    assert found.key == found.raw_sha256


def test_answer_without_references_is_found_by_the_plus_address() -> None:
    assert read(letter(Delivered_To=f"ar+{MAIL_ID}@haichuan.example")).answers == (MAIL_ID,)
    assert read(letter(In_Reply_To="<CAF123@mail.gmail.com>")).answers == ()


@pytest.mark.parametrize(("action", "status", "said", "kind"), [
    ("failed", "5.1.1", "550 5.1.1 <boss@harbour.example>: user unknown", "failed"),
    ("failed", "4.4.7", "delivery time expired", "failed"),
    ("delayed", "4.4.1", "connect to mx.harbour.example: timed out", "delayed"),
    ("delivered", "2.0.0", "250 ok", "delivered"), ("relayed", "2.0.0", "250 ok", "relayed"),
])  # fmt: skip
def test_delivery_report_says_what_became_of_which_mail(action: str, status: str, said: str, kind: str) -> None:
    found = read(report(action, status, said))
    assert (found.kind, found.address, found.answers) == (kind, "boss@harbour.example", (OURS,))
    assert found.detail == f"{status} {said}"
    by_envelope = read(report(action, status, said, original=False, envelope=True))
    assert by_envelope.answers == (MAIL_ID,)


@pytest.mark.parametrize(("raw", "kind", "detail", "answers"), [
    (provider("PostMaster@qq.com", "来自qq.com的退信", QQ), "failed", "550 5.1.1", (OURS,)),
    (provider("postmaster@163.com", "系统退信", NETEASE), "failed", "550 MI:SPF", ()),
    (provider("Mail Delivery System <MAILER-DAEMON@mx.example>", "邮件投递延迟通知：无法投递",
              "仍在尝试投递到 boss@harbour.example"), "delayed", "", ()),
])  # fmt: skip
def test_mail_that_came_back_in_a_providers_own_form_is_known(
    raw: bytes, kind: str, detail: str, answers: tuple[str, ...]
) -> None:
    found = read(raw)
    assert (found.kind, found.address, found.answers) == (kind, "boss@harbour.example", answers)
    assert detail in found.detail


@pytest.mark.parametrize("headers", [
    {"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes"}, {"Precedence": "auto_reply"},
    {"subject": "自动回复: 付款通知"}, {"subject": "Out of Office: 付款通知"},
])  # fmt: skip
def test_what_a_machine_wrote_is_no_answer(headers: dict[str, str]) -> None:
    assert read(letter("我在出差。", In_Reply_To=OURS, **headers)).kind == "auto_reply"
    assert read(letter("我在出差。", In_Reply_To=OURS, Auto_Submitted="no")).kind == "reply"


@pytest.mark.parametrize(("text", "subject", "kind"), [
    ("退订", "回复: 付款通知", "opt_out"), ("TD。\n\n> 请付款", "回复: 付款通知", "opt_out"),
    ("Unsubscribe", "Re: Open account", "opt_out"), ("", "退订", "opt_out"),
    ("我们没有退订过货，请核对。", "回复: 付款通知", "reply"), ("退订的货款怎么算？", "回复: 付款通知", "reply"),
])  # fmt: skip
def test_no_more_of_these_is_heard_only_when_nothing_else_is_said(text: str, subject: str, kind: str) -> None:
    assert read(letter(text, subject, In_Reply_To=OURS)).kind == kind


def test_html_answer_becomes_plain_text_and_nothing_in_it_runs() -> None:
    page = ("<html><head><style>p{color:red}</style></head><body><script>alert(1)</script><p>已付 <b>5 万</b></p>"
            "<img src=x onerror=alert(1)><a href='javascript:x'>回单</a><br>谢谢</body></html>")
    assert text_of_html(page) == "已付 5 万\n回单\n谢谢"
    message = EmailMessage()
    message["From"], message["Subject"] = "boss@harbour.example", "回复"
    message.set_content(page, subtype="html")
    assert read(message.as_bytes()).text == "已付 5 万\n回单\n谢谢"
    assert own_words("> 只有引文\n> 没有自己的话") == "> 只有引文\n> 没有自己的话"


def test_chinese_charsets_wrongly_named_are_read() -> None:
    raw = b"From: b@h.example\r\nContent-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    assert read(raw + "镕先生已付".encode("gb18030")).text == "镕先生已付"
    assert read(raw.replace(b"gb2312", b"x-nothing") + "已付".encode("gb18030")).text == "已付"


def test_files_are_kept_within_bounds_and_hidden_signs_are_dropped() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "boss@harbour.example", "回复\u202e: 回单"
    message.set_content("见附件\u200b")
    message.add_attachment(b"%PDF-1.7 slip", maintype="application", subtype="pdf", filename="回单.pdf")
    message.add_attachment(b"x" * (LARGEST_FILE + 1), maintype="video", subtype="mp4", filename="long.mp4")
    found = read(message.as_bytes())
    assert (found.subject, found.text) == ("回复: 回单", "见附件")
    assert [(one.name, one.mime) for one in found.attached] == [("回单.pdf", "application/pdf")]


@pytest.mark.parametrize("raw", [
    b"", b"\xff\xfe\x00", b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x",
    b"From: =?x?b?zzz?=\r\nDate: never\r\nSubject: =?utf-8?b?////?=\r\n\r\nhello", b"A" * 100_000,
    b"Content-Type: multipart/mixed; boundary=" + b"y" * 300 + b"\r\n\r\n--y\r\n",
])  # fmt: skip
def test_rubbish_never_raises(raw: bytes) -> None:
    assert read(raw).key
