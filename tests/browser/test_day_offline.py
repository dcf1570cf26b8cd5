"""A rep's whole day in Chinese without a network, from the cold start to the signed plan; then all home, once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from fieldsales.store.base import table_of
from fieldsales.store.models import CommandReceipt
from fieldsales.visits.models import Lead
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.rounds import round_of, shot
from tests.browser.test_day_papers import CARRY, PAGES, all_here
from tests.browser.test_journey import at_work  # noqa: F401 - a fixture
from tests.browser.test_screens import CUSTOMER, go
from tests.browser.test_screens_commands import answer_each, photo, save, signed
from tests.cast import HARBOUR, HARBOUR_NAME

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: what the day leaves in the outbox, in its order
DAY = [
    "collection.take_action", "visits.log_visit", "promises.make_promise", "receivables.register_receipt",
    "disputes.open_dispute", "statements.sign_statement", "plans.sign_plan", "plans.attach_stamped_copy",
    "visits.add_note", "visits.add_lead", "customers.change_contact", "collection.skip_task",
]  # fmt: skip


def cold_start(page: Page, phone: BrowserContext) -> Page:
    """The app is closed, the network gone, the app opened again."""
    page.close()
    phone.set_offline(True)
    page = phone.new_page()
    page.goto("/app")
    return ready(page)


def morning(page: Page) -> None:
    """Today's list, whom else one could see, and the first customer's papers."""
    expect(page.get_by_text(re.compile("离线"))).to_be_visible()
    expect(page.get_by_role("link", name=HARBOUR_NAME)).to_be_visible()
    shot(page, "01-today")
    page.get_by_role("link", name="附近").click()
    rows = page.locator("main .list .row")
    expect(rows.first).to_contain_text(HARBOUR_NAME)
    expect(page.get_by_text(re.compile("按离这里的远近排列"))).to_be_visible()
    found = rows.all_inner_texts()
    assert [one.split("\n")[0] for one in found] == [HARBOUR_NAME, "三江口机电", "甬江水暖", "慈城门窗", "东钱湖标准件"]
    shot(page, "02-near")
    go(page, "/app/customers")
    page.get_by_role("searchbox").fill("0417")
    expect(page.get_by_text("C001 · HC-0417")).to_be_visible()
    page.get_by_role("link", name=HARBOUR_NAME).click()
    expect(page.get_by_text("经查不实").first).to_be_visible()
    shot(page, "03-dossier", whole=True)
    page.locator("summary", has_text="HC-0318").click()
    page.get_by_role("button", name=re.compile("签收单")).click()
    until(page, "return document.querySelector('dialog.viewer img')?.naturalWidth > 500")
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()


def call(page: Page) -> None:
    """Rung; the page is gone when one comes back, and Today asks how it went."""
    page.get_by_role("button", name="电话", exact=True).click()
    page.evaluate("() => { HTMLAnchorElement.prototype.click = function () { globalThis.dialled = this.href; }; }")
    page.get_by_role("dialog").get_by_role("link").first.click()
    until(page, "return globalThis.dialled === 'tel:13800000001' && Boolean(await drafts.drafts.get('call'))")
    page.goto("/app")
    ready(page)
    expect(page.get_by_text(re.compile("打过电话，结果如何"))).to_be_visible()
    shot(page, "04-call")
    page.get_by_role("link", name="记结果").click()
    expect(page.get_by_label("电话号码")).to_have_value("13800000001")
    answer_each(page)
    save(page, "保存")


def visit(page: Page) -> None:
    """An excuse, a promise, a photo taken; a reload in the middle loses nothing."""
    go(page, f"{CUSTOMER}/visit")
    expect(page.get_by_text(re.compile("已记录位置"))).to_be_visible()
    page.locator("section", has=page.get_by_role("heading", name="见到谁")).get_by_role("button").first.click()
    page.get_by_role("textbox", name="说了什么").fill("工地的款月底才到，先付五千。")
    page.get_by_role("button", name="资金周转不灵").click()
    page.get_by_role("button", name="承诺付款").click()
    page.get_by_label("承诺金额").fill("5000")
    page.get_by_role("button", name="一周后").first.click()
    page.locator(".photos input").first.set_input_files(photo("shelf.jpg", "#55aa77"))
    expect(page.locator(".photos img")).to_have_count(1)
    expect(page.get_by_text("草稿已保存在本机")).to_be_visible()
    page.reload()
    ready(page)
    expect(page.get_by_role("textbox", name="说了什么")).to_have_value("工地的款月底才到，先付五千。")
    expect(page.locator(".photos img")).to_have_count(1)
    shot(page, "05-visit", whole=True)
    save(page, "保存拜访")
    told = page.get_by_role("listitem").filter(has_text="工地的款月底才到")
    expect(told.filter(has_text="已保存在本机")).to_be_visible()
    expect(page.locator("#claims .row").first).to_contain_text("已保存在本机")


def money(page: Page) -> None:
    """A transfer at the counter with its slip, and a request to set off."""
    go(page, f"{CUSTOMER}/receipt")
    page.get_by_label("收到金额").fill("5000")
    page.get_by_role("button", name="银行转账").click()
    page.locator(".photos input").set_input_files(photo("slip.jpg", "#aa7755"))
    expect(page.locator(".photos img")).to_have_count(1)
    page.get_by_role("button", name="保存并开收据").click()
    expect(page.locator("article.paper")).to_contain_text(re.compile(r"SJ\d{6}-[0-9A-Z]{8}"))
    shot(page, "06-receipt")
    go(page, f"{CUSTOMER}/dispute")
    page.get_by_role("button", name="质量").click()
    page.get_by_label("涉及金额").fill("880")
    save(page, "报给主管")


def statement_and_plan(page: Page, phone: BrowserContext) -> str:
    """Both signed on the glass; the whole text is handed over, number and check sum on it. The plan's number."""
    go(page, f"{CUSTOMER}/statement")
    page.get_by_role("button", name=re.compile("下一步：差异")).click()
    page.get_by_role("button", name=re.compile("下一步：签字人")).click()
    signed(page, phone)
    go(page, f"{CUSTOMER}/plan")
    page.get_by_role("button", name=re.compile("下一步：分期")).click()
    page.get_by_role("button", name=re.compile("下一步：签字人")).click()
    signed(page, phone)
    shot(page, "07-signed")
    page.evaluate("""() => {
      navigator.share = async (what) => { globalThis.handed = what; };
    }""")
    page.get_by_role("button", name="分享全文").click()
    expect(page.get_by_text("已分享")).to_be_visible()
    handed = page.evaluate("globalThis.handed.text")
    number = re.search(r"HK\d{6}-[0-9A-Z]{8}", handed)
    assert number
    text, _, tail = handed.rpartition("\n\n编号 ")
    plan = run(page, "return outbox.queue.value.findLast((one) => one.operation === 'plans.sign_plan').payload")
    assert run(page, "return canonical.sha256(arg)", text) == plan["signing"]["text_sha256"]
    assert tail.replace(" ", "").endswith(plan["signing"]["text_sha256"][:12])
    assert number[0] == plan["payload"]["number"]
    return number[0]


