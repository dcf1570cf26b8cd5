"""From a ledger to a sealed repayment plan in one sitting: finance in the office, the rep at the counter."""

from __future__ import annotations

import dataclasses
import math
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fieldsales import worker
from fieldsales.demo import files
from fieldsales.demo.ledger import SampleLedger, make_ledger
from fieldsales.documents import judge, keys, seal
from fieldsales.kernel.clock import on_date
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


#: the paper of the one plan there is
SEALED = "return docs.docs.all('customer').value.flatMap((one) => one.plans).find((one) => !one.pending).document_id"


@pytest.fixture
def at_work(serve: Server) -> Iterator[Server]:
    """The program with its worker beside it, as ``up`` runs them."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(serve.app.extensions["fieldsales"], stop), daemon=True)
    thread.start()
    yield serve
    stop.set()
    thread.join(timeout=30)


def ledger_of_the_rep(today: Any) -> SampleLedger:
    """The generated ledger in the shape that 金蝶 exports, its customers this rep's."""
    made = make_ledger(today)
    own = {one.code: dataclasses.replace(one, rep=cast.REP.name, seller="HC") for one in made.customers}
    invoices = [dataclasses.replace(one, customer=own[one.customer.code]) for one in made.invoices]
    payments = [dataclasses.replace(one, customer=own[one.customer.code]) for one in made.payments]
    return SampleLedger(made.as_of, list(own.values()), invoices, payments)


def take_in(desk: Page, path: Path) -> str:
    """Import a file as finance does: hand in, look at what would come of it, take it in."""
    desk.goto("/import")
    desk.set_input_files("input[type=file]", path)
    desk.locator("form[enctype] button.main").click()
    expect(desk.locator("form[action*='/import'] button.main").last).to_be_visible(timeout=60_000)
    desk.locator("form[method=post] button.main").last.click()
    desk.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}"), timeout=60_000)
    return desk.locator("main").inner_text()


def log_in(context: BrowserContext, login: str) -> Page:
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    return page


def sign(page: Page, context: BrowserContext) -> None:
    """A finger signs along the phone's long side: three waves, by touch."""
    session = context.new_cdp_session(page)
    size = page.viewport_size
    assert size

    def touch(kind: str, *points: tuple[float, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    for wave in range(3):
        # held upright: along the line is down the screen
        line = [(size["width"] * 0.5 + 40 * math.sin(at / 3 + wave), 260 + wave * 90 + at * 4) for at in range(24)]
        touch("touchStart", line[0])
        for point in line[1:]:
            touch("touchMove", point)
            page.wait_for_timeout(12)
        touch("touchEnd")
        page.wait_for_timeout(80)


def pdfsig(path: Path) -> str:
    return subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, errors="replace").stdout


def pyhanko(content: bytes, server: Server) -> list[str]:
    """What pyHanko and our rules find wrong, the development CA as root."""
    settings = server.app.extensions["fieldsales"].settings
    signer = seal.load_signer(keys.development_path(settings.home), "")
    roots = [certificate.dump() for certificate in seal.chain_of(signer)]
    with ThreadPoolExecutor(1) as apart:  # Playwright's loop runs in this thread, pyHanko wants one of its own
        return apart.submit(judge.judge, content, roots).result().problems


def visit_and_hear(page: Page) -> None:
    """The visit: whom one met, what was said, the excuse, the promise; all in a draft so far."""
    page.get_by_role("link", name="开始拜访").last.click()
    expect(page.get_by_text(re.compile("已记录位置"))).to_be_visible()
    page.locator("section", has=page.get_by_role("heading", name="见到谁")).get_by_role("button").first.click()
    page.get_by_role("textbox", name="说了什么").fill("工地的款下周才到，先分期还。")
    page.get_by_role("button", name="资金周转不灵").click()
    page.get_by_role("button", name="承诺付款").click()
    page.get_by_label("承诺金额").fill("5000")
    page.get_by_role("button", name="一周后").first.click()
    page.get_by_role("textbox", name="原话", exact=True).fill("下周先付五千，剩下的分期。")
    expect(page.get_by_text("草稿已保存在本机")).to_be_visible()


def plan_in_three(page: Page, context: BrowserContext) -> list[tuple[str, str]]:
    """Amount, instalments, signatory, the whole text, the signature. Gives (day, amount) of each instalment."""
    page.get_by_role("link", name="签订还款计划").click()
    page.get_by_role("button", name=re.compile("下一步：分期")).click()
    expect(page.get_by_role("heading", name="分期", exact=False).first).to_be_visible()
    days = [one.input_value() for one in page.get_by_label(re.compile(r"第 \d+ 期日期")).all()]
    amounts = [one.input_value() for one in page.get_by_label(re.compile(r"第 \d+ 期金额")).all()]
    page.get_by_role("button", name=re.compile("下一步：签字人")).click()
    page.locator("[role=group]", has_text="签字人").get_by_role("button").first.click()
    page.get_by_role("button", name=re.compile("下一步：全文")).click()
    text = page.locator("article.paper")
    expect(text).to_contain_text("可靠条件的电子签名")
    assert page.get_by_role("button", name="交给客户签字").is_disabled()  # not before the last line was reached
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="交给客户签字").click()
    expect(page.get_by_role("dialog", name="签名")).to_be_visible()
    until(page, "return Boolean(document.querySelector('.sign canvas')?.width > 300)")
    page.wait_for_timeout(300)
    sign(page, context)
    page.get_by_role("button", name="确认签署").click()
    return list(zip(days, amounts, strict=True))


