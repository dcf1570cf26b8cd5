"""What the worker does for clause sets: laying a published one where papers find it."""

from __future__ import annotations

from typing import Any

from fieldsales.documents.clausekeeping import LAY_TOPIC, edition_row
from fieldsales.documents.editions import HOME_FOLDER, lay_down
from fieldsales.store.outbox import job


@job(LAY_TOPIC)
def lay_clauses(program: Any, payload: dict[str, Any]) -> None:
    """Lay a published set down. Run twice, it is laid once."""
    with program.store.reading() as connection:
        row = edition_row(connection, payload["version"])
    if row is not None and row.state == "published":
        lay_down(program.settings.home / HOME_FOLDER, row.version, row.body)
