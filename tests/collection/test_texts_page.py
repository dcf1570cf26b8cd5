"""The office's page of text messages: what became of each, what the month cost, for whoever sees the customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Connection, insert

from fieldsales.collection.textmodels import TextMessage
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast

LogIn = Callable[[str], FlaskClient]


def text(program: Program, state: str, customer: str = cast.HARBOUR, **more: Any) -> str:
    row = {"id": uuid7(), "customer_id": customer, "to_number": "138 0571 2222", "body": "请付 ¥1.00", "template": "",
           "places": {}, "lang": "zh", "delivered_effect": "demand", "state": state, "sender": "house_sms",
           "provider_number": "P1", "answer": "空号", "parts": 2, "cost_minor": 10, "by_id": cast.REP.user_id,
           "queued_at": cast.NOON, "sent_at": cast.NOON, "attempts": 1} | more

    def write(connection: Connection) -> None:
        connection.execute(insert(table_of(TextMessage)).values(**row))

    program.dispatcher.note(write)
    return str(row["id"])


def test_page_shows_states_reasons_and_the_months_cost_at_the_same_price(
    log_in: LogIn, program: Program, count_queries: Callable[..., Any]
) -> None:
    client = log_in("manager")
    text(program, "delivered")
    with count_queries(program.store.engine) as one:
        client.get("/texts")
    text(program, "failed")
    text(program, "unsure")
    with count_queries(program.store.engine) as three:
        page = client.get("/texts").get_data(as_text=True)
    assert len(one) == len(three)
    for words in ("已送达", "未送达", "不确定，不再重发", "空号", "¥0.30", "还没有设置短信服务商"):
        assert words in page, words
    only = client.get("/texts?show=failed").get_data(as_text=True)
    assert only.count("138 0571 2222") == 1


def test_page_shows_a_rep_only_his_own_customers(log_in: LogIn, program: Program) -> None:
    text(program, "delivered", cast.RIVER, to_number="139 9999 0000")
    text(program, "delivered")
    page = log_in("rep").get("/texts").get_data(as_text=True)
    assert "138 0571 2222" in page
    assert "139 9999 0000" not in page
    assert "¥0.10" in page
    assert "¥0.20" not in page
