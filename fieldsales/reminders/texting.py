"""The worker's part of text messages to debtors: handed to the house's provider once, then asked about until settled.

``sending`` is written before the provider is spoken to. What may have been taken is never sent again: only a provider
that could not be reached at all, or that said it was busy, is tried again.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from fieldsales.collection.texting import TEXT_TOPIC, TextFact, load_texts, parts_of
from fieldsales.collection.textmodels import TextMessage
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.plugin_api.manager import PluginFailed
from fieldsales.plugin_api.senders import MessageSender, OutMessage, OutPost, Sent, message_states, out_post
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow
from fieldsales.store.outbox import Later, job
from fieldsales.web import outward

HOOK, POLL_TOPIC = "message_senders", "collection.text_state"
#: When a provider is asked what became of a message, counted from when it took it; after the last it stays ``sent``.
ASK_AFTER = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30),
             timedelta(hours=3), timedelta(hours=24), timedelta(hours=72))  # fmt: skip
#: After so many tries that took nothing a message counts as failed.
MOST_ATTEMPTS = 6
#: What a server says when it took nothing and may be asked again.
BUSY = frozenset({429, 503})
_texts = table_of(TextMessage)


class Refused(Exception):
    """The provider did not take it, in its own words."""


class Unsure(Exception):
    """It may have been taken: the answer never came, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A provider's yes: what it answered, and its number of the message."""

    answer: str
    number: str


def settings_of(program: Any, name: str) -> dict[str, object]:
    """What a sender is given: the account and secret of the program's settings, and its plugin's own."""
    plugin = program.plugins.brought_by(HOOK, name)
    return {"account": program.settings.sms_account, "secret": program.settings.sms_secret,
            **program.plugins.settings_of(plugin)}


def _post(program: Any, request: OutPost) -> outward.Reply:
    content, kind = request.body()
    headers = {"Content-Type": kind, **request.headers}
    return outward.post(request.url, content, headers, private=program.settings.remind_private)


def _json(reply: outward.Reply) -> dict[str, Any]:
    answer = json.loads(reply.body)
    return answer if isinstance(answer, dict) else {"answer": answer}


def hand_over(program: Any, name: str, message: OutMessage) -> Taken:
    """Have a provider send a message. Raises Refused, Unsure, Later, PluginFailed, or what ``outward`` raises."""
    given = settings_of(program, name)
    request: OutPost = program.plugins.ask(HOOK, name, lambda one: out_post(one.build(message, given), one))
    reply = _post(program, request)
    if reply.status in BUSY:
        raise Later(f"{reply.status} from the provider")
    if reply.status >= 500:
        raise Unsure(f"{reply.status} from the provider")
    try:
        answer = _json(reply)
        refusal = str(program.plugins.ask(HOOK, name, lambda one: one.refusal(answer)))[:200]
        number = str(program.plugins.ask(HOOK, name, lambda one: one.number(answer)))[:120] if not refusal else ""
    except (ValueError, PluginFailed) as error:
        if not 200 <= reply.status < 300:
            raise Refused(f"{reply.status} from the provider") from error
        raise Unsure(f"its answer could not be read: {type(error).__name__}") from error
    if refusal or not 200 <= reply.status < 300:
        raise Refused(refusal or f"{reply.status} {answer.get('errmsg') or answer.get('message') or ''}".strip())
    return Taken(str(reply.status), number)


def _text(program: Any, text_id: str) -> TextFact | None:
    with program.store.reading() as connection:
        found: TextFact | None = load_texts(connection, [text_id]).get(text_id)
    return found


def _record(program: Any, text: TextFact, state: str, answer: str, **more: object) -> None:
    program.dispatcher.perform(SYSTEM, "collection.record_text", {
        "text_id": text.id, "customer_id": text.customer_id, "state": state, "answer": answer[:300], **more})


