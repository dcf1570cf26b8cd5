"""What only this house's server can make: one-time codes, and the tail of a signing link's address.

Both are derived from a key under the home folder and from what they are for, and are kept nowhere: whoever reads the
database, a backup of it or the log finds no code and no link. The same question gives the same answer, so a worker can
send what a web process ordered, and a link can be shown again to whoever may see the customer.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from functools import cache
from hashlib import sha256
from pathlib import Path

DIGITS = 6
_KEY_BYTES = 32


@cache
def _key(home: Path) -> bytes:
    """The key, made when it is first needed; the first maker wins."""
    path = home / "keys" / "tickets.key"
    if not path.is_file():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_bytes()


def _derived(home: Path, *of: str) -> bytes:
    # each part with its length, so that no two lists of parts read the same
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in of)
    return hmac.digest(_key(home), message, sha256)


def code_for(home: Path, code_id: str, to_address: str, text_sha256: str) -> str:
    """The six digits that confirm one text from one address."""
    return f"{int.from_bytes(_derived(home, 'code', code_id, to_address, text_sha256)) % 10**DIGITS:0{DIGITS}d}"


def tail_for(home: Path, link_id: str, text_sha256: str) -> str:
    """The part of a link's address that cannot be guessed (256 bits, base64url)."""
    return base64.urlsafe_b64encode(_derived(home, "link", link_id, text_sha256)).rstrip(b"=").decode()


def is_same(given: str, right: str) -> bool:
    """Whether they are the same, in a time that tells nothing of where they differ."""
    return hmac.compare_digest(given.encode(), right.encode())
