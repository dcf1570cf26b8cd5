"""The phone's lock: a PIN before anything, wrong ones, another one, forgotten; what lies on the disk meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import CANARY, PIN, run, save, until, visit
from tests.browser.unlocking import CHOOSE, LOCKED, break_in, choose_pin, is_locked, is_open, log_in, reopen, tap

pytestmark = pytest.mark.browser

OTHER_PIN = "730164"


@pytest.fixture
def phone(chromium: Browser, serve: Server) -> Iterator[BrowserContext]:
    """A phone whose lock nobody opens but the test."""
    context = chromium.new_context(
        base_url=serve.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    """The rep's phone, its PIN set, open, with one visit that cannot be sent."""
    page = choose_pin(log_in(phone.new_page(), "rep"))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)  # the whole app is on the phone
    phone.set_offline(True)
    save(page, visit())
    return page


def relock(page: Page) -> Page:
    """Lock it as the settings' button does."""
    run(page, "await door.lock()")
    return is_locked(page)


def test_first_start_asks_for_a_pin_before_anything_is_pulled(phone: BrowserContext, serve: Server) -> None:
    page = log_in(phone.new_page(), "rep")
    expect(page.get_by_role("heading", name=CHOOSE)).to_be_visible()
    for easy in ("12345", "123456", "888888", "520520"):
        tap(page, easy, "下一步")
        expect(page.get_by_role("alert")).to_contain_text("至少 6 位" if len(easy) < 6 else "太容易猜到")
    tap(page, PIN, "下一步")
    tap(page, OTHER_PIN, "设好 PIN 码")
    expect(page.get_by_role("alert")).to_contain_text("两次不一样")
    assert [path for _, path in serve.seen if "/sync/" in path] == []
    assert break_in(page)["records"] == 0
    choose_pin(page)
    assert run(page, "return docs.docs.all('customer').value.length") == 1


def test_locked_phone_shows_a_count_and_nothing_else(page: Page, phone: BrowserContext) -> None:
    relock(page)
    shown = page.locator("body").inner_text()
    assert "1 条待发送，解锁后发送" in shown
    for theirs in ("海港", cast.REP.name, CANARY, "林海港"):
        assert theirs not in shown
        assert theirs not in str(page.evaluate("JSON.stringify(localStorage)"))
    assert run(page, "return [docs.docs.all('customer').value.length, outbox.rows.value.length]") == [0, 0]
    said = run(page, """
        const names = [];
        for (const work of [() => outbox.save(arg), () => drafts.drafts.get("x"), () => drafts.drafts.put("x", 1),
                            () => device.signBytes(new Uint8Array(3)), () => storage.readAll("outbox")])
          names.push(await work().then(() => "done", (error) => error.constructor.name));
        return [names, storage.damaged.value];
    """, visit())
    assert said == [["Locked", "done", "Locked", "Locked", "Locked"], []]
    tap(page, PIN, "解锁")
    until(page, "return session.user.value && outbox.rows.value.length === 1")
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.rows.value.length === 0")


def test_nothing_on_the_disk_opens_what_is_sealed(page: Page) -> None:
    """Every CryptoKey, every 16 and 32 bytes and every text in the raw database, tried on every record."""
    run(page, "await drafts.drafts.put('visit/1', {said: arg})", CANARY)
    relock(page)
    found = break_in(page)
    assert found["records"] >= 6
    assert found["candidates"] >= 2
    assert (found["opened"], found["signing"]) == (0, 0)
    kept = run(page, "return (await vault.wraps()).map(({kind, iterations, salt}) => [kind, iterations, salt.length])")
    assert kept[0][0] == "pin"
    assert kept[0][1] >= 600_000
    # the burglar is a good one: a key that lies there is found, and the phone's own key too
    run(page, """
        const key = await vault.keyByPin(arg, true);
        await storage.meta.put("clear", await crypto.subtle.exportKey("raw", key));
        await storage.meta.put("key", await vault.forUse(key));
    """, PIN)
    assert break_in(page)["opened"] > found["records"]


