"""Clerks who post at the same time never settle the same debt twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import fieldsales.customers.queries
import fieldsales.receivables.service  # noqa: F401 - both declare facts and operations
from fieldsales.audit import money
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Envelope
from fieldsales.receivables.models import Allocation
from fieldsales.store import Store
from tests import cast
from tests.receivables.conftest import Ledger

CLERKS, EACH = 4, 5


def _post(store: Store) -> int:
    """One clerk posts his payments, each again until it is not told to try later; how often he was."""
    dispatcher, again = Dispatcher(store, FixedClock(cast.NOON)), 0
    for _ in range(EACH):
        command = {"payments": [{"payment_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": 10_00,
                                 "received_on": cast.TODAY}]}
        one = Envelope(uuid7(), "receivables.record_payments", command)
        while dispatcher.perform_batch(cast.FINANCE, [one])[0].status == "retry":
            again += 1
    return again


def test_concurrent_payments_settle_every_debt_once(ledger: Ledger) -> None:
    for n in range(3):
        ledger.invoice(str(n), 50_00, late=n)
    store = ledger.dispatcher.store
    with ThreadPoolExecutor(CLERKS) as pool:
        list(pool.map(_post, [store] * CLERKS))
    assert sum(ledger.open_of().values()) == 0
    assert ledger.unapplied() == CLERKS * EACH * 10_00 - 150_00
    assert sum(ledger.rows(Allocation, "amount_minor")) == 150_00
    with store.reading() as connection:
        for check in (money.payments_cover_allocations, money.invoices_cover_allocations, money.balances_add_up):
            assert check(connection).holds
