"""The page of one action: the method's findings, the mail's fate, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldsales.collection.models import Action, Mail
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import Plugins
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import need_plugin, rows, with_debt
from tests.collection.test_actions import act

LogIn = Callable[[str], FlaskClient]


def test_legal_findings_stand_on_the_page(owed: Program, log_in: LogIn) -> None:
    act(owed, "legal", {}, actor=cast.LEGAL)
    [action] = rows(owed, Action)
    text = log_in("legal").get(f"/actions/{action['id']}").get_data(as_text=True)
    for words in ("法律途径", "申请支付令还差", "XS-1001", "已到期、数额确定：¥150,000.00", "没有中断"):
        assert words in text


def test_mail_stands_on_the_page_with_its_number_and_fate(owed: Program, log_in: LogIn) -> None:
    act(owed, "email", {})
    [action] = rows(owed, Action)
    text = log_in("rep").get(f"/actions/{action['id']}").get_data(as_text=True)
    for words in ("boss@harbour.example", "待发送", "@mail.fieldsales.invalid&gt;", "付款通知：未付货款 ¥182,300.00"):
        assert words in text


def test_mail_their_server_took_counts_as_arrived(owed: Program, log_in: LogIn) -> None:
    act(owed, "email", {})
    [action], [mail] = rows(owed, Action), rows(owed, Mail)
    assert "没有中断" in log_in("rep").get(f"/actions/{action['id']}").get_data(as_text=True)
    owed.dispatcher.perform(SYSTEM, "collection.begin_mail", {"mail_id": mail["id"]})
    owed.dispatcher.perform(SYSTEM, "collection.record_mail", {"mail_id": mail["id"], "state": "sent"})
    text = log_in("rep").get(f"/actions/{action['id']}").get_data(as_text=True)
    assert "时效中断：催告" in text
    assert "B：送达有据" in text


def test_answers_are_read_in_words(owed: Program, log_in: LogIn) -> None:
    act(owed, "letter", {"stage": "posted", "carrier": "顺丰", "proof": ["a" * 64], "of_an_older_form": "x"})
    [action] = rows(owed, Action)
    text = log_in("rep").get(f"/actions/{action['id']}").get_data(as_text=True)
    for words in ("已寄出", "快递公司", "顺丰", "1 张照片", "of_an_older_form", "C：仅有陈述", "时效中断：催告"):
        assert words in text


@pytest.mark.parametrize("who", ["other_rep", "former_rep", "other_manager"])
def test_page_of_another_reps_action_is_not_found(owed: Program, log_in: LogIn, who: str) -> None:
    act(owed, "phone", {"result": "refused"})
    [action] = rows(owed, Action)
    client = log_in(who)
    assert client.get(f"/actions/{action['id']}").status_code == 404
    assert client.post(f"/actions/{action['id']}/again", data={"command_id": uuid7()}).status_code == 404


def test_form_leads_to_the_page_of_its_action(owed: Program, log_in: LogIn) -> None:
    need_plugin("phone")
    client = log_in("rep")
    answer = client.post(f"/customers/{cast.HARBOUR}/actions/phone",
                         data={"command_id": uuid7(), "result": "refused"})  # fmt: skip
    [action] = rows(owed, Action)
    assert (answer.status_code, answer.location) == (303, f"/actions/{action['id']}")
    page = client.get(f"/customers/{cast.HARBOUR}").get_data(as_text=True)
    assert f'href="/actions/{action["id"]}"' in page


def test_action_of_a_method_that_is_gone_is_still_readable(
    make_app: Callable[..., Flask], sqlite_url: str
) -> None:
    program = with_debt(make_app(sqlite_url))
    act(program, "phone", {"result": "refused"})
    [action] = rows(program, Action)
    app = make_app(sqlite_url, plugins=Plugins.load(data_dir("plugins"), with_installed=False, without=("phone",)))
    client = app.test_client()
    client.post("/login", data={"login": "rep", "password": cast.PASSWORD})
    text = client.get(f"/actions/{action['id']}").get_data(as_text=True)
    assert "电话：拒绝付款" in text
    assert client.get(f"/customers/{cast.HARBOUR}").status_code == 200


def test_unjudged_action_is_judged_again_from_its_page(
    make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    (tmp_path / "moody.py").write_text(f"""
import os
from fieldsales.plugin_api import CollectionMethod, Decision, hookimpl, words

def outcome(fields, facts):
    if os.path.exists({str(broken)!r}):
        raise ValueError("no luck")
    return Decision(words("好了", "Well"), "well")

@hookimpl
def collection_methods():
    return [CollectionMethod("moody", words("阴晴", "Moody"), outcome)]
""", "utf-8")
    app = make_app(sqlite_url, plugins=Plugins.load(data_dir("plugins"), tmp_path, with_installed=False))
    program = with_debt(app)
    act(program, "moody", {})
    [first] = rows(program, Action)
    client = app.test_client()
    client.post("/login", data={"login": "rep", "password": cast.PASSWORD})
    assert "没能作出判定" in client.get(f"/actions/{first['id']}").get_data(as_text=True)
    broken.unlink()
    answer = client.post(f"/actions/{first['id']}/again", data={"command_id": uuid7()}, follow_redirects=True)
    assert "好了" in answer.get_data(as_text=True)
    assert [row["outcome"] for row in rows(program, Action)] == ["", "well"]
