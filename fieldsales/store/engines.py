"""One engine factory for the program, Flask-SQLAlchemy and the tests."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from fieldsales.store.remembering import READING


def normal_url(url: str) -> str:
    """A DATABASE_URL as SQLAlchemy wants it: psycopg 3 for any spelling of PostgreSQL."""
    for old in ("postgres://", "postgresql://", "postgresql+psycopg2://"):
        if url.startswith(old):
            return "postgresql+psycopg://" + url[len(old) :]
    return url


def _on_sqlite_connect(raw: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction handling is off: BEGIN is ours to say (see _on_sqlite_begin).
    raw.isolation_level = None
    # NORMAL lost acknowledged writes in a power-loss replay, FULL lost none.
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA busy_timeout=15000")
    # The worker checkpoints, not the request that happens to fill the page.
    raw.execute("PRAGMA wal_autocheckpoint=4000")


def _on_sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("fieldsales_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for ``url``: SQLite with FULL, foreign keys and IMMEDIATE writers; PostgreSQL pooled."""
    url = normal_url(url)
    options.setdefault("hide_parameters", True)  # an error's text goes into the log; names and amounts do not
    if make_url(url).get_backend_name() == "sqlite":
        options.setdefault("connect_args", {"timeout": 15, "check_same_thread": False})
        engine = create_engine(url, **options)
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    options.setdefault("pool_size", 10)
    options.setdefault("pool_pre_ping", True)
    return create_engine(url, **options)


def use_wal(path: str) -> None:
    """Set WAL once, on a raw connection outside any transaction (inside one it fails)."""
    raw = sqlite3.connect(path)
    try:
        raw.execute("PRAGMA journal_mode=WAL")
    finally:
        raw.close()


class Store:
    """The database, as the dispatcher and queries see it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read by; whatever it did is rolled back."""
        with self.engine.connect().execution_options(**{READING: True}) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction: IMMEDIATE on SQLite. Only the dispatcher opens it."""
        with self.engine.connect().execution_options(fieldsales_writing=True) as connection, connection.begin():
            yield connection
