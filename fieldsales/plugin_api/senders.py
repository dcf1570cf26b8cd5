"""Text messages (短信): what the core tells a provider's plugin, the requests it gives back, and what became of them.

The plugin words and signs requests; it opens no connection. The worker sends them, by HTTPS only, to one of the hosts
the plugin named beforehand, and asks the same way what became of each message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlencode

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels
from fieldsales.plugin_api.markers import hookspec
from fieldsales.plugin_api.notices import goes_to, usual_refusal

LARGEST_BODY = 8_000
#: What a provider can be used for: one-time codes of papers, texts to debtors.
SENDS = ("code", "message")
MESSAGE_STATES = ("waiting", "delivered", "failed", "stopped")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
Settings = Mapping[str, object]
"""``account`` and ``secret`` of the program's settings, and whatever the administrator set for the plugin."""


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OutMessage:
    """A message to be sent. ``to``: digits, with ``+`` and country code when it is not a number of the house's country.

    ``id``: ours, the same at every try: a provider that tells repeats apart is given it. ``text``: the whole message
    in ``lang``. Providers that only send templates take ``template`` (``code`` for one-time codes, else the text's
    name: reminder, firm, final …) and ``places``, the figures in it by name. ``at``: aware UTC, for signatures.
    """

    id: str
    to: str
    text: str
    template: str
    lang: str
    at: datetime
    places: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was taken. ``number``: the provider's own; ``at``: when it was handed over, aware UTC."""

    id: str
    number: str
    to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OutPost:
    """One POST, of JSON or of a form. ``url``: https, on a host the sender named."""

    url: str
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=_nothing)

    def body(self) -> tuple[bytes, str]:
        """The bytes and their content type."""
        if self.form is not None:
            return urlencode(dict(self.form)).encode(), "application/x-www-form-urlencoded"
        return json.dumps(dict(self.json or {}), ensure_ascii=False).encode(), "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class MessageState:
    """What became of a message. ``number``: the provider's, or our own id where it gives that back. ``state``: one of
    ``MESSAGE_STATES``; ``reason``: the provider's own words.

    ``stopped``: it failed because the receiver wants no messages (退订): the core holds back what would disturb.
    """

    number: str
    state: Literal["waiting", "delivered", "failed", "stopped"]
    reason: str = ""


def usual_answer(answer: Mapping[str, Any]) -> str:
    """Why a message was not taken, "" when it was: ``errcode`` or ``code`` is 0, OK, or not there at all."""
    code = answer.get("errcode", answer.get("code"))
    return "" if code in (None, 0, "0", "OK", "ok") else usual_refusal(answer)


def usual_number(answer: Mapping[str, Any]) -> str:
    """The provider's number of a message it took, "" when the answer has none."""
    for name in ("id", "message_id", "msgid", "msg_id", "sid"):
        if isinstance(answer.get(name), str | int):
            return str(answer[name])
    return ""


@dataclass(frozen=True, slots=True)
class MessageSender:
    """A provider of text messages.

    ``name``: stable, lower case; the setting ``sms_sender`` names it. ``hosts``: the only hosts its requests may go to.
    ``build(message, settings)``: the request that sends. ``refusal(answer)``: reads the JSON that came back and says
    why the message was not taken, "" when it was; ``number(answer)``: the provider's number of it. ``poll(sent,
    settings, at)``: the request that asks what became of up to ``at_once`` messages; ``states(answer)``: a MessageState
    for each it tells of. Without them a message stays ``sent``. ``sends``: some of ``SENDS``. ``cost_minor``: one part
    of a message, in minor units of the house currency. All are pure and have two seconds.
    """

    name: str
    labels: Labels
    hosts: tuple[str, ...]
    build: Callable[[OutMessage, Settings], OutPost]
    refusal: Callable[[Mapping[str, Any]], str] = usual_answer
    number: Callable[[Mapping[str, Any]], str] = usual_number
    poll: Callable[[tuple[Sent, ...], Settings, datetime], OutPost] | None = None
    states: Callable[[Mapping[str, Any]], Iterable[MessageState]] | None = None
    at_once: int = 1
    sends: tuple[str, ...] = SENDS
    cost_minor: int = 5


