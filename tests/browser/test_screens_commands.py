"""Every form of the field app, filled in by hand, is taken by the real server."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.stock import stock
from tests.browser.test_journey import sign
from tests.browser.test_screens import CUSTOMER, go
from tests.cast import HARBOUR

pytestmark = pytest.mark.browser


def photo(name: str = "photo.jpg", colour: str = "#886644") -> Any:
    """A photo as a camera gives it, larger than what is sent."""
    stream = io.BytesIO()
    Image.new("RGB", (2400, 1800), colour).save(stream, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": stream.getvalue()}


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone, with a customer worth visiting on it."""
    stock(serve)
    wrong: list[str] = []
    page = enter("rep")
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield ready(page)
    assert wrong == []


def answered(page: Page) -> list[list[str]]:
    """What became of everything saved, once all of it and its photos are at the office."""
    until(page, "return outbox.rows.value.length === 0 && sync.status.value.blobs === 0", 30)
    left = run(page, "return outbox.queue.value.map((one) => [one.operation, one.state, one.code, one.text])")
    assert left == []
    return run(page, "return (await answers.history()).map((one) => [one.command.operation, one.result.status])")


def save(page: Page, words: str) -> None:
    """Tap the one filled button, and stand on the dossier again."""
    page.get_by_role("button", name=words, exact=True).click()
    page.wait_for_url("**" + CUSTOMER)


def signed(page: Page, phone: BrowserContext) -> None:
    """From the signatory's step to the confirmation."""
    page.locator("[role=group]", has_text="签字人").get_by_role("button").first.click()
    page.get_by_role("button", name=re.compile("下一步：全文")).click()
    expect(page.locator("article.paper")).to_be_visible()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="交给客户签字").click()
    until(page, "return Boolean(document.querySelector('.sign canvas')?.width > 300)")
    page.wait_for_timeout(300)
    sign(page, phone)
    page.get_by_role("button", name="确认签署").click()
    expect(page.get_by_role("heading", name="已签署")).to_be_visible()


def test_visit_with_everything_in_it(page: Page) -> None:
    """A new person with a number, excuses, photos, an agreement by word of mouth and the reply to it."""
    go(page, f"{CUSTOMER}/visit")
    page.get_by_role("button", name="其他人").click()
    page.get_by_label("姓名").fill("新会计老吴")
    page.get_by_label("电话", exact=True).fill("13900001234")
    page.get_by_role("button", name="添加").click()
    page.get_by_role("textbox", name="说了什么").fill("月底款到就付")
    page.get_by_role("button", name="发票没到").click()
    page.get_by_role("button", name="口头同意但拒签").click()
    page.get_by_label("承诺金额").fill("12,345.60")
    page.get_by_role("button", name="3 天后").first.click()
    expect(page.get_by_label("发给客户的确认")).to_have_value(re.compile(r"¥12,345\.60"))
    page.locator(".photos input").first.set_input_files(photo("reply.jpg", "#335577"))
    expect(page.locator(".photos img")).to_have_count(1)
    page.locator(".photos input").last.set_input_files([photo(), photo("second.jpg", "#99bb33")])
    expect(page.locator(".photos img")).to_have_count(3)
    page.reload()  # the camera app may push the page out of memory: nothing may be lost by it
    expect(page.locator(".photos img")).to_have_count(3)
    save(page, "保存拜访")
    assert sorted(operation for operation, status in answered(page) if status == "applied") == [
        "customers.add_contact", "promises.make_promise", "visits.log_visit",
    ]  # fmt: skip
    expect(page.get_by_text("新会计老吴").first).to_be_visible()
    shown = run(page, "return docs.docs.get('customer', arg).value.promises[0]", HARBOUR)
    assert (shown["amount_minor"], shown["words"]) == (1_234_560, "")


def test_request_to_set_off_goes_to_the_manager(page: Page) -> None:
    go(page, f"{CUSTOMER}/visit")
    page.get_by_role("button", name="要求退货/返利抵款").click()
    page.get_by_role("button", name="返利", exact=True).click()
    page.get_by_label("涉及金额").fill("8800")
    save(page, "保存拜访")
    assert ["disputes.open_dispute", "applied"] in answered(page)


def test_small_forms_are_taken(page: Page) -> None:
    """Note, complaint, promise, dispute and paper: each saved, each applied."""
    go(page, f"{CUSTOMER}/note")
    page.get_by_label("值得记下的情况").fill("门口贴了招租")
    save(page, "保存")
    go(page, f"{CUSTOMER}/note?kind=complaint")
    page.get_by_label("客户投诉什么").fill("合页生锈")
    save(page, "保存")
    go(page, f"{CUSTOMER}/promise")
    page.get_by_label("承诺金额").fill("3万")
    page.get_by_role("button", name="明天").click()
    save(page, "保存承诺")
    go(page, f"{CUSTOMER}/dispute")
    page.get_by_role("button", name="质量").click()
    save(page, "报给主管")
    go(page, f"{CUSTOMER}/paper")
    page.get_by_label("应收单", exact=True).select_option(index=1)
    page.locator(".photos input").set_input_files(photo("delivery.jpg"))
    expect(page.locator(".photos img")).to_have_count(1)
    save(page, "保存")
    assert sorted(answered(page)) == [
        ["disputes.open_dispute", "applied"], ["promises.make_promise", "applied"],
        ["receivables.attach_paper", "applied"], ["visits.add_note", "applied"], ["visits.add_note", "applied"],
    ]  # fmt: skip


