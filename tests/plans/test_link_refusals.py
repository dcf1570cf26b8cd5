"""What a signing link must not be made of or signed with: another's draft, another's mailbox, debts promised already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from fieldsales.kernel.errors import RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.plans.models import Plan, SigningLink
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.plans.test_links import code_of, offer, sign
from tests.plans.test_one_time_codes import API, code_in, work_off
from tests.plans.test_one_time_codes import post as post  # a mail server


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str) -> Flask:
    return make_app(main_url)


@pytest.fixture
def owed(app: Flask) -> Program:
    return with_debt(app)


@pytest.fixture
def rep(owed: Program, log_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return log_in("rep")


def test_code_sent_elsewhere_does_not_sign_a_link(post: Any) -> None:
    """A rep may have a code for the very same text sent to any mailbox; the link names whose it must be."""
    program, handler, client = post
    sent = offer(code_channel="email", code_to="lin@harbour.example")
    assert client.post("/api/v1/signing-links", json=sent, headers=API).status_code == 201
    code_id = uuid7()
    client.post("/api/v1/signing-codes", headers=API, json={
        "code_id": code_id, "customer_id": cast.HARBOUR, "channel": "email", "to": "rep@elsewhere.example",
        "number": sent["payload"]["number"], "text_sha256": sent["text_sha256"]})
    work_off(program)
    right = client.post(f"/api/v1/signing-codes/{code_id}", json={"code": code_in(handler)}, headers=API)
    assert right.get_json()["confirmation"]
    path = client.get(f"/api/v1/signing-links/{sent['link_id']}", headers=API).get_json()["url"].split("/", 3)[3]
    assert code_of(sign(client, f"/{path}", code_id=code_id)) == "plans.link_code"
    assert rows(program, Plan) == []


def test_link_of_another_customers_draft_is_not_taken_back(owed: Program) -> None:
    draft = offer()
    owed.dispatcher.perform(cast.REP, "plans.offer_link", draft)
    table = table_of(SigningLink)
    owed.dispatcher.note(lambda connection: connection.execute(update(table).values(customer_id=cast.RIVER)))
    with pytest.raises(RuleBroken, match="link_reused"):
        owed.dispatcher.perform(cast.REP, "plans.offer_link", draft | {"link_id": uuid7()})
    assert [row["state"] for row in rows(owed, SigningLink)] == ["open"]
