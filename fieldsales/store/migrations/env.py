"""Alembic's environment: the program's own connection, batch mode for SQLite, one transaction a migration."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from fieldsales.store.base import Base, UtcDateTime


def _rendered(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    # A migration says what the column is, not what class the program has for it today.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def _ours(item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    """The search index is made by statements of its own, not from a model."""
    searching = (name or "").startswith(("customers_fts", "customer_search", "ix_customers_grams"))
    return not (reflected and searching)


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True,
    render_item=_rendered, include_object=_ours, transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
