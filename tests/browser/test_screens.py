"""The screens on a phone: nobody is shut out, nothing runs off the side, the customer sees what is theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.inside import ready, run
from tests.browser.stock import stock
from tests.cast import HARBOUR, HARBOUR_NAME

pytestmark = pytest.mark.browser

CUSTOMER = f"/app/customers/{HARBOUR}"
SCREENS = (
    "/app", "/app/customers", "/app/promises", "/app/me", "/app/queue", "/app/near", "/app/lead", CUSTOMER,
    *(f"{CUSTOMER}/{doing}" for doing in (
        "visit", "note", "contact/new", "promise", "dispute", "paper", "receipt", "plan", "statement", "method/phone",
        "method/letter", "method/email", "table")),
)  # fmt: skip
#: target-size and the like stand with WCAG 2.2 AA; best practices too: what axe knows, we heed
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def go(page: Page, path: str) -> None:
    """Open a screen as a tap would, and wait until it stands."""
    page.evaluate("async (path) => (await import('/static/js/kernel/router.js')).navigate(path)", path)
    expect(page.locator("main h1").first).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def say(page: Page, language: str) -> None:
    page.evaluate("async (code) => (await import('/static/js/kernel/words.js')).setLocale(code)", language)


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone, with a customer worth visiting on it. No error may reach the console."""
    stock(serve)
    wrong: list[str] = []
    page = enter("rep")
    page.on("pageerror", lambda error: wrong.append(str(error)))
    # what a phone without a network logs by itself is no fault of ours
    page.on("console", lambda line: line.type == "error" and "ERR_" not in line.text and wrong.append(line.text))
    yield ready(page)
    assert wrong == []


STILL = """() => document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect.getComputedTiming().iterations === Infinity)"""


def violations(page: Page) -> list[str]:
    page.wait_for_function(STILL)  # what is half faded is not readable yet
    found: Any = Axe().run(page, options=AXE).response["violations"]
    places = [(one["id"], node) for one in found for node in one["nodes"]]
    return [f"{rule}: {node['target']} {node.get('failureSummary', '')[:200]}" for rule, node in places]


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.soak), "dark"])
def test_screens_axe_finds_nothing(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # a sheet half risen is half transparent
    found = {}
    for path in SCREENS:
        go(page, path)
        found[path] = violations(page)
    go(page, "/app")
    page.get_by_role("button", name="记一笔").click()
    found["plus"] = violations(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(("width", "size", "language"), [(360, "100%", "zh"), (360, "200%", "zh"), (390, "200%", "en")])
def test_screens_nothing_runs_off_the_side(page: Page, width: int, size: str, language: str) -> None:
    """One column at 360 px, at 200 % text too, with ¥12,345,678.90 in it."""
    page.set_viewport_size({"width": width, "height": 780})
    say(page, language)
    wide = {}
    for path in SCREENS:
        go(page, path)
        page.evaluate("(size) => (document.documentElement.style.fontSize = size)", size)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: found for path, found in wide.items() if found > width} == {}


def test_screens_targets_are_48_px(page: Page) -> None:
    """Whatever a thumb must hit; a link inside a line of text stands alone here too."""
    small = {}
    for path in SCREENS:
        go(page, path)
        small[path] = page.evaluate(
            """() => [...document.querySelectorAll("a, button, select, .in-box, label.tick, summary")]
              .map((one) => [one, one.getBoundingClientRect()])
              .filter(([one, box]) => box.width && !one.matches(".cover, .amount"))
              .filter(([one, box]) => box.height < 47.5 || box.width < 24)
              .map(([one, box]) => `${one.tagName} ${one.className} ${one.textContent} ${box.width}×${box.height}`)"""
        )
    assert {path: found for path, found in small.items() if found} == {}


def test_screen_shown_to_the_customer_keeps_our_own_words_back(page: Page) -> None:
    """No kept rate, excuse, limitation, task, note or reason on a screen the customer sees (S33, S36)."""
    go(page, CUSTOMER)
    own = page.locator("main").inner_text()
    assert "守诺率" in own
    assert "资金周转不灵" in own
    page.get_by_role("switch", name="给客户看").click()
    expect(page.get_by_text("只付公司账户")).to_be_visible()
    shown = page.locator("main").inner_text()
    assert "HC-0417" in shown
    for ours in ("守诺率", "诉讼时效", "资金周转不灵", "手头紧", "开口之前", "下周三先付五万", "失约", "等级", "拜访"):
        assert ours not in shown


def test_screens_in_english_hold_no_chinese_of_ours(page: Page) -> None:
    """What stays Chinese is the customer's: names, their words, plugin-free data."""
    say(page, "en")
    for path in ("/app/me", "/app/queue", f"{CUSTOMER}/plan", f"{CUSTOMER}/receipt"):
        go(page, path)
        shown = page.locator("main").inner_text()
        left = re.sub(r"王小明|城东组|海[\w]+|宁波[\w]+|林海港|老板|中文|示例[\w]+|·", "", shown)
        assert not re.search(r"[\u4e00-\u9fff]", left), (path, left)


def test_visit_without_place_or_network_is_saved(page: Page, phone: BrowserContext) -> None:
    """Refused geolocation and no network: noted, never in the way; the draft outlives a reload."""
    phone.clear_permissions()
    go(page, f"{CUSTOMER}/visit")
    page.get_by_role("textbox", name="说了什么").fill("老板不在，会计说月底付")
    page.get_by_role("button", name="负责人不在").click()
    page.get_by_label("要找的人").fill("林海港")
    expect(page.get_by_text("草稿已保存在本机")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="说了什么")).to_have_value("老板不在，会计说月底付")
    phone.set_offline(True)
    page.get_by_role("button", name="保存拜访").click()
    page.wait_for_url("**" + CUSTOMER)
    expect(page.get_by_role("status").filter(has_text="已保存在本机")).to_be_visible()
    saved = run(page, "return outbox.queue.value.map((one) => one.payload)")
    assert saved[0]["outcome"] == "absent"
    assert saved[0]["absent_person"] == "林海港"
    assert saved[0]["place"] is None
    assert saved[0]["place_note"] in ("refused", "unavailable", "timeout")
    expect(page.get_by_role("listitem").filter(has_text="老板不在，会计说月底付")).to_contain_text("已保存在本机")
    go(page, "/app")
    expect(page.get_by_text("离线 · 待发送 1")).to_be_visible()
    phone.set_offline(False)
    expect(page.get_by_text(re.compile("已送达"))).to_be_visible(timeout=15_000)