def import_the_ledger(server: Server, chromium: Browser, folder: Path) -> None:
    """Finance takes in customers, invoices and payments, in the shape that 金蝶 and 用友 export."""
    today = on_date(server.app.extensions["fieldsales"].clock.now())
    made = files.write_all(folder, ledger_of_the_rep(today))
    office = chromium.new_context(base_url=server.url, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk = log_in(office, "finance")
    for kind in ("customers", "invoices", "payments"):
        take_in(desk, made[kind])
    office.close()


def open_the_first(page: Page) -> None:
    """Today's first customer, and what he owes."""
    first = page.locator("ol > li").first
    expect(first).to_be_visible(timeout=20_000)
    name = first.get_by_role("heading").inner_text().lstrip("0123456789 ")
    first.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name="应收单")).to_be_visible()


def mail_it(page: Page) -> None:
    """The sealed paper goes to the customer by mail; the office sends it."""
    page.get_by_text("邮件发给客户").click()
    page.get_by_label("邮箱地址").fill("boss@customer.example")
    page.get_by_role("button", name="发送邮件").click()
    expect(page.get_by_text("邮件发往 boss@customer.example")).to_be_visible()


def save_the_visit(page: Page) -> None:
    """The draft stood untouched beside the plan; everything saved is answered as applied."""
    page.get_by_role("link", name="回到拜访").click()
    expect(page.get_by_role("textbox", name="说了什么")).to_have_value("工地的款下周才到，先分期还。")
    page.get_by_role("button", name="保存拜访").click()
    page.wait_for_url(lambda address: not address.endswith("/visit"))
    until(page, "return outbox.queue.value.length === 0 && sync.status.value.pending === 0", 20)
    answered = run(page, "return (await answers.history()).map((one) => [one.command.operation, one.result.status])")
    assert sorted(answered) == [
        ["collection.send_document", "applied"], ["plans.sign_plan", "applied"],
        ["promises.make_promise", "applied"], ["visits.log_visit", "applied"],
    ]  # fmt: skip


def assert_says_every_instalment(paper: Path, instalments: list[tuple[str, str]]) -> None:
    shown = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True).stdout
    text = re.sub(r"\s", "", shown)
    assert len(instalments) == 3
    for day, amount in instalments:
        year, month, date = day.split("-")
        assert f"{year}年{int(month)}月{int(date)}日" in text
        assert f"¥{amount}" in text


def test_from_ledger_to_sealed_plan(
    at_work: Server, chromium: Browser, phone: BrowserContext, enter: Callable[..., Page], tmp_path: Path
) -> None:
    import_the_ledger(at_work, chromium, tmp_path / "ledger")
    page = ready(enter("rep"))
    open_the_first(page)
    visit_and_hear(page)
    instalments = plan_in_three(page, phone)
    expect(page.get_by_role("button", name="查看已封存的文书")).to_be_visible(timeout=60_000)
    address = "/documents/" + run(page, SEALED) + ".pdf"
    mail_it(page)
    save_the_visit(page)

    paper = tmp_path / "plan.pdf"
    paper.write_bytes(page.request.get(address).body())
    assert_says_every_instalment(paper, instalments)
    judged = pdfsig(paper)
    assert "Signature is Valid" in judged
    assert "Total document signed" in judged
    assert pyhanko(paper.read_bytes(), at_work) == []

    content = bytearray(paper.read_bytes())
    content[content.index(b"stream\n") + 40] ^= 1
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(content)
    assert "Signature is Valid" not in pdfsig(forged)
    assert pyhanko(bytes(content), at_work) != []
