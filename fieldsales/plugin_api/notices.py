"""Company messengers (企业微信, 钉钉, 飞书 …): what the core tells a plugin, and the one request it gives back.

The plugin words and signs the message; it opens no connection. The worker sends it, by HTTPS only, to
one of the hosts the plugin named beforehand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels

#: The largest body a message may have, in bytes of JSON (DingTalk and WeCom take 20 kB, Feishu 30).
LARGEST_BODY = 20_000
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a group is told: figures and colleagues, never a customer's name. ``at``: aware UTC, for signatures."""

    title: str
    lines: tuple[str, ...]
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HttpPost:
    """One POST of JSON. ``url``: https, on a host the channel named."""

    url: str
    json: Mapping[str, Any]


def usual_refusal(answer: Mapping[str, Any]) -> str:
    """Why the messenger did not take it, "" when it did: ``errcode`` (WeCom, DingTalk) or ``code`` (Feishu) is 0."""
    code = answer.get("errcode", answer.get("code"))
    if code == 0:
        return ""
    return f"{code} {answer.get('errmsg') or answer.get('msg') or ''}".strip()


@dataclass(frozen=True, slots=True)
class NoticeChannel:
    """A company messenger that groups can be told through.

    ``name``: stable, lower case. ``hosts``: the only hosts its messages may go to. ``build(notice,
    secrets)``: the request; ``secrets`` holds ``url`` (the robot's address as the manager pasted it)
    and ``secret`` ("" when none was set). Pure; it has two seconds. ``refusal(answer)``: reads the
    JSON that came back, and says why it was not taken. ``hint``: where the address is found.
    """

    name: str
    labels: Labels
    hosts: tuple[str, ...]
    build: Callable[[Notice, Mapping[str, str]], HttpPost]
    refusal: Callable[[Mapping[str, Any]], str] = usual_refusal
    hint: Labels | None = None
    signed: bool = True


def channel(given: Any) -> NoticeChannel:
    """A channel, or Garbage."""
    need = validate.need
    need(type(given) is NoticeChannel, f"a channel must be a NoticeChannel, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"channel name {given.name!r}")
    what = f"channel {given.name}"
    validate.labels(given.labels, f"{what}: labels", 40)
    if given.hint is not None:
        validate.labels(given.hint, f"{what}: hint", 300)
    need(isinstance(given.hosts, tuple) and 0 < len(given.hosts) <= 10, f"{what}: names no host")
    for host in given.hosts:
        need(isinstance(host, str) and bool(_HOST.fullmatch(host)), f"{what}: host {host!r}")
    need(callable(given.build) and callable(given.refusal), f"{what}: build and refusal must be functions")
    checked: NoticeChannel = given
    return checked


def goes_to(url: Any, hosts: tuple[str, ...]) -> bool:
    """Whether an address is https, without a name or password in it, on one of the hosts."""
    try:
        parts = urlsplit(url)
        return (parts.scheme == "https" and parts.hostname in hosts and parts.username is None
                and parts.password is None and (parts.port is None or parts.port > 0))
    except (ValueError, TypeError, AttributeError):
        return False


def post(given: Any, of: NoticeChannel) -> HttpPost:
    """What ``build`` returned, or Garbage."""
    need = validate.need
    need(type(given) is HttpPost, f"build must return an HttpPost, not {type(given).__name__}")
    need(isinstance(given.url, str) and len(given.url) <= 2000, "HttpPost: url must be text")
    need(goes_to(given.url, of.hosts), f"HttpPost: the address is not https on {' or '.join(of.hosts)}")
    need(isinstance(given.json, Mapping), "HttpPost: json must be a mapping")
    try:
        size = len(json.dumps(dict(given.json)).encode())
    except (TypeError, ValueError) as error:
        raise validate.Garbage(f"HttpPost: json cannot be written: {error}") from error
    need(size <= LARGEST_BODY, f"HttpPost: json is larger than {LARGEST_BODY} bytes")
    checked: HttpPost = replace(given, json=MappingProxyType(dict(given.json)))
    return checked
