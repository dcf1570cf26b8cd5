"""Where a one-time code may go: a mailbox a server takes, a phone, never our own people's under another spelling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import ValidationError
from sqlalchemy import delete, update

from fieldsales.collection.smtp import deliver
from fieldsales.customers.models import Contact
from fieldsales.documents import onetime
from fieldsales.documents.models import Document, SigningCode
from fieldsales.documents.onetime import AskCode, check_address, plain_address
from fieldsales.exchange.bundlecase import read_case
from fieldsales.kernel.errors import Invalid, RuleBroken
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.people.models import User
from fieldsales.plans.models import SigningLink
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.plans.signing import plan, signed
from tests.plans.test_links import make, offer, sign
from tests.plans.test_one_time_codes import API, ask, work_off
from tests.plans.test_one_time_codes import post as post  # a mail server


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str) -> Flask:
    return make_app(main_url)


@pytest.fixture
def owed(app: Flask) -> Program:
    return with_debt(app)


@pytest.mark.parametrize("to", [
    "lin@harbour.example", "lin.hai+ar@mail.harbour.example", "o'neil_1@a-b.example", "+49 151 2345678",
    "138 0571 2233",
])  # fmt: skip
def test_whole_addresses_are_taken(to: str) -> None:
    channel = "email" if "@" in to else "sms"
    check_address(channel, plain_address(channel, to))


@pytest.mark.parametrize(("to", "code"), [
    ("<lin@harbour.example>", "code_address"), ("lin@[127.0.0.1]", "code_address"), ("lin@10.0.0.1", "code_address"),
    ("lin<x@y.example>@harbour.example", "code_address"), ("lin@harbour", "code_address"),
    ("a,b@harbour.example", "code_address"), ("a..b@harbour.example", "code_address"), (".a@harbour.example", "code_a"),
    ("lin%x@harbour.example", "code_address"), ('"a b"@harbour.example', "code_address"),
    ("lin@harbour.example, b@c.example", "code_address"), ("lin@-harbour.example", "code_address"),
    ("x" * 65 + "@harbour.example", "code_address"), ("林海@harbour.example", "code_ascii"),
    ("lin@海港.example", "code_ascii"), ("１３８０５７１２２３３", "code_address"), ("12345", "code_address"),
])  # fmt: skip
def test_what_no_code_can_be_sent_to_is_refused(to: str, code: str) -> None:
    channel = "sms" if "@" not in to else "email"
    with pytest.raises(Invalid, match=code):
        check_address(channel, plain_address(channel, to))


@pytest.mark.parametrize("number", ["HK1", "您已中奖 http://x.example", "HK260312-7K3QX9PU", "hk260312-7K3QX9PW", ""])
def test_number_in_the_mails_subject_is_a_papers(number: str) -> None:
    fields: dict[str, Any] = {"code_id": uuid7(), "customer_id": uuid7(), "channel": "email", "to": "a@b.example",
                              "text_sha256": "0" * 64}  # fmt: skip
    paper_id = uuid7()
    AskCode(**fields, number=paper_number("HK", paper_id, cast.TODAY))
    with pytest.raises(ValidationError):
        AskCode(**fields, number=number)


@pytest.mark.parametrize(("phone", "email", "to", "own"), [
    ("+86 138 0571-2233", "", "13805712233", True), ("13805712233", "", "+86 138 0571 2233", True),
    ("138 0571 2233", "", "8613805712233", True), ("+49 151 2345678", "", "+491512345678", True),
    ("13805712234", "", "13805712233", False), ("", "Me@haichuan.example", "me+harbour@HAICHUAN.example", True),
    ("", "me+work@haichuan.example", "me@haichuan.example", True), ("", "me@haichuan.example", "mo@haichuan.example",
                                                                    False),
])  # fmt: skip
def test_own_and_filed_addresses_are_known_however_spelt(
    phone: str, email: str, to: str, own: bool, owed: Program
) -> None:
    users, contacts = table_of(User), table_of(Contact)
    owed.dispatcher.note(lambda connection: connection.execute(
        update(users).where(users.c.id == cast.REP.user_id).values(phone=phone, email=email)))
    owed.dispatcher.note(lambda connection: connection.execute(
        update(contacts).where(contacts.c.customer_id == cast.HARBOUR).values(phone=phone)))
    plain = plain_address("email" if "@" in to else "sms", to)
    with owed.store.reading() as connection:
        assert bool(onetime.load_own(connection, [plain]).get(plain)) is own
        filed = onetime.load_filed(connection, [cast.HARBOUR])[cast.HARBOUR]
    assert (plain in filed) is (own and bool(phone))


def test_way_that_is_not_there_is_refused_by_the_operation(owed: Program) -> None:
    """A phone may push the operation without the page's own route: that house sends no codes at all."""
    with pytest.raises(RuleBroken, match="code_no_way"):
        owed.dispatcher.perform(cast.REP, "plans.offer_link", offer(code_channel="sms", code_to="13805712233"))
    with pytest.raises(RuleBroken, match="code_no_way"):
        owed.dispatcher.perform(cast.REP, "documents.ask_code", {
            "code_id": uuid7(), "customer_id": cast.HARBOUR, "channel": "email", "to": "a@b.example",
            "number": "HK260312-7K3QX9PW", "text_sha256": "0" * 64})
    assert rows(owed, SigningLink) == []


def test_mail_that_cannot_be_addressed_is_refused_not_tried_for_ever(post: Any) -> None:
    """Rows from before the check: the worker says no once, for a code as for a letter."""
    program, handler, client = post
    code_id = ask(client, signed(plan())).get_json()["code_id"]
    program.dispatcher.note(lambda connection: connection.execute(
        update(table_of(SigningCode)).values(to_address="林海@harbour.example")))
    work_off(program)
    assert client.get(f"/api/v1/signing-codes/{code_id}", headers=API).get_json()["state"] == "failed"
    assert deliver(program.settings.smtp_url, "ar@haichuan.example", "林海@harbour.example", b"x").state == "refused"
    assert handler.taken == []


def test_missing_row_stops_no_bundle(owed: Program, app: Flask, log_in: Callable[[str], FlaskClient]) -> None:
    sign(app.test_client(), make(log_in("rep")))
    [document] = rows(owed, Document)
    source = document["source"] | {
        "signing": document["source"]["signing"] | {"confirmation": {"code_id": uuid7()}}}
    owed.dispatcher.note(lambda connection: connection.execute(
        update(table_of(Document)).values(source=source, state="sealed")))
    owed.dispatcher.note(lambda connection: connection.execute(delete(table_of(SigningLink))))
    with owed.store.reading() as connection:
        case = read_case(connection, document["subject_id"])
    assert case
    [paper] = case.papers
    assert {name: one["note"] for name, one in paper.shown_by.items()} == {
        "link.json": "not found here", "one-time-code.json": "not found here"}
    assert paper.shown_by["link.json"]["ip"] == "127.0.0.1"
