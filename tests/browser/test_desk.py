"""The desk in a real browser: keyboard, side panel, no overflow, and axe finds nothing, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from fieldsales.kernel.ids import paper_number, uuid7
from tests import cast
from tests.browser.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLACES = ("/desk", "/targets", f"/targets/customers/{cast.HARBOUR}",
          "/customers", f"/customers/{cast.HARBOUR}", "/reports/ageing", "/receipts", "/disputes", "/supply",
          f"/customers/{cast.HARBOUR}/papers", f"/customers/{cast.HARBOUR}/payments/new", "/customers/new", "/people",
          "/reports/house", "/reports/audit", "/handover", "/handbook", "/nothing-here")
LONG = "宁波市海曙区永远不会拖欠货款的第一百二十三号五金机电工程设备租赁维修服务有限公司"


@pytest.fixture
def office(chromium: Browser, serve: Server) -> Iterator[Callable[..., Page]]:
    """A desk's browser, logged in: ``office("admin", width=1440, scheme="dark")``. Complaints fail the test."""
    contexts, complaints = [], []

    def go(login: str = "admin", *, width: int = 1440, scheme: Any = "light") -> Page:
        context = chromium.new_context(base_url=serve.url, viewport={"width": width, "height": 900},
                                       color_scheme=scheme, locale="zh-CN")
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/login")
        page.fill("[name=login]", login)
        page.fill("[name=password]", cast.PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/desk")
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def stocked(serve: Server) -> Server:
    """Debts of every age, money to confirm, a promise, a dispute, a visit, and a name of forty characters."""
    program = serve.app.extensions["fieldsales"]
    today = program.today

    def do(actor: Any, operation: str, **command: Any) -> None:
        program.dispatcher.perform(actor, operation, {"customer_id": cast.HARBOUR} | command)

    do(cast.REP, "customers.add_customer", customer_id=cast.an_id(0x77), code="L-1", name=LONG)
    program.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        {"invoice_id": uuid7(), "customer_id": customer, "number": f"XS-{customer[-2:]}-{late}", "total_minor": minor,
         "issued_on": today - timedelta(days=late + 30), "due_on": today - timedelta(days=late)}
        for customer in (cast.HARBOUR, cast.an_id(0x77))
        for late, minor in ((-9, 1_234_567_890), (5, 200_00), (40, 3_000_00), (70, 400_00), (200, 5_000_00))]})
    receipt = uuid7()
    do(cast.REP, "receivables.register_receipt", receipt_id=receipt, number=paper_number("SJ", receipt, today),
       amount_minor=1_000_00, method="cash", received_at=(program.clock.now() - timedelta(days=2)).isoformat())
    do(cast.REP, "promises.make_promise", promise_id=uuid7(), amount_minor=50_00, due_on=today, words="今天一定付")
    do(cast.REP, "disputes.open_dispute", dispute_id=uuid7(), kind="rebate", amount_minor=9_00, words="返利没给")
    do(cast.REP, "visits.log_visit", visit_id=uuid7(), outcome="promised", said="月底付")
    return serve


@pytest.mark.parametrize(("width", "scheme"), [
    (390, "dark"), (1440, "light"),
    *(pytest.param(*one, marks=pytest.mark.soak)
      for one in ((390, "light"), (768, "light"), (768, "dark"), (1440, "dark"))),
])
def test_desk_no_page_overflows_and_axe_finds_nothing(
    stocked: Server, office: Callable[..., Page], width: int, scheme: str
) -> None:
    page = office(width=width, scheme=scheme)
    for place in PLACES:
        page.goto(place)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{place}: {wide} px wide"
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}: {found.generate_report()}"


@pytest.mark.parametrize("width", [390, *(pytest.param(one, marks=pytest.mark.soak) for one in (768, 1024))])
def test_desk_no_page_overflows_in_english(stocked: Server, office: Callable[..., Page], width: int) -> None:
    page = office("finance", width=width)
    page.context.request.post("/language", form={"locale": "en"})
    for place in PLACES:
        page.goto(place)
        assert page.locator("html").get_attribute("lang") == "en"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{place}: {wide} px wide"


def test_desk_keyboard_walks_rows_and_opens_the_panel_beside_them(stocked: Server, office: Callable[..., Page]) -> None:
    page = office("manager")
    page.goto("/customers")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    chosen = page.locator('tr[aria-selected="true"] a').first
    expect(page.locator("#panel h2").first).to_have_text(chosen.inner_text())
    page.keyboard.press("k")
    expect(page.locator("#panel h2").first).to_have_text(page.locator("tr[data-row] a").first.inner_text())
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_desk_slash_searches_and_typing_moves_no_rows(stocked: Server, office: Callable[..., Page]) -> None:
    page = office("manager")
    page.goto("/customers")
    page.keyboard.press("/")
    page.keyboard.type("jk")
    expect(page.locator("[data-search]")).to_have_value("jk")
    assert page.locator('tr[aria-selected="true"]').count() == 0
    page.fill("[data-search]", LONG[3:5])
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers?q=**")
    expect(page.locator("tr[data-row]")).to_have_count(1)


def test_desk_e_exports_the_list_as_it_is_narrowed(stocked: Server, office: Callable[..., Page]) -> None:
    page = office("manager")
    page.goto("/customers?show=overdue")
    with page.expect_download() as download:
        page.keyboard.press("e")
    assert download.value.suggested_filename.endswith(".xlsx")


def test_desk_theme_chosen_by_hand_stays(stocked: Server, office: Callable[..., Page]) -> None:
    page = office("manager", scheme="light")
    page.click("[data-theme-switch]")
    page.goto("/customers")
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_desk_panel_that_cannot_be_loaded_says_so(stocked: Server, office: Callable[..., Page]) -> None:
    page = office("manager")
    page.goto("/customers")
    page.route("**/panel", lambda route: route.abort())
    page.keyboard.press("j")
    expect(page.locator('tr[aria-selected="true"]')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_contain_text("没有任何改动")


def test_desk_receipt_confirmed_by_hand(stocked: Server, office: Callable[..., Page]) -> None:
    page = office("finance")
    page.goto("/receipts")
    page.click("details.act >> nth=0")
    page.click("details[open] button.main")
    expect(page.locator(".flash").first).to_contain_text("已确认到账")
