"""Photos and scans that belong to something on record: named at once, their bytes follow by the blob route."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from fieldsales.documents.models import Attachment
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.store.models import Blob
from fieldsales.store.work import Work, fact

_blobs = table_of(Blob)
#: What only the office looks at: its photos go to no phone, and no rep opens them.
OFFICE_KINDS = ("faith",)
#: What strangers sent: no picture of ours. It is shown with the message it came with, and only handed out as a file.
FOREIGN_KINDS = ("message",)


@fact("file_here")
def load_files_here(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """By SHA-256: True where the bytes are here whole. One that is still on its way is left out."""
    return dict.fromkeys(connection.scalars(select(_blobs.c.sha256).where(_blobs.c.sha256.in_(keys))), True)


def expect_photo(work: Work, customer_id: str, kind: str, subject_id: str, slot: str, sha256: str,
                 original_sha256: str | None = None, mime: str = "image/jpeg", size: int = 0) -> None:  # fmt: skip
    """Expect a photo of a thing (``kind`` and ``subject_id``): its bytes fill the slot by their SHA-256.

    ``size`` in bytes, 0 where it is not known yet.
    """
    work.insert(
        Attachment, id=uuid7(), customer_id=customer_id, subject_kind=kind, subject_id=subject_id, slot=slot,
        sha256=sha256, original_sha256=original_sha256, mime=mime, size=size, by_id=work.actor.user_id, at=work.now,
    )
