"""Commands made to break the server: each is answered alone, and nothing that came beside it is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.receivables.models import PaymentReceipt, Seller
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit
from fieldsales.web.here import Program
from tests import cast
from tests.sync.phone import HEADERS, Phone, visit
from tests.sync.test_push import count

LogIn = Callable[[str], FlaskClient]


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("made_at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_push_time_out_of_all_time_is_no_claim(log_in: LogIn, program: Program, made_at: str) -> None:
    results = Phone(log_in("rep")).results(visit(), visit() | {"made_at": made_at}, sent_at=made_at)
    assert [result["status"] for result in results] == ["applied", "applied"]
    assert count(program, Visit) == 2


def test_push_command_that_cannot_be_written_is_held_and_stops_nothing_else(log_in: LogIn, program: Program) -> None:
    deep = visit() | {"operation": "exchange.open_import", "entity_id": None, "payload": {
        "import_id": uuid7(), "kind": "invoices", "filename": "a.csv", "sha256": "0" * 64,
        "options": {"deep": nested(300)}}}
    results = Phone(log_in("finance")).results(visit(), deep, visit())
    assert [(result["status"], result["code"]) for result in results] == [
        ("applied", ""), ("held", "constraint"), ("applied", "")]
    assert count(program, Visit) == 2


def test_push_count_of_waiting_commands_beyond_any_phone_is_refused(log_in: LogIn) -> None:
    phone = Phone(log_in("rep"), uuid7())
    key = {"kty": "EC", "crv": "P-256", "x": "a" * 43, "y": "b" * 43}
    phone.post("/devices", {"device_id": phone.device, "public_key": key})
    assert phone.push(visit(), pending=10**30).status_code == 422
    assert phone.post("/devices", {"device_id": uuid7(), "public_key": key | {"y": nested(400)}}).status_code == 422


def test_push_in_chunks_is_measured_as_any_other(log_in: LogIn) -> None:
    body = b'{"commands":["' + b"x" * 5_000_000 + b'"]}'
    chunked = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    answer = log_in("rep").post("/api/v1/sync/push", input_stream=io.BytesIO(body), headers=HEADERS,
                                environ_overrides=chunked)
    assert answer.status_code == 413


@pytest.mark.parametrize("number", ["收据一", 'SJ"; filename="x.html', "../../x", "HK260312-ABCDEFGH", "SJ", "SJ1\n"])
def test_receipt_with_a_number_of_its_own_making_is_refused(log_in: LogIn, program: Program, number: str) -> None:
    receipt_id = uuid7()
    taken = visit() | {"operation": "receivables.register_receipt", "entity_id": receipt_id, "payload": {
        "receipt_id": receipt_id, "number": number, "customer_id": cast.HARBOUR, "amount_minor": 100,
        "method": "cash", "received_at": cast.NOON.isoformat()}}
    (result,) = Phone(log_in("rep")).results(taken)
    assert (result["status"], result["field"]) == ("rejected", "number")
    assert count(program, PaymentReceipt) == 0


def test_receipt_for_another_customers_debtor_prints_no_name_of_his(log_in: LogIn, program: Program) -> None:
    seller_id, receipt_id = uuid7(), uuid7()
    program.dispatcher.note(lambda connection: connection.execute(table_of(Seller).insert().values(
        id=seller_id, code="S", name="海川", currency="CNY", reg_no="", address="", phone="", bank_name="",
        bank_account="1")))
    taken = visit() | {"operation": "receivables.register_receipt", "entity_id": receipt_id, "payload": {
        "receipt_id": receipt_id, "number": paper_number("SJ", receipt_id, cast.TODAY), "customer_id": cast.HARBOUR,
        "debtor_id": cast.RIVER_DEBTOR, "seller_id": seller_id, "amount_minor": 100, "method": "cash",
        "received_at": cast.NOON.isoformat()}}
    (result,) = Phone(log_in("rep")).results(taken)
    assert (result["status"], result["code"], result["field"]) == ("rejected", "paper.debtor", "debtor_id")
    with program.store.reading() as connection:
        assert connection.execute(select(table_of(PaymentReceipt).c.id)).all() == []
