"""An outbox that comes as a file: a phone could save but not send, or was given away.

Whose the records are is proved by the phone's own key: the file is signed over the digests of everything in it.
Its author may hand in his own file, signed or not. Another's is taken only from his manager or an administrator,
and only when an enrolled phone of the author's has signed it; it is then judged as the author's, ``delivered_by``
whoever brought it. What nobody's key vouches for can be taken only as the bringer's own.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fieldsales.documents.canonical import canonical, is_signed_by
from fieldsales.documents.copies import Copies
from fieldsales.kernel.errors import N_, Invalid, NotAllowed
from fieldsales.kernel.operation import Actor, Answer
from fieldsales.people.queries import actor_by_id
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.sync import queries, service
from fieldsales.sync.messages import MOST_COMMANDS, FileBlob, OutboxFile
from fieldsales.sync.rules import digest_of
from fieldsales.sync.uploads import Uploads

if TYPE_CHECKING:
    from fieldsales.web.here import Program


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file: whose it was, the verdicts in order, how many photos were kept and which were not."""

    author: Actor
    answers: list[Answer]
    photos: int
    photos_refused: tuple[str, ...]


def signed_bytes(file: OutboxFile) -> bytes:
    """What the phone signs: the RFC 8785 form of who, which phone, when, and the digest of each record and photo.

    Raises Invalid when a record cannot be read.
    """
    try:
        digests = [digest_of(command) for command in file.commands]
        return canonical({"fieldsales_outbox": file.fieldsales_outbox, "user_id": file.user_id,
                          "device_id": file.device_id, "exported_at": file.exported_at, "commands": digests,
                          "blobs": [blob.sha256 for blob in file.blobs]})
    except (ValueError, TypeError, RecursionError) as error:
        raise Invalid("outbox.unreadable", N_("This is not an outbox file, or it was damaged.")) from error


def take_in(program: Program, actor: Actor, file: OutboxFile, *, as_own: bool = False) -> TakenIn:
    """Judge a file's records and keep its photos. Taken in twice, the second time changes nothing.

    Raises Invalid for a file whose signature does not fit, NotAllowed for another's file that this person may
    not bring.
    """
    author = actor if as_own else _author(program, actor, file)
    brought_by = None if author.user_id == actor.user_id else actor.user_id
    answers: list[Answer] = []
    for start in range(0, len(file.commands), MOST_COMMANDS):
        answers += service.judge(program.dispatcher, author, file.commands[start : start + MOST_COMMANDS],
                                 device=file.device_id or None, delivered_by=brought_by)
    uploads = Uploads(program.dispatcher, program.parts["blobs"], author, program.settings.upload_limit_mb << 20,
                      Copies(program.settings.home / "copies"))
    refused = tuple(blob.sha256 for blob in file.blobs if not _kept(uploads, blob))
    return TakenIn(author, answers, len(file.blobs) - len(refused), refused)


def _author(program: Program, actor: Actor, file: OutboxFile) -> Actor:
    with program.store.reading() as connection:
        device: Any = queries.device_row(connection, file.device_id) if file.device_id else None
        author = actor_by_id(connection, file.user_id)
    signed = bool(file.signature) and device is not None and device.user_id == file.user_id
    if signed and not is_signed_by(device.public_key, file.signature, signed_bytes(file)):
        raise Invalid("outbox.changed", N_("This file was changed after the phone wrote it. It is not taken in."))
    if file.user_id == actor.user_id:
        return actor
    if author is None or not _may_bring(actor, author):
        raise NotAllowed("outbox.not_yours", N_("Only its author, his manager or an administrator may hand this in."))
    if not signed:
        raise NotAllowed("outbox.unsigned", N_("No phone of its author has signed this file, so nobody can know whose "
                                               "records these are. It can only be taken in as your own."))
    if device.revoked_at is not None:
        raise NotAllowed("outbox.revoked", N_("The phone that signed this file was revoked, so its word counts no "
                                              "more. It can only be taken in as your own."))
    return replace(author, locale=actor.locale)


def _may_bring(actor: Actor, author: Actor) -> bool:
    scope = scope_of(actor)
    return may_manage(actor) and (scope.kind == "all" or (scope.kind == "team" and scope.team_id == author.team_id))


def _kept(uploads: Uploads, blob: FileBlob) -> bool:
    try:
        uploads.take_whole(blob, base64.b64decode(blob.base64, validate=True))
    except (Invalid, binascii.Error):
        return False
    return True
