"""Noticing that the database was restored from a backup: then phones must send again what they once sent.

The worker writes beside the database how far the audit chain had come and its last link. A database whose chain is
shorter, or has another link there, is not the one that went on: a new epoch begins. Restored together with the
folder the note goes back as well, and restored within one pulse it says nothing: so the handbook asks for
``python3 -m fieldsales epoch renew`` after every restore. One epoch too many costs a phone one exchange.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from fieldsales.dispatcher import Dispatcher
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditLink
from fieldsales.sync.service import new_epoch

log = logging.getLogger(__name__)
_links = table_of(AuditLink).c


def watch(dispatcher: Dispatcher, home: Path) -> bool:
    """Compare the note with the database, then write it anew. Returns whether a new epoch was begun."""
    path = home / "epoch.json"
    noted = _read(path)
    with dispatcher.store.reading() as connection:
        last = connection.execute(select(_links.seq, _links.link_sha256).order_by(_links.seq.desc()).limit(1)).first()
        restored = noted is not None and _link_at(connection, noted["seq"]) != noted["link"]
    now: dict[str, Any] = {"seq": last.seq, "link": last.link_sha256} if last else {"seq": 0, "link": ""}
    if restored:
        log.warning("the database is not the one that went on: restored from a backup; a new epoch begins",
                    extra={"seq_noted": noted["seq"] if noted else 0, "seq_found": now["seq"]})
        new_epoch(dispatcher)
    if now != noted:
        _write(path, now)
    return restored


def _link_at(connection: Connection, seq: int) -> str:
    return str(connection.execute(select(_links.link_sha256).where(_links.seq == seq)).scalar() or "")


def _read(path: Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(path.read_text(encoding="utf-8"))
        return {"seq": int(found["seq"]), "link": str(found["link"])}
    return None


def _write(path: Path, note: dict[str, Any]) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(note), encoding="utf-8")
    os.replace(part, path)
