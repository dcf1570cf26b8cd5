"""Keeping bytes: in the blob store by their SHA-256, and known to the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from fieldsales.dispatcher import Dispatcher
from fieldsales.store.base import table_of
from fieldsales.store.blobs import BlobStore
from fieldsales.store.models import Blob


def keep(dispatcher: Dispatcher, blobs: BlobStore, content: bytes, mime: str, now: datetime, by_id: str = "") -> str:
    """Keep the bytes durably, then note them. Returns their SHA-256; the same bytes twice are kept once."""
    sha256 = blobs.put(content)
    table = table_of(Blob)
    row: dict[str, Any] = {"sha256": sha256, "size": len(content), "mime": mime, "stored_at": now, "by_id": by_id}

    def write(connection: Connection) -> None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table).values(**row).on_conflict_do_nothing())

    dispatcher.note(write)
    return sha256
