"""Operations on text messages to debtors: queued with their act, sent by the worker, followed until they arrived.

A message goes at most once: ``sending`` is written before the provider is spoken to, so that a worker that dies in
between leaves one that is flagged unsure and not sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection, select

from fieldsales.collection.gate import Contact, Stop
from fieldsales.collection.gate_acts import PRESSING
from fieldsales.collection.gate_service import add_tasks, count, stop
from fieldsales.collection.messages import TextDelivered
from fieldsales.collection.textmodels import TextMessage
from fieldsales.customers.guards import system_only
from fieldsales.kernel.errors import N_, RuleBroken
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.kernel.operation import Command, Id, Need, operation
from fieldsales.kernel.text import Line
from fieldsales.plugin_api.texts import SendText
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

TEXT_TOPIC = "collection.text"
#: The longest message of one part, and what each part of a longer one holds (GSM 03.38 in UCS-2, 140 bytes).
ONE_PART, EACH_PART = 70, 67
_texts = table_of(TextMessage)


class BeginText(Command):
    """The worker is about to hand a message to the provider (by the system)."""

    text_id: Id
    customer_id: Id
    sender: Line


class RecordText(Command):
    """What became of a message (by the system). ``stopped``: they want no messages."""

    text_id: Id
    customer_id: Id
    state: Literal["queued", "sent", "delivered", "failed", "unsure"]
    answer: Annotated[str, Field(max_length=300)] = ""
    provider_number: Annotated[str, Field(max_length=120)] = ""
    cost_minor: Annotated[int, Field(ge=0, le=10**9)] = 0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class TextFact:
    """A message on record, with all that sending and following it needs."""

    id: str
    customer_id: str
    action_id: str | None
    debtor_id: str | None
    to_number: str
    body: str
    template: str
    places: dict[str, Any]
    lang: str
    delivered_effect: str
    state: str
    sender: str
    provider_number: str
    by_id: str
    attempts: int
    sent_at: datetime | None


@fact("text_message")
def load_texts(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Text messages by id."""
    names = TextFact.__dataclass_fields__
    rows = connection.execute(select(*(_texts.c[name] for name in names)).where(_texts.c.id.in_(keys)))
    return {row.id: TextFact(*row) for row in rows}


def parts_of(text: str) -> int:
    """How many parts a message is sent and paid in: Chinese signs take two bytes each."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= ONE_PART else -(-units // EACH_PART)


def queue_text(work: Work, customer_id: str, text: SendText, *, action_id: str, debtor_id: str | None) -> None:
    """Put a message on record and have the worker send it."""
    text_id = uuid7()
    work.insert(
        TextMessage, id=text_id, customer_id=customer_id, action_id=action_id, debtor_id=debtor_id, to_number=text.to,
        body=text.text, template=text.template, places=dict(text.places),
        lang="en" if work.actor.locale == "en" else "zh", delivered_effect=text.delivered_effect, state="queued",
        sender="", provider_number="", answer="", parts=parts_of(text.text), cost_minor=0, by_id=work.actor.user_id,
        queued_at=work.now, sent_at=None, settled_at=None, attempts=0,
    )  # fmt: skip
    work.after(TEXT_TOPIC, {"text_id": text_id})


def _needs(command: BeginText | RecordText) -> list[Need]:
    return [Need("text_message", command.text_id), Need("customer", command.customer_id),
            Need("gate", command.customer_id)]


@operation("collection.begin_text", BeginText, needs=_needs, guard=system_only)
def begin_text(work: Work, command: BeginText) -> None:
    """Write down that a message is about to be handed over. Only a queued one may be."""
    text: TextFact = work.require("text_message", command.text_id)
    if text.state != "queued":
        raise RuleBroken("collection.text_begun", N_("This message has been handed over already."))
    values: dict[str, Any] = {"state": "sending", "sender": command.sender, "attempts": text.attempts + 1}
    work.update(TextMessage, text.id, **values)
    work.facts.put("text_message", text.id, replace(text, **values))


@operation("collection.record_text", RecordText, needs=_needs, guard=system_only)
def record_text(work: Work, command: RecordText) -> None:
    """Write down what became of a message. Handed over, it counts as a contact; reported as delivered, as arrived.

    One that failed is its sender's to see to; one that is settled stays as it is, whatever is reported later.
    """
    text: TextFact = work.require("text_message", command.text_id)
    if text.state in ("delivered", "failed", "unsure") or (command.state == "delivered" and text.state != "sent"):
        return
    values: dict[str, Any] = {"state": command.state, "answer": command.answer}
    if command.state == "sent":
        values |= {"sent_at": work.now, "provider_number": command.provider_number, "cost_minor": command.cost_minor}
    if command.state in ("delivered", "failed", "unsure"):
        values["settled_at"] = work.now
    work.update(TextMessage, text.id, **values)
    work.facts.put("text_message", text.id, replace(text, state=command.state))
    work.touch(text.customer_id)
    if command.state == "sent" and text.delivered_effect in PRESSING:
        contact = Contact("message", work.now, debtor_id=text.debtor_id or "")
        count(work, text.customer_id, contact, made_id=derived_id(text.id, "contact"), effective=True,
              source=("text", text.id))
    if command.state == "delivered" and text.delivered_effect:
        work.emit(TextDelivered(text.id, text.customer_id, text.debtor_id, text.delivered_effect, work.now))
    if command.state in ("failed", "unsure"):
        add_tasks(work, text.customer_id, "text_failed", text.id, [text.by_id], work.today, text.to_number)
    if command.stopped:
        given = Stop(derived_id(text.id, "stop"), "objection", work.now)
        stop(work, text.customer_id, given, command.answer, text.to_number)
