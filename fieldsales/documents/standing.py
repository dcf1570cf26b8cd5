"""Whether a paper still stands: each capability says what has become of the papers it had made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

#: ``(connection, subject id)`` → valid, superseded or void
Standing = Callable[[Connection, str], str]
STANDING: dict[str, Standing] = {}


def standing(subject_kind: str) -> Callable[[Standing], Standing]:
    """Declare who says what has become of the papers of one kind of thing (plan, statement, …)."""

    def declare(function: Standing) -> Standing:
        STANDING[subject_kind] = function
        return function

    return declare


def status_of(connection: Connection, document: dict[str, Any]) -> str:
    """valid, superseded or void; a paper nobody speaks for is valid once it is sealed."""
    says = STANDING.get(document["subject_kind"])
    return says(connection, document["subject_id"]) if says else "valid"
