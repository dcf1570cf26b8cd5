"""A reason heard without a network is looked into, found true, and becomes a dispute somebody settles by a day."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from fieldsales.collection.models import Claim, ClaimVerdict, FaithSignal, Task
from fieldsales.disputes.models import Dispute, DisputeAssignment
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.store.base import table_of
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.stock import stock
from tests.browser.test_screens import CUSTOMER, go, violations
from tests.browser.test_screens_commands import photo, save
from tests.cast import HARBOUR, MANAGER

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone, with a customer who is followed up closely."""
    stock(serve)
    program, proposal = serve.app.extensions["fieldsales"], uuid7()
    program.dispatcher.perform(SYSTEM, "collection.propose_faith", {
        "proposal_id": proposal, "customer_id": HARBOUR, "klass": "bad_faith",
        "hits": [{"code": "false_claims", "count": 2, "needed": 2}]})
    program.dispatcher.perform(MANAGER, "collection.decide_faith", {
        "decision_id": uuid7(), "customer_id": HARBOUR, "decision": "approved", "klass": "bad_faith", "note": "在案",
        "proposal_id": proposal, "review_on": str(program.today.replace(
            year=program.today.year + program.today.month // 12, month=program.today.month % 12 + 1, day=1))})
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


def test_a_reason_is_looked_into_without_a_network(page: Page, phone: BrowserContext, serve: Server) -> None:
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    phone.set_offline(True)
    go(page, f"{CUSTOMER}/visit")
    page.get_by_role("button", name="产品质量有问题").click()
    page.get_by_role("button", name="拒绝", exact=True).click()
    save(page, "保存拜访")
    expect(page.locator("#following")).to_contain_text("从紧")
    expect(page.locator("#claims")).to_contain_text("2 条待核实")
    shot(page, "truth-dossier")
    page.locator("#claims").get_by_role("link", name="产品质量有问题").click()
    for words in ("怎样核实", "没有问题的部分先付", "民法典 621", "拿得出的事实", "HC-0318"):
        expect(page.locator("main")).to_contain_text(words)
    expect(page.get_by_role("button", name="保存核实结果")).to_be_disabled()
    page.get_by_role("button", name="部分属实").click()
    page.get_by_role("group", name="依据").get_by_role("button", name="照片").click()
    page.get_by_label("商品和批号").fill("合页 B12")
    page.get_by_label("看到什么，谁说的").fill("两箱里有一箱生锈")
    page.locator(".photos input").set_input_files(photo("rust.jpg"))
    expect(page.locator(".photos img")).to_have_count(1)
    shot(page, "truth-claim")
    assert violations(page) == []
    page.get_by_role("button", name="保存核实结果").click()
    page.wait_for_url("**/dispute?claim=*")
    expect(page.get_by_role("button", name="质量")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("涉及金额").fill("600")
    save(page, "报给主管")
    expect(page.locator("#claims")).to_contain_text("部分属实")
    go(page, f"{CUSTOMER}/seen")
    page.get_by_role("button", name="付了别家货款，我们的还拖着").click()
    page.get_by_label("看到什么，谁说的").fill("隔壁说上周付了老王五万")
    shot(page, "truth-seen")
    assert violations(page) == []
    save(page, "保存")
    phone.set_offline(False)
    until(page, "return outbox.rows.value.length === 0 && sync.status.value.blobs === 0", 30)
    assert run(page, "return outbox.queue.value.map((one) => [one.operation, one.state, one.text])") == []
    held(serve)
    until(page, f"return docs.docs.get('customer', '{HARBOUR}').value.settling?.held_minor >= 60000")
    shot(page, "truth-after")


def held(serve: Server) -> None:
    """What the office has of it."""
    claim = next(one for one in stored(serve, Claim) if one["code"] == "quality")
    assert claim["state"] == "partly"
    [verdict] = stored(serve, ClaimVerdict)
    assert (verdict["product"], [one["kind"] for one in verdict["facts"]], len(verdict["evidence_sha256"])) == (
        "合页 B12", ["photo"], 1)
    dispute = next(one for one in stored(serve, Dispute) if one["kind"] == "quality")
    assert (dispute["claim_id"], dispute["amount_minor"]) == (claim["id"], 60_000)
    assert "quality" in [one["desk"] for one in stored(serve, DisputeAssignment)]
    assert [one["kind"] for one in stored(serve, FaithSignal)] == ["pays_others"]
    done = {one["source_id"]: one["outcome"] for one in stored(serve, Task) if one["kind"] == "verify_claim"}
    assert done[claim["id"]] == "done"
