"""A message from the phone: drafted without a network with the real figures, looked through, shared, and counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from fieldsales.collection.models import Action
from fieldsales.kernel.money import Money
from tests.browser.conftest import Server
from tests.browser.inside import ready, until
from tests.browser.stock import INVOICES, stock
from tests.browser.test_screens import CUSTOMER, go
from tests.collection.conftest import need_plugin, rows


def test_message_is_drafted_offline_shared_and_put_on_record(
    serve: Server, enter: Callable[..., Page], phone: BrowserContext,
) -> None:
    need_plugin("message")
    stock(serve)
    phone.add_init_script("navigator.share = async (what) => { window.shared = what; }")
    page = ready(enter("rep"))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    phone.set_offline(True)
    go(page, f"{CUSTOMER}/method/message")
    page.get_by_text("发消息", exact=True).click()
    page.get_by_text("催款", exact=True).click()
    text = page.get_by_role("textbox", name="内容")
    until(page, "return document.querySelector('textarea').value.includes('对全部欠款的催告')", 10)
    drafted = text.input_value()
    page.get_by_text("微信转发", exact=True).click()
    share = page.get_by_role("button", name="分享")
    text.fill(drafted + "再拖就曝光你")
    expect(page.get_by_text("这些话不能发出：")).to_be_visible()
    expect(share).to_be_disabled()
    text.fill(drafted)
    share.click()
    until(page, "return Boolean(window.shared)", 10)
    assert page.evaluate("window.shared.text") == drafted
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("button", name="保存")).to_have_count(0)
    phone.set_offline(False)
    program = serve.app.extensions["fieldsales"]
    found: list[dict[str, Any]] = []
    for _ in range(150):
        found = [row for row in rows(program, Action) if row["method"] == "message"]
        if found:
            break
        page.wait_for_timeout(100)
    [action] = found
    assert (action["effect"], action["grade"], action["fields"]["text"]) == ("demand", "C", drafted)
    whole = sum(minor for _, _, minor in INVOICES) - 200_000
    assert str(Money(whole)) in drafted