def test_wrong_pins_make_one_wait_longer_also_after_a_reload(page: Page, phone: BrowserContext) -> None:
    relock(page)
    for _ in range(3):
        tap(page, OTHER_PIN, "解锁")
        expect(page.get_by_role("alert")).to_contain_text("PIN 码不对")
        expect(page.get_by_label("PIN 码")).to_have_value("")
    expect(page.get_by_role("alert")).to_contain_text("秒后可再试")
    phone.set_offline(False)
    page.reload()
    is_locked(page)
    expect(page.get_by_role("alert")).to_contain_text("秒后可再试")
    page.get_by_label("PIN 码").fill(PIN)
    expect(page.get_by_role("button", name="请稍候")).to_be_disabled()
    said = run(page, "return door.unlock(arg).then(() => '', (error) => error.constructor.name)", PIN)
    assert said == "TooSoon"
    page.get_by_role("button", name="解锁").click(timeout=10_000)
    is_open(page)
    assert run(page, "return storage.meta.get('tries')") is None


def test_a_try_is_counted_before_it_is_made(page: Page) -> None:
    """A battery pulled while the PIN is tried gives no free one."""
    relock(page)
    counted = run(page, """
        const derive = crypto.subtle.deriveKey;
        crypto.subtle.deriveKey = () => { throw new Error("the battery"); };
        await door.unlock(arg).catch(() => {});
        crypto.subtle.deriveKey = derive;
        return (await storage.meta.get("tries")).count;
    """, OTHER_PIN)
    assert counted == 1


def test_ten_wrong_pins_ask_for_the_password_and_delete_nothing(page: Page, phone: BrowserContext) -> None:
    relock(page)
    run(page, "await storage.meta.put('tries', {count: 9, at: 0})")
    expect(page.get_by_text(re.compile("还可以试"))).to_be_hidden()
    tap(page, OTHER_PIN, "解锁")
    expect(page.get_by_text("已输错 10 次。")).to_be_visible()
    said = run(page, "return door.unlock(arg).then(() => '', (error) => error.constructor.name)", PIN)
    assert said == "NeedPassword"
    page.get_by_role("button", name="用密码登录").click()
    expect(page.get_by_role("alert")).to_contain_text("需要网络")
    phone.set_offline(False)
    page.get_by_role("button", name="用密码登录").click()
    page.wait_for_url("**/login*")
    page.goto("/app")
    is_locked(page)
    expect(page.get_by_text("已输错 10 次。")).to_be_visible()  # who only comes back has given no password
    log_in(page, "rep")
    expect(page.get_by_text("密码正确，请再试 PIN 码。")).to_be_visible()
    tap(page, PIN, "解锁")
    is_open(page)
    until(page, "return outbox.rows.value.length === 0 && (await answers.history()).length === 1")


def test_changed_pin_opens_and_the_old_one_does_not(page: Page) -> None:
    page.evaluate("async () => (await import('/static/js/kernel/router.js')).navigate('/app/me/lock')")
    page.get_by_role("button", name="修改 PIN 码").click()
    tap(page, OTHER_PIN, "下一步")  # not the present one
    tap(page, OTHER_PIN, "下一步")
    tap(page, OTHER_PIN, "设好 PIN 码")
    expect(page.get_by_role("alert")).to_contain_text("PIN 码不对")
    tap(page, PIN, "下一步")
    tap(page, OTHER_PIN, "下一步")
    tap(page, OTHER_PIN, "设好 PIN 码")
    expect(page.get_by_role("status").filter(has_text="新 PIN 码已生效")).to_be_visible()
    relock(page)
    tap(page, PIN, "解锁")
    expect(page.get_by_role("alert")).to_contain_text("PIN 码不对")
    tap(page, OTHER_PIN, "解锁")
    until(page, "return session.user.value && outbox.rows.value.length === 1")
    assert run(page, "return outbox.rows.value[0].command.payload.said") == CANARY


