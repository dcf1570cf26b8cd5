"""Alembic's environment: the program's own engine, batch mode for SQLite, one transaction a migration."""

from __future__ import annotations

from alembic import context

from fieldsales.store.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