@job(TEXT_TOPIC)
def send_text(program: Any, payload: dict[str, Any]) -> None:
    """Send one message, at most once; what is not sure is flagged, never sent again."""
    text = _text(program, payload["text_id"])
    if text is None or text.state not in ("queued", "sending"):
        return
    if text.state == "sending":
        _record(program, text, "unsure", "the worker ended while sending")
        return
    name = program.settings.sms_sender
    sender: MessageSender | None = program.plugins.declared(HOOK).get(name)
    if sender is None or "message" not in sender.sends:
        _record(program, text, "failed", "no provider of text messages is set")
        return
    program.dispatcher.perform(SYSTEM, "collection.begin_text", {
        "text_id": text.id, "customer_id": text.customer_id, "sender": name})
    message = OutMessage(text.id, text.to_number, text.body, text.template, text.lang, program.clock.now(), text.places)
    try:
        taken = hand_over(program, name, message)
    except (Later, outward.Unreachable) as error:
        _again(program, text, error)
    except Unsure as error:
        _record(program, text, "unsure", str(error))
    except (Refused, outward.NotAllowedOut, PluginFailed) as error:
        _record(program, text, "failed", str(error))
    else:
        _record(program, text, "sent", taken.answer, provider_number=taken.number,
                cost_minor=sender.cost_minor * parts_of(text.body))
        if sender.poll is not None and taken.number:
            _ask_later(program, text.id, 0)


def _again(program: Any, text: TextFact, error: Exception) -> None:
    """Nothing was taken: try again a few times. An answer that never came may be a yes."""
    if isinstance(error, outward.Unanswered):
        _record(program, text, "unsure", str(error))
        return
    if text.attempts + 1 >= MOST_ATTEMPTS:
        _record(program, text, "failed", str(error))
        return
    _record(program, text, "queued", str(error))
    raise Later(str(error)) from error


def _ask_later(program: Any, text_id: str, step: int) -> None:
    now = program.clock.now()
    wait = ASK_AFTER[step] - (ASK_AFTER[step - 1] if step else timedelta())
    row = {"id": uuid7(), "topic": POLL_TOPIC, "payload": {"text_id": text_id, "step": step}, "made_at": now,
           "due_at": now + wait, "attempts": 0, "error": ""}  # fmt: skip
    program.dispatcher.note(lambda connection: connection.execute(insert(table_of(OutboxRow)).values(**row)))


@job(POLL_TOPIC)
def ask_state(program: Any, payload: dict[str, Any]) -> None:
    """Ask the provider what became of a message, and of others it may be asked about at once."""
    text, step = _text(program, payload["text_id"]), int(payload["step"])
    if text is None or text.state != "sent":
        return
    sender: MessageSender | None = program.plugins.declared(HOOK).get(text.sender)
    if sender is not None and sender.poll is not None:
        with contextlib.suppress(PluginFailed, outward.Unreachable, outward.NotAllowedOut, ValueError):
            _ask(program, sender, text)  # else it stays as it is known; the next step asks again
    left = _text(program, text.id)
    if left is not None and left.state == "sent" and step + 1 < len(ASK_AFTER):
        _ask_later(program, text.id, step + 1)


def _waiting(program: Any, text: TextFact, most: int) -> dict[str, TextFact]:
    """The message, and the oldest others of its provider that wait for an answer, by the provider's number."""
    found = {text.provider_number: text}
    if most > 1:
        query = (select(_texts.c.id).where(_texts.c.state == "sent", _texts.c.sender == text.sender,
                                           _texts.c.provider_number != "")
                 .order_by(_texts.c.sent_at).limit(most))
        with program.store.reading() as connection:
            others = load_texts(connection, list(connection.scalars(query)))
        for other in others.values():
            if len(found) < most:
                found.setdefault(other.provider_number, other)
    return found


def _ask(program: Any, sender: MessageSender, text: TextFact) -> None:
    waiting, given = _waiting(program, text, sender.at_once), settings_of(program, sender.name)
    asked = tuple(Sent(one.id, one.provider_number, one.to_number, one.sent_at or program.clock.now())
                  for one in waiting.values())
    now, by_id = program.clock.now(), {one.id: one for one in waiting.values()}
    request = program.plugins.ask(HOOK, sender.name, lambda one: out_post(one.poll(asked, given, now), one))
    reply = _post(program, request)
    if not 200 <= reply.status < 300:
        return
    answer = _json(reply)
    for told in program.plugins.ask(HOOK, sender.name, lambda one: message_states(one.states(answer))):
        known = waiting.get(told.number) or by_id.get(told.number)
        if known is not None and told.state != "waiting":
            state = "delivered" if told.state == "delivered" else "failed"
            _record(program, known, state, told.reason, stopped=told.state == "stopped")
