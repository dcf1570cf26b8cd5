"""Opened inside a chat app: it says how to get out, and loses nothing that was saved in there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fieldsales.web.embedded import inside_of
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import always_open, ready, receipts, save, until, visit
from tests.browser.test_kernel_in_node import ROOT

AGENTS = json.loads((ROOT / "tests" / "browser" / "agents.json").read_text(encoding="utf-8"))
WECHAT = next(one["agent"] for one in AGENTS if one["app"] == "wechat")
Open = Callable[[str], BrowserContext]


@pytest.fixture
def opened_in(chromium: Browser, serve: Server) -> Iterator[Open]:
    """A phone whose browser says it is that app's."""
    made: list[BrowserContext] = []

    def open_in(agent: str) -> BrowserContext:
        context = chromium.new_context(base_url=serve.url, viewport={"width": 390, "height": 844}, user_agent=agent,
                                       locale="zh-CN", has_touch=True, is_mobile=True)
        context.set_default_timeout(15_000)
        made.append(context)
        return always_open(context)

    yield open_in
    for context in made:
        context.close()


def entered(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/login?next=/app")
    page.fill("[name=login]", "rep")
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/app")
    return ready(page)


def test_app_is_told_by_what_it_calls_itself(page: Page) -> None:
    told = page.evaluate("""async (agents) => {
        const { insideOf } = await import("/static/js/reach/inside.js");
        return agents.map(insideOf); }""", [one["agent"] for one in AGENTS])  # fmt: skip
    assert {one["on"] + one["app"]: app for one, app in zip(AGENTS, told, strict=True)} == {
        one["on"] + one["app"]: one["app"] for one in AGENTS}
    assert [inside_of(one["agent"]) for one in AGENTS] == told, "the sign-in page tells it alike"
    assert page.locator(".inside, .inside-bar").count() == 0, "a system's browser is told nothing"


def test_signing_in_and_the_first_screen_say_how_to_get_out(opened_in: Open) -> None:
    context = opened_in(WECHAT)
    page = context.new_page()
    page.goto("/login?next=/app")
    expect(page.get_by_text("正在微信里")).to_be_visible()
    page = entered(context)
    way = page.get_by_role("dialog", name="请用系统浏览器打开")
    expect(way).to_contain_text("点右上角的 ···")
    expect(way).to_contain_text("选“在浏览器打开”")
    page.get_by_role("button", name="复制网址").click()
    page.get_by_role("button", name="仍在这里用").click()
    expect(way).to_have_count(0)
    expect(page.get_by_text("建议用系统浏览器打开")).to_be_visible()
    page.reload()
    ready(page)
    expect(page.get_by_role("dialog")).to_be_visible()


def test_unsent_work_inside_is_kept_shown_and_sent_from_there(opened_in: Open, serve: Server) -> None:
    context = opened_in(WECHAT)
    page = entered(context)
    page.get_by_role("button", name="仍在这里用").click()
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    context.set_offline(True)
    save(page, visit())
    page.reload()
    bar = page.get_by_role("complementary", name="在其他应用里打开")
    expect(bar).to_contain_text("待发送 1")  # no way out fills the screen: the work is here
    expect(page.get_by_role("dialog", name="请用系统浏览器打开")).to_have_count(0)
    page.get_by_role("button", name="怎么打开").click()
    expect(page.get_by_role("dialog")).to_contain_text("有 1 条记录只在这里")
    page.get_by_role("button", name="继续在这里用").click()
    context.set_offline(False)
    until(page, "return outbox.rows.value.length === 0", 20)
    assert receipts(serve) == ["applied"]
    expect(bar).to_contain_text("建议用系统浏览器打开")

