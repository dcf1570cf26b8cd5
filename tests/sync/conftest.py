"""Two phones and an office on one database, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fieldsales.audit import evidence, phones
from fieldsales.store.base import Base, table_of
from fieldsales.web.here import Program
from tests import cast
from tests.sync.phone import Phone


@dataclass
class House:
    """The program, and whoever speaks to it."""

    app: Flask
    program: Program

    def browser(self, login: str) -> Any:
        """A browser logged in as one of the cast."""
        client = self.app.test_client()
        answer = client.post("/login", data={"login": login, "password": cast.PASSWORD})
        assert answer.status_code == 302
        return client

    def phone(self, login: str = "rep", device: str | None = None) -> Phone:
        """A phone of one of the cast."""
        return Phone(self.browser(login), device)

    def rows(self, model: type[Base], **where: Any) -> list[dict[str, Any]]:
        """The rows of a table, in the order of their ids."""
        table = table_of(model)
        query = select(table).where(*(table.c[name] == value for name, value in where.items()))
        with self.program.store.reading() as connection:
            found = [dict(row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda row: str(next(iter(row.values()))))

    def office(self, operation: str, actor: Any = cast.MANAGER, **command: Any) -> dict[str, Any]:
        """Something done at a desk."""
        return self.program.dispatcher.perform(actor, operation, {"customer_id": cast.HARBOUR} | command)


def audited(house: House) -> None:
    """Whatever a test did, the invariants of phones and log hold."""
    with house.program.store.reading() as connection:
        found = [check(connection) for check in (
            phones.acknowledged_is_there, evidence.applied_once, phones.ids_stand_for_one_command,
            phones.nothing_is_dropped, phones.the_server_orders, evidence.chain_is_unbroken)]
    assert [one for one in found if not one.holds] == []


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    """The program on SQLite."""
    found = House(app, app.extensions["fieldsales"])
    yield found
    audited(found)


@pytest.fixture
def both(make_app: Callable[..., Flask], any_url: str) -> Iterator[House]:
    """The same test on both engines."""
    app = make_app(any_url)
    found = House(app, app.extensions["fieldsales"])
    yield found
    audited(found)