class SenderHooks:
    """The hook of providers of text messages."""

    @hookspec
    def message_senders(self) -> Iterable[MessageSender]:  # type: ignore[empty-body]
        """Providers of text messages: for one-time codes, and for texts to debtors.

        When: once, as the program starts; a sender's functions then run in the worker.
        Returns: MessageSender records; a name already taken by another plugin is refused.
        Errors: one bad record fails the whole plugin. A ``build`` that raises, hangs or names another host sends
        nothing, and the message says so. A ``poll`` or ``states`` that fails leaves the message as sent.
        Since: API 1.

        Example::

            @hookimpl
            def message_senders():
                return [MessageSender("house_sms", {"zh": "短信", "en": "Text message"},
                                      hosts=("sms.example.com",), build=build)]
        """


def sender(given: Any) -> MessageSender:
    """A sender, or Garbage."""
    need = validate.need
    need(type(given) is MessageSender, f"a sender must be a MessageSender, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"sender name {given.name!r}")
    what = f"sender {given.name}"
    validate.labels(given.labels, f"{what}: labels", 40)
    need(isinstance(given.hosts, tuple) and 0 < len(given.hosts) <= 10, f"{what}: names no host")
    for host in given.hosts:
        need(isinstance(host, str) and bool(_HOST.fullmatch(host)), f"{what}: host {host!r}")
    for name in ("build", "refusal", "number"):
        need(callable(getattr(given, name)), f"{what}: {name} must be a function")
    polls = (given.poll, given.states)
    need(all(map(callable, polls)) or polls == (None, None), f"{what}: poll and states are both functions, or neither")
    need(type(given.at_once) is int and 1 <= given.at_once <= 200, f"{what}: at_once must be 1 to 200")
    need(isinstance(given.sends, tuple) and bool(given.sends) and set(given.sends) <= set(SENDS),
         f"{what}: sends must be some of {', '.join(SENDS)}")
    need(type(given.cost_minor) is int and 0 <= given.cost_minor <= 10**6, f"{what}: cost_minor")
    checked: MessageSender = given
    return checked


def out_post(given: Any, of: MessageSender) -> OutPost:
    """What ``build`` or ``poll`` returned, or Garbage."""
    need = validate.need
    need(type(given) is OutPost, f"build must return an OutPost, not {type(given).__name__}")
    need(isinstance(given.url, str) and len(given.url) <= 4000, "OutPost: url must be text")
    need(goes_to(given.url, of.hosts), f"OutPost: the address is not https on {' or '.join(of.hosts)}")
    need((given.json is None) != (given.form is None), "OutPost: either json or form")
    content = given.form if given.json is None else given.json
    need(all(isinstance(one, Mapping) for one in (content, given.headers)), "OutPost: json, form, headers: mappings")
    for name, value in given.headers.items():
        fine = isinstance(name, str) and _HEADER.fullmatch(name) and isinstance(value, str)
        need(bool(fine) and value.isascii() and value.isprintable(), f"OutPost: header {name!r}")
    if given.form is not None:
        for name, value in content.items():
            need(isinstance(name, str) and isinstance(value, str), f"OutPost: form {name!r} must be text")
    frozen: OutPost = replace(
        given, headers=MappingProxyType(dict(given.headers)),
        **{"form" if given.json is None else "json": MappingProxyType(dict(content))})
    try:
        size = len(frozen.body()[0])
    except (TypeError, ValueError) as error:
        raise validate.Garbage(f"OutPost: json cannot be written: {error}") from error
    need(size <= LARGEST_BODY, f"OutPost: the body is larger than {LARGEST_BODY} bytes")
    return frozen


def message_states(given: Any) -> tuple[MessageState, ...]:
    """What ``states`` returned, or Garbage."""
    need = validate.need
    found = tuple(validate.declared(given, "states"))
    for one in found:
        need(type(one) is MessageState, f"states must return MessageState records, not {type(one).__name__}")
        validate.text(one.number, "MessageState: number", 120)
        need(one.state in MESSAGE_STATES, f"MessageState: state {one.state!r}")
        validate.text(one.reason, "MessageState: reason", 300, empty=True)
    return found
