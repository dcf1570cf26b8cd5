"""A ledger to post to: the dispatcher on a real database, and commands in short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import fieldsales.customers.queries
import fieldsales.receivables.service  # noqa: F401 - both declare facts and operations
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.receivables.models import Allocation, CustomerMoney, Due, Invoice, Payment
from fieldsales.store import Store
from fieldsales.store.base import table_of
from tests import cast


@dataclass
class Ledger:
    """Short ways to post, and to look at what stands."""

    dispatcher: Dispatcher

    def perform(self, operation: str, actor: Actor = cast.FINANCE, **command: Any) -> dict[str, Any]:
        return self.dispatcher.perform(actor, operation, {"customer_id": cast.HARBOUR, **command})

    def invoice(self, number: str, total: int, *, late: int = 0, actor: Actor = cast.FINANCE, **more: Any) -> str:
        """An invoice due ``late`` days ago; returns its id."""
        due_on = cast.TODAY - timedelta(days=late)
        one = {
            "invoice_id": uuid7(), "customer_id": cast.HARBOUR, "number": number, "issued_on": due_on, "due_on": due_on,
            "total_minor": total, "kind": "credit_note" if total < 0 else "invoice", **more,
        }
        self.dispatcher.perform(actor, "receivables.add_invoices", {"invoices": [one]})
        return str(one["invoice_id"])

    def pay(self, amount: int, *numbers: str, on: date = cast.TODAY, **more: Any) -> str:
        """A confirmed payment; returns its id."""
        one = {"payment_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": amount, "received_on": on,
               "invoice_numbers": list(numbers), **more}
        self.dispatcher.perform(cast.FINANCE, "receivables.record_payments", {"payments": [one]})
        return str(one["payment_id"])

    def rows(self, model: Any, *columns: str, **where: Any) -> list[Any]:
        table = table_of(model)
        query = select(*(table.c[name] for name in columns))
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.dispatcher.store.reading() as connection:
            found = [tuple(row) if len(columns) > 1 else row[0] for row in connection.execute(query)]
        return sorted(found, key=str)

    def open_of(self) -> dict[str, int]:
        """What is open of each invoice, by number; its dues agree."""
        by_due: dict[str, int] = {}
        for invoice_id, open_minor in self.rows(Due, "invoice_id", "open_minor"):
            by_due[invoice_id] = by_due.get(invoice_id, 0) + open_minor
        opens = {}
        for invoice_id, number, open_minor in self.rows(Invoice, "id", "number", "open_minor"):
            assert by_due[invoice_id] == open_minor, number
            opens[number] = open_minor
        return opens

    def summary(self, customer_id: str = cast.HARBOUR) -> dict[str, int]:
        names = ("open_minor", "overdue_minor", "unapplied_minor", "disputed_minor", "d1_30_minor", "d91p_minor")
        rows = self.rows(CustomerMoney, *names, customer_id=customer_id)
        return dict(zip(names, rows[0], strict=True)) if rows else {}

    def allocations(self) -> list[tuple[int, str]]:
        return self.rows(Allocation, "amount_minor", "rule")

    def unapplied(self) -> int:
        return sum(self.rows(Payment, "unapplied_minor"))


@pytest.fixture
def ledger(any_store: Store, clock: FixedClock) -> Ledger:
    """The ledger on SQLite and PostgreSQL, without reactions."""
    return Ledger(Dispatcher(any_store, clock))
