"""The gate on the phone: a call is held back with the reason, leave is asked for, a stop is recorded in one tap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import insert

from fieldsales.collection.case_models import ContactMade
from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.stock import stock
from tests.browser.test_screens import CUSTOMER, go


def spoken_to(serve: Server, times: int) -> None:
    """Colleagues have spoken to them so often in the last minutes."""
    now = datetime.now(UTC)
    rows = [{"id": uuid7(), "customer_id": cast.HARBOUR, "channel": "call", "effective": True, "demand": True,
             "at": now - timedelta(minutes=n + 1), "by_id": cast.HELPER_REP.user_id} for n in range(times)]
    with serve.store.writing() as connection:
        connection.execute(insert(table_of(ContactMade)), rows)


def ring(page: Page) -> None:
    """Tap the call button and the first of the numbers."""
    go(page, CUSTOMER)
    page.get_by_role("button", name="电话", exact=True).click()
    page.get_by_role("dialog", name="打给谁").get_by_role("link").first.click()


def test_call_is_held_back_leave_is_asked_for_and_a_stop_stops_it_offline(
    serve: Server, enter: Callable[..., Page], phone: BrowserContext,
) -> None:
    stock(serve)
    spoken_to(serve, 3)
    wrong: list[str] = []
    page = ready(enter("rep"))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    phone.set_offline(True)
    ring(page)
    held = page.get_by_role("dialog", name="现在不宜")
    expect(held.get_by_text("今天的通话次数已到上限")).to_be_visible()
    expect(held.get_by_text("起可以")).to_be_visible()
    held.get_by_role("button", name="请主管放行").click()
    held.get_by_role("textbox", name="为什么必须现在？").fill("他约好三点通话")
    held.get_by_role("button", name="报给主管").click()
    expect(held.get_by_text("已请示主管")).to_be_visible()
    held.get_by_role("button", name="先不联系").click()
    go(page, f"{CUSTOMER}/contacting")
    page.get_by_role("button", name="对方说：不要再联系").click()
    expect(page.get_by_text("已记录停止联系")).to_be_visible()
    ring(page)
    expect(page.get_by_text("停止联系", exact=True).first).to_be_visible()
    stopped = page.get_by_role("dialog", name="请勿联系")
    expect(stopped.get_by_text("对方已要求不再联系")).to_be_visible()
    expect(stopped.get_by_role("button", name="请主管放行")).to_have_count(0)
    stopped.get_by_role("button", name="已联系，记下来").click()
    page.wait_for_url("**/method/phone**")
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.rows.value.length === 0", 30)
    done = run(page, "return (await answers.history()).map((one) => [one.command.operation, one.result.status])")
    assert sorted(done) == [["collection.ask_leave", "applied"], ["collection.record_stop", "applied"]]
    assert wrong == []
