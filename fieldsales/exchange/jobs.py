"""A long import, carried out by the worker; its progress stands in the import's record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, update

from fieldsales.exchange.filein import from_record
from fieldsales.exchange.importing import Importer
from fieldsales.exchange.keeping import table_again
from fieldsales.exchange.models import Import
from fieldsales.exchange.queries import past_imports
from fieldsales.kernel.errors import TradeError
from fieldsales.kernel.operation import Actor
from fieldsales.people.queries import actor_by_id
from fieldsales.store.base import table_of
from fieldsales.store.outbox import job
from fieldsales.web.here import Program

_imports = table_of(Import)


@job("exchange.run_import")
def run_import(program: Program, payload: dict[str, Any]) -> None:
    """Take a file in that was opened before. A worker that died is followed by one that goes on."""
    import_id = payload["import_id"]
    with program.store.reading() as connection:
        found = past_imports(connection, 1, import_id)
        actor: Actor | None = actor_by_id(connection, payload["actor_id"])
    if not found or found[0].state != "running" or actor is None:
        return
    record = found[0]

    def note(done: int, total: int) -> None:
        def write(connection: Connection) -> None:
            connection.execute(update(_imports).where(_imports.c.id == import_id, _imports.c.state == "running")
                               .values(counts={"done": done, "total": total}))
        program.dispatcher.note(write)

    try:
        given = from_record(table_again(program, record.sha256, record.mapping), record.filename, record.sha256,
                            record.kind, record.mapping, record.date_order)
        Importer(program.dispatcher, actor, note).run(given.reading(), given.source(), import_id)
    except TradeError as error:
        failure = {"error": {"code": error.code, "message": error.message, "params": _plain(error.params)}}

        def fail(connection: Connection) -> None:
            row = update(_imports).where(_imports.c.id == import_id)
            connection.execute(row.values(state="failed", counts=failure))
        program.dispatcher.note(fail)


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, (str, int)) else str(value) for name, value in params.items()}
