"""Papers on the phone for the day without a network: fetched in order, within the budget, shown, gone at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.rounds import paper, picture, round_of, shot
from tests.browser.test_kernel_in_node import ROOT
from tests.browser.test_screens import CUSTOMER, go
from tests.browser.test_screens_papers import node

pytestmark = pytest.mark.browser

CARRY = """const [carry, kept] = await Promise.all(
  ["documents/carry", "kernel/carried"].map((name) => import(`/static/js/${name}.js`)));"""

#: at least two pages are drawn, sharp
PAGES = "return [...document.querySelectorAll('.viewer img')].filter((one) => one.naturalWidth === 1240).length >= 2"

WANTED = """
import { beyond, complete, evicted, wanted } from "%(js)s/documents/wanted.js";
const invoice = (sha256, open_minor = 5) => ({ open_minor, papers: [{ sha256 }] });
const customers = [
  { id: "a", overdue_minor: 10, invoices: [invoice("a1"), invoice("paid", 0)], photos: [{ sha256: "ap" }] },
  { id: "b", overdue_minor: 90, invoices: [invoice("b1")],
    documents: [{ id: "b-doc", state: "sealed", sha256: "x" }, { id: "b-open", state: "sealing_pending" }] },
  { id: "c", overdue_minor: 0, invoices: [invoice("c1")], papers: [{ sha256: "c-mine", pending: true }] },
];
const list = { old: { size: 40, at: 1 }, young: { size: 40, at: 9 }, first: { size: 40, at: 0 } };
const [page, paper, photo] = [{ pages: 2 }, { kind: "paper", id: "d" }, { kind: "photo", id: "s" }];
const named = Object.fromEntries(Object.entries(list).map(([name, one]) => [`photo/${name}`, one]));
const ranks = new Map([["first", 0], ["new", 1], ["young", 2], ["old", 3]]);
console.log(JSON.stringify({
  order: wanted(customers, ["c"]).map((one) => one.base),
  oldest: evicted(named, ranks, 1, 40, 130), two: evicted(named, ranks, 1, 40, 80),
  never: evicted(named, ranks, 1, 100, 60), fits: evicted(named, ranks, 1, 5, 130),
  beyond: beyond(named, ranks, 80),
  whole: [complete(paper, { "pdf/d": {}, "page/d/1": page }),
    complete(paper, { "pdf/d": {}, "page/d/1": page, "page/d/2": {} }),
    complete(photo, { "photo/s": { mime: "image/jpeg" } }),
    complete(photo, { "photo/s": { mime: "application/pdf" } })],
}));
"""


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone with a round worth of customers, everything carried."""
    round_of(serve)
    page = enter("rep")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    all_here(ready(page))
    yield page
    assert wrong == []


def all_here(page: Page) -> None:
    """Wait until everything wanted is on the phone, and the app itself too."""
    until(page, CARRY + """const { phase, done, want } = carry.carrying.value;
      return want > 0 && done === want && phase === "idle";""", 40)
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)


def names(page: Page) -> list[str]:
    return sorted(run(page, CARRY + "return Object.keys(await kept.loadCarried())"))


def test_order_todays_customers_first_then_the_most_overdue() -> None:
    found: Any = node("--input-type=module", "-", source=WANTED % {"js": (ROOT / "static" / "js").as_uri()})
    assert found["order"] == ["c1", "b-doc", "b1", "a1", "ap"]
    assert found["oldest"] == ["photo/old"]
    assert found["two"] == ["photo/old", "photo/young"]
    assert found["never"] is None
    assert found["fits"] == []
    assert found["beyond"] == ["photo/old"]
    assert found["whole"] == [False, True, True, False]


def test_papers_are_shown_without_a_network(page: Page, phone: BrowserContext) -> None:
    """A delivery note and a scanned contract, page by page; after a cold start too."""
    phone.set_offline(True)
    page.reload()
    ready(page)
    go(page, CUSTOMER)
    page.locator("summary", has_text="HC-0318").click()
    page.get_by_role("button", name=re.compile("签收单")).click()
    seen = page.get_by_role("dialog").locator("img")
    expect(seen).to_have_count(1)
    until(page, "return document.querySelector('dialog.viewer img').naturalWidth > 500")
    shot(page, "delivery-note")
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()
    page.get_by_role("button", name=re.compile("合同")).click()
    expect(page.get_by_role("dialog").get_by_text(re.compile(r"共 \d+ 页"))).to_be_visible()
    until(page, PAGES)
    shot(page, "contract")
    page.get_by_role("dialog").get_by_role("button", name="放大").click()
    assert page.evaluate("document.querySelector('dialog.viewer img').clientWidth") > 700
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_is_carried_is_sealed_and_wiped_with_the_rest(page: Page) -> None:
    """On the disk there is no picture to be found; signing out leaves nothing."""
    assert [name.split("/")[0] for name in names(page)].count("photo") == 2
    kept = run(page, """
      const records = await storage.transact(["blobs"], "readonly", (at) => storage.asked(at("blobs").getAll()));
      return records.filter((one) => one.id.startsWith("carried/"))
        .map((one) => [...new Uint8Array(one.ct).slice(0, 2)].join());
    """)
    assert len(kept) >= 4
    assert not {"255,216", "137,80", "37,80"} & set(kept)  # JPEG, PNG, PDF
    run(page, "await session.logout({ force: true })")
    page.wait_for_url("**/login**")
    left = page.evaluate("async () => (await indexedDB.databases()).map((one) => one.name)")
    assert [name for name in left if name.startswith("fieldsales-")] == []
    assert page.evaluate("localStorage.getItem('fieldsales.carry')") is None


def test_budget_holds_and_what_is_oldest_goes(page: Page, serve: Server) -> None:
    """Less room: as much as fits stays, today's customer's papers first; none at all: nothing stays."""
    before = run(page, CARRY + "return kept.weight()")
    run(page, CARRY + "await carry.setBudget(arg)", before / 2 / 1024 / 1024)
    until(page, CARRY + "return carry.carrying.value.phase === 'full'")
    assert run(page, CARRY + "return kept.weight()") <= before / 2
    run(page, CARRY + "await carry.setBudget(0)")
    assert names(page) == []
    go(page, "/app/me")
    expect(page.get_by_text("文件不存在本机，联网时打开。")).to_be_visible()
    page.get_by_role("button", name="60 MB").click()
    all_here(page)
    assert len(names(page)) >= 4


def test_metered_network_is_not_spent_unasked(page: Page, serve: Server) -> None:
    """With data saving on nothing is fetched before the person says so."""
    page.evaluate("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    late = paper(serve, "delivery_note", picture("late one"), number="HC-0417")
    run(page, "await sync.syncNow()")
    until(page, CARRY + "return carry.carrying.value.phase === 'metered'")
    assert f"photo/{late}" not in names(page)
    go(page, "/app/me")
    expect(page.get_by_text("其余等 Wi-Fi 再下")).to_be_visible()
    shot(page, "me-carried", whole=True)
    page.get_by_role("button", name="用流量立即下载").click()
    all_here(page)
    assert f"photo/{late}" in names(page)


def test_papers_of_a_customer_who_went_to_a_colleague_go_too(page: Page, serve: Server) -> None:
    assert names(page) != []
    serve.app.extensions["fieldsales"].dispatcher.perform(
        cast.ADMIN, "customers.assign_owner", {"customer_id": cast.HARBOUR, "owner_id": cast.OTHER_REP.user_id})
    run(page, "await sync.syncNow()")
    until(page, CARRY + "return Object.keys(await kept.loadCarried()).length === 0", 20)
