"""The next step on the phone: on the card and in the dossier, declined without a network, at the office afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fieldsales.collection.stepmodels import StepAnswer
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready
from tests.browser.stock import stock
from tests.browser.test_screens import CUSTOMER, go
from tests.browser.test_screens_commands import answered
from tests.collection.conftest import rows

pytestmark = pytest.mark.browser


def test_step_is_declined_offline_and_the_next_one_stands_at_once(
    serve: Server, enter: Callable[..., Page], phone: BrowserContext
) -> None:
    stock(serve)
    page = ready(enter("rep"))
    card = page.get_by_role("listitem").filter(has_text=cast.HARBOUR_NAME).first
    expect(card).to_contain_text("先核实 “资金周转不灵”还没核实：先核实，谈的时候才有依据。")
    expect(card.get_by_role("link", name="先核实")).to_have_attribute("href", CUSTOMER)
    go(page, CUSTOMER)
    phone.set_offline(True)
    step = page.locator("#step")
    expect(step).to_contain_text("什么会改变它：核实的结果：属实、部分属实或不属实。")
    step.get_by_role("button", name="不这样做").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="按这个原因不采用")).to_be_disabled()
    sheet.get_by_role("button", name="现在不是时候").click()
    sheet.get_by_role("textbox").fill("老板这周出差")
    instead = re.sub("随后建议：", "", sheet.get_by_text(re.compile("随后建议")).inner_text())
    sheet.get_by_role("button", name="按这个原因不采用").click()
    expect(step.locator("b").first).to_have_text(instead)
    go(page, "/app")
    expect(page.get_by_role("listitem").filter(has_text=cast.HARBOUR_NAME).first.locator("b")).to_have_text(instead)
    phone.set_offline(False)
    assert answered(page) == [["collection.decline_step", "applied"]]
    kept = rows(serve.app.extensions["fieldsales"], StepAnswer)
    assert [(one["answer"], one["step"], one["reason"], one["words"], one["by_id"]) for one in kept] == [
        ("declined", "verify", "not_now", "老板这周出差", cast.REP.user_id)]
