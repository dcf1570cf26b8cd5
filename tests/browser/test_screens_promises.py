"""Promises without a network: judged as they are typed, saved with what they rest on; none is an answer too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from fieldsales.promises.models import NoPromise, Promise, PromiseEvidence
from fieldsales.store.base import table_of
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.stock import stock
from tests.browser.test_screens import CUSTOMER, go, violations
from tests.browser.test_screens_commands import photo, save
from tests.cast import HARBOUR

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone, with a customer who has promised once."""
    stock(serve)
    wrong: list[str] = []
    page = enter("rep")
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield ready(page)
    assert wrong == []


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def stored(serve: Server, model: Any) -> list[dict[str, Any]]:
    with serve.app.extensions["fieldsales"].store.reading() as connection:
        return [dict(row) for row in connection.execute(select(table_of(model))).mappings()]


def kept(page: Page, button: str) -> None:
    """Save, and be back on the customer: on this phone only, for there is no network."""
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("link", name="开始拜访")).to_be_visible()


def firm(page: Page) -> str:
    """The class and the probability shown beside what is typed."""
    shown = page.get_by_role("region", name="这句承诺有多实").locator(".tag")
    expect(shown).to_have_count(1)
    return shown.inner_text()


def test_a_promise_is_judged_as_it_is_typed_and_its_absence_is_kept(
    page: Page, phone: BrowserContext, serve: Server
) -> None:
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)  # every screen is on the phone
    phone.set_offline(True)
    go(page, f"{CUSTOMER}/promise")
    page.get_by_label("承诺金额").fill("2万")
    page.get_by_label("原话").fill("过几天尽量给你打")
    assert firm(page).startswith("没说实")
    page.get_by_role("button", name="3 天后").click()
    page.get_by_role("button", name="林海港").click()
    page.get_by_role("button", name="手上现成的钱").click()
    page.get_by_label("原话").fill("周二打款")
    before = firm(page)
    page.locator(".photos input").first.set_input_files(photo("slip.jpg"))
    expect(page.locator(".photos img")).to_have_count(1)
    assert firm(page) > before
    page.get_by_role("button", name="¥50,000.00").click()  # it takes the place of the earlier one
    text = page.get_by_label("发给客户的确认").input_value()
    assert all(part in text for part in ("¥20,000.00", "6200 0000 0000 0001", "告知"))
    shown = firm(page)
    assert violations(page) == []
    shot(page, "promise-form")
    kept(page, "保存承诺")
    go(page, f"{CUSTOMER}/promise")
    page.get_by_label("原话").fill("再说吧")
    page.get_by_role("button", name="保存承诺").click()
    expect(page.get_by_role("alert")).to_contain_text("没说金额")
    shot(page, "promise-none")
    kept(page, "保存：没有承诺")
    expect(page.get_by_text("问过，没有承诺")).to_be_visible()
    phone.set_offline(False)
    run(page, "return sync.syncNow()")
    until(page, "return outbox.queue.value.length === 0", 20)
    old, new = sorted(stored(serve, Promise), key=lambda one: one["made_at"])
    assert (old["state"], new["put_off"], new["funding"], new["funding_proven"]) == ("superseded", 1, "own_cash", True)
    assert (new["day_named"], new["plan_id"], new["promisor_name"]) == (True, None, "林海港")
    words = {"easy": "稳", "costly": "费劲", "impossible": "悬", "evasive": "没说实"}
    assert shown == f"{words[new['klass']]} {(new['probability_bp'] + 50) // 100}%"  # the office comes to the same
    assert [(one["reason"], one["words"]) for one in stored(serve, NoPromise)] == [("evasive", "再说吧")]


def test_the_office_judges_and_the_reply_comes_later(page: Page, serve: Server) -> None:
    go(page, "/app/promises")
    row = page.get_by_role("link", name="海港五金商行")
    expect(row.get_by_text("费劲", exact=False)).to_be_visible()
    expect(page.get_by_text("按把握算", exact=False)).to_be_visible()
    shot(page, "promises-tab")
    go(page, CUSTOMER)
    place = page.locator("#commitments")
    place.get_by_text("这句承诺有多实").click()
    expect(place.get_by_text("没说钱从哪来")).to_be_visible()
    shot(page, "promises-dossier")
    place.get_by_role("link", name="回复或凭据").click()
    page.get_by_label("对方原话").fill("同意")
    page.locator(".photos input").set_input_files(photo("reply.jpg"))
    expect(page.locator(".photos img")).to_have_count(1)
    assert violations(page) == []
    save(page, "保存")
    until(page, "return outbox.queue.value.length === 0", 20)
    [evidence] = stored(serve, PromiseEvidence)
    assert (evidence["kind"], evidence["words"], len(evidence["proof_sha256"])) == ("reply", "同意", 1)
    until(page, f"return docs.docs.get('customer', '{HARBOUR}').value.judgement.promises"
                "[docs.docs.get('customer', '" + HARBOUR + "').value.promises[0].id]?.confirmed")
