"""Ids are minted by whoever makes the thing, on the phone or the server, and order nothing."""

from __future__ import annotations

import hashlib
import os
import re
import time
import uuid
from datetime import date

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U to misread
UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
_UUID = re.compile(UUID_PATTERN)


def uuid7(at_ms: int | None = None) -> str:
    """A new UUIDv7 (RFC 9562), lower case with hyphens. ``at_ms``: Unix milliseconds."""
    stamp = int(time.time() * 1000) if at_ms is None else at_ms
    return _as_uuid7((stamp & (2**48 - 1)) << 80 | int.from_bytes(os.urandom(10), "big"))


def _as_uuid7(value: int) -> str:
    """The 128 bits with version 7 and the RFC's variant set."""
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def derived_id(source_id: str, role: str) -> str:
    """The id of what follows from ``source_id`` in ``role``: the same every time, a UUIDv7 of the same instant."""
    source = bytes.fromhex(source_id.replace("-", ""))
    # uuid5's own bits, without the detour through its class: an import derives hundreds of thousands
    mixed = hashlib.sha1(source + role.encode(), usedforsecurity=False).digest()[6:16]
    return _as_uuid7(int.from_bytes(source[:6] + mixed))


def is_uuid7(text: str) -> bool:
    """Whether ``text`` is a UUIDv7 in its canonical form."""
    return bool(_UUID.match(text))


def paper_number(prefix: str, paper_id: str, made_on: date) -> str:
    """The number printed on a paper, from its id: ``HK261121-7K3QX9PW``. A phone can mint it offline.

    The eight signs carry the id's last 40 random bits; the number column is unique, so a clash is
    refused when it is written rather than printed twice.
    """
    bits = uuid.UUID(paper_id).int & (2**40 - 1)
    signs = "".join(_ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{prefix}{made_on:%y%m%d}-{signs}"
