"""The mailbox read by IMAP, in a process of its own: nothing in it is changed, and the place reached is remembered.

A message's key is the hash of its bytes, so that reading it again (after a crash, a renumbering, a move to another
folder) puts nothing on the case twice; the place is written down behind each message, so none is left out.
"""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from fieldsales.plugin_api import Field, JobAnswer, JobFacts, Keep, Log, ScheduledJob, words
from fieldsales.plugin_api.fields import Choice
from fieldsales.plugin_api.jobs import Order
from fieldsales.plugin_api.settings import Setting, SettingsForm

from .reading import read

TIMEOUT_S = 20.0
#: The first time, and when the server numbers anew, mail of so many days is looked through.
LOOK_BACK = timedelta(days=30)
#: Of one run: messages, bytes, and the largest message fetched whole.
MOST_MESSAGES, MOST_BYTES, LARGEST = 60, 20_000_000, 12_000_000
_BEGINNING = 200_000
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

SETTINGS = SettingsForm((
    Setting(Field("imap_host", "text", words("收信服务器（IMAP）", "Incoming server (IMAP)"),
                  words("如 imap.exmail.qq.com；不填则不收信", "e.g. imap.example.com; empty: no mail is read"))),
    Setting(Field("imap_port", "number", words("端口", "Port"), words("加密 993", "993 when encrypted"),
                  minimum=1, maximum=65535), 993),
    Setting(Field("imap_security", "choice", words("加密", "Encryption"), choices=(
        Choice("tls", words("TLS（推荐）", "TLS (recommended)")), Choice("starttls", words("STARTTLS", "STARTTLS")),
        Choice("none", words("不加密（仅限本机）", "None (this machine only)")))), "tls"),
    Setting(Field("imap_user", "text", words("账号", "User"))),
    Setting(Field("imap_password", "text", words("密码或授权码", "Password or app password"),
                  words("QQ、163 邮箱用授权码", "QQ and 163 want their authorisation code")), secret=True),
    Setting(Field("imap_folder", "text", words("文件夹", "Folder"), words("一般为 INBOX", "INBOX as a rule")), "INBOX"),
), hint=words("发件人地址和发信服务器在系统设置中；这里设置从哪个邮箱收回信和退信。程序只读，不删改邮件。",
              "Sender and outgoing server are settings of the program. Here: where answers and returned mail are read. "
              "Nothing in the mailbox is changed."))  # fmt: skip


class NotReached(Exception):
    """The mailbox could not be read; the words say why, and never hold the password."""


def _connected(given: Mapping[str, Any]) -> imaplib.IMAP4:
    host, port = str(given["imap_host"]), int(given.get("imap_port") or 993)
    how = str(given.get("imap_security") or "tls")
    context = ssl.create_default_context()
    if how == "none" and host not in _LOOPBACK:
        raise NotReached("a password goes to another machine encrypted only")
    try:
        if how == "tls":
            return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT_S)
        server = imaplib.IMAP4(host, port, timeout=TIMEOUT_S)
        if how == "starttls":
            server.starttls(context)
        return server
    except (OSError, imaplib.IMAP4.error) as error:
        raise NotReached(f"{host}:{port}: {type(error).__name__}: {error}") from None


def _logged_in(given: Mapping[str, Any]) -> imaplib.IMAP4:
    server = _connected(given)
    try:
        server.login(str(given["imap_user"]), str(given.get("imap_password") or ""))
    except imaplib.IMAP4.error as error:
        server.shutdown()
        raise NotReached(f"login refused: {str(error)[:200]}") from None
    if "ID" in server.capabilities:  # 163 and 126 refuse to open a folder to who has not said who he is (RFC 2971)
        imaplib.Commands.setdefault("ID", ("AUTH", "SELECTED"))
        with contextlib.suppress(imaplib.IMAP4.error):
            server._simple_command("ID", '("name" "fieldsales" "version" "1")')
    return server


