"""The editor of a method in a real browser: rows without a new page, the preview beside it, tried out, saved."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from fieldsales.collection.models import Action
from fieldsales.store.base import table_of
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, until
from tests.collection.conftest import with_debt

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def logged_in(chromium: Browser, serve: Server) -> tuple[Page, list[str]]:
    complaints: list[str] = []
    page = chromium.new_context(base_url=serve.url, viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto("/login")
    page.fill("[name=login]", "manager")
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk")
    return page, complaints


def test_manager_makes_a_method_and_a_rep_uses_it_offline(
    chromium: Browser, serve: Server, phone: BrowserContext, enter: Callable[[str], Page]
) -> None:
    with_debt(serve.app)
    page, complaints = logged_in(chromium, serve)
    page.goto("/methods/new")
    page.fill("[name='labels.zh']", "登门家访")
    preview, decision = page.locator("#preview"), page.locator("#decision")
    expect(preview.get_by_role("heading", name="登门家访")).to_be_visible()
    page.click("button[value='add:fields']")
    expect(page.locator("[name='fields.3.labels.zh']")).to_be_focused()
    page.keyboard.type("答应还多少")
    page.select_option("[name='fields.3.type']", "money")
    expect(preview.get_by_label("答应还多少（CNY）")).to_be_visible()
    page.locator(".holes summary").click()
    sentence = page.locator("[name='outcomes.0.summary.zh']")
    sentence.fill("家访办成，答应还")
    page.get_by_role("button", name="{答应还多少}").click()
    expect(sentence).to_have_value("家访办成，答应还{答应还多少}")
    page.select_option("[name='try.result']", label="办成")
    preview.get_by_label("答应还多少（CNY）").fill("50000")
    expect(decision).to_contain_text("家访办成，答应还¥50,000.00")
    expect(decision).to_contain_text("C · 仅为我方主张")
    preview.get_by_label("照片").check()
    expect(decision).to_contain_text("B · 能证明到达")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}})
    assert found.violations_count == 0, found.generate_report()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.click("button[value=save]")
    page.wait_for_url("**/methods")
    expect(page.locator("main")).to_contain_text("登门家访")
    program = serve.app.extensions["fieldsales"]
    [method] = [one for one in program.plugins.methods.values() if one.labels["zh"] == "登门家访"]
    assert [one.name for one in method.fields] == ["result", "done_on", "photo", method.fields[3].name]
    assert complaints == []
    page.context.close()
    used_offline(phone, enter, serve, method.name)


def used_offline(phone: BrowserContext, enter: Callable[[str], Page], serve: Server, name: str) -> None:
    """A rep fills the new form in without a network; the office judges it when the phone is back."""
    page = ready(enter("rep"))
    until(page, "return docs.docs.ready.value && Boolean(navigator.serviceWorker.controller)", 20)
    phone.set_offline(True)
    page.goto(f"/app/customers/{cast.HARBOUR}/method/{name}")
    ready(page)
    expect(page.get_by_role("group", name="结果")).to_contain_text("最好填写")  # marked, and never in the way
    page.get_by_role("button", name="办成", exact=True).click()
    page.get_by_label("答应还多少").fill("50000")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(f"**/customers/{cast.HARBOUR}")
    phone.set_offline(False)
    program = serve.app.extensions["fieldsales"]

    def judged() -> list[tuple[str, str]]:
        with program.store.reading() as connection:
            a = table_of(Action).c
            rows = connection.execute(select(a.summary_zh, a.grade).where(a.method == name))
            return [(row.summary_zh, row.grade) for row in rows]

    deadline = time.monotonic() + 15
    while not judged() and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert judged() == [("家访办成，答应还¥50,000.00", "C")]
