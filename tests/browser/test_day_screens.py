"""What a rep sees by day: large text, the thumb's reach, contacts, tasks, drafts, search, trouble in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.rounds import round_of, shot
from tests.browser.test_screens import CUSTOMER, SCREENS, go, say, violations
from tests.browser.test_screens_commands import photo, save
from tests.cast import HARBOUR, HARBOUR_CONTACT

pytestmark = pytest.mark.browser

#: text that is cut off, or that lies over other text, at whatever size
CLIPPED = (Path(__file__).parent / "clipped.js").read_text(encoding="utf-8").partition("\n")[2]


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone with a round on it. No error may reach the page."""
    round_of(serve)
    wrong: list[str] = []
    page = enter("rep")
    page.on("pageerror", lambda error: wrong.append(str(error)))
    until(ready(page), "return Boolean(navigator.serviceWorker.controller)", 20)
    yield page
    assert wrong == []


def perform(server: Server, actor: Any, operation: str, **command: Any) -> None:
    server.app.extensions["fieldsales"].dispatcher.perform(actor, operation, command)


@pytest.mark.parametrize(("width", "language"), [(390, "zh"), (360, "en")])
def test_large_text_is_neither_cut_nor_laid_over_other_text(page: Page, width: int, language: str) -> None:
    """Twice the size, as Android's largest font scale asks: all of it can be read."""
    page.set_viewport_size({"width": width, "height": 844})
    say(page, language)
    found = {}
    for path in SCREENS:
        go(page, path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.wait_for_timeout(60)  # drawn once more
        found[path] = page.evaluate(CLIPPED)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_cut_text_is_found(page: Page) -> None:
    """A judge counts only when it finds its own planted flaw."""
    go(page, "/app")
    assert page.evaluate(CLIPPED) == []
    page.evaluate("""() => {
      Object.assign(document.querySelector(".why").style, { overflow: "hidden", whiteSpace: "nowrap", width: "3rem" });
      const leaf = (one) => one.textContent.trim() && !one.children.length && !one.closest("svg, .sr, .cover");
      const [under, over] = [...document.querySelectorAll("main li:nth-child(2) *")].filter(leaf);
      const [at, to] = [over, under].map((one) => one.getBoundingClientRect());
      Object.assign(over.style, { position: "relative", left: to.left - at.left + "px", top: to.top - at.top + "px" });
    }""")
    found = " ".join(page.evaluate(CLIPPED))
    assert "cut: P" in found
    assert "over: " in found


def test_the_one_next_action_lies_within_the_thumbs_reach(page: Page) -> None:
    """On every working screen the filled button stands in the lower third, and is at least 48 px high."""
    high = {}
    for path in SCREENS[5:]:
        go(page, path)
        box = page.locator(".dock .btn").last.bounding_box()
        assert box, path
        if box["y"] < 844 * 2 / 3 or box["height"] < 47.5:
            high[path] = box
    assert high == {}


def test_sheets_and_papers_axe_finds_nothing(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")  # half-risen sheets are half-transparent
    go(page, CUSTOMER)
    found: list[str] = []
    page.get_by_role("button", name=re.compile("^跳过：")).first.click()
    found += violations(page)
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()
    page.get_by_role("button", name="地图", exact=True).click()
    expect(page.get_by_role("dialog").locator("li")).to_have_count(5)
    found += violations(page)
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()
    page.get_by_role("button", name=re.compile("合同")).click()
    until(page, "return document.querySelectorAll('.viewer img').length >= 2", 30)
    found += violations(page)
    assert found == []


def test_contact_is_corrected_by_field_and_a_clash_is_shown(page: Page, phone: BrowserContext, serve: Server) -> None:
    """Both changed the number meanwhile: the office's stands, ours is shown as a proposal; the role goes through."""
    phone.set_offline(True)
    go(page, f"{CUSTOMER}/contact/{HARBOUR_CONTACT}")
    page.get_by_label("职务").fill("总经理")
    page.get_by_label("电话", exact=True).fill("13811112222")
    save(page, "保存")
    expect(page.locator("#contacts").get_by_text("13811112222")).to_be_visible()
    expect(page.locator("#contacts").get_by_text("已保存在本机")).to_be_visible()
    perform(serve, cast.MANAGER, "customers.change_contact", customer_id=HARBOUR, contact_id=HARBOUR_CONTACT,
            was={"phone": "13800000001"}, now={"phone": "13899998888"})
    phone.set_offline(False)
    until(page, "return outbox.queue.value.some((one) => one.state === 'conflict')", 20)
    until(page, f"return docs.docs.get('customer', '{HARBOUR}').value.contacts[0].phone === '13899998888'", 20)
    shown = run(page, "return docs.docs.get('customer', arg).value.contacts[0]", HARBOUR)
    assert (shown["phone"], shown["role"]) == ("13899998888", "总经理")
    go(page, "/app/queue")
    wrong = page.locator("#wrong .row")
    expect(wrong).to_contain_text("以公司记录为准")
    expect(wrong).to_contain_text("13811112222 / 13899998888")
    expect(wrong).to_contain_text("告诉主管或再改一次")
    shot(page, "clash")
    wrong.get_by_role("button", name="知道了").click()
    expect(page.locator("#wrong")).to_have_count(0)
    expect(page.get_by_role("region", name="已发送")).to_contain_text("联系人已修改")


def test_refusal_is_explained_and_kept_to_be_read(page: Page, phone: BrowserContext, serve: Server) -> None:
    """The customer went to a colleague meanwhile: what was written is named, why it was refused, and what to do."""
    phone.set_offline(True)
    go(page, f"{CUSTOMER}/note")
    page.get_by_label("值得记下的情况").fill("门口贴了招租")
    save(page, "保存")
    perform(serve, cast.ADMIN, "customers.assign_owner", customer_id=HARBOUR, owner_id=cast.OTHER_REP.user_id)
    phone.set_offline(False)
    until(page, "return outbox.queue.value.some((one) => ['rejected', 'held'].includes(one.state))", 20)
    go(page, "/app/queue")
    wrong = page.locator("#wrong .row")
    expect(wrong).to_contain_text("备注")
    wrong.get_by_text("所记内容").click()
    expect(wrong).to_contain_text("门口贴了招租")
    expect(wrong.locator(".hint")).not_to_be_empty()


def test_task_is_skipped_with_a_reason_only(page: Page, serve: Server) -> None:
    go(page, CUSTOMER)
    page.get_by_role("button", name=re.compile("^跳过：")).first.click()
    sheet = page.get_by_role("dialog")
    assert sheet.get_by_role("button", name="按此原因跳过").is_disabled()
    sheet.get_by_role("textbox").fill("客户改约下周")
    sheet.get_by_role("button", name="按此原因跳过").click()
    sent = until(page, """const sent = await answers.history();
        return outbox.rows.value.length === 0 && sent.length && sent.map((one) => one.command)""", 20)
    assert [(one["operation"], one["payload"]["reason"]) for one in sent] == [("collection.skip_task", "客户改约下周")]


def test_camera_opens_only_once_the_draft_lies_on_the_disk(page: Page) -> None:
    """A slow phone holds the camera back; then the page is thrown out of memory, and nothing is lost."""
    go(page, f"{CUSTOMER}/note")
    page.evaluate("""() => {
      const real = SubtleCrypto.prototype.encrypt;
      SubtleCrypto.prototype.encrypt = async function (...all) {
        await new Promise((go) => setTimeout(go, 700));
        return real.apply(this, all);
      };
      globalThis.opened = [];
      document.querySelector(".photos input").addEventListener("click", (event) => {
        globalThis.opened.push([event.isTrusted, event.defaultPrevented]);
        if (!event.defaultPrevented) event.preventDefault();
      });
    }""")
    page.get_by_label("值得记下的情况").press_sequentially("招租", delay=1)
    page.locator(".photos label").click()
    until(page, "return globalThis.opened.length === 2")
    assert page.evaluate("globalThis.opened") == [[True, True], [False, False]]
    page.reload()
    ready(page)
    expect(page.get_by_label("值得记下的情况")).to_have_value("招租")


def test_note_with_a_photo_shows_it_at_once_and_after_the_answer(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    go(page, f"{CUSTOMER}/note")
    page.get_by_label("值得记下的情况").fill("货架空了一半")
    page.locator(".photos input").set_input_files(photo("shelf.jpg", "#223388"))
    expect(page.locator(".photos img")).to_have_count(1)
    save(page, "保存")
    page.goto("/app")  # a cold start: the first screen draws customers before anybody knows how a note shows on one
    ready(page)
    go(page, CUSTOMER)
    row = page.locator("#timeline li.line-row").filter(has_text="货架空了一半")
    expect(row.locator("img")).to_have_count(1)
    expect(row.get_by_text("已保存在本机")).to_be_visible()
    phone.set_offline(False)
    until(page, "return outbox.queue.value.length === 0 && sync.status.value.blobs === 0", 30)
    expect(row.get_by_text("已保存在本机")).to_have_count(0)
    expect(row.locator("img")).to_have_count(1)
    row.get_by_role("button").click()
    until(page, "return document.querySelector('.viewer img')?.naturalWidth > 500")


def test_search_finds_without_a_network(page: Page, phone: BrowserContext) -> None:
    """By name, initials, code, phone, and the number of an invoice, with its hyphen or without."""
    phone.set_offline(True)
    go(page, "/app/customers")
    for query in ("HC-0417", "hc0417", "0417", "三江口", "sjk", "0574-8800102", "C102"):
        page.get_by_role("searchbox").fill("江边")  # nobody of ours
        expect(page.locator("main .list li")).to_have_count(0)
        page.get_by_role("searchbox").fill(query)
        expect(page.locator("main .list li")).to_have_count(1)