def test_money_at_the_counter_waits_for_finance(page: Page) -> None:
    """A receipt with its number at once; balance untouched; cash handed in with one tap."""
    before = run(page, "return docs.docs.get('customer', arg).value.open_minor", HARBOUR)
    go(page, f"{CUSTOMER}/receipt")
    page.get_by_label("收到金额").fill("5000")
    page.get_by_role("button", name="保存并开收据").click()
    expect(page.locator("article.paper")).to_contain_text("人民币伍仟元整")
    expect(page.locator("article.paper")).to_contain_text(re.compile(r"SJ\d{6}-[0-9A-Z]{8}"))
    page.get_by_role("link", name="回到客户").click()
    go(page, f"{CUSTOMER}/receipt")
    page.get_by_label("收到金额").fill("60000")
    page.get_by_role("button", name="承兑汇票").click()
    page.get_by_label("票据号码").fill("130110000123420261120")
    page.get_by_label("承兑人").fill("宁波银行")
    page.get_by_role("button", name="保存并开收据").click()
    expect(page.locator("article.paper")).to_contain_text("兑付后")
    go(page, "/app/me")
    page.get_by_role("button", name="已上交").first.click()
    expect(page.get_by_text("已上交，待确认").first).to_be_visible()
    assert sorted(answered(page)) == [
        ["receivables.hand_in_cash", "applied"], ["receivables.register_receipt", "applied"],
        ["receivables.register_receipt", "applied"],
    ]  # fmt: skip
    assert run(page, "return docs.docs.get('customer', arg).value.open_minor", HARBOUR) == before
    until(page, "return docs.docs.one('me').value.pending.length === 3")


def answer_each(page: Page) -> None:
    """The first answer of every choice of a method's form, those that an answer calls up too."""
    groups, n = page.locator(".field[role=group]", has=page.locator("button[aria-pressed]")), 0
    while n < groups.count():
        groups.nth(n).locator("button[aria-pressed]").first.click()
        n += 1


def test_methods_of_plugins_are_drawn_and_taken(page: Page) -> None:
    """The forms of whatever plugins there are; none is known by name to the screens."""
    forms = run(page, """return docs.docs.all('form').value
        .filter((one) => one.fields.length && !one.close).map((one) => one.method)""")
    assert len(forms) >= 3
    for method in forms:
        go(page, f"{CUSTOMER}/method/{method}")
        answer_each(page)
        save(page, "保存")
    done = answered(page)
    assert done == [["collection.take_action", "applied"]] * len(forms)


def test_statement_with_a_difference_then_a_plan_from_it(page: Page, phone: BrowserContext) -> None:
    """The undisputed part is signed; a plan starts from it; a second plan takes the first one's place."""
    go(page, f"{CUSTOMER}/statement")
    page.get_by_role("button", name=re.compile("下一步：差异")).click()
    page.get_by_role("button", name="加一项差异").click()
    page.get_by_role("button", name="退货", exact=True).click()
    page.get_by_label("金额", exact=True).fill("1000")
    page.get_by_role("button", name=re.compile("下一步：签字人")).click()
    signed(page, phone)
    answered(page)
    for _ in range(2):
        go(page, CUSTOMER)
        go(page, f"{CUSTOMER}/plan")
        page.get_by_role("button", name=re.compile(r"DZ\d{6}-")).click()
        page.get_by_role("button", name=re.compile("下一步：分期")).click()
        page.get_by_role("button", name="加一", exact=True).click()
        page.get_by_label("第 1 期金额").fill("100")
        expect(page.get_by_text("还差")).to_be_visible()
        page.get_by_role("button", name="差额放进最后一期").click()
        page.get_by_role("button", name=re.compile("下一步：签字人")).click()
        signed(page, phone)
        answered(page)
    assert sorted(answered(page)) == [
        ["plans.sign_plan", "applied"], ["plans.sign_plan", "applied"], ["statements.sign_statement", "applied"],
    ]  # fmt: skip
    plans = run(page, "return docs.docs.get('customer', arg).value.plans", HARBOUR)
    assert [len(plan["instalments"]) for plan in plans] == [4, 4]


def test_stamped_copy_is_attached_to_its_plan(page: Page, phone: BrowserContext) -> None:
    go(page, f"{CUSTOMER}/plan")
    page.get_by_role("button", name=re.compile("下一步：分期")).click()
    page.get_by_role("button", name=re.compile("下一步：签字人")).click()
    page.get_by_role("button", name="名片", exact=True).click()
    page.locator(".photos input").set_input_files(photo("card.jpg"))
    expect(page.locator(".photos img")).to_have_count(1)
    signed(page, phone)
    plan = run(page, "return docs.docs.get('customer', arg).value.plans[0].id", HARBOUR)
    go(page, f"{CUSTOMER}/stamped/{plan}")
    page.locator(".photos input").set_input_files([photo("stamped.jpg", "#aa2222"), photo("second.jpg", "#22aa22")])
    expect(page.get_by_role("alert")).to_contain_text("最多 1 张照片，所选的有 1 张没有收下")
    expect(page.locator(".photos img")).to_have_count(1)
    save(page, "保存")
    assert sorted(answered(page)) == [["plans.attach_stamped_copy", "applied"], ["plans.sign_plan", "applied"]]
