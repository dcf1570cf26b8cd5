"""Photos in pieces: an upload goes on where it stopped, and counts only when its hash is right."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from fieldsales.dispatcher import Dispatcher
from fieldsales.documents.copies import Copies
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.operation import Actor
from fieldsales.plugin_api.fields import LARGEST, SOUNDS
from fieldsales.store.base import table_of
from fieldsales.store.blobs import BlobStore
from fieldsales.store.models import Blob
from fieldsales.sync.messages import BlobOffer, BlobState

#: What a phone may send: pictures, PDFs that were scanned, and recordings.
MIMES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "application/pdf", *SOUNDS})
#: The largest piece of one request, in bytes.
LARGEST_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Uploads:
    """Receives files of at most ``limit`` bytes for one person."""

    dispatcher: Dispatcher
    blobs: BlobStore
    actor: Actor
    limit: int
    copies: Copies

    def _part(self, sha256: str) -> str:
        # Apart by person: nobody can spoil another's upload, or learn of it.
        return f"{self.actor.user_id or 'system'}-{sha256}"

    def _check(self, offer: BlobOffer) -> None:
        if offer.mime not in MIMES:
            raise Invalid("blob_kind", N_("Only pictures, PDF files and recordings can be sent."), field="mime")
        if offer.size > min(self.limit, LARGEST["recording"] if offer.mime in SOUNDS else self.limit):
            raise Invalid("blob_size", N_("The file is too large."), field="size")

    def offer(self, offer: BlobOffer) -> BlobState:
        """A file is about to come: from where to send. Raises Invalid for a kind or size that is not taken."""
        self._check(offer)
        if self.blobs.has(offer.sha256):
            self._note(offer.sha256, offer.size, offer.mime)
            return BlobState(offset=offer.size, done=True)
        return BlobState(offset=self.blobs.offset(self._part(offer.sha256)), done=False)

    def take(self, offer: BlobOffer, offset: int, piece: bytes) -> BlobState:
        """Add a piece. Raises Invalid: ``upload_offset`` with the right offset, ``upload_hash``, ``blob_size``, or
        for what is no whole photo."""
        self._check(offer)
        if self.blobs.has(offer.sha256):
            return BlobState(offset=offer.size, done=True)
        part = self._part(offer.sha256)
        if offset + len(piece) > offer.size:
            raise Invalid("blob_size", N_("More bytes came than the file has."), field="size")
        here = self.blobs.append(part, offset, piece)
        if here < offer.size:
            return BlobState(offset=here, done=False)
        self.blobs.finish(part, offer.sha256)
        try:
            self.copies.admit(offer.sha256, self.blobs.read(offer.sha256), offer.mime)
        except Invalid:
            # No photo at all, cut short, or far too large: nothing anybody could look at.
            self.blobs.path(offer.sha256).unlink(missing_ok=True)
            raise
        self._note(offer.sha256, offer.size, offer.mime)
        return BlobState(offset=here, done=True)

    def take_whole(self, offer: BlobOffer, content: bytes) -> None:
        """Keep a file that came all at once. Raises Invalid: a wrong hash or size, a kind that is not taken."""
        self._check(offer)
        if len(content) != offer.size or hashlib.sha256(content).hexdigest() != offer.sha256:
            raise Invalid("upload_hash", N_("The file arrived damaged. It is sent again."))
        if not self.blobs.has(offer.sha256):
            self.copies.admit(offer.sha256, content, offer.mime)
            self.blobs.put(content)
        self._note(offer.sha256, offer.size, offer.mime)

    def _note(self, sha256: str, size: int, mime: str) -> None:
        table, now = table_of(Blob), self.dispatcher.clock.now()
        row = {"sha256": sha256, "size": size, "mime": mime, "stored_at": now, "by_id": self.actor.user_id}

        def write(connection: Connection) -> None:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            connection.execute(dialect.insert(table).values(**row).on_conflict_do_nothing())

        self.dispatcher.note(write)
