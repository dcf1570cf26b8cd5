"""Thirty customers who are late, and a worker that is run by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from fieldsales.customers.models import Customer, Debtor
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.types import CollectionMethod
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from fieldsales.worker import run_once
from tests import cast

PIECES = 30


def debtor_id(n: int) -> str:
    return cast.an_id(0x5000 + n)


def customer_id(n: int) -> str:
    return cast.an_id(0x4000 + n)


def with_many(program: Program, count: int = PIECES, first: int = 0) -> list[str]:
    """``count`` customers of the rep's, each ¥1,000.00 or more overdue for 46 days; two of three live in one street."""
    customers = [{"id": customer_id(n), "code": f"B{n:03d}", "name": f"第{n:02d}五金店", "phone": "0574-81",
                  "address": f"宁波市{'中山' if n % 3 else '解放'}路 {n} 号", "owner_id": cast.REP.user_id,
                  "team_id": cast.TEAM, "search_text": "", "note": "", "created_at": cast.NOON}
                 for n in range(first, first + count)]
    debtors = [{"id": debtor_id(n), "customer_id": customer_id(n), "kind": "company", "reg_no": f"9133{n:06d}",
                "name": f"宁波第{n:02d}五金有限公司", "address": one["address"]}
               for n, one in enumerate(customers, first)]
    with program.store.writing() as connection:
        connection.execute(insert(table_of(Customer)), customers)
        connection.execute(insert(table_of(Debtor)), debtors)
    invoices = [{"invoice_id": uuid7(), "customer_id": customer_id(n), "debtor_id": debtor_id(n),
                 "seller_id": cast.SELLER, "number": f"BL-{n:03d}", "kind": "invoice", "issued_on": date(2025, 11, 26),
                 "due_on": date(2026, 1, 25), "total_minor": 100_000 + n}
                for n in range(first, first + count)]
    program.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": invoices})
    return [one["id"] for one in customers]


def batch_method(program: Program) -> CollectionMethod:
    """A method that may be used for many at once, whichever is here; else the test is skipped."""
    found = next((one for one in program.plugins.methods.values() if one.batch and one.batch.tracking), None)
    if found is None:
        pytest.skip("no method here is used for many at once")
    return found


def order(program: Program, ids: list[str], batch_id: str = "", **fields: Any) -> str:
    batch_id = batch_id or uuid7()
    program.dispatcher.perform(cast.MANAGER, "batches.start_batch", {
        "batch_id": batch_id, "method": batch_method(program).name, "customer_ids": ids, "fields": fields})
    return batch_id


@pytest.fixture
def work_on(clock: FixedClock) -> Callable[..., int]:
    """Let the worker go on until nothing is due any more, moving the clock over every wait; returns the rows taken."""

    def go_on(program: Program, rounds: int = 200, step: timedelta = timedelta(seconds=30)) -> int:
        taken, idle = 0, 0
        for _ in range(rounds):
            done = run_once(program)
            taken, idle = taken + done, 0 if done else idle + 1
            if idle > 5:
                break
            if not done:
                clock.at += step
        return taken

    return go_on
