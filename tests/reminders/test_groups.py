"""The team's chat group: a plugin words the message, the worker sends it, and only where it may."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.plugin_api.notices import Notice, goes_to
from fieldsales.reminders.daily import remind_if_due
from fieldsales.reminders.models import NoticeGroup
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditBody
from fieldsales.web import outward
from fieldsales.web.here import Program
from tests import cast
from tests.cast import NOON
from tests.reminders.conftest import Outside

PLUGIN = '''
from fieldsales.plugin_api import HttpPost, NoticeChannel, hookimpl, words

def build(notice, secrets):
    return HttpPost(secrets["url"] + WHERE, {"text": [notice.title, *notice.lines], "key": secrets["secret"]})

@hookimpl
def notice_channels():
    return [NoticeChannel("chat", words("聊天", "Chat"), ("127.0.0.1",), build, hint=words("贴地址", "Paste it"))]
'''


def plugins(folder: Path, source: str = 'WHERE = ""' + PLUGIN) -> Plugins:
    """The built-in plugins and a messenger of this house's own."""
    folder.mkdir(exist_ok=True)
    (folder / "chat.py").write_text(source, encoding="utf-8")
    return Plugins.load(data_dir("plugins"), folder, with_installed=False)


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str, tmp_path: Path) -> Flask:
    return make_app(main_url, plugins=plugins(tmp_path / "plugins"), remind_private=True)


def add(program: Program, url: str, actor: Any = cast.MANAGER, team: str | None = cast.TEAM) -> str:
    """Have a group of the house's own messenger told."""
    group_id = uuid7()
    program.dispatcher.perform(actor, "reminders.add_group", {
        "group_id": group_id, "team_id": team, "name": "城东收款群", "channel": "chat", "url": url, "secret": "sssh"})
    return group_id


def said(outside: Outside) -> list[dict[str, Any]]:
    return [json.loads(body) for _path, _headers, body in outside.came]


def test_team_is_told_its_sums_and_no_customers_name(due: Program, outside: Outside, work: Callable[[], None]) -> None:
    outside.answers = [(200, {"errcode": 0, "errmsg": "ok"})]
    add(due, outside.url + "/hook")
    remind_if_due(due)
    work()
    [message] = said(outside)
    assert message["text"] == [
        "回款提醒 3月12日 · 城东组", "今天到期：1 笔，¥50,000.00", "· 王小明 1 · ¥50,000.00",
        "明天到期：1 笔，¥3,000.00", "· 王小明 1 · ¥3,000.00"]
    assert cast.HARBOUR_NAME not in str(message)
    remind_if_due(due)
    work()
    assert len(outside.came) == 1


def test_whole_company_is_an_administrators_and_sees_all_teams(due: Program, outside: Outside,
                                                               work: Callable[[], None]) -> None:
    outside.answers = [(200, {"errcode": 0})]
    with pytest.raises(NotAllowed):
        add(due, outside.url, team=None)
    add(due, outside.url, actor=cast.ADMIN, team=None)
    remind_if_due(due)
    work()
    assert "今天到期：2 笔，¥57,000.00" in said(outside)[0]["text"]


def test_manager_of_another_team_neither_adds_nor_tries_nor_ends(due: Program, outside: Outside) -> None:
    group_id = add(due, outside.url)
    with pytest.raises(NotAllowed):
        add(due, outside.url, actor=cast.OTHER_MANAGER)
    for verb in ("reminders.try_group", "reminders.end_group"):
        with pytest.raises(NotFound):
            due.dispatcher.perform(cast.OTHER_MANAGER, verb, {"group_id": group_id})
    with pytest.raises(NotAllowed):
        add(due, outside.url, actor=cast.REP)


def test_address_must_be_the_messengers_own_and_is_kept_from_the_audit(due: Program, outside: Outside) -> None:
    for wrong in ("https://evil.example/hook", "http://127.0.0.1/x", "https://user@127.0.0.1/", "https://127.0.0.1.evil.example/"):
        with pytest.raises(Invalid, match="not an address"):
            add(due, wrong)
    add(due, outside.url + "/hook?key=topsecret")
    with due.store.reading() as connection:
        bodies = str([tuple(row) for row in connection.execute(select(table_of(AuditBody)))])
    assert "城东收款群" in bodies
    assert "topsecret" not in bodies
    assert "sssh" not in bodies


