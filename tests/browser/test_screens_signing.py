"""The way to a signature: every step within reach of everybody, nothing signed by accident."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.stock import stock
from tests.browser.test_journey import sign
from tests.browser.test_screens import CUSTOMER, go, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Page:
    """The rep's phone, with a customer worth visiting on it."""
    stock(serve)
    return ready(enter("rep"))


def at_the_text(page: Page, look: Callable[[], None] = lambda: None) -> None:
    """As far as the whole text of a plan; ``look`` at every step."""
    go(page, f"{CUSTOMER}/plan")
    for step in ("分期", "签字人"):
        look()
        page.get_by_role("button", name=re.compile(f"下一步：{step}")).click()
    look()
    page.locator("[role=group]", has_text="签字人").get_by_role("button").first.click()
    page.get_by_role("button", name=re.compile("下一步：全文")).click()
    expect(page.locator("article.paper")).to_be_visible()


def at_the_line(page: Page, look: Callable[[], None] = lambda: None) -> None:
    """As far as the line to sign on."""
    at_the_text(page, look)
    look()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="交给客户签字").click()
    until(page, "return Boolean(document.querySelector('.sign canvas')?.width > 300)")
    page.wait_for_timeout(300)


def test_signing_steps_axe_finds_nothing(page: Page, phone: BrowserContext) -> None:
    found: list[str] = []
    at_the_line(page, lambda: found.extend(violations(page)))
    found += violations(page)
    sign(page, phone)
    page.get_by_role("button", name="确认签署").click()
    expect(page.get_by_role("heading", name="已签署")).to_be_visible()
    found += violations(page)
    assert found == []


def test_axe_bites(page: Page) -> None:
    """A judge counts only when it finds its own planted flaw in the same run."""
    go(page, "/app")
    page.evaluate("document.querySelector('.bar button').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('.sub').style.color = '#ccc'")
    found = " ".join(violations(page))
    assert "button-name" in found
    assert "color-contrast" in found


def test_dot_is_no_signature(page: Page, phone: BrowserContext) -> None:
    """A tap on the line, or nothing at all, signs nothing; nothing is saved by it."""
    at_the_line(page)
    assert page.get_by_role("button", name="确认签署").is_disabled()
    page.touchscreen.tap(200, 400)
    page.wait_for_timeout(200)
    page.get_by_role("button", name="确认签署").click()
    expect(page.get_by_role("alert")).to_contain_text("笔画太少")
    page.get_by_role("button", name="重签").click()
    assert page.get_by_role("button", name="确认签署").is_disabled()
    page.get_by_role("button", name="返回全文").click()
    expect(page.get_by_role("dialog", name="签名")).to_have_count(0)
    assert run(page, "return outbox.queue.value.length") == 0


def test_signature_across_a_phone_that_lies_across(page: Page, phone: BrowserContext) -> None:
    """Turned by its owner's hand the screen is wide: the points are as they lie, the canvas as wide as the screen."""
    at_the_text(page)
    page.set_viewport_size({"width": 844, "height": 390})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="交给客户签字").click()
    until(page, "return Boolean(document.querySelector('.sign canvas')?.width > 800)")
    page.wait_for_timeout(300)
    session = phone.new_cdp_session(page)
    points = [{"x": 200 + 5 * at, "y": 180 + (at % 8) * 9} for at in range(60)]
    for at, point in enumerate(points):
        kind = "touchMove" if at else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        page.wait_for_timeout(10)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.get_by_role("button", name="确认签署").click()
    expect(page.get_by_role("heading", name="已签署")).to_be_visible()
    until(page, "return (await answers.history()).length === 1")
    [(strokes, status)] = run(
        page,
        "return (await answers.history()).map((one) => [one.command.payload.signing.strokes, one.result.status])",
    )
    assert status == "applied"
    assert (strokes["width"], strokes["height"]) == (844, 390)
    assert 1900 <= strokes["strokes"][0][0][0] <= 2100


def test_plan_that_does_not_add_up_goes_no_further(page: Page) -> None:
    """The sum always stands there; what is missing is named; one tap puts it into the last instalment."""
    go(page, f"{CUSTOMER}/plan")
    page.get_by_label("分期偿还的欠款金额").fill("100000")
    page.get_by_role("button", name=re.compile("下一步：分期")).click()
    amounts = page.get_by_label(re.compile(r"第 \d+ 期金额"))
    assert [one.input_value() for one in amounts.all()] == ["33,333.34", "33,333.33", "33,333.33"]
    amounts.nth(1).fill("1,000.005")
    expect(page.get_by_text("请写金额")).to_be_visible()
    amounts.nth(1).fill("1000")
    expect(page.get_by_text("还差")).to_be_visible()
    page.get_by_role("button", name=re.compile("下一步：签字人")).click(force=True)  # it looks closed, and says why
    expect(page.get_by_role("alert")).to_contain_text("各期合计还不等于欠款金额")
    page.get_by_role("button", name="差额放进最后一期").click()
    assert amounts.nth(2).input_value() == "65,666.66"
    page.get_by_role("button", name=re.compile("下一步：签字人")).click()
    expect(page.get_by_label("姓名（与证件一致）")).to_be_visible()


def test_call_is_followed_by_the_question_how_it_went(page: Page) -> None:
    """The dialler covers the page; on coming back the form of the method that dials stands there, number and all."""
    go(page, CUSTOMER)
    page.get_by_role("button", name="电话", exact=True).click()
    link = page.get_by_role("dialog").get_by_role("link").first
    assert (link.get_attribute("href") or "").startswith("tel:138")
    link.click()
    # the gate is asked first, a moment; then the dialler covers the page and goes again
    until(page, "document.dispatchEvent(new Event('visibilitychange')); return location.pathname.includes('/method/')")
    expect(page.get_by_text("和林海港通话的结果如何")).to_be_visible()
    expect(page.get_by_label("电话号码")).to_have_value("13800000001")
