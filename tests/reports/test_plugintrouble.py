"""What ails a plugin, said to an administrator: from the errors that really occur to words and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldsales.kernel.sentences import say
from fieldsales.plugin_api.manager import Plugins
from fieldsales.reports.plugintrouble import trouble

#: How plugins fail to load, and what the administrator reads of it.
LOADING = {
    "import no_such_thing.part": ("缺少它需要的组件：no_such_thing", "重新载入"),
    "def broken(:": ("文件里有写错的地方", "发给插件作者"),
    "__api__ = 99": ("更新的版本", "升级本程序"),
    "from fieldsales.plugin_api import hookimpl\n@hookimpl\ndef no_such_hook():\n    return []": (
        "不合本程序的要求", "发给插件作者"),
    "open('/no/such/file')": ("文件不在", "放回原处"),
    "import time\ntime.sleep(3)": ("载入时它没有应答", "关闭它"),
}  # fmt: skip


@pytest.mark.parametrize("source", LOADING)
def test_plugin_that_cannot_be_loaded_is_explained(tmp_path: Path, source: str) -> None:
    (tmp_path / "bad.py").write_text(source, "utf-8")
    hangs = "sleep" in source
    plugins = Plugins.load(own=tmp_path, with_installed=False, import_seconds=0.2 if hangs else 20)
    [status] = plugins.status()
    found = trouble(status.state, "", status.last_error, "")
    assert found is not None
    said, todo = LOADING[source]
    assert said in say(found.said, "zh", **found.params), status.last_error
    assert todo in say(found.todo, "zh", **found.params)


@pytest.mark.parametrize(("state", "why", "error", "until", "said", "todo"), [
    ("suspended", "hung", "no answer within 2 s", "今天 18:50", "暂不调用它", "今天 18:50 会自动再试"),
    ("suspended", "hung", "no answer within 2 s", "", "暂不调用它", "要等您点“恢复”"),
    ("active", "hung", "no answer within 2 s", "", "曾经没有按时应答", "不用处理"),
    ("active", "raised", "ValueError: x", "", "在工作中出过错", "再出现就把原文发给插件作者"),
    ("active", "", "ValueError: x", "", "在工作中出过错", "再出现"),
    ("active", "garbage", "Decision …", "", "没有采用", "发给插件作者"),
    ("active", "timed_out", "inbox: timed_out", "", "定时任务超时", "定时任务"),
    ("active", "crashed", "inbox: exit code 1", "", "定时任务没有做成", "定时任务"),
])  # fmt: skip
def test_plugin_at_work_is_explained(state: str, why: str, error: str, until: str, said: str, todo: str) -> None:
    found = trouble(state, why, error, until)
    assert found is not None
    assert said in say(found.said, "zh", **found.params)
    assert todo in say(found.todo, "zh", **found.params)


@pytest.mark.parametrize(("state", "error"), [("active", ""), ("disabled", "ValueError: x"), ("disabled", "")])
def test_plugin_that_is_well_or_off_has_no_trouble(state: str, error: str) -> None:
    assert trouble(state, "raised" if error else "", error, "") is None
