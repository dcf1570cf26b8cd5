"""The administrator's pages of plugins: health of all processes, on and off, settings with secrets never shown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from fieldsales.extensions.models import PluginSetting
from fieldsales.extensions.sealing import KEY_FILE, opened, seal
from fieldsales.extensions.standing import standing_of
from fieldsales.kernel.money import Money
from fieldsales.plugin_api import Field, Setting, SettingsForm, words
from fieldsales.plugin_api.settings import settings_form
from fieldsales.plugin_api.validate import Garbage
from fieldsales.reports.pluginhealth import QUERIES, plugin_lines
from fieldsales.store.base import table_of
from fieldsales.store.models import AuditBody, CommandReceipt
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows
from tests.extensions.conftest import tell, write_keeper
from tests.extensions.test_standing import from_phone, state

SECRET = "s3cr3t-通行证"


@pytest.fixture
def admin(kept: Program, keepers: Path, make_app: Callable[..., Flask], main_url: str) -> FlaskClient:
    app = make_app(main_url, plugins=kept.plugins)
    client = app.test_client()
    client.post("/login", data={"login": "admin", "password": cast.PASSWORD})
    return client


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", html.unescape(answer.get_data(as_text=True)))


def test_page_tells_what_each_brings_what_failed_and_what_waits(kept: Program, admin: FlaskClient) -> None:
    tell(kept, "1 / 0")
    standing_of(kept).tell()
    admin.post("/plugins/other/off", data={"reason": "试用结束"})
    kept.dispatcher.perform_batch(cast.REP, [from_phone("other"), from_phone("gone")])
    page = text_of(admin, "/plugins")
    for said in ("<dt>催收方式</dt><dd>记</dd>", "它在工作中出过错", "累计出错 1 次", "有 1 条记录在等它", "已关闭",
                 "试用结束", "gone (1)", "在等这里没有插件提供的催收方式"):
        assert said in page
    one = text_of(admin, "/plugins/keeper")
    for said in ("ZeroDivisionError: division by zero", "网页服务", "本单位的文件", "调用失败</dt> <dd>1</dd>", "记"):
        assert said in one
    other = text_of(admin, "/plugins/other")
    for said in ("关闭时它提供的催收方式：other", "等待的记录</dt> <dd>1</dd>", "管理员", "打开"):
        assert said in other
    admin.post("/plugins/other/on")
    assert "运行中" in text_of(admin, "/plugins/other")
    assert admin.get("/plugins/nobody").status_code == 404


def test_what_the_settings_of_the_machine_switch_off_has_no_button(
    make_app: Callable[..., Flask], keepers: Path, main_url: str
) -> None:
    app = make_app(main_url, plugins_dir=keepers, plugins_off="keeper")
    client = app.test_client()
    client.post("/login", data={"login": "admin", "password": cast.PASSWORD})
    page = text_of(client, "/plugins/keeper")
    assert "FIELDSALES_PLUGINS_OFF" in page
    assert "/plugins/keeper/on" not in page


def test_list_takes_as_many_queries_for_one_plugin_as_for_three(
    make_app: Callable[..., Flask], keepers: Path, main_url: str, count_queries: Callable[..., Any]
) -> None:
    write_keeper(keepers, "third")
    for folder in (keepers, keepers.parent / "none"):
        program: Program = make_app(main_url, plugins_dir=folder).extensions["fieldsales"]
        with program.store.reading() as connection, count_queries(program.store.engine) as seen:
            plugin_lines(connection, program.plugins, ())
        assert len(seen) == QUERIES


def test_settings_are_saved_reach_the_plugin_and_secrets_are_never_shown(
    kept: Program, admin: FlaskClient, keepers: Path
) -> None:
    form = text_of(admin, "/plugins/keeper/settings")
    assert 'name="days" type="text" value="3"' in form
    assert 'name="token" type="password" value=""' in form
    assert tell(kept, "", actor=cast.ADMIN)["summary"] == "无"
    answer = admin.post("/plugins/keeper/settings", data={"days": "5", "token": SECRET})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert dict(kept.plugins.settings_of("keeper")) == {"days": 5, "token": SECRET}
    assert dict(kept.plugins.settings_of("other")) == {"days": 3}, "another plugin is told nothing of it"
    [row] = rows(kept, PluginSetting)
    assert (row["id"], row["given"], row["by_id"]) == ("keeper", {"days": 5}, cast.ADMIN.user_id)
    for path in ("/plugins/keeper/settings", "/plugins/keeper", "/plugins"):
        assert SECRET not in text_of(admin, path)
    assert "已设置" in text_of(admin, "/plugins/keeper/settings")
    with kept.store.reading() as connection:
        kept_words = [str(tuple(one)) for table in (AuditBody, CommandReceipt, PluginSetting)
                      for one in connection.execute(select(table_of(table)))]  # fmt: skip
    assert not any(SECRET in one for one in kept_words)
    with kept.store.reading() as connection:
        bodies = list(connection.scalars(select(table_of(AuditBody).c.body)))
    [body] = [one for one in bodies if "extensions.set_settings" in one]
    assert '"days":5' in body
    assert '"token"' in body, "that it was set is on record"
    assert row["sealed"]["token"] not in body
    admin.post("/plugins/keeper/settings", data={"days": "6", "token": ""})
    assert dict(kept.plugins.settings_of("keeper")) == {"days": 6, "token": SECRET}, "left empty it stays"
    admin.post("/plugins/keeper/settings", data={"days": "", "token": "", "forget.token": "1"})
    assert dict(kept.plugins.settings_of("keeper")) == {"days": 3}


def test_setting_that_does_not_fit_is_refused_at_its_field(kept: Program, admin: FlaskClient) -> None:
    for data, said in (({"days": "99"}, "30"), ({"days": "many"}, "整数"), ({"days": "2", "token": "x" * 121}, "120")):
        answer = admin.post("/plugins/keeper/settings", data=data)
        assert answer.status_code == 422, data
        assert said in answer.get_data(as_text=True), data
    assert rows(kept, PluginSetting) == []


CHECKED = """
    import time
    from fieldsales.plugin_api import Field, Problem, Setting, SettingsForm, hookimpl, words

    def check(settings):
        host = settings.get("host", "")
        if host == "raise":
            raise ValueError("no luck")
        if host == "hang":
            time.sleep(5)
        if host == "garbage":
            return "bad"
        return [Problem("host", words("主机不通", "No such host"), blocking=host == "bad")] if host != "good" else []

    @hookimpl
    def settings():
        return [SettingsForm((Setting(Field("host", "text", words("主机", "Host"))),), check=check)]
