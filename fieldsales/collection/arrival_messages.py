"""Commands and events of what comes back from debtors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Id, Sha256
from fieldsales.kernel.text import Line, Prose

#: What a stranger wrote: any signs, cut to size; the operation cleans it.
_Foreign = Annotated[str, Field(max_length=20_000)]


class ReceivedFile(BaseModel):
    """A file that came with a message; its bytes are here already."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Sha256
    name: Annotated[str, Field(max_length=200)]
    mime: Annotated[str, Field(max_length=120)] = ""
    size: Annotated[int, Field(ge=0)]


class ReceiveMessage(Command):
    """A message came in from outside (by the system, as a plugin's job read it).

    ``answers``: Message-IDs or ids of mails of ours that it may answer, the likeliest first.
    """

    message_id: Id
    channel: Literal["mail", "message"] = "mail"
    kind: Literal["reply", "auto_reply", "opt_out", "failed", "delayed", "delivered", "relayed", "unreadable"]
    sender: Annotated[str, Field(max_length=254)] = ""
    subject: Annotated[str, Field(max_length=200)] = ""
    text: _Foreign = ""
    answers: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=50)] = []
    address: Annotated[str, Field(max_length=254)] = ""
    detail: Annotated[str, Field(max_length=1000)] = ""
    written_at: datetime | None = None
    files: Annotated[list[ReceivedFile], Field(max_length=20)] = []
    raw_sha256: Annotated[str, Field(max_length=64)] = ""
    source: Line = ""


class FileMessage(Command):
    """A person says whose an unmatched message is."""

    message_id: Id
    customer_id: Id


class DismissMessage(Command):
    """A person says that an unmatched message is nothing of ours. It stays on record, and in the mailbox."""

    message_id: Id


class ClearAddress(Command):
    """Somebody says that an address works after all."""

    customer_id: Id
    address: Annotated[str, Field(max_length=254)]
    note: Prose = ""


class OptOut(Command):
    """The debtor took the link in a mail: no more demands by mail (by the system). Once, however often."""

    mail_id: Id


@dataclass(frozen=True, slots=True)
class MessageArrived(Event):
    """A message from a debtor is on record."""

    message_id: str
    customer_id: str
    kind: str
    mail_id: str | None


@dataclass(frozen=True, slots=True)
class MailArrived(Event):
    """A mail nobody was sure of has arrived after all: it was answered, or their server said so."""

    mail_id: str
    message_id: str
    customer_id: str
    debtor_id: str | None
    effect: str
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class MailCameBack(Event):
    """A mail their server had accepted came back for good: it never arrived."""

    mail_id: str
    message_id: str
    customer_id: str
    effect: str
    detail: str
