"""A customer with something to show: invoices of every age, a payment, promises, an excuse, a plan's worth of debt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import uuid7
from tests import cast
from tests.browser.conftest import Server

#: (number, days late, minor units)
INVOICES = (
    ("HC-0318", 130, 3_200_000), ("HC-0402", 46, 1_860_000), ("HC-0417", 12, 12_345_678), ("HC-0502", -20, 990_000),
    ("HC-0007", 75, 1_234_567_890),
)  # fmt: skip


def stock(server: Server, *, many: bool = False) -> None:
    """Fill HARBOUR through the dispatcher, as the office and the rep would."""
    program = server.app.extensions["fieldsales"]
    today = on_date(program.clock.now())

    def perform(actor: Any, operation: str, **command: Any) -> None:
        program.dispatcher.perform(actor, operation, command)

    perform(cast.MANAGER, "customers.change_customer", customer_id=cast.HARBOUR, name=cast.HARBOUR_NAME)
    # wherever the tests run and whenever, it is noon at the customer's: nobody is rung out of bed
    zone = f"Etc/GMT{program.clock.now().hour - 12:+d}"
    perform(cast.MANAGER, "collection.set_terms", customer_id=cast.HARBOUR, terms_id=uuid7(), zone=zone)
    rows = INVOICES if not many else tuple((f"HC-{n:04d}", n % 140 - 20, 10_000 + n) for n in range(60))
    perform(cast.FINANCE, "receivables.add_invoices", invoices=[{
        "invoice_id": uuid7(), "customer_id": cast.HARBOUR, "debtor_id": cast.HARBOUR_DEBTOR, "seller_id": cast.SELLER,
        "number": number, "issued_on": today - timedelta(days=late + 30), "due_on": today - timedelta(days=late),
        "total_minor": minor,
    } for number, late, minor in rows])  # fmt: skip
    perform(cast.FINANCE, "receivables.record_payments", payments=[{
        "payment_id": uuid7(), "customer_id": cast.HARBOUR, "amount_minor": 200_000, "received_on": today,
        "invoice_numbers": [rows[0][0]],
    }])  # fmt: skip
    visit_id = uuid7()
    perform(cast.REP, "visits.log_visit", visit_id=visit_id, customer_id=cast.HARBOUR, outcome="promised",
            said="工地的款下周才到", excuses=[{"id": uuid7(), "code": "cash_tight", "words": "手头紧"}],
            persons=[{"name": "林海港", "role": "老板", "contact_id": cast.HARBOUR_CONTACT}])  # fmt: skip
    perform(cast.REP, "promises.make_promise", promise_id=uuid7(), customer_id=cast.HARBOUR, amount_minor=5_000_000,
            due_on=today + timedelta(days=3), promisor_name="林海港", words="下周三先付五万", visit_id=visit_id)
    perform(cast.REP, "disputes.open_dispute", dispute_id=uuid7(), customer_id=cast.HARBOUR, kind="return",
            amount_minor=880_000, words="两箱合页生锈")
    receipt_id = uuid7()
    perform(cast.REP, "receivables.register_receipt", receipt_id=receipt_id, number=f"SJ-{receipt_id[-8:]}",
            customer_id=cast.HARBOUR, amount_minor=2_000_000, method="cash", received_at=program.clock.now())
