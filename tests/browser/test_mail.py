"""Mail on the phone: what came back is read without a network, and what would go is seen word for word with one."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.inside import ready, until
from tests.browser.stock import stock
from tests.browser.test_screens import CUSTOMER, go
from tests.collection.conftest import need_plugin
from tests.collection.test_arrivals import BOSS, comes, mailed


def test_thread_is_read_offline_and_a_mail_is_previewed_with_its_whole_account(
    serve: Server, enter: Callable[..., Page], phone: BrowserContext,
) -> None:
    need_plugin("email")
    stock(serve)
    program = serve.app.extensions["fieldsales"]
    comes(program, "reply", mailed(program, to="finance@harbour.example"), text="周五付五万。")
    comes(program, "failed", mailed(program), address=BOSS, detail="550 5.1.1", sender="postmaster@harbour.example")
    page = ready(enter("rep"))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    go(page, f"{CUSTOMER}/method/email")
    page.get_by_label("收件人").fill("new@harbour.example")
    page.get_by_text("催款（中文）", exact=True).click()
    until(page, "return document.querySelector('textarea').value.includes('全部未付款项的催告')", 10)
    page.get_by_role("button", name="预览要发的内容").click()
    expect(page.get_by_text("发往 new@harbour.example")).to_be_visible()
    expect(page.locator(".prose").first).to_contain_text("不想再收到此类邮件，请回复“退订”")
    phone.set_offline(True)
    go(page, CUSTOMER)
    thread = page.locator("#thread")
    thread.get_by_role("button", name="显示全部 4 封").click()
    expect(thread.get_by_text("周五付五万。")).to_be_visible()
    expect(thread.get_by_text(f"发往 {BOSS} 的邮件被退回：请问到正确的邮箱。")).to_be_visible()
    expect(thread.get_by_text("对方已回复")).to_be_visible()