def all_marked(page: Page) -> None:
    """Whatever waits stands in its place in the dossier, and says that it waits."""
    go(page, CUSTOMER)
    for part in ("#before", "#payments", "#commitments", "#claims", "#timeline"):
        expect(page.locator(part).get_by_text("已保存在本机").first).to_be_visible()
    assert page.locator("#commitments").get_by_text("已保存在本机").count() >= 3  # promise, statement, plan


def paper_things(page: Page) -> None:
    """The stamped copy photographed, a complaint, a lead, a contact's new number, a task passed over."""
    plan = run(page, "return docs.docs.get('customer', arg).value.plans[0].id", HARBOUR)
    go(page, f"{CUSTOMER}/stamped/{plan}")
    page.locator(".photos input").set_input_files(photo("stamped.jpg", "#aa2222"))
    expect(page.locator(".photos img")).to_have_count(1)
    save(page, "保存")
    go(page, f"{CUSTOMER}/note?kind=complaint")
    page.get_by_label("客户投诉什么").fill("合页生锈，第二次了")
    save(page, "保存")
    go(page, f"/app/lead?from={HARBOUR}")
    page.get_by_label("姓名或店名").fill("隔壁老陈机电")
    page.get_by_label("电话", exact=True).fill("13700000009")
    page.locator(".photos input").set_input_files(photo("card.jpg", "#3355aa"))
    expect(page.locator(".photos img")).to_have_count(1)
    save(page, "保存")
    page.get_by_role("link", name="修改林海港").click()
    page.get_by_label("电话", exact=True).fill("13800000099")
    save(page, "保存")
    page.get_by_role("button", name=re.compile("^跳过：")).first.click()
    page.get_by_role("dialog").get_by_role("button", name="已用别的办法解决").click()
    page.get_by_role("dialog").get_by_role("button", name="按此原因跳过").click()
    expect(page.get_by_text("已跳过，待发送").first).to_be_visible()


