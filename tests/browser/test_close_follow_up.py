"""Close follow-up on the phone without a network: its pace kept, its form there, small sums by the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import insert

from fieldsales.collection.case_models import ContactMade
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.store.base import table_of
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, until
from tests.browser.stock import stock
from tests.browser.test_screens import CUSTOMER, go
from tests.collection.conftest import need_plugin

pytestmark = pytest.mark.browser


def decided(serve: Server) -> None:
    """The rules proposed a class, the manager approved it; they were asked for money a moment ago."""
    program: Any = serve.app.extensions["fieldsales"]
    today, proposal_id = program.today, uuid7()
    proof = {"kind": "sign", "id": uuid7(), "on": today.isoformat(), "words": "付了别家"}
    program.dispatcher.perform(SYSTEM, "collection.propose_faith", {
        "proposal_id": proposal_id, "customer_id": cast.HARBOUR, "klass": "bad_faith",
        "hits": [{"code": "pays_others", "count": 1, "needed": 1, "proofs": [proof]}]})
    program.dispatcher.perform(cast.MANAGER, "collection.decide_faith", {
        "decision_id": uuid7(), "customer_id": cast.HARBOUR, "decision": "approved", "klass": "bad_faith",
        "proposal_id": proposal_id, "note": "有钱付别家", "review_on": (today + timedelta(days=30)).isoformat()})
    row = {"id": uuid7(), "customer_id": cast.HARBOUR, "channel": "visit", "effective": True, "demand": True,
           "at": datetime.now(UTC) - timedelta(seconds=1), "by_id": cast.HELPER_REP.user_id}
    with serve.store.writing() as connection:
        connection.execute(insert(table_of(ContactMade)), [row])


def test_close_follow_up_offline(serve: Server, enter: Callable[..., Page], phone: BrowserContext) -> None:
    need_plugin("persistent")
    stock(serve)
    decided(serve)
    page = ready(enter("rep"))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    phone.set_offline(True)
    go(page, f"{CUSTOMER}/contacting")
    expect(page.get_by_text("今天已经要过一次款").first).to_be_visible()
    go(page, f"{CUSTOMER}/method/persistent")
    expect(page.get_by_text("紧盯").first).to_be_visible()
    expect(page.get_by_text("恶意")).to_have_count(0)
    go(page, f"{CUSTOMER}/plan")
    page.get_by_role("button", name="下一步").click()
    page.get_by_text("每天", exact=True).click()
    page.get_by_text("逐日付款", exact=True).click()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("textbox").first.fill("林海港")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("每日款项应当在当日二十四时前到账")).to_be_visible()
    expect(page.get_by_text("管辖的人民法院管辖")).to_have_count(0)
