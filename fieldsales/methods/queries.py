"""Reads of written methods: what stands, its history, and what the loader is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from fieldsales.collection.models import FormVersion
from fieldsales.extensions.offers import Offer, offer
from fieldsales.methods.models import WrittenMethod
from fieldsales.people.models import User
from fieldsales.plugin_api.loading import Found, written
from fieldsales.store.base import table_of
from fieldsales.store.work import fact

_written, _users, _forms = table_of(WrittenMethod), table_of(User), table_of(FormVersion)
#: Where a method written on the page comes from, as the list of plugins says.
ORIGIN = "page"


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a method: its newest version."""

    name: str
    n: int
    text: str
    form_version: int
    is_on: bool


def _newest() -> Select[Any]:
    """The newest version of every method, with who wrote it."""
    c = _written.c
    last = select(c.name, func.max(c.n).label("n")).group_by(c.name).subquery("last")
    return (
        select(_written, func.coalesce(_users.c.name, "").label("by"))
        .join(last, (last.c.name == c.name) & (last.c.n == c.n))
        .outerjoin(_users, _users.c.id == c.by_id).order_by(c.name)
    )  # fmt: skip


def every(connection: Connection) -> list[Any]:
    """What stands of every method, by name."""
    return list(connection.execute(_newest()))


def history(connection: Connection, name: str) -> list[Any]:
    """Every version of a method, the newest first."""
    c = _written.c
    return list(connection.execute(
        select(_written, func.coalesce(_users.c.name, "").label("by")).outerjoin(_users, _users.c.id == c.by_id)
        .where(c.name == name).order_by(c.n.desc())
    ))  # fmt: skip


def offered(connection: Connection) -> list[Found]:
    """The methods that are on, for the loader: each a plugin of its own."""
    return [written(row.name, ORIGIN, row.id, str(row.n), _text(row.text))
            for row in connection.execute(_newest()) if row.is_on]


offer(Offer(ORIGIN, "SELECT count(*) FROM written_methods", offered))


def _text(text: str) -> Callable[[], str]:
    return lambda: text


@fact("written_method")
def load_written(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """What stands of some methods, by name."""
    return {row.name: Standing(row.name, row.n, row.text, row.form_version, row.is_on)
            for row in connection.execute(_newest().where(_written.c.name.in_(keys)))}


@fact("last_form")
def load_last_forms(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """The highest version of a form that was ever given out, by method."""
    found: dict[str, Any] = {}
    for key in keys:
        like = key.replace("_", r"\_") + "@%"
        ids = connection.scalars(select(_forms.c.id).where(_forms.c.id.like(like, escape="\\"))).all()
        numbers = [int(one.rpartition("@")[2]) for one in ids if one.rpartition("@")[2].isdigit()]
        found[key] = max(numbers, default=0)
    return found
