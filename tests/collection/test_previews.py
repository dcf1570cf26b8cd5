"""What an action would send is shown word for word before it is on record, and nothing is written by looking."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldsales.collection.case_models import ContactStop
from fieldsales.collection.models import Action, Mail
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import need_plugin, rows, with_debt


@pytest.fixture
def office(app: Flask) -> Program:
    need_plugin("email")
    return with_debt(app)


def browser(app: Flask, login: str = "rep") -> FlaskClient:
    client = app.test_client()
    client.post("/login", data={"login": login, "password": cast.PASSWORD})
    return client


def ask(client: FlaskClient, fields: dict[str, Any], method: str = "email") -> Any:
    return client.post(f"/api/v1/customers/{cast.HARBOUR}/preview", json={"method": method, "fields": fields},
                       headers={"X-Fieldsales": "1"})


def test_phone_sees_the_whole_mail_and_nothing_is_written(app: Flask, office: Program) -> None:
    seen = ask(browser(app), {"to": "boss@harbour.example", "tone": "firm", "text": "请尽快安排。"}).get_json()
    [letter] = seen["letters"]
    assert (letter["to"], letter["text"].split("\n")[0]) == ("boss@harbour.example", "请尽快安排。")
    for fact in ("XS-1001", "XS-1002", "¥182,300.00", "退订"):
        assert fact in letter["text"]
    assert (seen["held"], rows(office, Action), rows(office, Mail)) == ("", [], [])


def test_desk_sees_it_beside_the_form_and_what_the_gate_would_hold(app: Flask, office: Program) -> None:
    stop = {"id": uuid7(), "customer_id": cast.HARBOUR, "kind": "no_mail", "words": "", "who": "",
            "occurred_at": cast.NOON, "received_at": cast.NOON, "by_id": ""}
    office.dispatcher.note(lambda c: c.execute(table_of(ContactStop).insert().values(**stop)))
    client = browser(app)
    form = f"/customers/{cast.HARBOUR}/actions/email"
    assert f'formaction="{form}/preview"' in client.get(form).get_data(as_text=True)
    shown = client.post(f"{form}/preview", data={"to": "boss@harbour.example"}).get_data(as_text=True)
    for words in ("对方已退订催款邮件", "boss@harbour.example", "XS-1001", "还没有发出"):
        assert words in shown, words


@pytest.mark.parametrize(("login", "method", "fields", "status"), [
    ("other_rep", "email", {}, 404), ("rep", "no_such_way", {}, 404), ("rep", "email", {"to": "nobody"}, 422),
])  # fmt: skip
def test_stranger_sees_nothing_and_a_wrong_answer_is_refused_in_words(
    app: Flask, office: Program, login: str, method: str, fields: dict[str, Any], status: int
) -> None:
    answer = ask(browser(app, login), fields, method)
    assert answer.status_code == status
    assert cast.HARBOUR_NAME not in answer.get_data(as_text=True)
