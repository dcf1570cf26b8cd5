"""Whatever is posted, in whatever order: the books add up afterwards, on both engines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

import fieldsales.customers.queries
import fieldsales.receivables.service  # noqa: F401 - both declare facts and operations
from fieldsales.audit import money
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import TradeError
from fieldsales.kernel.ids import uuid7
from fieldsales.schema import metadata
from fieldsales.store import Store, make_engine
from tests import cast

CHECKS = (money.payments_cover_allocations, money.invoices_cover_allocations, money.balances_add_up,
          money.posted_money_is_unchanged, money.currencies_do_not_mix)
_AMOUNT = st.integers(1, 500)
_SIDES = {"debtor_id": st.sampled_from([None, cast.HARBOUR_DEBTOR, cast.HARBOUR_OWNER_AS_PERSON]),
          "seller_id": st.sampled_from([None, cast.SELLER, cast.OTHER_SELLER]),
          "currency": st.sampled_from(["CNY", "CNY", "USD"])}
STEPS = st.lists(
    st.one_of(
        st.fixed_dictionaries({"do": st.just("invoice"), "amount": _AMOUNT, "late": st.integers(-40, 120),
                               "parts": st.integers(1, 3), **_SIDES}),
        st.fixed_dictionaries({"do": st.just("credit"), "amount": _AMOUNT, **_SIDES}),
        st.fixed_dictionaries({"do": st.just("pay"), "amount": _AMOUNT, "named": st.integers(0, 4), **_SIDES}),
        st.fixed_dictionaries({"do": st.sampled_from(["reverse", "cancel", "dispute", "night"]),
                               "which": st.integers(0, 9)}),
    ),
    max_size=14,
)


class Books:
    """A dispatcher that remembers what it posted."""

    def __init__(self, store: Store) -> None:
        self.dispatcher = Dispatcher(store, FixedClock(cast.NOON))
        self.invoices: list[str] = []
        self.payments: list[str] = []

    def perform(self, operation: str, **command: Any) -> None:
        with suppress(TradeError):  # a refusal is an answer; what matters is what the books say afterwards
            self.dispatcher.perform(cast.FINANCE, operation, command)

    def step(self, do: str, **values: Any) -> None:
        getattr(self, do)(**values)

    def invoice(self, amount: int, late: int = 0, parts: int = 1, **sides: Any) -> None:
        due_on = cast.TODAY - timedelta(days=late)
        dues = [(due_on + timedelta(days=30 * n), amount) for n in range(parts)]
        self._add(amount * parts, due_on, {"dues": dues}, sides)

    def credit(self, amount: int, **sides: Any) -> None:
        self._add(-amount, cast.TODAY, {"kind": "credit_note"}, sides)

    def _add(self, total: int, due_on: Any, more: dict[str, Any], sides: dict[str, Any]) -> None:
        self.invoices.append(uuid7())
        self.perform("receivables.add_invoices", invoices=[{
            "invoice_id": self.invoices[-1], "customer_id": cast.HARBOUR, "number": str(len(self.invoices)),
            "issued_on": due_on, "due_on": due_on, "total_minor": total, **more, **sides}])

    def pay(self, amount: int, named: int, **sides: Any) -> None:
        self.payments.append(uuid7())
        self.perform("receivables.record_payments", payments=[{
            "payment_id": self.payments[-1], "customer_id": cast.HARBOUR, "amount_minor": amount,
            "received_on": cast.TODAY, "invoice_numbers": [str(named)] if named else [], **sides}])

    def reverse(self, which: int) -> None:
        if self.payments:
            self.perform("receivables.reverse_payment", reversal_id=uuid7(), customer_id=cast.HARBOUR, reason="误",
                         payment_id=self.payments[which % len(self.payments)])

    def cancel(self, which: int) -> None:
        if self.invoices:
            self.perform("receivables.cancel_invoices", customer_id=cast.HARBOUR, reason="误",
                         invoice_ids=[self.invoices[which % len(self.invoices)]])

    def dispute(self, which: int) -> None:
        if self.invoices:
            self.perform("receivables.mark_disputed", customer_id=cast.HARBOUR,
                         invoice_id=self.invoices[which % len(self.invoices)], amount_minor=which)

    def night(self, which: int) -> None:
        self.dispatcher.clock.at += timedelta(days=which)  # type: ignore[attr-defined]


#: What posting writes; the cast stays.
_POSTED = ("allocations", "payments", "dues", "invoices", "customer_money", "changes", "audit_bodies", "audit_chain",
           "command_receipts")


def _empty(store: Store) -> None:
    with store.writing() as connection:
        for name in _POSTED:
            connection.execute(delete(metadata.tables[name]))
        connection.execute(update(metadata.tables["customers"]).values(overdue_minor=0))


@pytest.fixture(scope="module")
def sqlite_books() -> Iterator[Store]:
    """One SQLite database for all examples, emptied between them."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'books.db'}")
        metadata.create_all(engine)
        with Store(engine).writing() as connection:
            cast.fill(connection)
        yield Store(engine)
        engine.dispose()


def hold(store: Store, steps: list[dict[str, Any]]) -> None:
    """Take the steps on empty books, and check every money invariant."""
    _empty(store)
    books = Books(store)
    for step in steps:
        books.step(**step)
    with store.reading() as connection:
        assert {check.__name__: check(connection).breaches for check in CHECKS if check(connection).breaches} == {}


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_books_add_up_whatever_is_posted(sqlite_books: Store, steps: list[dict[str, Any]]) -> None:
    hold(sqlite_books, steps)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_books_add_up_on_postgresql(postgres_url: str, steps: list[dict[str, Any]]) -> None:
    engine = make_engine(postgres_url)
    try:
        hold(Store(engine), steps)
    finally:
        engine.dispose()
