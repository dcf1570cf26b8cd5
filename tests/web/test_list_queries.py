"""What a list costs does not grow with it: the same statements for one row and for three."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.kernel.ids import uuid7
from fieldsales.web.here import Program
from tests import cast

LogIn = Callable[[str], FlaskClient]


def a_customer(program: Program) -> str:
    customer_id = uuid7()
    program.dispatcher.perform(cast.ADMIN, "customers.add_customer", {
        "customer_id": customer_id, "code": customer_id[-12:], "name": "新客户", "owner_id": cast.REP.user_id})
    return customer_id


def dispute(program: Program) -> None:
    program.dispatcher.perform(cast.REP, "disputes.open_dispute", {
        "dispute_id": uuid7(), "customer_id": cast.HARBOUR, "kind": "quality", "amount_minor": 1, "words": "坏"})


def stop(program: Program) -> None:
    program.dispatcher.perform(cast.MANAGER, "collection.decide_supply", {
        "decision_id": uuid7(), "customer_id": a_customer(program), "stop": True, "reason": "逾期"})


def person(program: Program) -> None:
    user_id = uuid7()
    program.dispatcher.perform(cast.ADMIN, "people.add_user", {
        "user_id": user_id, "login": user_id, "name": "新人", "role": "rep", "password": "longenough1"})


def phone(program: Program) -> None:
    device_id = uuid7()
    key = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}
    program.dispatcher.perform(cast.REP, "people.enrol_device", {
        "device_id": device_id, "name": "手机", "public_key": key, "app": "1"})


@pytest.mark.parametrize(
    ("path", "login", "add", "count"),
    [
        ("/disputes", "manager", dispute, 9),
        ("/supply", "manager", stop, 14),
        ("/people", "admin", person, 9),
        ("/reports/house", "admin", phone, 15),
        ("/reports/audit", "admin", phone, 8),
        ("/handover", "manager", person, 9),
        ("/api/v1/sync/pull?cursor=0", "rep", a_customer, 143),
    ],
)
def test_a_list_costs_the_same_with_one_row_and_with_three(
    program: Program, log_in: LogIn, count_queries: Any, path: str, login: str, add: Callable[[Program], Any],
    count: int,
) -> None:
    client = log_in(login)
    costs = []
    for rows in (1, 2):
        for _ in range(rows):
            add(program)
        client.get(path)  # what is read once and kept (the epoch, a session's last use) is not the list's
        with count_queries(program.store.engine) as seen:
            assert client.get(path).status_code == 200
        costs.append(len(seen))
    assert costs == [count, count]
