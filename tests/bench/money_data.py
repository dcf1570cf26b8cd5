"""Rows to measure on: customers with open invoices and long histories, written straight into the tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from fieldsales.collection.models import Action
from fieldsales.customers.models import Contact, Customer
from fieldsales.kernel.ids import uuid7
from fieldsales.promises.models import Promise
from fieldsales.receivables.models import Allocation, Due, Invoice, Payment
from fieldsales.receivables.rollups import roll_money
from fieldsales.schema import metadata
from fieldsales.store import Store, make_engine
from fieldsales.store.base import table_of
from fieldsales.store.engines import use_wal
from fieldsales.visits.models import Visit
from tests import cast


@contextmanager
def a_store() -> Iterator[tuple[Store, Path]]:
    """A fresh SQLite file with schema and cast."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        use_wal(str(path))
        engine = make_engine(f"sqlite:///{path}")
        metadata.create_all(engine)
        store = Store(engine)
        with store.writing() as connection:
            cast.fill(connection)
        yield store, path
        engine.dispose()


def customers(connection: Connection, count: int) -> list[str]:
    """Customers of the cast's rep."""
    ids = [uuid7() for _ in range(count)]
    connection.execute(insert(table_of(Customer)), [
        {"id": key, "code": f"B{n:06}", "name": f"客户{n}", "version": 1, "search_text": "", "created_at": cast.NOON,
         "owner_id": cast.REP.user_id, "team_id": cast.TEAM, "overdue_minor": 0, "credit_grade": "B",
         "lat": f"29.{n % 900_000:06}", "lon": "121.544000"} for n, key in enumerate(ids)])
    return ids


def invoices(connection: Connection, ids: list[str], each: int) -> None:
    """So many open invoices a customer, half of them overdue by up to two hundred days; summaries rolled."""
    bills, dues = [], []
    for place, key in enumerate(ids):
        for n in range(each):
            due_on = cast.TODAY - timedelta(days=(n * 37 + place * 11) % 400 - 200)
            bill = uuid7()
            amount = 10_000 + n * 137 + place
            bills.append({"id": bill, "customer_id": key, "number": f"{place}-{n}", "kind": "invoice",
                          "issued_on": due_on, "due_on": due_on, "total_minor": amount, "open_minor": amount,
                          "currency": "CNY", "added_at": cast.NOON, "disputed_minor": 0})
            dues.append({"id": uuid7(), "invoice_id": bill, "customer_id": key, "n": 1, "due_on": due_on,
                         "amount_minor": amount, "open_minor": amount, "currency": "CNY"})
    connection.execute(insert(table_of(Invoice)), bills)
    connection.execute(insert(table_of(Due)), dues)
    roll_money(connection, ids, cast.TODAY)


def history(connection: Connection, key: str, length: int) -> None:
    """So many visits, actions, promises and allocated payments of one customer, and ten contacts."""
    rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in (Visit, Action, Promise, Payment, Allocation)}
    bill = connection.execute(table_of(Due).select().where(table_of(Due).c.customer_id == key)).first()
    assert bill is not None
    for n in range(length):
        at = cast.NOON - timedelta(hours=7 * n)
        rows[Visit].append({"id": uuid7(), "customer_id": key, "user_id": cast.REP.user_id, "purpose": "collect",
                            "outcome": "promised", "occurred_at": at, "received_at": at, "said": "月底一定付",
                            "persons": [{"name": "林海港"}], "flags": [], "gaps": []})
        rows[Action].append({"id": uuid7(), "customer_id": key, "method": "phone", "by_id": cast.REP.user_id,
                             "occurred_at": at, "received_at": at, "fields": {}, "summary_zh": "电话",
                             "summary_en": "Call"})
        rows[Promise].append({"id": uuid7(), "customer_id": key, "amount_minor": 100, "currency": "CNY",
                              "due_on": at.date(), "by_id": cast.REP.user_id, "made_at": at, "made_on": at.date(),
                              "received_at": at, "state": "kept" if n % 3 else "broken", "kept_minor": 100})
        payment = uuid7()
        rows[Payment].append({"id": payment, "customer_id": key, "amount_minor": 100, "currency": "CNY",
                              "received_on": at.date(), "unapplied_minor": 0, "designation": [], "posted_at": at})
        rows[Allocation].append({"id": uuid7(), "customer_id": key, "payment_id": payment, "due_id": bill.id,
                                 "invoice_id": bill.invoice_id, "amount_minor": 100, "currency": "CNY",
                                 "rule": "earlier", "at": at})
    for model, made in rows.items():
        connection.execute(insert(table_of(model)), made)
    connection.execute(insert(table_of(Contact)), [
        {"id": uuid7(), "customer_id": key, "name": f"联系人{n}", "phone": "13800000000"} for n in range(10)])


