"""Bringing a database to the present schema, and back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from fieldsales.store.engines import make_engine, normal_url, use_wal

FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str, *, to: str = "head") -> None:
    """Bring the database at ``url`` to revision ``to``; makes a SQLite file in WAL mode when there is none.

    A killed migration leaves the last whole revision: run it again.
    """
    address = make_url(normal_url(url))
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        use_wal(address.database)
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(fieldsales_writing=True) as connection:
            if to == "base":
                command.downgrade(_config(connection), to)
            else:
                command.upgrade(_config(connection), to)
            connection.commit()
    finally:
        engine.dispose()


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at, or None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The revision the program's own migrations lead to."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def new_revision(url: str, message: str, revision: str) -> None:
    """Write a migration from the difference between the database at ``url`` and the models (developers)."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            command.revision(_config(connection), message, autogenerate=True, rev_id=revision)
    finally:
        engine.dispose()
