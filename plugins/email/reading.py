"""One message from the mailbox, understood: an answer, a machine's answer, mail that came back, or "no more of these".

Delivery reports by RFC 3464 (what happened to whom), machines' answers by RFC 3834; what Chinese providers send instead
of either is recognised by its sender and subject. Nothing here trusts a word of it: the core looks up which mail of
ours a message is about by the Message-ID, which nobody outside can guess.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from typing import Any

from fieldsales.kernel.text import clean
from fieldsales.plugin_api import Arrived, Attached

from .plain import own_words, text_of_html

#: Bytes: the largest file taken, all files of a message, and the message itself as it came.
LARGEST_FILE, LARGEST_FILES, LARGEST_RAW = 8_000_000, 12_000_000, 2_000_000
#: A picture in the text smaller than this is a logo.
_LOGO = 10_000
_OURS = re.compile(r"<?([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@[A-Za-z0-9.-]+>?")
_PLUS = re.compile(r"\+([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,24}")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SMTP_CODE = re.compile(r"(?<!\d)([45]\d\d)[ -]")
_MACHINES = re.compile(r"mailer-daemon|mail-daemon|postmaster|mdaemon|mailer_daemon|postfix|bounce", re.I)
_CAME_BACK = re.compile(
    r"退信|退件|退回|无法投递|投递失败|发送失败|未送达|undeliver|delivery status|delivery (has )?fail|"
    r"failure notice|returned mail|mail delivery", re.I)  # fmt: skip
_STILL_TRYING = re.compile(
    r"延迟|延误|仍在尝试|继续尝试|稍后重试|尚未送达|delayed|still trying|will retry|not yet been delivered",
    re.I)  # fmt: skip
_AUTO_SUBJECT = re.compile(
    r"^\W*(自动回复|自动答复|自动应答|休假|外出|auto(matic)?[ -]?(reply|response)|autoreply|out of (the )?office)",
    re.I)  # fmt: skip
#: What people write who want no more of it, and nothing else (民法典 art. 1033: no mails against their will).
_OPT_OUT = frozenset({
    "退订", "td", "取消订阅", "拒收", "请勿再发", "不要再发", "不要再发了", "请不要再发邮件", "请勿再发邮件",
    "unsubscribe", "stop", "remove me", "optout", "opt out", "opt-out",
})  # fmt: skip
_REPLY_MARK = re.compile(r"^\s*((re|回复|答复|fw|fwd|转发)\s*[:：]\s*)+", re.I)
_ACTIONS = {"failed": "failed", "delayed": "delayed", "delivered": "delivered", "relayed": "relayed",
            "expanded": "relayed"}  # fmt: skip


def read(raw: bytes, *, whole: bool = True) -> Arrived:
    """What one message is. ``whole``: all of it was fetched. Never raises: what cannot be read says so."""
    digest = hashlib.sha256(raw).hexdigest()
    try:
        return _read(raw, digest, whole)
    except Exception as error:  # whatever a stranger sent must not stop the box
        kept = (Attached("message.eml", "message/rfc822", raw),) if len(raw) <= LARGEST_RAW else ()
        return Arrived(digest, "unreadable", detail=clean(f"{type(error).__name__}: {error}")[:300], attached=kept,
                       raw_sha256=digest)


def _read(raw: bytes, digest: str, whole: bool) -> Arrived:
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    sender = clean(parseaddr(str(message.get("From", "")))[1])[:254]
    subject = _line(message.get("Subject", ""))[:200]
    kind, address, detail, about = _what(message, sender, subject)
    text = ""
    files: tuple[Attached, ...] = ()
    if kind in ("failed", "delayed", "delivered", "relayed"):
        text = _text(message)[:4000]
    else:
        text = own_words(_text(message))[:20_000]
        files = _files(message, raw)
        if kind == "reply" and _wants_no_more(subject, text):
            kind = "opt_out"
    if not whole:
        text = clean(f"{text}\n（信件过大，只取了开头；全文仍在邮箱中 / too large: only its beginning was fetched）")
    answers = tuple(dict.fromkeys((*about, *_answers(message))))[:50]
    return Arrived(digest, kind, sender, subject, clean(text), answers, address, detail, _when(message), files, digest)


def _what(message: EmailMessage, sender: str, subject: str) -> tuple[Any, str, str, tuple[str, ...]]:
    """(kind, whom it is about, their server's words, our mails named in it)."""
    if message.get_content_type() == "multipart/report":
        report = str(message.get_param("report-type") or "").lower()
        if report == "delivery-status":
            return _report(message)
        if report == "disposition-notification":
            return "delivered", "", "read receipt", _named(message)
    empty_path = str(message.get("Return-Path", "-")).strip() == "<>"
    if (_MACHINES.search(sender.partition("@")[0]) or empty_path) and _CAME_BACK.search(subject):
        return _own_form(message, sender, subject)
    if _is_machine(message, subject):
        return "auto_reply", "", "", ()
    return "reply", "", "", ()


def _is_machine(message: EmailMessage, subject: str) -> bool:
    """Whether a machine answered: RFC 3834, and what older ones say instead."""
    submitted = str(message.get("Auto-Submitted", "no")).strip().lower()
    if not submitted.startswith("no"):
        return True
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autogenerated")
    if any(message.get(one) is not None for one in marks):
        return True
    if str(message.get("Precedence", "")).strip().lower() in ("auto_reply", "bulk", "junk", "list"):
        return True
    return bool(_AUTO_SUBJECT.match(subject))


def _report(message: EmailMessage) -> tuple[Any, str, str, tuple[str, ...]]:
    """A delivery report by RFC 3464: the worst of what it says about anybody."""
    found: list[tuple[str, str, str]] = []
    envelope: tuple[str, ...] = ()
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks: Any = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if block.get("Original-Envelope-Id"):
                envelope = (_line(block["Original-Envelope-Id"]).lower(),)
            action = _line(block.get("Action", "")).lower().split(" ")[0]
            if action in _ACTIONS:
                whom = _line(block.get("Final-Recipient") or block.get("Original-Recipient") or "").rpartition(";")[2]
                said = _line(block.get("Diagnostic-Code", "")).partition(";")[2] or _line(block.get("Status", ""))
                status = _line(block.get("Status", ""))
                found.append((_ACTIONS[action], whom.strip(" <>"), f"{status} {said.strip()}".strip()))
    if not found:
        return _own_form(message, "", _line(message.get("Subject", "")))
    kind, whom, said = min(found, key=lambda one: ("failed", "delayed", "relayed", "delivered").index(one[0]))
    return kind, clean(whom)[:254], clean(said)[:500], (*envelope, *_named(message))


def _own_form(message: EmailMessage, sender: str, subject: str) -> tuple[Any, str, str, tuple[str, ...]]:
    """Mail that came back in a form of the provider's own (QQ, 163, Aliyun …)."""
    text = _text(message)
    if _STILL_TRYING.search(subject) or (_STILL_TRYING.search(text[:800]) and not _STATUS.search(text)):
        kind = "delayed"
    else:
        kind = "failed"
    ours = {clean(one).lower() for _name, one in getaddresses([str(message.get("To", "")), sender])}
    whom = next((one for one in _ADDRESS.findall(text)
                 if one.lower() not in ours and not _MACHINES.search(one) and not _OURS.search(f"<{one}>")), "")
    status = _STATUS.search(text) or _SMTP_CODE.search(text)
    line = next((one.strip() for one in text.splitlines() if status and status[1] in one), "") if status else ""
    return kind, clean(whom)[:254], clean(line or subject)[:500], _named(message)


def _named(message: EmailMessage) -> tuple[str, ...]:
    """Our Message-IDs anywhere in a report: in the returned headers, the returned mail, or its text."""
    found: list[str] = []
    for part in message.walk():
        if part is not message and part.get("Message-ID"):
            found += _ids(part["Message-ID"])
        if part.get_content_maintype() == "text":
            found += _ids(_decoded(part))
    return tuple(dict.fromkeys(found))


def _ids(text: Any) -> list[str]:
    return [f"<{found[0].strip('<>')}>" for found in _OURS.finditer(str(text))]


def _answers(message: EmailMessage) -> Iterator[str]:
    """Mails of ours this one may answer: In-Reply-To, References from the last back, the plus address."""
    yield from _ids(message.get("In-Reply-To", ""))
    yield from reversed(_ids(message.get("References", "")))
    for header in ("To", "Delivered-To", "X-Original-To", "Cc"):
        yield from _PLUS.findall(str(message.get(header, "")).lower())


def _wants_no_more(subject: str, text: str) -> bool:
    """The first line they wrote, or the subject they wrote themselves, says so and nothing else."""
    lines = [one.strip(" \t。.!！,，~～") for one in text.splitlines() if one.strip()]
    first = lines[0].lower() if lines else ""
    own = _REPLY_MARK.sub("", subject).strip().lower()
    return first in _OPT_OUT or (not lines and own in _OPT_OUT) or own in ("退订", "unsubscribe")


def _text(message: EmailMessage) -> str:
    """What it says, as plain text: the plain part, else the HTML one without anything that runs."""
    plain, rich = [], []
    for part in message.walk():
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/plain":
            plain.append(_decoded(part))
        elif part.get_content_type() == "text/html":
            rich.append(_decoded(part))
    said = "\n".join(plain).strip()
    return clean(said or "\n".join(text_of_html(one) for one in rich))


def _decoded(part: Any) -> str:
    """A part's text; a charset that is wrong or unknown is tried as UTF-8, then as the Chinese one."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return str(part.get_payload())
    named = (part.get_content_charset() or "utf-8").lower()
    wider = {"gb2312": "gb18030", "gbk": "gb18030", "us-ascii": "utf-8"}.get(named, named)
    for charset in (wider, "utf-8", "gb18030"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("utf-8", "replace")


def _files(message: EmailMessage, raw: bytes) -> tuple[Attached, ...]:
    """What is attached, within bounds, and the message as it came: its own proof, signatures and all."""
    found: list[Attached] = []
    left = LARGEST_FILES
    for part in message.walk():
        name, kind = part.get_filename(), part.get_content_disposition()
        if part.is_multipart() or not (name or kind == "attachment"):
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or (kind == "inline" and len(data) < _LOGO):
            continue
        if 0 < len(data) <= min(LARGEST_FILE, left) and len(found) < 19:
            found.append(Attached(_line(name or "")[:200] or "attachment", part.get_content_type()[:120], data))
            left -= len(data)
    if len(raw) <= LARGEST_RAW:
        found.append(Attached("message.eml", "message/rfc822", raw))
    return tuple(found)


def _when(message: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _line(given: Any) -> str:
    return " ".join(clean(str(given).replace("\r", " ").replace("\n", " ")).split())
