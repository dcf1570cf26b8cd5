"""Text messages with one-time codes: what the core tells a plugin, and the one request it gives back.

The plugin words and signs the request to its provider; it opens no connection. The worker sends it, by HTTPS only, to
one of the hosts the plugin named beforehand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels
from fieldsales.plugin_api.notices import goes_to, usual_refusal

LARGEST_BODY = 4_000
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")


@dataclass(frozen=True, slots=True)
class CodeMessage:
    """A code to be sent. ``to``: digits, with ``+`` and country code when it is not a number of the house's country.

    ``text``: the whole message in the paper's language; providers that only send templates take ``code``, ``number``
    (the paper's) and ``minutes`` instead. ``at``: aware UTC, for signatures.
    """

    to: str
    code: str
    number: str
    minutes: int
    text: str
    lang: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CodePost:
    """One POST of JSON. ``url``: https, on a host the sender named."""

    url: str
    json: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodeSender:
    """A provider of text messages.

    ``name``: stable, lower case; the setting ``sms_sender`` names it. ``hosts``: the only hosts its messages may go to.
    ``build(message, secrets)``: the request; ``secrets`` holds ``account`` and ``secret`` as the administrator set
    them. Pure; it has two seconds. ``refusal(answer)``: reads the JSON that came back, and says why it was not taken.
    """

    name: str
    labels: Labels
    hosts: tuple[str, ...]
    build: Callable[[CodeMessage, Mapping[str, str]], CodePost]
    refusal: Callable[[Mapping[str, Any]], str] = usual_refusal


def sender(given: Any) -> CodeSender:
    """A sender, or Garbage."""
    need = validate.need
    need(type(given) is CodeSender, f"a sender must be a CodeSender, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"sender name {given.name!r}")
    what = f"sender {given.name}"
    validate.labels(given.labels, f"{what}: labels", 40)
    need(isinstance(given.hosts, tuple) and 0 < len(given.hosts) <= 10, f"{what}: names no host")
    for host in given.hosts:
        need(isinstance(host, str) and bool(_HOST.fullmatch(host)), f"{what}: host {host!r}")
    need(callable(given.build) and callable(given.refusal), f"{what}: build and refusal must be functions")
    checked: CodeSender = given
    return checked


def code_post(given: Any, of: CodeSender) -> CodePost:
    """What ``build`` returned, or Garbage."""
    need = validate.need
    need(type(given) is CodePost, f"build must return a CodePost, not {type(given).__name__}")
    need(isinstance(given.url, str) and len(given.url) <= 2000, "CodePost: url must be text")
    need(goes_to(given.url, of.hosts), f"CodePost: the address is not https on {' or '.join(of.hosts)}")
    need(all(isinstance(one, Mapping) for one in (given.json, given.headers)), "CodePost: json, headers: mappings")
    for name, value in given.headers.items():
        fine = isinstance(name, str) and _HEADER.fullmatch(name) and isinstance(value, str)
        need(bool(fine) and value.isascii() and value.isprintable(), f"CodePost: header {name!r}")
    try:
        size = len(json.dumps(dict(given.json)).encode())
    except (TypeError, ValueError) as error:
        raise validate.Garbage(f"CodePost: json cannot be written: {error}") from error
    need(size <= LARGEST_BODY, f"CodePost: json is larger than {LARGEST_BODY} bytes")
    checked: CodePost = replace(given, json=MappingProxyType(dict(given.json)),
                                headers=MappingProxyType(dict(given.headers)))
    return checked
