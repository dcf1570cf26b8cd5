"""Migrations: up and down on both engines, with data in them, and equal to the models."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from fieldsales.schema import metadata
from fieldsales.store import Store, make_engine, migrate
from fieldsales.store.migrating import newest_revision, revision_of
from tests import cast
from tests.house import canaries

#: The search index is made by statements of its own, not from a model.
SEARCH = ("customer_search", "customers_fts", "ix_customers_grams")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'fieldsales.db'}"
    url: str = request.getfixturevalue("empty_postgres")
    return url


def test_up_makes_the_models_tables_and_down_takes_them_away_with_data_in_them(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)  # again: nothing to do
    engine = make_engine(empty_url)
    store = Store(engine)
    with store.writing() as connection:
        cast.fill(connection)
        canaries.fill(connection)
    with store.reading() as connection:
        assert revision_of(connection) == newest_revision()
        differences = [found for found in compare_metadata(MigrationContext.configure(connection), metadata)
                       if not any(name in str(found) for name in SEARCH)]
        assert differences == []
    engine.dispose()
    migrate(empty_url, to="base")
    engine = make_engine(empty_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()


def test_new_sqlite_file_is_in_wal_with_full_sync(tmp_path: Path) -> None:
    path = tmp_path / "home" / "fieldsales.db"
    migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()
