"""The index behind the search of customers: FTS5 on SQLite, GIN over short pieces on PostgreSQL.

SQLite: ``customer_search`` gives every customer a number that VACUUM keeps; ``customers_fts`` indexes
its words; triggers keep both. PostgreSQL: a function cuts the search column into the pieces that
``search.grams`` asks for, and a GIN index holds them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event

from fieldsales.customers.models import Customer
from fieldsales.store.base import table_of

_SQLITE = (
    """CREATE TABLE IF NOT EXISTS customer_search (
        n INTEGER PRIMARY KEY, customer_id TEXT NOT NULL UNIQUE, words TEXT NOT NULL)""",
    """CREATE VIRTUAL TABLE IF NOT EXISTS customers_fts USING fts5(
        words, content='customer_search', content_rowid='n', prefix='1 2 3',
        tokenize="unicode61 remove_diacritics 0")""",
    """CREATE TRIGGER IF NOT EXISTS customers_search_added AFTER INSERT ON customers BEGIN
        INSERT INTO customer_search (customer_id, words) VALUES (new.id, new.search_text);
        INSERT INTO customers_fts (rowid, words)
            SELECT n, words FROM customer_search WHERE customer_id = new.id;
    END""",
    """CREATE TRIGGER IF NOT EXISTS customers_search_changed AFTER UPDATE OF search_text ON customers
        WHEN old.search_text <> new.search_text BEGIN
        INSERT INTO customers_fts (customers_fts, rowid, words)
            SELECT 'delete', n, words FROM customer_search WHERE customer_id = old.id;
        UPDATE customer_search SET words = new.search_text WHERE customer_id = new.id;
        INSERT INTO customers_fts (rowid, words)
            SELECT n, words FROM customer_search WHERE customer_id = new.id;
    END""",
    """CREATE TRIGGER IF NOT EXISTS customers_search_removed AFTER DELETE ON customers BEGIN
        INSERT INTO customers_fts (customers_fts, rowid, words)
            SELECT 'delete', n, words FROM customer_search WHERE customer_id = old.id;
        DELETE FROM customer_search WHERE customer_id = old.id;
    END""",
)
_SQLITE_DROP = (
    "DROP TRIGGER IF EXISTS customers_search_added", "DROP TRIGGER IF EXISTS customers_search_changed",
    "DROP TRIGGER IF EXISTS customers_search_removed", "DROP TABLE IF EXISTS customers_fts",
    "DROP TABLE IF EXISTS customer_search",
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION search_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        WITH pieces AS (
            SELECT w, lead(w) OVER (ORDER BY at) AS following
            FROM unnest(string_to_array(trim(words), ' ')) WITH ORDINALITY AS t(w, at) WHERE w <> '')
        SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
            SELECT '^' || left(w, 1) AS gram FROM pieces
            UNION ALL SELECT left(w, 1) || ' ' || left(following, 1) FROM pieces WHERE following IS NOT NULL
            UNION ALL SELECT substr(w, i, 2) FROM pieces, generate_series(1, length(w) - 1) AS i
        ) AS grams
    $$""",
    "CREATE INDEX IF NOT EXISTS ix_customers_grams ON customers USING gin (search_grams(search_text))",
)
_POSTGRESQL_DROP = (
    "DROP INDEX IF EXISTS ix_customers_grams", "DROP FUNCTION IF EXISTS search_grams(text)",
)


def create_search(connection: Connection) -> None:
    """Make the index on either engine. Harmless when it is there. Called by migrations and ``create_all``."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


def drop_search(connection: Connection) -> None:
    """Take the index away again."""
    for statement in _SQLITE_DROP if connection.dialect.name == "sqlite" else _POSTGRESQL_DROP:
        connection.exec_driver_sql(statement)


@event.listens_for(table_of(Customer), "after_create")
def _after_create(_table: Any, connection: Connection, **_: Any) -> None:
    create_search(connection)


@event.listens_for(table_of(Customer), "before_drop")
def _before_drop(_table: Any, connection: Connection, **_: Any) -> None:
    drop_search(connection)