def test_search_finds_by_characters_initials_code_and_phone(page: Page) -> None:
    go(page, "/app/customers")
    for query in ("海港", "hgwj", "HAIGANG", "C001", "80000001", "1380000"):
        page.get_by_role("searchbox").fill(query)
        expect(page.get_by_role("link", name=HARBOUR_NAME)).to_be_visible()
    page.get_by_role("searchbox").fill("江边")
    expect(page.get_by_text("没有找到")).to_be_visible()


def test_draft_of_another_day_is_named_and_kept(page: Page) -> None:
    """Nobody finishes yesterday's visit unawares, and nobody loses it either."""
    go(page, f"{CUSTOMER}/visit")
    page.get_by_role("textbox", name="说了什么").fill("昨天的话")
    expect(page.get_by_text("草稿已保存在本机")).to_be_visible()
    go(page, CUSTOMER)
    run(page, """const key = "visit/" + arg;
      const draft = await drafts.drafts.get(key);
      await drafts.drafts.put(key, { ...draft, arrived_at: "2026-01-05T02:00:00Z" });""", HARBOUR)
    go(page, f"{CUSTOMER}/visit")
    expect(page.get_by_text(re.compile("这是 .* 的草稿"))).to_be_visible()
    expect(page.get_by_role("textbox", name="说了什么")).to_have_value("昨天的话")
    page.get_by_role("button", name="重新开始一次拜访").click()
    expect(page.get_by_role("textbox", name="说了什么")).to_have_value("")


def test_place_found_after_the_save_brings_no_draft_back(page: Page) -> None:
    """A draft that came back would carry the saved visit's ids: the next visit under them would be taken for it."""
    page.evaluate(
        """() => navigator.geolocation.getCurrentPosition = (found) => setTimeout(() => found(
          { coords: { latitude: 29.87, longitude: 121.54, accuracy: 9 }, timestamp: Date.now() }), 1500)"""
    )
    go(page, f"{CUSTOMER}/visit")
    page.get_by_role("textbox", name="说了什么").fill("急着走")
    page.get_by_role("button", name="保存拜访").click()
    page.wait_for_url("**" + CUSTOMER)
    page.wait_for_timeout(2000)
    assert run(page, "return await drafts.drafts.keys()") == []
