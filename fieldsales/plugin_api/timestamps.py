"""Time authorities (时间戳机构): what the core asks a plugin for, and the one request it gives back.

A plugin names authorities so that the administrator only chooses one, or speaks the protocol of one that has its own.
It opens no connection: the core sends the request, checks the token against the pinned roots, and believes nobody's
clock but the one in the token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels
from fieldsales.plugin_api.markers import hookspec

LARGEST_REQUEST = 10_000
LARGEST_TOKEN = 100_000
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_SEQUENCE, _INTEGER, _OCTETS = 0x30, 0x02, 0x04
#: The algorithm identifier of SHA-256 in DER, and the Boolean TRUE that asks for the authority's certificates.
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_WITH_CERTIFICATES = b"\x01\x01\xff"


@dataclass(frozen=True, slots=True)
class StampPost:
    """One POST of bytes. ``url``: http or https, on a host the timestamper named: a token proves itself, whatever
    carried it, and many authorities speak plain HTTP."""

    url: str
    body: bytes
    content_type: str = "application/timestamp-query"
    headers: Mapping[str, str] = field(default_factory=dict)


Request = Callable[[bytes, datetime, Mapping[str, str]], StampPost]


def query(digest: bytes, now: datetime) -> bytes:
    """A TimeStampReq (RFC 3161 2.4.1) over a SHA-256, with a nonce made from hash and time, asking for certificates."""
    drawn = sha256(digest + now.isoformat().encode()).digest()[:8]
    nonce = bytes((drawn[0] & 0x7F | 0x40,)) + drawn[1:]  # positive, and as short as DER asks for
    imprint = _der(_SEQUENCE, _SHA256 + _der(_OCTETS, digest))
    return _der(_SEQUENCE, b"\x02\x01\x01" + imprint + _der(_INTEGER, nonce) + _WITH_CERTIFICATES)


def token_of(answer: bytes) -> bytes:
    """The token in a TimeStampResp (RFC 3161 2.4.2). Raises ValueError when it was refused or is none."""
    kind, whole, rest = _part(answer)
    if kind != _SEQUENCE or rest:
        raise ValueError("no TimeStampResp")
    kind, status, token = _part(whole)
    _, code, _ = _part(status)
    if kind != _SEQUENCE or int.from_bytes(code, "big") not in (0, 1):
        raise ValueError(f"refused with status {int.from_bytes(code, 'big')}")
    if not token:
        raise ValueError("granted, but no token came")
    return token


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def _part(der: bytes) -> tuple[int, bytes, bytes]:
    """(tag, content, what comes after) of the first element. Raises ValueError."""
    if len(der) < 2:
        raise ValueError("cut short")
    size, start = der[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(der[2:start], "big")
    if len(der) < start + size:
        raise ValueError("cut short")
    return der[0], der[start : start + size], der[start + size :]


def plain(url: str) -> Request:
    """The request to an authority that speaks RFC 3161 at ``url`` and asks for no account."""

    def request(digest: bytes, now: datetime, secrets: Mapping[str, str]) -> StampPost:
        return StampPost(url, query(digest, now))

    return request


@dataclass(frozen=True, slots=True)
class Timestamper:
    """A time authority.

    ``name``: stable, lower case; the setting ``tsa_urls`` names it, beside or in place of an address. ``hosts``: the
    only hosts it may be asked at. ``request(digest, now, secrets)``: the request over a SHA-256; ``secrets`` holds
    ``account`` and ``secret`` as the administrator set them. ``token(answer)``: the RFC 3161 token in DER out of the
    bytes that came back, or ValueError with why there is none. Both are pure and have two seconds. ``roots``: where the
    authority publishes the root to pin (``tsa_roots``): a token that leads up to no pinned root is never believed.
    """

    name: str
    labels: Labels
    hosts: tuple[str, ...]
    request: Request
    token: Callable[[bytes], bytes] = token_of
    roots: str = ""


def timestamper(given: Any) -> Timestamper:
    """A timestamper, or Garbage."""
    need = validate.need
    need(type(given) is Timestamper, f"a timestamper must be a Timestamper, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"timestamper name {given.name!r}")
    what = f"timestamper {given.name}"
    validate.labels(given.labels, f"{what}: labels", 60)
    need(isinstance(given.hosts, tuple) and 0 < len(given.hosts) <= 10, f"{what}: names no host")
    for host in given.hosts:
        need(isinstance(host, str) and bool(_HOST.fullmatch(host)), f"{what}: host {host!r}")
    need(callable(given.request) and callable(given.token), f"{what}: request and token must be functions")
    validate.text(given.roots, f"{what}: roots", 300, empty=True)
    checked: Timestamper = given
    return checked


def stamp_post(given: Any, of: Timestamper) -> StampPost:
    """What ``request`` returned, or Garbage."""
    need = validate.need
    need(type(given) is StampPost, f"request must return a StampPost, not {type(given).__name__}")
    need(isinstance(given.url, str) and len(given.url) <= 2000, "StampPost: url must be text")
    try:
        parts = urlsplit(given.url)
        fine = parts.scheme in ("http", "https") and parts.hostname in of.hosts and parts.username is None
        fine = fine and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    need(fine, f"StampPost: the address is not on {' or '.join(of.hosts)}")
    need(isinstance(given.body, bytes) and 0 < len(given.body) <= LARGEST_REQUEST,
         f"StampPost: body must be bytes, at most {LARGEST_REQUEST}")
    need(isinstance(given.headers, Mapping), "StampPost: headers must be a mapping")
    for name, value in {"Content-Type": given.content_type, **given.headers}.items():
        told = isinstance(name, str) and _HEADER.fullmatch(name) and isinstance(value, str)
        need(bool(told) and value.isascii() and value.isprintable(), f"StampPost: header {name!r}")
    checked: StampPost = replace(given, headers=MappingProxyType(dict(given.headers)))
    return checked


def token_bytes(given: Any) -> bytes:
    """What ``token`` returned, or Garbage."""
    validate.need(isinstance(given, bytes) and 0 < len(given) <= LARGEST_TOKEN,
                  f"token must return bytes, at most {LARGEST_TOKEN}")
    return bytes(given)


class TimestampHooks:
    """The hook of time authorities."""

    @hookspec
    def timestampers(self) -> Iterable[Timestamper]:  # type: ignore[empty-body]
        """Time authorities that papers can be stamped by.

        When: once, as the program starts; ``request`` and ``token`` then run in the worker, for every stamp.
        Returns: Timestamper records; a name already taken by another plugin is refused.
        Errors: one bad record fails the whole plugin. One that raises, hangs, names another host or gives no good
        token counts as an authority that does not answer: the next one in ``tsa_urls`` is asked, and the paper waits.
        Since: API 1.

        Example::

            @hookimpl
            def timestampers():
                return [Timestamper("house_time", {"zh": "本公司时间", "en": "House time"},
                                    ("tsa.example.com",), plain("http://tsa.example.com/"))]
        """