def test_forgotten_pin_says_what_is_lost_and_asks_for_the_password_first(page: Page, phone: BrowserContext) -> None:
    run(page, "await drafts.drafts.put('visit/1', {said: 'half'})")
    relock(page)
    page.get_by_role("button", name="忘记 PIN 码").click()
    expect(page.get_by_text("从未发送：记录 1 条、照片 0 张、草稿 1 份。")).to_be_visible()
    start_over = page.get_by_role("button", name="用密码重新开始")
    expect(start_over).to_be_disabled()
    page.get_by_label("我知道这些会丢失。").check()
    phone.set_offline(False)
    start_over.click()
    page.wait_for_url("**/login*")
    log_in(page, "rep")
    expect(page.get_by_role("heading", name="在本机重新开始")).to_be_visible()
    assert break_in(page)["records"] >= 3  # so far nothing is deleted, and one may still think better of it
    expect(page.get_by_role("button", name="删除并重新开始")).to_be_disabled()
    page.get_by_role("button", name="再试 PIN 码").click()
    is_locked(page)
    run(page, "await storage.meta.put('proof', {why: 'forgotten'}); await door.lookOut()")
    page.get_by_label("我知道这些会丢失。").check()
    page.get_by_role("button", name="删除并重新开始").click()
    choose_pin(page, OTHER_PIN)
    assert run(page, "return [outbox.rows.value.length, await drafts.drafts.keys()]") == [0, []]
    assert run(page, "return docs.docs.all('customer').value.length") == 1


def test_half_a_key_record_is_enough_and_none_is_told_honestly(page: Page) -> None:
    spoil = """await storage.transact(["meta"], "readwrite", async (at) => {
        const record = await storage.asked(at("meta").get(arg));
        record.value.text = record.value.text.replace("pin", "pim");
        at("meta").put(record);
    })"""
    run(page, spoil, "vault")
    relock(page)
    tap(page, PIN, "解锁")
    until(page, "return session.user.value")
    run(page, spoil, "vault-copy")
    run(page, "await door.lock()")
    expect(page.get_by_role("heading", name="本机的密钥已损坏")).to_be_visible()
    expect(page.get_by_text("从未发送：记录 1 条")).to_be_visible()


def test_older_wraps_are_raised_at_the_next_unlock(page: Page) -> None:
    run(page, "await vault.keep([await vault.wrapByPin(await vault.keyByPin(arg, true), arg, 1000)])", PIN)
    relock(page)
    tap(page, PIN, "解锁")
    until(page, "return session.user.value")
    assert run(page, "return (await vault.wraps())[0].iterations") >= 600_000
    assert run(page, "return outbox.rows.value.length") == 1


def test_address_without_https_says_why_and_what_to_do(phone: BrowserContext, serve: Server) -> None:
    def answer(route: Any) -> None:
        route.fulfill(response=phone.request.get(route.request.url.replace("http://phone.example", serve.url)))

    phone.route("http://phone.example/**", answer)
    page = phone.new_page()
    page.goto("http://phone.example/app")
    assert page.evaluate("typeof crypto.subtle") == "undefined"
    expect(page.get_by_role("heading", name="这个网址不安全")).to_be_visible()
    expect(page.get_by_text("https")).to_be_visible()


def test_another_tab_locks_for_itself_and_saves_go_on(page: Page, phone: BrowserContext) -> None:
    other = phone.new_page()
    phone.set_offline(False)
    other.goto("/app")
    is_locked(other)
    save(page, visit("from the open tab"))
    until(page, "await sync.syncNow(); return outbox.rows.value.length === 0")
    tap(other, PIN, "解锁")
    is_open(other)
    relock(page)
    assert run(other, "return Boolean(session.user.value)")
    assert page.get_by_role("heading", name=LOCKED).is_visible()


def test_papers_carried_for_the_day_outlast_the_lock(page: Page) -> None:
    """In memory of a locked phone no customer is left: that must not look as if nothing were wanted any more."""
    kept = run(page, """
        const kept = await import("/static/js/kernel/carried.js");
        await kept.keepFile("pdf/x", {bytes: new Uint8Array([1, 2, 3]).buffer, mime: "application/pdf"});
        await door.lock();
        await (await import("/static/js/documents/carry.js")).carry({asked: true});
        return Object.keys(await kept.loadCarried());
    """)
    assert kept == ["pdf/x"]


def test_cold_start_offline_unlocks_and_finds_everything(page: Page, phone: BrowserContext) -> None:
    save(page, visit("unsent"))
    page = is_locked(reopen(phone, page))
    tap(page, PIN, "解锁")
    until(page, "return session.user.value && docs.docs.all('customer').value.length === 1")
    assert run(page, "return outbox.rows.value.at(-1).command.payload.said") == "unsent"