def test_page_adds_tries_and_shows_what_came_of_it(due: Program, outside: Outside, work: Callable[[], None],
                                                   log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in("manager")
    outside.answers = [(200, {"errcode": 93000, "errmsg": "invalid webhook url"}), (200, {"errcode": 0})]
    wrong = client.post("/reminders/groups", data={"name": "群", "channel": "chat", "url": "https://other.example/x",
                                                   "team_id": cast.TEAM, "command_id": uuid7()})
    assert wrong.status_code == 422
    assert "127.0.0.1" in wrong.get_data(as_text=True)
    assert "other.example" not in wrong.get_data(as_text=True), "a secret is not sent back"
    client.post("/reminders/groups", data={"name": "群", "channel": "chat", "url": outside.url, "secret": "",
                                           "team_id": cast.TEAM, "command_id": uuid7()})
    with due.store.reading() as connection:
        group_id = connection.execute(select(table_of(NoticeGroup).c.id)).scalar_one()
    for shown in ("invalid webhook url", "已送达"):
        client.post(f"/reminders/groups/{group_id}/try", data={"command_id": uuid7()})
        work()
        page = client.get("/reminders").get_data(as_text=True)
        assert shown in page
        assert outside.url not in page
    assert said(outside)[0]["text"][0].startswith("fieldsales 测试消息")
    assert "城西" not in page, "another team cannot be chosen"
    client.post(f"/reminders/groups/{group_id}/end", data={"command_id": uuid7()})
    with due.store.reading() as connection:
        row = connection.execute(select(table_of(NoticeGroup))).one()
    assert (row.url, row.secret) == ("", "")
    assert row.ended_at is not None


def test_answer_that_is_no_answer_is_marked_unsure(due: Program, outside: Outside, work: Callable[[], None]) -> None:
    group_id = add(due, outside.url)
    outside.answers = [(200, {"errcode": "?"})]
    due.dispatcher.perform(cast.MANAGER, "reminders.try_group", {"group_id": group_id})
    work()
    from fieldsales.reminders.queries import last_of

    with due.store.reading() as connection:
        assert last_of(connection, [group_id])[group_id].state == "failed"


def test_redirect_is_not_followed(due: Program, outside: Outside, work: Callable[[], None]) -> None:
    outside.answers, outside.location = [(302, {})], outside.url + "/elsewhere"
    due.dispatcher.perform(cast.MANAGER, "reminders.try_group", {"group_id": add(due, outside.url)})
    work()
    assert [path for path, *_ in outside.came] == ["/"]


def test_messenger_that_does_not_answer_is_tried_again(due: Program, outside: Outside, clock: FixedClock,
                                                       work: Callable[[], None]) -> None:
    outside.answers = [(500, {}), (200, {"errcode": 0})]
    due.dispatcher.perform(cast.MANAGER, "reminders.try_group", {"group_id": add(due, outside.url)})
    work()
    clock.at += timedelta(minutes=1)
    work()
    assert len(outside.came) == 2


@pytest.mark.parametrize(("source", "why"), [
    ('WHERE = ""' + PLUGIN.replace('secrets["url"] + WHERE', '"https://evil.example/"'), "garbage"),
    ('WHERE = ""' + PLUGIN.replace('secrets["url"] + WHERE', '"http://127.0.0.1/"'), "garbage"),
    ("" + PLUGIN, "raised"),
    ('WHERE = ""' + PLUGIN.replace('{"text"', '{"big": "x" * 30_000, "text"'), "garbage"),
    ('WHERE = ""' + PLUGIN.replace('{"text"', '{"set": {1}, "text"'), "garbage"),
])  # fmt: skip
def test_plugin_cannot_send_where_or_what_it_may_not(tmp_path: Path, source: str, why: str) -> None:
    loaded = plugins(tmp_path / "plugins", source)
    notice = Notice("t", (), "https://a.example", NOON)
    with pytest.raises(PluginFailed) as failed:
        loaded.build_notice("chat", notice, {"url": "https://127.0.0.1/", "secret": ""})
    assert failed.value.why == why


@pytest.mark.parametrize("broken", [
    PLUGIN.replace('("127.0.0.1",)', "()"), PLUGIN.replace('("127.0.0.1",)', '("*",)'),
    PLUGIN.replace('"chat"', '"wecom"'), PLUGIN.replace(", build,", ", None,"),
])  # fmt: skip
def test_channel_badly_declared_is_not_loaded(tmp_path: Path, broken: str) -> None:
    loaded = plugins(tmp_path / "plugins", 'WHERE = ""' + broken)
    if '"wecom"' in broken and "messenger" not in {one.name for one in loaded.status()}:
        pytest.skip("nobody else has a channel of that name")
    assert "chat" not in loaded.channels
    assert {one.name: one.state for one in loaded.status()}["chat"] == "failed"


@pytest.mark.parametrize("url", [
    "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://169.254.169.254/",
    "https://[::ffff:127.0.0.1]/", "https://localhost/", "http://example.com/", "ftp://example.com/",
    "https://user:pass@example.com/", "https://[bad/", "//x",
])  # fmt: skip
def test_way_out_leads_to_no_inner_address_and_not_in_clear(url: str) -> None:
    with pytest.raises(outward.NotAllowedOut):
        outward.post(url, b"", {})


def test_certificate_nobody_vouches_for_is_not_believed(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(outward.Unreachable, match="CERTIFICATE"):
        outward.post(outside.url, b"", {}, private=True)
    assert goes_to("https://127.0.0.1:8443/x", ("127.0.0.1",))
