"""A visit as one way: the statement is signed, then the plan, and the visit's log names both."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from fieldsales.promises.models import NoPromise
from fieldsales.store.base import table_of
from fieldsales.visits.models import Visit
from tests.browser.conftest import Server
from tests.browser.inside import count, ready, until
from tests.browser.stock import stock
from tests.browser.test_screens import CUSTOMER, go
from tests.browser.test_screens_commands import signed

pytestmark = pytest.mark.browser


def to_the_end(page: Page, phone: BrowserContext) -> None:
    """Through the steps of a paper to its signature."""
    page.get_by_role("button", name=re.compile("下一步：(?!签字人)")).click()
    page.get_by_role("button", name=re.compile("下一步：签字人")).click()
    signed(page, phone)


def test_statement_and_plan_are_signed_on_a_visit_and_stand_in_its_log(
    serve: Server, enter: Callable[..., Page], phone: BrowserContext
) -> None:
    stock(serve)
    page = ready(enter("rep"))
    go(page, f"{CUSTOMER}/visit")
    spot = page.get_by_role("region", name="当场办")
    expect(spot.get_by_role("link", name="还款计划")).to_be_visible()
    page.get_by_role("button", name="承诺付款").click()
    spot.get_by_role("link", name="对账单").click()
    to_the_end(page, phone)
    page.get_by_role("link", name="接着签还款计划").click()
    to_the_end(page, phone)
    page.get_by_role("link", name="回到拜访").click()
    expect(spot.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("button", name="承诺付款")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="签退").click()
    expect(page.get_by_role("region", name="签退")).to_contain_text("分钟（按本机时钟）")
    page.get_by_role("button", name="保存拜访").click()
    page.wait_for_url("**" + CUSTOMER)  # a draft, too, says that it is kept
    expect(page.get_by_role("status").filter(has_text="已保存在本机").first).to_be_visible()
    until(page, "sync.syncNow(); return outbox.queue.value.length === 0 && sync.status.value.pending === 0 && "
                "sync.status.value.phase === 'idle'", 30)
    v = table_of(Visit).c
    with serve.store.reading() as connection:
        [visit] = [row for row in connection.execute(select(v.papers, v.arrived_at, v.left_at)) if row.papers]
    assert [paper["kind"] for paper in visit.papers] == ["statement", "plan"]
    assert all(paper["number"] for paper in visit.papers)
    assert visit.left_at >= visit.arrived_at
    assert count(serve, NoPromise) == 0  # what was signed says day and sum
