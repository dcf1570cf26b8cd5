"""What the worker does for collecting: sending mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any, Protocol

from sqlalchemy import insert

from fieldsales.collection.effects import MAIL_TOPIC
from fieldsales.collection.optout import leaving_headers
from fieldsales.collection.queries import MailFact, mail
from fieldsales.collection.smtp import Delivery, deliver
from fieldsales.documents.queries import document_row, newest_revision
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.store.base import table_of
from fieldsales.store.models import OutboxRow
from fieldsales.store.outbox import Later, job

#: After this many attempts that took nothing a mail counts as refused.
MOST_ATTEMPTS = 10
#: How long a mail waits while no mail server is set.
NO_SERVER_WAIT = timedelta(minutes=15)


class Program(Protocol):
    """What this job uses of the running program."""

    settings: Any
    store: Any
    clock: Any
    dispatcher: Any
    parts: dict[str, Any]


def letter_bytes(found: MailFact, sender: str, paper: tuple[str, bytes] | None, more: Mapping[str, str] | None = None
                 ) -> bytes:
    """The mail as it goes over the wire. ``paper``: (file name, PDF bytes); ``more``: further headers."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = found.to_address
    message["Subject"] = found.subject
    message["Date"] = format_datetime(found.queued_at)
    message["Message-ID"] = found.message_id
    for name, value in (more or {}).items():
        message[name] = value
    message.set_content(found.body, cte="base64" if not found.body.isascii() else None)
    if paper:
        name, content = paper
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def _paper(program: Program, document_id: str) -> tuple[str, bytes]:
    """The sealed paper to attach, its newest revision; Later while its seal is not on."""
    with program.store.reading() as connection:
        document, newest = document_row(connection, document_id), newest_revision(connection, document_id)
    if document is None or newest is None:
        raise Later("the paper is not sealed yet")
    return f"{document['number']}.pdf", program.parts["blobs"].read(newest.sha256)


def _wait(program: Program, mail_id: str) -> None:
    now = program.clock.now()
    row = {"id": uuid7(), "topic": MAIL_TOPIC, "payload": {"mail_id": mail_id}, "made_at": now,
           "due_at": now + NO_SERVER_WAIT, "attempts": 0, "error": "no mail server is set"}  # fmt: skip
    program.dispatcher.note(lambda connection: connection.execute(insert(table_of(OutboxRow)).values(**row)))


@job(MAIL_TOPIC)
def send_mail(program: Program, payload: dict[str, Any]) -> None:
    """Send one mail, at most once per Message-ID; what is not sure is flagged, never sent again."""
    with program.store.reading() as connection:
        found = mail(connection, payload["mail_id"])
    if found is None or found.state in ("sent", "refused", "ambiguous"):
        return
    if found.state == "sending":
        _record(program, found.id, Delivery("ambiguous", "the worker ended while sending"))
        return
    settings = program.settings
    if not settings.smtp_url or not settings.mail_from:
        _wait(program, found.id)
        return
    paper = _paper(program, found.document_id) if found.document_id else None
    message = letter_bytes(found, settings.mail_from, paper, leaving_headers(found, settings))
    program.dispatcher.perform(SYSTEM, "collection.begin_mail", {"mail_id": found.id})
    delivery = deliver(settings.smtp_url, parseaddr(settings.mail_from)[1], found.to_address, message,
                       envelope_id=found.id)
    if delivery.state == "later" and found.attempts + 1 >= MOST_ATTEMPTS:
        delivery = Delivery("refused", delivery.answer)
    _record(program, found.id, delivery)
    if delivery.state == "later":
        raise Later(delivery.answer)


def _record(program: Program, mail_id: str, delivery: Delivery) -> None:
    state = "queued" if delivery.state == "later" else delivery.state
    program.dispatcher.perform(
        SYSTEM, "collection.record_mail", {"mail_id": mail_id, "state": state, "server_answer": delivery.answer}
    )
