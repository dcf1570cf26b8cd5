"""Every page of the desk, with something of everything on it, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from fieldsales.kernel.ids import paper_number, uuid7
from tests import cast
from tests.receivables.conftest import Ledger

PLACES = (
    "/desk", "/customers", "/customers?q=%E6%B5%B7%E6%B8%AF&show=overdue", "/customers?show=over90",
    "/customers?show=stopped", f"/customers?owner={cast.REP.user_id}&team={cast.TEAM}&after=5.x",
    f"/customers/{cast.HARBOUR}", f"/customers/{cast.HARBOUR}/panel", f"/customers/{cast.HARBOUR}/papers",
    f"/customers/{cast.HARBOUR}/payments/new", f"/customers/{cast.HARBOUR}/supply", "/customers/new",
    "/reports/ageing", "/reports/ageing?show=over90&after=1.x.CNY", "/reports/house", "/reports/audit",
    "/reports/audit?after=3", "/receipts", "/receipts?show=cash", "/receipts?show=bill", "/receipts?show=settled",
    "/receipts?after=2026-01-01T00:00:00%2B00:00~x", "/disputes", "/supply", "/handover", "/people",
    f"/people/{cast.REP.user_id}", "/handbook",
)


def stock(app: Flask) -> None:
    ledger = Ledger(app.extensions["fieldsales"].dispatcher)
    for late in (-9, 5, 40, 70, 200):
        ledger.invoice(f"A-{late}", 1_000_00, late=late)
    ledger.pay(300_00)
    for method in ("cash", "bill", "transfer"):
        receipt = uuid7()
        ledger.perform("receivables.register_receipt", cast.REP, receipt_id=receipt, amount_minor=70_00, method=method,
                       number=paper_number("SJ", receipt, cast.TODAY),
                       received_at=(cast.NOON - timedelta(days=2)).isoformat())
    ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=50_00, due_on=cast.TODAY)
    ledger.perform("disputes.open_dispute", cast.REP, dispute_id=uuid7(), kind="rebate", amount_minor=9_00)
    ledger.perform("visits.log_visit", cast.REP, visit_id=uuid7(), outcome="refused")
    ledger.perform("collection.decide_supply", cast.MANAGER, decision_id=uuid7(), stop=True, reason="逾期")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_the_desk_is_drawn(make_app: Callable[..., Flask], any_url: str, lang: str) -> None:
    app: Any = make_app(any_url)
    stock(app)
    client = app.test_client()
    client.post("/login", data={"login": "admin", "password": cast.PASSWORD})
    client.post("/language", data={"locale": lang})
    for place in PLACES:
        answer = client.get(place)
        assert answer.status_code == 200, (place, answer.status_code)
        shown = answer.get_data(as_text=True)
        assert " style=" not in shown, place
        assert "onclick" not in shown, place
        assert lang == "zh" or "</html>" not in shown or 'lang="en"' in shown, place
