"""What phones and the server say to each other over ``/api/v1``. Also the source of its OpenAPI."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fieldsales.kernel.clock import Claimed
from fieldsales.kernel.operation import Command, Id, Sha256
from fieldsales.kernel.text import Prose
from fieldsales.sync.forms import Form

#: The most commands one push may carry, and the largest body, in bytes.
MOST_COMMANDS = 200
LARGEST_PUSH = 4 * 1024 * 1024
LARGEST_PAGE = 200


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class CloseRecord(Command):
    """A record that was not applied is done with: why, for its author to read."""

    record_id: Id
    reason: Annotated[Prose, Field(min_length=1)]


class HandRecord(Command):
    """Somebody else of the office shall look at a record."""

    record_id: Id
    to_user_id: Id
    note: Prose = ""


class NotePutRight(Command):
    """A corrected command took a record's place."""

    record_id: Id
    new_command_id: Id


class BlobRef(_Wire):
    """A photo that belongs to a command and travels apart from it."""

    role: str = "photo"
    slot: str = "photo"
    sha256: Sha256
    size: Annotated[int, Field(ge=1)]
    mime: str = "image/jpeg"


class FormRef(_Wire):
    """The plugin form a command was filled in on."""

    id: str
    version: int | str


class WireCommand(_Wire):
    """One command as a phone keeps and sends it; the same bytes each time.

    ``command_id`` is the idempotency key; ``needs`` names entities that must be applied before;
    ``mono`` is the device's monotonic clock in milliseconds, ``tz`` its time zone's name.
    """

    command_id: Id
    v: Annotated[int, Field(ge=1, le=1000)] = 1
    seq: int | None = None
    operation: Annotated[str, Field(max_length=80)]
    entity_id: Id | None = None
    needs: Annotated[list[Id], Field(max_length=50)] = []
    base_rev: int | None = None
    payload: dict[str, Any]
    form: FormRef | None = None
    made_at: Claimed = None
    mono: int | None = None
    tz: str = ""
    app: str = ""
    blobs: Annotated[list[BlobRef], Field(max_length=100)] = []


class Push(_Wire):
    """A phone's outbox, in its own order.

    ``pending``: how many commands it holds in all, these among them; ``pending_blobs``: how many photos are not here
    yet; ``app``: its version.
    """

    device: Id | None = None
    epoch: str = ""
    sent_at: Claimed = None
    pending: Annotated[int, Field(ge=0, le=10**9)] = 0
    pending_blobs: Annotated[int, Field(ge=0, le=10**9)] = 0
    app: Annotated[str, Field(max_length=40)] = ""
    commands: Annotated[list[Any], Field(max_length=MOST_COMMANDS)]


class Result(_Wire):
    """The verdict on one command. ``text`` is a sentence in the reader's language."""

    command_id: str | None
    status: Literal["applied", "conflict", "held", "rejected", "retry"]
    code: str = ""
    text: str = ""
    field: str | None = None
    data: dict[str, Any] | None = None
    duplicate: bool = False


class PushAnswer(_Wire):
    """One result for each command sent."""

    epoch: str
    now: datetime
    results: list[Result]


class Change(_Wire):
    """A document as it stands now, or its end: ``deleted``, or out of this person's ``scope``."""

    kind: str
    id: str
    rev: int | None = None
    doc: dict[str, Any] | None = None
    removed: Literal["deleted", "scope"] | None = None


class PullAnswer(_Wire):
    """A page of changes and where to go on. ``reset``: forget everything pulled before."""

    epoch: str
    cursor: str
    more: bool
    reset: bool = False
    changes: list[Change]
    forms_etag: str


class Ping(_Wire):
    """Proof that this is fieldsales and not a captive portal. ``device``: active | unknown | wipe."""

    fieldsales: Literal[1]
    epoch: str
    now: datetime
    user_id: str | None
    name: str = ""
    device: Literal["active", "unknown", "wipe"] | None = None


class BlobOffer(_Wire):
    """A file about to be sent. ``size`` in bytes."""

    sha256: Sha256
    size: Annotated[int, Field(ge=1)]
    mime: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,60}$")] = "image/jpeg"


class FileBlob(BlobOffer):
    """A photo inside an outbox file."""

    command_id: str = ""
    base64: str


class OutboxFile(_Wire):
    """Everything unsent of a phone, as its export writes it.

    ``signature`` (base64url, raw r‖s, ECDSA P-256 with SHA-256, by the key of ``device_id``) is over the RFC 8785
    form of ``{fieldsales_outbox, user_id, device_id, exported_at, commands, blobs}``, where ``commands`` are the
    SHA-256 of each command's RFC 8785 form and ``blobs`` those of the photos.
    """

    fieldsales_outbox: Literal[1]
    user_id: Id
    device_id: str = ""
    exported_at: Annotated[str, Field(max_length=40)] = ""
    signature: Annotated[str, Field(max_length=200)] = ""
    commands: Annotated[list[Any], Field(max_length=5000)]
    blobs: Annotated[list[FileBlob], Field(max_length=2000)] = []


class OutboxAnswer(_Wire):
    """What became of an outbox file: whose it was, one result for each command, how many photos were kept."""

    author_id: str
    results: list[Result]
    photos: int
    photos_refused: list[str] = []


class BlobState(_Wire):
    """How much of a file is here. ``done``: all of it, and its hash is right."""

    offset: int
    done: bool


class StatusAnswer(_Wire):
    """What became of commands, and those of the files asked for that are here whole."""

    results: list[Result]
    photos: list[str]


class Forms(_Wire):
    """The forms of the methods that plugins bring."""

    etag: str
    forms: list[Form]


class Enrolled(_Wire):
    """The phone is known."""

    device_id: str


class ErrorSaid(_Wire):
    """What went wrong: a stable code, a sentence in the reader's language, the field it belongs to."""

    code: str
    text: str
    field: str | None = None


class ErrorAnswer(_Wire):
    """A refusal."""

    error: ErrorSaid
