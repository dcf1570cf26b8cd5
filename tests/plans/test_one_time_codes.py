"""One-time codes: by real SMTP and a real provider of text messages, right once, wrong five times, for one text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from fieldsales.documents import canonical, onetime, papers, rules
from fieldsales.documents.messages import Confirmation, Signing
from fieldsales.documents.models import Document, SigningCode
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.places import data_dir
from fieldsales.plans.messages import PlanPayload
from fieldsales.plugin_api.manager import Plugins
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from fieldsales.worker import run_once
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.collection.test_mail import Handler, free_port
from tests.plans.signing import command, enrol, plan, signed
from tests.reminders.conftest import Outside
from tests.reminders.conftest import outside as outside  # a provider over real TLS

API, NUMBER = {"X-Fieldsales": "1"}, "HK260312-7K3QX9PW"
SMS = '''
from fieldsales.plugin_api import MessageSender, OutPost, hookimpl, words

def build(message, settings):
    return OutPost(WHERE, {"to": message.to, "text": message.text, "code": message.places["code"]},
                   headers={"Authorization": settings["account"] + ":" + settings["secret"]})

@hookimpl
def message_senders():
    return [MessageSender("house_sms", words("短信", "Text message"), ("127.0.0.1",), build)]
'''


@pytest.fixture
def post(make_app: Callable[..., Flask], main_url: str) -> Iterator[tuple[Program, Handler, FlaskClient]]:
    """The program with a real mail server, and the rep's phone."""
    handler, port = Handler(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    app = make_app(main_url, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="海川五金 <ar@haichuan.example>")
    program = with_debt(app)
    enrol(program)
    client = app.test_client()
    client.post("/login", data={"login": "rep", "password": cast.PASSWORD})
    yield program, handler, client
    controller.stop()


def test_only_the_program_itself_tries_and_records_codes(post: tuple[Program, Handler, FlaskClient]) -> None:
    """``documents.ask_code`` is anybody's who sees the customer; the other two are the server's own word."""
    program, _, client = post
    code_id = ask(client, signed(plan())).get_json()["code_id"]
    for operation, more in (("documents.try_code", {"right": True}), ("documents.record_code", {"state": "sent"})):
        with pytest.raises(NotAllowed):
            program.dispatcher.perform(cast.REP, operation, {
                "code_id": code_id, "customer_id": cast.HARBOUR, **more})
    with pytest.raises(NotFound):
        program.dispatcher.perform(cast.OTHER_REP, "documents.ask_code", {
            "code_id": uuid7(), "customer_id": cast.HARBOUR, "channel": "email", "to": "a@b.example", "number": NUMBER,
            "text_sha256": "0" * 64})


def ask(client: FlaskClient, of: Signing, to: str = "Lin@Harbour.example", **other: Any) -> Any:
    body = {"code_id": uuid7(), "customer_id": cast.HARBOUR, "channel": "email", "to": to, "number": NUMBER,
            "text_sha256": of.text_sha256, **other}
    return client.post("/api/v1/signing-codes", json=body, headers=API)


def work_off(program: Program) -> None:
    while run_once(program):
        pass


def code_in(handler: Handler) -> str:
    """The six digits in the last mail."""
    mail = message_from_bytes(handler.taken[-1][2], policy=policy.default)
    found = re.search(r"验证码 (\d{6})", str(mail.get_content()))
    assert found, mail.get_content()
    return found[1]


def confirmed(post: tuple[Program, Handler, FlaskClient], signing: Signing) -> dict[str, Any]:
    """What the server answers when the code from the mail is typed in."""
    program, handler, client = post
    code_id = ask(client, signing).get_json()["code_id"]
    work_off(program)
    answer = client.post(f"/api/v1/signing-codes/{code_id}", json={"code": code_in(handler)}, headers=API)
    found: dict[str, Any] = answer.get_json()["confirmation"]
    return found


def with_code(payload: PlanPayload, confirmation: dict[str, Any]) -> Signing:
    """A signing from the desk whose manifest names the code."""
    signing = signed(payload).model_copy(
        update={"confirmation": Confirmation.model_validate(confirmation), "device_signature": ""})
    manifest = canonical.sha256(rules.manifest_bytes(payload, signing, ""))
    return signing.model_copy(update={"manifest_sha256": manifest})


def test_code_from_the_mail_is_printed_in_the_plans_record(post: tuple[Program, Handler, FlaskClient]) -> None:
    program, handler, _client = post
    payload = plan()
    found = confirmed(post, signed(payload))
    assert (found["masked"], found["on_file"], found["text_sha256"]) == (
        "l***@harbour.example", False, signed(payload).text_sha256)
    assert handler.taken[0][1] == ["lin@harbour.example"]
    signing = with_code(payload, found)
    program.dispatcher.perform(cast.REP, "plans.sign_plan", command(payload, signing))
    [document] = rows(program, Document)
    paper = papers.paper_of("plan", "zh", document["source"], "https://x.example", True)
    said = dict(paper.record)["一次性验证码"]
    assert found["confirmed_at"] in said
    assert "l***@harbour.example" in said
    assert signing.text_sha256[:16] in said
    assert "此前未登记" in said
    manifest = json.loads(next(one.content for one in paper.files if one.name == "manifest.json"))
    assert manifest["confirmation"] == found
    plain = papers.paper_of("plan", "zh", {**document["source"], "signing": signed(plan()).model_dump(mode="json")},
                            "https://x.example", True)
    assert dict(plain.record)["一次性验证码"] == "未使用。"


def test_code_lies_in_no_table_and_no_file(post: tuple[Program, Handler, FlaskClient]) -> None:
    program, handler, _client = post
    signing = signed(plan())
    confirmed(post, signing)
    code = code_in(handler)
    with program.store.reading() as connection:
        for (name,) in connection.execute(text(
                "select name from sqlite_master where type='table'" if connection.dialect.name == "sqlite"
                else "select tablename from pg_tables where schemaname='public'")).all():
            for row in connection.execute(text(f'select * from "{name}"')).all():
                assert not re.search(rf"(?<!\d){code}(?!\d)", str(row)), name


@pytest.mark.parametrize("forgery", ["text", "customer", "masked", "other_code", "unconfirmed"])
def test_claimed_code_that_was_not_found_right_is_refused(
    forgery: str, post: tuple[Program, Handler, FlaskClient]
) -> None:
    program, _, client = post
    payload = plan()
    found = confirmed(post, signed(payload))
    if forgery == "text":  # confirmed for one plan, claimed for another
        payload = plan(first=cast.TODAY + timedelta(days=40))
    elif forgery == "customer":
        table = table_of(SigningCode)
        program.dispatcher.note(lambda connection: connection.execute(
            table.update().values(customer_id=cast.RIVER)))
    elif forgery == "masked":
        found["masked"] = "1***@other.example"
    elif forgery == "other_code":
        found["code_id"] = uuid7()
    else:
        found["code_id"] = ask(client, signed(payload), to="other@harbour.example").get_json()["code_id"]
    with pytest.raises(RuleBroken, match="code_unknown"):
        program.dispatcher.perform(cast.REP, "plans.sign_plan", command(payload, with_code(payload, found)))


def test_five_wrong_tries_spend_a_code(post: tuple[Program, Handler, FlaskClient]) -> None:
    program, handler, client = post
    code_id = ask(client, signed(plan())).get_json()["code_id"]
    work_off(program)
    right = code_in(handler)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    path = f"/api/v1/signing-codes/{code_id}"
    left = [client.post(path, json={"code": wrong}, headers=API).get_json()["left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    answer = client.post(path, json={"code": right}, headers=API)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "documents.code_spent")


def test_code_runs_out_after_ten_minutes(post: tuple[Program, Handler, FlaskClient], clock: FixedClock) -> None:
    program, handler, client = post
    code_id = ask(client, signed(plan())).get_json()["code_id"]
    work_off(program)
    clock.at += timedelta(minutes=10, seconds=1)
    answer = client.post(f"/api/v1/signing-codes/{code_id}", json={"code": code_in(handler)}, headers=API)
    assert answer.get_json()["error"]["code"] == "documents.code_over"


def test_codes_to_one_address_are_few_and_never_to_our_own_people(post: tuple[Program, Handler, FlaskClient]) -> None:
    program, _, client = post
    codes = [ask(client, signed(plan())).status_code for _ in range(onetime.PER_ADDRESS_AN_HOUR + 1)]
    assert codes == [202] * onetime.PER_ADDRESS_AN_HOUR + [409]
    program.dispatcher.note(lambda connection: connection.execute(text("update users set email='Me@haichuan.example'")))
    own = ask(client, signed(plan()), to="me@HAICHUAN.example")
    assert (own.status_code, own.get_json()["error"]["code"]) == (409, "documents.code_own")
    assert ask(client, signed(plan()), to="nobody").status_code == 422
    assert ask(client, signed(plan()), channel="sms", to="13800000001").get_json()["error"]["code"] == (
        "documents.code_no_way")


def test_refusal_of_the_mail_server_is_told(post: tuple[Program, Handler, FlaskClient]) -> None:
    program, handler, client = post
    handler.rcpt_answer = "550 no such mailbox"
    code_id = ask(client, signed(plan())).get_json()["code_id"]
    work_off(program)
    told = client.get(f"/api/v1/signing-codes/{code_id}", headers=API).get_json()
    assert (told["state"], "no such mailbox" in told["answer"]) == ("failed", True)


@pytest.mark.parametrize(("channel", "to", "plain", "masked"), [
    ("email", " Lin.Hai@Harbour.Example ", "lin.hai@harbour.example", "l***@harbour.example"),
    ("sms", "+86 138 0571-2233", "13805712233", "138****2233"),
    ("sms", "0086 13805712233", "13805712233", "138****2233"),
    ("sms", "+49 151 2345678", "+491512345678", "+49******5678"),
])  # fmt: skip
def test_address_is_compared_plain_and_printed_masked(channel: str, to: str, plain: str, masked: str) -> None:
    assert onetime.plain_address(channel, to) == plain
    assert onetime.masked_address(channel, plain) == masked
    onetime.check_address(channel, plain)


def test_text_message_goes_through_the_plugins_provider(
    make_app: Callable[..., Flask], main_url: str, tmp_path: Path, outside: Outside
) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "sms.py").write_text(f'WHERE = "{outside.url}/send"' + SMS, encoding="utf-8")
    outside.answers = [(200, {"code": 0})]
    app = make_app(main_url, plugins=Plugins.load(data_dir("plugins"), folder, with_installed=False),
                   sms_sender="house_sms", sms_account="a1", sms_secret="s3", remind_private=True)
    program = with_debt(app)
    client = app.test_client()
    client.post("/login", data={"login": "rep", "password": cast.PASSWORD})
    asked = ask(client, signed(plan()), channel="sms", to="138 0000 0001").get_json()
    assert (asked["masked"], asked["on_file"]) == ("138****0001", True)
    work_off(program)
    [(path, headers, body)] = outside.came
    sent = json.loads(body)
    assert (path, headers["authorization"], sent["to"]) == ("/send", "a1:s3", "13800000001")
    answer = client.post(f"/api/v1/signing-codes/{asked['code_id']}", json={"code": sent["code"]}, headers=API)
    assert answer.get_json()["confirmation"]["channel"] == "sms"
    outside.answers = [(200, {"code": 7, "msg": "no credit"})]
    failed = ask(client, signed(plan()), channel="sms", to="13800000001").get_json()["code_id"]
    work_off(program)
    with program.store.reading() as connection:
        table = table_of(SigningCode)
        row = connection.execute(select(table).where(table.c.id == failed)).one()
    assert (row.state, row.answer) == ("failed", "7 no credit")
