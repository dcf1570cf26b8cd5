"""Where rows live: engines, tables every capability shares, and the buffer a batch is judged into."""

from fieldsales.store.base import Base, UtcDateTime, table_of
from fieldsales.store.engines import Store, make_engine, normal_url
from fieldsales.store.migrating import migrate

__all__ = ["Base", "Store", "UtcDateTime", "make_engine", "migrate", "normal_url", "table_of"]