def evening(page: Page) -> None:
    """The queue names all of it in plain words, each still waiting."""
    go(page, "/app/queue")
    assert run(page, "return outbox.queue.value.map((one) => one.operation)") == DAY
    states = run(page, "return [...new Set(outbox.queue.value.map((one) => one.state))]")
    assert states in (["waiting"], ["sent"], ["waiting", "sent"], ["sent", "waiting"])
    expect(page.locator("#waiting .row")).to_have_count(len(DAY))
    page.locator("#waiting").get_by_text("所记内容").nth(1).click()
    expect(page.locator("#waiting .said").nth(1)).to_contain_text("工地的款月底才到")
    shot(page, "08-queue")
    page.reload()  # once more a cold start: nothing was only in memory
    ready(page)
    assert run(page, "return outbox.queue.value.length") == len(DAY)


def home(page: Page, phone: BrowserContext, server: Server) -> None:
    """The network is back: every record applied, once."""
    phone.set_offline(False)
    until(page, "return outbox.queue.value.length === 0 && sync.status.value.blobs === 0", 60)
    with server.store.reading() as connection:
        receipts = table_of(CommandReceipt)
        rows = connection.execute(select(receipts.c.operation, receipts.c.status).where(receipts.c.operation.in_(DAY)))
        answered = [(row.operation, row.status) for row in rows]
        leads = connection.execute(select(table_of(Lead).c.name)).scalars().all()
    mine = run(page, "return (await answers.history()).map((one) => [one.command.operation, one.result.status])")
    assert sorted(operation for operation, _ in mine) == sorted(DAY)
    assert {status for _, status in mine} == {"applied"}
    for operation in DAY:
        assert (operation, "applied") in answered
    assert leads == ["隔壁老陈机电"]


def sealed_paper(page: Page, phone: BrowserContext, number: str) -> None:
    """The sealed PDF arrives by itself and is shown and shared, offline again."""
    until(page, f"""return docs.docs.get("customer", "{HARBOUR}").value.plans.some((one) =>
      one.number === "{number}" && one.document_state === "sealed") || (await sync.syncNow(), false)""", 60)
    all_here(page)
    phone.set_offline(True)
    page.goto(CUSTOMER)
    ready(page)
    row = page.locator("#papers .row").filter(has_text=number)
    expect(row.get_by_text("已在本机")).to_be_visible()
    row.get_by_role("button", name=re.compile("查看已封存的文书")).click()
    until(page, PAGES)
    shot(page, "09-sealed")
    page.evaluate("""() => {
      navigator.canShare = ({ files }) => files.length === 1;
      navigator.share = async ({ files }) => {
        const bytes = new Uint8Array(await files[0].arrayBuffer());
        globalThis.handed = [files[0].name, files[0].type, bytes.length, String.fromCharCode(...bytes.slice(0, 5))];
      };
    }""")
    page.get_by_role("dialog").get_by_role("button", name="分享 PDF").click()
    expect(page.get_by_role("dialog").get_by_text("已分享")).to_be_visible()
    name, mime, size, head = page.evaluate("globalThis.handed")
    assert (name, mime, head) == (f"{number}.pdf", "application/pdf", "%PDF-")
    assert size > 20_000
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()
    go(page, "/app/queue")
    expect(page.get_by_role("heading", name="已发送")).to_be_visible()
    shot(page, "10-sent", whole=True)


def test_day_without_a_network(
    at_work: Server, phone: BrowserContext, enter: Callable[..., Page]  # noqa: F811 - the fixture
) -> None:
    round_of(at_work)
    page = ready(enter("rep"))
    all_here(page)
    assert run(page, CARRY + "return carry.carrying.value.want") >= 2
    page = cold_start(page, phone)
    morning(page)
    call(page)
    visit(page)
    money(page)
    number = statement_and_plan(page, phone)
    all_marked(page)
    paper_things(page)
    evening(page)
    home(page, phone, at_work)
    sealed_paper(page, phone, number)
