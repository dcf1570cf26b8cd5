"""The way out of demands by mail (退订): one link a mail (RFC 2369, RFC 8058), and where answers to it go.

The link names the mail, and its tail only this house's server can make: it holds for no other mail and does one thing.
A mail program asks it by POST; a person who opens it is asked once more, because scanners open every link by GET.
"""

from __future__ import annotations

from email.utils import formataddr, parseaddr
from typing import Any

from fieldsales.collection.gate_acts import PRESSING
from fieldsales.collection.queries import MailFact
from fieldsales.documents.tickets import is_same, tail_for

#: What the tail of the link is for.
_FOR = "no more demands by mail"


def leaving_headers(mail: MailFact, settings: Any) -> dict[str, str]:
    """Headers of a mail that presses for money: how to want no more of them. Any other mail has none."""
    found: dict[str, str] = {}
    name, address = parseaddr(settings.mail_from)
    local, _, domain = address.rpartition("@")
    if settings.mail_plus and local:
        found["Reply-To"] = formataddr((name, f"{local}+{mail.id}@{domain}"))
    if mail.accepted_effect not in PRESSING:
        return found
    ways = [f"<mailto:{address}?subject=unsubscribe>"]
    if settings.public_url.startswith("https://"):  # RFC 8058: only an address that is encrypted
        ways.insert(0, f"<{link(settings, mail.id)}>")
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found | {"List-Unsubscribe": ", ".join(ways)}


def link(settings: Any, mail_id: str) -> str:
    """The address that ends demands by mail to whoever got this one."""
    return f"{settings.public_url.rstrip('/')}/m/{mail_id}/{tail_for(settings.home, mail_id, _FOR)}"


def is_ours(settings: Any, mail_id: str, tail: str) -> bool:
    """Whether a link was made here for this mail."""
    return is_same(tail, tail_for(settings.home, mail_id, _FOR))
