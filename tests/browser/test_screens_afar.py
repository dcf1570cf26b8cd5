"""A signatory who is not here: a link from the rep's phone, signed on another one, with a code from a real mailbox."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from fieldsales.documents import onetime
from fieldsales.documents.models import Document
from fieldsales.store.base import table_of
from fieldsales.worker import run_once
from tests.browser.conftest import Server
from tests.browser.inside import ready
from tests.browser.stock import stock
from tests.browser.test_journey import sign
from tests.browser.test_screens import CUSTOMER, violations
from tests.browser.test_screens_signing import at_the_text
from tests.collection.test_mail import Handler, free_port
from tests.plans.test_one_time_codes import code_in

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FIELDSALES_SHOTS")


@pytest.fixture
def mailbox(serve: Server) -> Iterator[Handler]:
    """The house has a mail server."""
    handler, port = Handler(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings = serve.app.extensions["fieldsales"].settings
    settings.smtp_url, settings.mail_from = f"smtp://127.0.0.1:{port}", "海川五金 <ar@haichuan.example>"
    settings.public_url = serve.url
    onetime.send_by(("email",))  # as the program says at its start, had it begun with these settings
    yield handler
    onetime.send_by(())
    controller.stop()


@pytest.fixture
def page(serve: Server, mailbox: Handler, enter: Callable[..., Page]) -> Page:
    stock(serve)
    return ready(enter("rep"))


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def mailed(serve: Server) -> None:
    """Let the worker send what waits, papers apart."""
    program = serve.app.extensions["fieldsales"]
    while run_once(program):
        pass


def stroke(page: Page, context: BrowserContext) -> None:
    """A finger in the box of the public page."""
    box = page.locator("[data-pad]").bounding_box()
    assert box
    session = context.new_cdp_session(page)
    for wave in range(2):
        points = [(box["x"] + 30 + at * 8, box["y"] + 60 + wave * 60 + (at % 3) * 12) for at in range(24)]
        for n, (x, y) in enumerate(points):
            session.send("Input.dispatchTouchEvent", {
                "type": "touchStart" if n == 0 else "touchMove", "touchPoints": [{"x": x, "y": y}]})
            page.wait_for_timeout(15)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def link_from(page: Page) -> tuple[str, str]:
    """The rep makes a link that wants a code; its address, and the check sum the phone shows."""

    def afar() -> None:
        if page.get_by_role("button", name="不在场，发链接签").count():
            page.get_by_role("button", name="不在场，发链接签").click()
            page.locator("[role=group]", has_text="签署时的一次性验证码").get_by_role("button", name="电子邮件").click()
            page.get_by_label("签字人本人的电子邮箱").fill("lin@harbour.example")
            shot(page, "afar-1-terms")

    at_the_text(page, afar)
    expect(page.locator("article.paper")).to_contain_text("一次性链接")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="生成链接").click()
    expect(page.get_by_role("heading", name="链接已生成")).to_be_visible()
    shot(page, "afar-2-made")
    return page.locator("p.hash.break").inner_text(), page.locator("span.hash").inner_text()


def fill_in(other: Page, serve: Server, mailbox: Handler) -> None:
    """Name, consent, and the code from the mail."""
    other.get_by_role("button", name="签署", exact=True).click()
    expect(other.locator("[data-wrong]")).to_have_text("请填写姓名。")
    name = other.locator(".hint", has_text="文本上的签署人").inner_text().split("：")[1].split("，")[0]
    other.get_by_label("您的姓名").fill(name)
    other.locator("[name=consent]").check()
    other.get_by_role("button", name="发送验证码").click()
    expect(other.get_by_label("收到的验证码")).to_be_visible()
    mailed(serve)
    other.get_by_label("收到的验证码").fill(code_in(mailbox))
    other.get_by_role("button", name="确认").click()
    expect(other.locator("[data-code-said]")).to_have_text("验证码正确。")


def test_link_made_on_one_phone_is_signed_on_another(
    page: Page, serve: Server, mailbox: Handler, chromium: Browser
) -> None:
    url, sum_here = link_from(page)
    theirs = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True,
                                  locale="zh-CN")
    other = theirs.new_page()
    other.goto(url)
    assert other.locator("code").inner_text() == sum_here, "the same text, the same check sum"
    fill_in(other, serve, mailbox)
    assert violations(other) == []
    stroke(other, theirs)
    shot(other, "afar-3-page")
    other.get_by_role("button", name="签署", exact=True).click()
    expect(other.get_by_role("status")).to_contain_text("已经签署")
    mailed(serve)
    other.goto(url)
    shot(other, "afar-4-signed")
    with other.expect_download() as got:
        other.get_by_role("link", name="下载您的一份").click()
    assert got.value.path().read_bytes().startswith(b"%PDF-1.7")
    theirs.close()
    with serve.store.reading() as connection:
        papers = table_of(Document).c
        source = connection.execute(select(papers.source).where(papers.kind == "plan").order_by(
            papers.made_at.desc()).limit(1)).scalar_one()
    assert source["signing"]["remote"]["user_agent"].startswith("Mozilla/")
    assert source["signing"]["confirmation"]["masked"] == "l***@harbour.example"


def test_code_on_the_spot_goes_into_the_signing(
    page: Page, phone: BrowserContext, serve: Server, mailbox: Handler
) -> None:
    at_the_text(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_text("用一次性验证码确认（可选）").click()
    page.get_by_label("签字人本人的电子邮箱").fill("lin@harbour.example")
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_label("发到 l***@harbour.example 的验证码")).to_be_visible()
    mailed(serve)
    shot(page, "code-1")
    page.get_by_label("发到 l***@harbour.example 的验证码").fill(code_in(mailbox))
    page.get_by_role("button", name="确认验证码").click()
    expect(page.get_by_text("已用一次性验证码确认")).to_be_visible()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="交给客户签字").click()
    page.wait_for_timeout(400)
    sign(page, phone)
    page.get_by_role("button", name="确认签署").click()
    expect(page.get_by_role("heading", name="已签署")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("已送达", timeout=15_000)
    with serve.store.reading() as connection:
        signings = [source["signing"] for source in connection.execute(
            select(table_of(Document).c.source).where(table_of(Document).c.kind == "plan")).scalars()]
    assert any((one or {}).get("confirmation") for one in signings)
    assert CUSTOMER in page.url
