"""A program with a debt in it: 海港五金 owes ¥150,000.00 overdue and ¥32,300.00 not yet due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fieldsales.kernel.ids import uuid7
from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.base import Base, table_of
from fieldsales.web.here import Program
from tests import cast

OWED_MINOR = 18_230_000
SHIPPED = ("phone", "visit", "letter", "email", "legal", "message")


def need_plugin(name: str) -> None:
    """Skip the test when this shipped plugin's folder was deleted: the core and its tests live without it."""
    if name in SHIPPED and not (data_dir("plugins") / name / "__init__.py").is_file():
        pytest.skip(f"the plugin {name} is not here")


def invoice(number: str, minor: int, issued: date, due: date, **more: Any) -> dict[str, Any]:
    """One invoice of 海港五金, as ``receivables.add_invoices`` takes it."""
    kind = "credit_note" if minor < 0 else "invoice"
    return {"invoice_id": uuid7(), "customer_id": cast.HARBOUR, "debtor_id": cast.HARBOUR_DEBTOR,
            "seller_id": cast.SELLER, "number": number, "kind": kind, "issued_on": issued, "due_on": due,
            "total_minor": minor} | more  # fmt: skip


def with_debt(app: Flask) -> Program:
    """Put the debt into the books of a program."""
    program: Program = app.extensions["fieldsales"]
    program.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        invoice("XS-1001", 15_000_000, date(2025, 11, 26), date(2026, 1, 25)),
        invoice("XS-1002", 3_230_000, date(2026, 2, 20), date(2026, 4, 20)),
    ]})  # fmt: skip
    return program


@pytest.fixture
def owed(app: Flask) -> Program:
    """The program with the shipped methods, on SQLite."""
    return with_debt(app)


@pytest.fixture
def make_owed(make_app: Callable[..., Flask], sqlite_url: str) -> Callable[..., Program]:
    """The same with plugins or settings of the test's own."""

    def make(plugins: Plugins | None = None, **settings: Any) -> Program:
        return with_debt(make_app(sqlite_url, plugins=plugins, **settings))

    return make


def rows(program: Program, model: type[Base]) -> list[dict[str, Any]]:
    """Everything in a table, in the order written."""
    table = table_of(model)
    with program.store.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]
