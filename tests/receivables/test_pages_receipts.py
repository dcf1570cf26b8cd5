"""Office pages of money: receipts that wait, reversals, papers of invoices."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.receivables.models import InvoicePaper, Payment, PaymentReceipt
from fieldsales.receivables.paperfiles import invoice_named
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def register(
    ledger: Ledger, amount: int = 50_00, method: str = "transfer", actor: Actor = cast.REP, **more: Any
) -> str:
    receipt_id = uuid7()
    ledger.perform("receivables.register_receipt", actor, **({
        "receipt_id": receipt_id, "number": paper_number("SJ", receipt_id, cast.TODAY), "amount_minor": amount,
        "method": method, "received_at": cast.NOON.isoformat()} | more))
    return receipt_id


def confirming(**more: str) -> dict[str, str]:
    whole = {"command_id": uuid7(), "customer_id": cast.HARBOUR, "payment_id": uuid7(), "received_on": "2026-03-12"}
    return whole | more


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8), shade: int = 0) -> bytes:
    out = BytesIO()
    Image.new("L", size, shade).save(out, kind)
    return out.getvalue()


def test_receipts_wait_and_are_confirmed_once_however_often_the_form_is_sent(ledger: Ledger, log_in: Enter) -> None:
    ledger.invoice("A-1", 80_00, late=3)
    receipt, client, form = register(ledger), log_in("finance"), confirming()
    assert "待确认" in client.get("/receipts").get_data(as_text=True)
    for _ in range(2):
        assert client.post(f"/receipts/{receipt}/confirm", data=form).status_code == 303
    assert ledger.rows(Payment, "amount_minor") == [50_00]
    assert ledger.open_of() == {"A-1": 30_00}
    assert "没有待处理的收据" in client.get("/receipts").get_data(as_text=True)


def test_receipt_rejected_moves_no_balance(ledger: Ledger, log_in: Enter) -> None:
    ledger.invoice("A-1", 80_00, late=3)
    receipt = register(ledger)
    form = {"command_id": uuid7(), "customer_id": cast.HARBOUR, "reason": "银行流水里没有"}
    log_in("finance").post(f"/receipts/{receipt}/reject", data=form)
    assert ledger.rows(PaymentReceipt, "state") == ["rejected"]
    assert ledger.open_of() == {"A-1": 80_00}


@pytest.mark.parametrize("wrong", [{"received_on": "2026-02-30"}, {"received_on": ""}, {"payment_id": "x"}])
def test_receipt_confirmed_with_a_wrong_field_says_so_and_changes_nothing(
    ledger: Ledger, log_in: Enter, wrong: dict[str, str]
) -> None:
    receipt, client = register(ledger), log_in("finance")
    answer = client.post(f"/receipts/{receipt}/confirm", data=confirming(**wrong), follow_redirects=True)
    assert 'class="flash error"' in answer.get_data(as_text=True)
    assert ledger.rows(PaymentReceipt, "state") == ["pending"]


@pytest.mark.parametrize("login", ["rep", "manager", "legal", "other_rep"])
def test_receipt_is_confirmed_by_finance_alone(ledger: Ledger, log_in: Enter, login: str) -> None:
    receipt = register(ledger)
    assert log_in(login).post(f"/receipts/{receipt}/confirm", data=confirming()).status_code == 403
    assert ledger.rows(PaymentReceipt, "state") == ["pending"]


def test_bill_is_shown_unhonoured_until_it_is_paid(ledger: Ledger, log_in: Enter) -> None:
    register(ledger, method="bill", bill_number="1308332", bill_acceptor="宁波银行", bill_matures_on="2026-06-30")
    shown = log_in("finance").get("/receipts").get_data(as_text=True)
    assert "未兑付" in shown
    assert "1308332 · 宁波银行" in shown


def test_cash_kept_over_a_day_alerts_finance_until_it_is_handed_in(
    ledger: Ledger, log_in: Enter, clock: FixedClock
) -> None:
    receipt, client = register(ledger, method="cash"), log_in("finance")
    assert "超过 24 小时" not in client.get("/receipts").get_data(as_text=True)
    clock.at = cast.NOON + timedelta(hours=25)
    assert "有 1 笔现金超过 24 小时" in client.get("/receipts?show=cash").get_data(as_text=True)
    client.post(f"/receipts/{receipt}/hand-in", data={"command_id": uuid7(), "customer_id": cast.HARBOUR})
    assert "超过 24 小时" not in client.get("/receipts").get_data(as_text=True)


def test_receipts_of_anothers_customer_are_not_listed(ledger: Ledger, log_in: Enter) -> None:
    register(ledger)
    assert cast.HARBOUR_NAME in log_in("rep").get("/receipts").get_data(as_text=True)
    for login in ("other_rep", "former_rep", "other_manager"):
        assert cast.HARBOUR_NAME not in log_in(login).get("/receipts").get_data(as_text=True)


@pytest.mark.parametrize("rows", [1, 3])
def test_receipts_page_costs_the_same_with_one_row_and_three(
    ledger: Ledger, program: Program, log_in: Enter, count_queries: Any, rows: int
) -> None:
    client = log_in("finance")
    for _ in range(rows):
        register(ledger)
    with count_queries(program.store.engine) as seen:
        client.get("/receipts")
    # session, receipts, slips, late cash; receipts, disputes, claims and classes waiting in the rail
    assert len(seen) == 9


def test_payment_reversed_opens_the_invoice_again_and_is_never_edited(ledger: Ledger, log_in: Enter) -> None:
    ledger.invoice("A-1", 80_00, late=3)
    payment, client = ledger.pay(50_00), log_in("finance")
    path = f"/customers/{cast.HARBOUR}/payments/{payment}/reverse"
    form = {"command_id": uuid7(), "reason": "退票"}
    for _ in range(2):
        assert client.post(path, data=form).status_code == 303
    assert ledger.open_of() == {"A-1": 80_00}
    assert ledger.rows(Payment, "amount_minor") == [-50_00, 50_00]
    shown = client.get(f"/customers/{cast.HARBOUR}").get_data(as_text=True)
    assert "已冲销" in shown


def paying(**more: str) -> dict[str, str]:
    return {"command_id": uuid7(), "amount": "1,200.50", "received_on": "2026-03-11", "method": "transfer"} | more


def test_payment_recorded_at_the_desk_goes_where_the_payer_said_and_once(ledger: Ledger, log_in: Enter) -> None:
    ledger.invoice("A-1", 2_000_00, late=90)
    ledger.invoice("A-2", 2_000_00, late=3)
    client, path, form = log_in("finance"), f"/customers/{cast.HARBOUR}/payments/new", paying(invoice_numbers="A-2")
    assert 'value="A-2"' in client.get(path).get_data(as_text=True)
    for _ in range(2):
        assert client.post(path, data=form).status_code == 303
    assert ledger.open_of() == {"A-1": 2_000_00, "A-2": 799_50}


@pytest.mark.parametrize(("wrong", "field"), [
    ({"amount": "一百"}, "amount"), ({"amount": "0"}, "amount"), ({"amount": "-5"}, "amount"),
    ({"amount": "1.001"}, "amount"),
    ({"amount": "99999999999999"}, "amount"), ({"received_on": "2013-02-30"}, "received_on"),
    ({"reference": "长" * 121},
                                                                                            "reference"),
])
def test_payment_with_a_wrong_field_is_told_at_the_field_and_nothing_typed_is_lost(
    ledger: Ledger, log_in: Enter, wrong: dict[str, str], field: str
) -> None:
    data = paying(payer_name="林海港", **wrong)
    answer = log_in("finance").post(f"/customers/{cast.HARBOUR}/payments/new", data=data)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in shown
    assert "林海港" in shown
    assert ledger.rows(Payment, "id") == []


def test_payment_is_recorded_by_finance_alone(ledger: Ledger, log_in: Enter) -> None:
    for login in ("rep", "manager", "legal"):
        assert log_in(login).post(f"/customers/{cast.HARBOUR}/payments/new", data=paying()).status_code == 403
    assert ledger.rows(Payment, "id") == []


def test_papers_of_a_folder_go_to_the_invoices_they_are_named_after(ledger: Ledger, log_in: Enter) -> None:
    first, second = ledger.invoice("SO-1001", 80_00), ledger.invoice("SO-10011", 90_00)
    files = [(BytesIO(picture(shade=n)), name) for n, name in enumerate(
        ("送货单/SO-1001.png", "so-1001 (2).png", "SO_10011_签收.png", "合同.png"))]
    answer = log_in("rep").post(f"/customers/{cast.HARBOUR}/papers", data={
        "command_id": uuid7(), "kind": "delivery_note", "files": files}, content_type="multipart/form-data")
    assert answer.status_code == 303
    kept = dict(ledger.rows(InvoicePaper, "name", "invoice_id"))
    assert kept == {"SO-1001.png": first, "so-1001 (2).png": first, "SO_10011_签收.png": second, "合同.png": None}


@pytest.mark.parametrize("data", [picture("JPEG", (800, 600), 90)[:-400], picture("PNG", (7000, 6000))],
                         ids=["cut short", "42 megapixels"])
def test_papers_a_photo_that_cannot_be_decoded_is_refused_at_the_field(
    ledger: Ledger, log_in: Enter, data: bytes
) -> None:
    answer = log_in("rep").post(f"/customers/{cast.HARBOUR}/papers", data={
        "command_id": uuid7(), "kind": "contract", "files": [(BytesIO(data), "合同.jpg")]},
        content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "files-error" in answer.get_data(as_text=True)
    assert ledger.rows(InvoicePaper, "id") == []


@pytest.mark.parametrize("data", [b"", b"MZ\x90\x00", b"<svg/>", b"\x89PNG\r\n\x1a\nbroken"])
def test_papers_what_is_no_picture_is_refused_by_name_and_nothing_is_kept(
    ledger: Ledger, log_in: Enter, data: bytes
) -> None:
    answer = log_in("rep").post(f"/customers/{cast.HARBOUR}/papers", data={
        "command_id": uuid7(), "kind": "contract",
        "files": [(BytesIO(picture()), "好的.png"), (BytesIO(data), "坏的.png")]}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "坏的.png" in answer.get_data(as_text=True)
    assert ledger.rows(InvoicePaper, "id") == []


def test_papers_without_a_file_are_asked_for(log_in: Enter) -> None:
    answer = log_in("rep").post(f"/customers/{cast.HARBOUR}/papers", data={"command_id": uuid7(), "kind": "fapiao"})
    assert answer.status_code == 422
    assert "files-error" in answer.get_data(as_text=True)


def test_papers_for_anothers_customer_are_refused(ledger: Ledger, log_in: Enter) -> None:
    answer = log_in("other_rep").post(f"/customers/{cast.HARBOUR}/papers", data={
        "command_id": uuid7(), "kind": "fapiao", "files": [(BytesIO(picture()), "x.png")]},
        content_type="multipart/form-data")
    assert answer.status_code == 404
    assert ledger.rows(InvoicePaper, "id") == []


@pytest.mark.parametrize(("name", "expected"), [
    ("A1.jpg", "one"), ("a1 (3).jpg", "one"), ("folder/A1_签收.pdf", "one"), ("A12.jpg", "two"), ("A1-2.jpg", "three"),
    ("xA1.jpg", None), ("A13.jpg", None), (".jpg", None),
])
def test_invoice_named_only_whole_numbers_count(name: str, expected: str | None) -> None:
    assert invoice_named(name, {"A1": "one", "A12": "two", "A1-2": "three"}) == expected


@pytest.mark.parametrize(("method", "offered"), [("cash", "2026-03-11"), ("transfer", "2026-03-12")])
def test_cash_is_offered_to_be_booked_on_the_day_it_was_handed_over(
        ledger: Ledger, log_in: Enter, method: str, offered: str) -> None:
    register(ledger, method=method, received_at=(cast.NOON - timedelta(days=1)).isoformat())
    text = log_in("finance").get("/receipts").get_data(as_text=True)
    assert re.findall(r'name="received_on"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="received_on"', text)[0].count(
        offered) == 1