"""


def test_check_of_a_plugin_warns_refuses_or_fails_and_only_then_nothing_is_saved(
    make_app: Callable[..., Flask], main_url: str, tmp_path: Path
) -> None:
    write_keeper(tmp_path / "checked", "checked", CHECKED)
    app = make_app(main_url, plugins_dir=tmp_path / "checked", plugin_deadline_s=0.5)
    program, client = app.extensions["fieldsales"], app.test_client()
    client.post("/login", data={"login": "admin", "password": cast.PASSWORD})
    for host, said in (("bad", "主机不通"), ("raise", "no luck"), ("garbage", "must return a list")):
        answer = client.post("/plugins/checked/settings", data={"host": host})
        assert (answer.status_code, said in html.unescape(answer.get_data(as_text=True))) == (422, True)
    assert rows(program, PluginSetting) == []
    assert client.post("/plugins/checked/settings", data={"host": "odd"}).status_code == 303
    assert "主机不通" in text_of(client, "/plugins/checked/settings"), "a warning is told and it is saved"
    assert client.post("/plugins/checked/settings", data={"host": "good"}).status_code == 303
    assert client.post("/plugins/checked/settings", data={"host": "hang"}).status_code == 422
    assert state(program, "checked") == "suspended"
    assert dict(rows(program, PluginSetting)[0]["given"]) == {"host": "good"}


def test_settings_of_every_type_are_read_as_declared_and_fall_back_to_their_default() -> None:
    form = settings_form(SettingsForm((
        Setting(Field("sum", "money", words("金额", "Sum")), default=Money(500)),
        Setting(Field("on", "bool", words("开", "On")), default=True),
        Setting(Field("since", "date", words("起", "Since")), default=date(2026, 1, 1)),
        Setting(Field("host", "text", words("主机", "Host"))),
    )))  # fmt: skip
    assert form.read({}, "EUR") == {"sum": Money(500, "EUR"), "on": True, "since": date(2026, 1, 1)}
    assert form.read({"sum": 700, "on": False, "since": "2026-02-30", "host": 5, "other": 1}, "EUR") == {
        "sum": Money(700, "EUR"), "on": False, "since": date(2026, 1, 1)}


@pytest.mark.parametrize("bad", [
    Setting(Field("on", "bool", words("开", "On")), default=1),
    Setting(Field("on", "bool", words("开", "On")), secret=True),
    Setting(Field("n", "number", words("数", "N"), maximum=5), default=6),
    Setting(Field("n", "number", words("数", "N")), default="6"),
    Setting(Field("t", "text", words("令", "T")), default="x", secret=True),
    Setting(Field("p", "photo", words("照", "P"))),
    Field("n", "number", words("数", "N")),
])  # fmt: skip
def test_setting_that_is_badly_declared_is_garbage(bad: Any) -> None:
    with pytest.raises(Garbage):
        settings_form(SettingsForm((bad,)))


def test_secret_opens_only_under_its_own_name_with_the_houses_key(tmp_path: Path) -> None:
    sealed = seal(tmp_path, "keeper", "token", SECRET)
    assert opened(tmp_path, "keeper", "token", sealed) == SECRET
    assert SECRET not in sealed
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [opened(tmp_path, *name, sealed) for name in (("other", "token"), ("keeper", "days"))] == [None, None]
    for bad in ("", "v1:", "v1:AAAA", sealed[:-4] + "AAAA"):
        assert opened(tmp_path, "keeper", "token", bad) is None
    assert seal(tmp_path, "keeper", "token", SECRET) != sealed, "the same secret looks different every time"


def test_secret_from_a_backup_without_its_key_is_said_to_be_lost(
    kept: Program, admin: FlaskClient, make_app: Callable[..., Flask], main_url: str, tmp_path: Path, keepers: Path
) -> None:
    admin.post("/plugins/keeper/settings", data={"days": "5", "token": SECRET})
    app = make_app(main_url, plugins_dir=keepers, home=tmp_path / "elsewhere")
    client = app.test_client()
    client.post("/login", data={"login": "admin", "password": cast.PASSWORD})
    assert "无法读取" in text_of(client, "/plugins/keeper/settings")
    assert dict(app.extensions["fieldsales"].plugins.settings_of("keeper")) == {"days": 5}


def test_requirements_name_packages_files_and_what_is_off(kept: Program, admin: FlaskClient) -> None:
    admin.post("/plugins/other/off", data={"reason": ""})
    answer = admin.get("/plugins/requirements.txt")
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.get_data(as_text=True).splitlines()
    assert any(re.fullmatch(r"# file: keeper\.py  version -  sha256 [0-9a-f]{64}", line) for line in lines)
    assert "# switched off here: other" in lines
