"""What anybody who holds a paper, or knows its number, may know of it: names masked, no amounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from fieldsales.documents import canonical
from fieldsales.documents.keys import DEVELOPMENT_SEAL
from fieldsales.documents.papers import HASH_SIGNS
from fieldsales.documents.queries import revisions_of
from fieldsales.documents.rules import SIGNED_KINDS, masked
from fieldsales.documents.standing import status_of


@dataclass(frozen=True, slots=True)
class Facts:
    """What anybody with the number may know of a paper. ``status``: valid, superseded, void, expired."""

    number: str
    kind: str
    state: str
    status: str
    debtor: str
    seller: str
    made_at: datetime
    sealed_at: datetime | None
    short_hash: str
    certificate: str
    development: bool
    time_pending: bool
    revisions: tuple[Any, ...]

    @property
    def newest(self) -> Any:
        """The state the file is in now, or None."""
        return self.revisions[-1] if self.revisions else None

    @property
    def countersigned(self) -> bool:
        """Whether the creditor has countersigned."""
        return any(one.kind == "countersigned" for one in self.revisions)


def facts_of(connection: Connection, document: dict[str, Any] | None) -> Facts | None:
    """The public facts of a paper's row; None for none."""
    if document is None:
        return None
    payload = document["source"].get("payload") or {}
    signing = document["source"].get("signing")
    signed = document["kind"] in SIGNED_KINDS and signing
    short = signing["manifest_sha256"] if signed else canonical.digest(payload)
    return Facts(
        document["number"], document["kind"], document["state"], status_of(connection, document),
        masked(payload.get("debtor_name", ""), payload.get("debtor_kind", "company")), payload.get("seller_name", ""),
        document["made_at"], document["sealed_at"], short[:HASH_SIGNS], document["certificate"],
        document["certificate"].startswith(DEVELOPMENT_SEAL), document["time_wanted_at"] is not None,
        tuple(revisions_of(connection, document["id"])),
    )  # fmt: skip
