"""A rep's month and a customer's plan on the phone, without a network; and nothing of it before the customer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fieldsales.kernel.clock import on_date
from fieldsales.targets.models import CollectionPlan, PayCalendar, PlanStep, Target
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.stock import stock
from tests.browser.test_screens import CUSTOMER, go
from tests.collection.conftest import rows

pytestmark = pytest.mark.browser
#: What of a month no customer may see.
OURS = ("任务", "差距", "清欠", "我方数字", "下家还没付", "排进付款名单", "李会计", "300,000", "30 万", "200,000",
        "20 万")


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone with a month of 300,000 for himself and for his customer."""
    stock(serve)
    program = serve.app.extensions["fieldsales"]
    month = on_date(program.clock.now()).replace(day=1)
    numbers: dict[str, Any] = {"month": month, "arrears_minor": 0, "cash_minor": 300_000_00}
    program.dispatcher.perform(cast.MANAGER, "targets.set_target", {
        "level": "rep", "subject_id": cast.REP.user_id, **numbers})
    program.dispatcher.perform(cast.MANAGER, "targets.propose_target", {"customer_id": cast.HARBOUR, **numbers})
    wrong: list[str] = []
    page = enter("rep")
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield ready(page)
    assert wrong == []


def test_a_month_is_planned_with_the_customer_offline_and_he_sees_nothing_of_it(page: Page, serve: Server) -> None:
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    for screen in ("month", "known", "facing"):  # their modules are on the phone before the network goes
        go(page, f"{CUSTOMER}/{screen}")
    page.get_by_role("button", name="按住返回自己的界面").hover()
    page.mouse.down()
    page.wait_for_url("**" + CUSTOMER)
    page.mouse.up()
    go(page, "/app/targets")
    page.context.set_offline(True)
    expect(page.get_by_text("30 万").first).to_be_visible()
    page.get_by_role("link", name=cast.HARBOUR_NAME).click()
    _plan(page)
    _pay_days(page)
    _not_before_the_customer(page)
    page.context.set_offline(False)
    run(page, "return sync.syncNow()")
    until(page, "return outbox.queue.value.length === 0", 20)
    program = serve.app.extensions["fieldsales"]
    [plan] = rows(program, CollectionPlan)
    assert (plan["theirs_minor"], plan["difficulties"], plan["state"]) == (200_000_00, "下家还没付", "published")
    [step] = rows(program, PlanStep)
    assert (step["text"], step["evidence"], step["done_on"] is not None) == ("排进付款名单", "名单上有我们", True)
    assert [one["run_days"] for one in rows(program, PayCalendar)] == [["d25"]]
    [mine] = [one for one in rows(program, Target) if one["level"] == "customer"]
    assert (mine["cash_minor"], mine["proposed_cash_minor"]) == (300_000_00, 250_000_00)


def _plan(page: Page) -> None:
    """A step added and ticked, their number beside ours, another number proposed, the plan published."""
    page.get_by_role("button", name="加一步").click()
    page.get_by_role("dialog").get_by_role("button", name="排进付款名单").click()
    page.get_by_role("dialog").get_by_role("button", name="加一步").click()
    page.get_by_role("button", name="完成：排进付款名单").click()
    page.get_by_role("textbox", name="完成的凭据").fill("名单上有我们")
    page.get_by_role("dialog").get_by_role("button", name="完成").click()
    expect(page.get_by_text("“名单上有我们”")).to_be_visible()
    page.get_by_role("textbox", name="客户的数字").fill("20万")
    page.get_by_role("textbox", name="客户的困难").fill("下家还没付")
    page.get_by_role("button", name="保存沟通结果").click()
    expect(page.get_by_text("比我方少 ¥100,000.00")).to_be_visible()
    page.get_by_role("button", name="发布计划").click()
    expect(page.get_by_role("button", name="发布计划")).to_have_count(0)
    page.get_by_role("button", name="提出修改数字").click()
    page.get_by_role("dialog").get_by_role("textbox", name="回款任务").fill("25万")
    page.get_by_role("dialog").get_by_role("textbox", name="改数的理由").fill("他先付老账")
    page.get_by_role("dialog").get_by_role("button", name="提出", exact=True).click()
    expect(page.get_by_text("待批：¥250,000.00")).to_be_visible()


def _pay_days(page: Page) -> None:
    page.get_by_role("link", name="付款习惯").click()
    page.locator("#pay").get_by_role("button", name="记下来").click()
    page.locator("#pay").get_by_role("button", name="25 日").first.click()
    page.get_by_role("textbox", name="其他人").fill("李会计")
    page.locator("#pay").get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存在本机").first).to_be_visible()


def _not_before_the_customer(page: Page) -> None:
    go(page, f"{CUSTOMER}/facing")
    expect(page.get_by_text("只付公司账户")).to_be_visible()
    shown = page.locator("body").inner_text()
    assert [ours for ours in OURS if ours in shown] == []
