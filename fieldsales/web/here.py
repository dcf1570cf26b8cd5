"""The running program as a view reaches it: ``here().dispatcher``, ``actor()``, ``reading()``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from flask import current_app, g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine

from fieldsales.config import Settings
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import Clock, on_date
from fieldsales.kernel.errors import N_, NotAllowed
from fieldsales.kernel.operation import Actor
from fieldsales.store.base import Base
from fieldsales.store.engines import Store, make_engine


class Database(SQLAlchemy):
    """Flask-SQLAlchemy for reading, on the engine of ``store``."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Any) -> Engine:
        url = options.pop("url")
        text = url if isinstance(url, str) else url.render_as_string(hide_password=False)
        return make_engine(text, **{k: v for k, v in options.items() if k != "echo" or v})


db = Database(metadata=Base.metadata)


@dataclass
class Program:
    """The parts of one running program. No state between requests lives here."""

    settings: Settings
    store: Store
    clock: Clock
    dispatcher: Dispatcher
    plugins: Any
    #: capabilities put their long-lived parts here (the press, the blob store) when the roof is put on
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The calendar date in the branch's zone."""
        return on_date(self.clock.now(), self.settings.zone)


def here() -> Program:
    """The program this request runs in."""
    return cast(Program, current_app.extensions["fieldsales"])


def actor() -> Actor:
    """Who asks. Raises NotAllowed when nobody is logged in (the access policy asks first)."""
    found: Actor | None = g.get("actor")
    if found is None:
        raise NotAllowed("login_needed", N_("Log in first."))
    return found


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection to read by."""
    with here().store.reading() as connection:
        yield connection
