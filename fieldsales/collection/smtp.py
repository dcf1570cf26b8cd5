"""Handing one mail to an SMTP server, and saying exactly how sure we are that it was taken.

``sent``: the server answered 250 to the whole text. ``refused``: it said no for good (5xx). ``later``:
nothing was taken and it may be tried again (no connection, 4xx, cut off before the text was whole).
``ambiguous``: the text was handed over and the answer never came: perhaps taken, never sent again.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_S = 30.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one attempt. ``answer``: the server's own words, or ours when it said none."""

    state: Literal["sent", "refused", "later", "ambiguous"]
    answer: str


class BadAddress(ValueError):
    """The setting ``smtp_url`` cannot be understood."""


def _connect(url: str, timeout: float) -> smtplib.SMTP:
    """A greeted, encrypted where offered, logged-in connection. ``smtp(s)://user:password@host:port``.

    A password is never sent in clear to another machine.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadAddress("smtp_url must be smtp://host:port or smtps://host:port")
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(parts.hostname, parts.port or 465, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(parts.hostname, parts.port or 25, timeout=timeout)
    try:
        server.ehlo_or_helo_if_needed()
        wants_tls = parse_qs(parts.query).get("starttls", ["auto"])[0] != "never"
        encrypted = parts.scheme == "smtps"
        if not encrypted and wants_tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            encrypted = True
        if parts.username:
            if not encrypted and parts.hostname not in _LOOPBACK:
                raise BadAddress("the mail server offers no encryption, so the password was not sent")
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _words(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())}"[:1000]


def _verdict(code: int, text: bytes) -> Delivery:
    return Delivery("refused" if 500 <= code < 600 else "later", _words(code, text))


def deliver(url: str, sender: str, to: str, message: bytes, timeout: float = TIMEOUT_S, *, envelope_id: str = ""
            ) -> Delivery:
    """Hand ``message`` (RFC 5322 bytes with CRLF) to the server of ``url`` for one receiver.

    ``envelope_id``: where the server knows how (RFC 3461), it is asked to report what becomes of the mail under it.
    """
    try:
        server = _connect(url, timeout)
    except smtplib.SMTPResponseException as error:
        return Delivery("later", _words(error.smtp_code, error.smtp_error))
    except (OSError, smtplib.SMTPException, BadAddress) as error:
        return Delivery("later", f"{type(error).__name__}: {error}"[:1000])
    try:
        return _hand_over(server, sender, to, message, envelope_id if server.has_extn("dsn") else "")
    finally:
        server.close()


def _hand_over(server: smtplib.SMTP, sender: str, to: str, message: bytes, envelope_id: str) -> Delivery:
    of_mail = ("RET=HDRS", f"ENVID={envelope_id}") if envelope_id else ()
    of_receiver = ("NOTIFY=SUCCESS,FAILURE,DELAY",) if envelope_id else ()
    try:
        steps: tuple[Callable[[], tuple[int, bytes]], ...] = (
            lambda: server.mail(sender, of_mail), lambda: server.rcpt(to, of_receiver), lambda: server.docmd("DATA"),
        )  # fmt: skip
        for step in steps:
            code, text = step()
            if code not in (250, 251, 354):
                return _verdict(code, text)
    except ValueError as error:  # UnicodeError too: an address that cannot be said in SMTP, now or later
        return Delivery("refused", f"{type(error).__name__}: {error}"[:1000])
    except (OSError, smtplib.SMTPException) as error:
        return Delivery("later", f"cut off before the text: {error}"[:1000])
    # From here on the server may have taken it, whatever we hear.
    stuffed = re.sub(rb"(?m)^\.", b"..", message)
    try:
        server.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, text = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Delivery("ambiguous", f"cut off after the text: {error}"[:1000])
    if code != 250:
        return _verdict(code, text)
    # It has the mail; how it says goodbye does not matter.
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.quit()
    return Delivery("sent", _words(code, text))