def read_mailbox(facts: JobFacts) -> JobAnswer:
    """What came since the last time, each with the place behind it; the next run goes on from there."""
    folder = str(facts.settings.get("imap_folder") or "INBOX")
    server = _logged_in(facts.settings)
    try:
        return JobAnswer(tuple(_orders(server, folder, facts)))
    except imaplib.IMAP4.error as error:
        raise NotReached(str(error)[:300]) from None
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _orders(server: imaplib.IMAP4, folder: str, facts: JobFacts) -> Iterator[Order]:
    status, said = server.select(f'"{_folder_name(folder)}"', readonly=True)
    if status != "OK":
        raise NotReached(f"the folder {folder!r} cannot be opened: {said!r}"[:300])
    validity = int((server.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)
    known = facts.record("place", folder)
    reached = int(known.body["uid"]) if known and known.body.get("validity") == validity else 0
    uids = _fresh(server, reached, facts)
    count, size = 0, 0
    for uid, raw, whole in _fetched(server, uids):
        yield read(raw, whole=whole)
        yield Keep("place", folder, {"validity": validity, "uid": uid}, house=True)
        count, size = count + 1, size + len(raw)
        if count >= MOST_MESSAGES or size >= MOST_BYTES:
            break
    if not reached and not uids:
        yield Keep("place", folder, {"validity": validity, "uid": _last(server)}, house=True)
    yield Log(f"{count} read" + (f", {len(uids) - count} wait for the next run" if len(uids) > count else ""))


def _fresh(server: imaplib.IMAP4, reached: int, facts: JobFacts) -> list[int]:
    """The numbers of what has not been read, the oldest first."""
    since = f"{facts.today - LOOK_BACK:%d-%b-%Y}"
    asked = ("UID", f"{reached + 1}:*") if reached else ("SINCE", since)
    return [uid for uid in _searched(server, *asked) if uid > reached]


def _searched(server: imaplib.IMAP4, *asked: str) -> list[int]:
    status, found = server.uid("SEARCH", *asked)
    if status != "OK":
        raise NotReached(f"the folder cannot be searched: {found!r}"[:300])
    return sorted({int(one) for one in (found[0] or b"").split()})


def _last(server: imaplib.IMAP4) -> int:
    return max(_searched(server, "ALL"), default=0)


def _fetched(server: imaplib.IMAP4, uids: list[int]) -> Iterator[tuple[int, bytes, bool]]:
    """(number, bytes, whether they are all). One that is too large comes with its beginning only."""
    for uid in uids:
        size = _size(server, uid)
        if size is None:  # gone meanwhile
            continue
        whole = size <= LARGEST
        wanted = "(BODY.PEEK[])" if whole else f"(BODY.PEEK[]<0.{_BEGINNING}>)"
        _status, parts = server.uid("FETCH", str(uid), wanted)
        raw = next((one[1] for one in parts or [] if isinstance(one, tuple)), None)
        if isinstance(raw, bytes):
            yield uid, raw, whole


def _size(server: imaplib.IMAP4, uid: int) -> int | None:
    _status, parts = server.uid("FETCH", str(uid), "(RFC822.SIZE)")
    for one in parts or []:
        found = re.search(rb"RFC822\.SIZE (\d+)", one[0] if isinstance(one, tuple) else one or b"")
        if found:
            return int(found[1])
    return None


def _folder_name(name: str) -> str:
    """A folder's name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3)."""
    out, wide = "", ""
    for sign in f"{name}\0":
        if " " <= sign <= "~" or sign == "\0":
            if wide:
                coded = wide.encode("utf-16-be")
                out += "&" + _base64(coded) + "-"
                wide = ""
            out += "&-" if sign == "&" else "" if sign == "\0" else sign
        else:
            wide += sign
    return out.replace("\\", "\\\\").replace('"', '\\"')


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=").replace("/", ",")


JOB = ScheduledJob(
    "mailbox", words("收回信和退信", "Answers and returned mail"), 5, read_mailbox, seconds=120, memory_mb=512,
    answer_mb=48, hosts=("settings:imap_host",), needs=("imap_host", "imap_user", "imap_password"),
)  # fmt: skip
