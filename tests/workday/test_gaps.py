"""What a plugin would show and does not: said in one quiet line where people would look for it."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from fieldsales.plugin_api.manager import Plugins
from tests import cast
from tests.workday.test_showing import HEAD, PARCELS

LOST = HEAD + """
import there_is_no_such_package

__title__ = words("快递单", "Waybills")

@hookimpl
def customer_panels():
    return []
"""
#: the second panel is for legal alone
SECRET = PARCELS.replace('CustomerPanel("secret", L,', 'CustomerPanel("secret", words("密件", "Secret"),')
#: brings no panel and no card: nothing of it is missed there
ELSEWHERE = HEAD + "import there_is_no_such_package\n"


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str, tmp_path: Path) -> Flask:
    for name, source in (("parcels", SECRET), ("lost", LOST), ("elsewhere", ELSEWHERE)):
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    return make_app(main_url, plugins=Plugins.load(own=tmp_path, with_installed=False))


def test_what_is_set_aside_or_cannot_be_loaded_is_missed_on_the_pages_that_would_show_it(
    app: Flask, log_in: Callable[[str], Any], count_queries: Callable[..., Any]
) -> None:
    program = app.extensions["fieldsales"]
    rep, legal, manager = log_in("rep"), log_in("legal"), log_in("manager")
    aside, gone = "这里暂缺“包裹”：它的插件没有按时应答，已暂停", "这里暂缺“快递单”：它的插件没能载入"

    def missed(client: Any, path: str) -> tuple[int, int]:
        page = html.unescape(client.get(path).get_data(as_text=True))
        assert "elsewhere" not in page
        return page.count(aside), page.count(gone)

    one = f"/customers/{cast.HARBOUR}"
    assert (missed(rep, one), missed(manager, "/desk")) == ((0, 1), (0, 0))
    program.plugins.leave_alone("parcels", 1, 60)
    assert missed(rep, one) == (1, 1)
    assert ["密件" in html.unescape(who.get(one).get_data(as_text=True)) for who in (rep, legal)] == [False, True]
    assert missed(manager, "/desk") == (1, 0)
    with count_queries(program.store.engine) as seen:
        manager.get("/desk")
    aside_queries = len(seen)
    program.plugins.become(program.plugins.anew(program.plugins.found, off={"parcels", "lost"}))
    assert (missed(rep, one), missed(manager, "/desk")) == ((0, 0), (0, 0)), "switched off on purpose: nothing is said"
    with count_queries(program.store.engine) as seen:
        manager.get("/desk")
    assert len(seen) == aside_queries
