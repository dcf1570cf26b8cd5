"""Who may use this phone: another person, nobody after leaving, none after the office revoked it; locked when left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fieldsales.visits.models import Visit
from tests.browser.conftest import Server
from tests.browser.inside import CANARY, PIN, count, run, save, until, visit
from tests.browser.unlocking import break_in, choose_pin, is_locked, is_open, log_in, tap
from tests.cast import HARBOUR, OTHER_REP, REP

pytestmark = pytest.mark.browser

OTHER_PIN = "730164"
LEFT = """
const left = {databases: (await indexedDB.databases()).map((one) => one.name), caches: await caches.keys(),
  local: Object.entries(localStorage), session: Object.entries(sessionStorage),
  workers: (await navigator.serviceWorker.getRegistrations()).length};
return left;
"""
NOTHING = {"databases": [], "caches": [], "local": [], "session": [], "workers": 0}


@pytest.fixture
def phone(chromium: Browser, serve: Server) -> Iterator[BrowserContext]:
    """A phone whose lock nobody opens but the test."""
    context = chromium.new_context(
        base_url=serve.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    """The rep's phone, its PIN set, open, whole."""
    page = choose_pin(log_in(phone.new_page(), "rep"))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    return page


def left_behind(page: Page) -> Any:
    """What this browser still holds, read from the office's login page."""
    return page.evaluate("async () => {" + LEFT + "}")


def away(page: Page, minutes: float) -> None:
    """Leave the app for so long, as the phone tells it."""
    page.evaluate("""(minutes) => {
        const turn = (state) => {
          Object.defineProperty(document, "visibilityState", {configurable: true, value: state});
          document.dispatchEvent(new Event("visibilitychange"));
        };
        turn("hidden");
        const now = Date.now;
        Date.now = () => now() + minutes * 60000;
        turn("visible");
        Date.now = now;
    }""", minutes)


def go(page: Page, path: str) -> None:
    page.evaluate("async (path) => (await import('/static/js/kernel/router.js')).navigate(path)", path)


def test_two_people_by_turns_keep_a_store_each_and_see_nothing_of_the_other(page: Page, phone: BrowserContext) -> None:
    phone.route("**/api/v1/sync/push", lambda route: route.abort())  # what is saved stays on the phone
    save(page, visit())
    run(page, "await door.lock()")
    # a slip shared from the album while the phone was locked
    run(page, "await (await caches.open('fieldsales-shared')).put('/app/share/1-0', new Response(arg))", CANARY)
    is_locked(page).get_by_role("button", name="换人登录").click()
    page.wait_for_url("**/login*")
    assert "fieldsales-shared" not in page.evaluate("caches.keys()")
    other = choose_pin(log_in(page, "other_rep"), OTHER_PIN)
    assert run(other, "return [session.user.value.user_id, outbox.rows.value.length]") == [OTHER_REP.user_id, 0]
    assert "海港" not in other.locator("body").inner_text()
    save(other, visit("of the other"))
    run(other, "await door.lock()")
    is_locked(other).get_by_role("button", name="换人登录").click()
    other.wait_for_url("**/login*")
    first = log_in(other, "rep")
    until(first, f"return storage.ownerOf() === '{REP.user_id}' && door.door.value.state === 'locked'")
    tap(is_locked(first), OTHER_PIN, "解锁")
    expect(first.get_by_role("alert")).to_contain_text("PIN 码不对")
    tap(first, PIN, "解锁")
    until(first, "return session.user.value && outbox.rows.value.length === 1")
    assert run(first, "return outbox.rows.value[0].command.payload.said") == CANARY
    assert len(run(first, "return (await indexedDB.databases()).map((one) => one.name)")) == 2


def test_logout_leaves_nothing_of_anybody(page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.route("**/api/v1/sync/push", lambda route: route.abort())
    save(page, visit())
    run(page, "await drafts.drafts.put('visit/1', {})")
    go(page, "/app/me")
    page.get_by_role("button", name="退出并清除本机资料").click()
    expect(page.get_by_text("有 1 条记录、0 张照片只在这台手机上。")).to_be_visible()
    expect(page.get_by_text("还有 1 份草稿没有保存，也会删除。")).to_be_visible()
    with page.expect_download() as kept:
        page.get_by_role("button", name="存成文件").click()
    assert CANARY in kept.value.path().read_text()
    said = phone.request.post("/api/v1/session/end", headers={"X-Fieldsales": "1"})
    assert '"cache"' in said.headers["clear-site-data"]
    page.get_by_role("button", name="退出并删除").click()
    page.wait_for_url("**/login*")
    assert left_behind(page) == NOTHING
    assert phone.request.get("/api/v1/ping").json()["user_id"] is None


def test_logout_without_a_network_ends_the_session_with_the_next(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    page.evaluate("() => void import('/static/js/kernel/session.js').then((session) => session.logout({force: true}))")
    expect(page.get_by_role("heading", name="本机已清除")).to_be_visible()
    assert {**left_behind(page), "local": [], "workers": 0} == NOTHING
    assert left_behind(page)["local"] == [["fieldsales.end", "1"]]
    phone.set_offline(False)
    assert phone.request.get("/api/v1/ping").json()["user_id"] == REP.user_id
    page.goto("/app")
    page.wait_for_url("**/login*")
    assert phone.request.get("/api/v1/ping").json()["user_id"] is None
    assert left_behind(page)["databases"] == []


@pytest.mark.parametrize("locked", [False, True])
def test_revoked_phone_is_wiped_at_its_next_contact_and_says_so(
        page: Page, phone: BrowserContext, serve: Server, locked: bool) -> None:
    phone.set_offline(True)
    save(page, visit())
    device_id = run(page, "return (await device.device()).device_id")
    if locked:
        run(page, "await door.lock()")
    serve.app.extensions["fieldsales"].dispatcher.perform(REP, "people.revoke_device", {"device_id": device_id})
    phone.set_offline(False)
    if not locked:  # a locked one hears it when the network returns
        run(page, "void sync.syncNow()")
    expect(page.get_by_role("heading", name="公司已停用这台手机")).to_be_visible()
    expect(page.get_by_text("其中有 1 条记录、0 张照片没有发送")).to_be_visible()
    assert {**left_behind(page), "workers": 0} == NOTHING
    page.reload()
    page.wait_for_url("**/login*")


def test_left_for_too_long_it_locks_and_the_form_is_there_again(page: Page, phone: BrowserContext) -> None:
    go(page, f"/app/customers/{HARBOUR}/visit")
    page.get_by_role("textbox", name="说了什么").fill("下周三先付")
    away(page, 4)
    assert run(page, "return door.door.value.state") == "open"
    page.get_by_role("textbox", name="说了什么").fill("下周三先付五万")
    away(page, 6)
    expect(page.get_by_role("textbox", name="说了什么")).to_be_hidden()
    is_locked(page)
    assert run(page, "return docs.docs.all('customer').value.length") == 0
    tap(page, PIN, "解锁")
    expect(page.get_by_role("textbox", name="说了什么")).to_have_value("下周三先付五万")


def test_how_soon_it_locks_is_chosen_and_a_photo_is_waited_for(page: Page, phone: BrowserContext) -> None:
    go(page, "/app/me/lock")
    page.get_by_role("button", name="立即").click()
    until(page, "return (await storage.meta.get('lock')).minutes === 0")
    go(page, f"/app/customers/{HARBOUR}/note")
    camera = page.locator("input[type=file]").first
    with page.expect_file_chooser():
        camera.click()
    away(page, 4)  # in the camera
    assert run(page, "return door.door.value.state") == "open"
    away(page, 0.1)
    tap(is_locked(page), PIN, "解锁")
    is_open(page)


def test_save_under_way_is_not_cut_by_the_lock(page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.set_offline(True)
    said = run(page, """
        const big = crypto.getRandomValues(new Uint8Array(60000)).buffer;
        const photo = {role: "photo", slot: "photo", mime: "image/jpeg", size: big.byteLength, bytes: big};
        const blobs = [{...photo, sha256: await canonical.sha256(big)}];
        const saving = outbox.save({...arg, blobs, draft: "visit/1"}).then(() => "saved", (error) => error.message);
        await door.lock();
        return [await saving, door.door.value.unsent];
    """, visit())
    assert said == ["saved", {"commands": 1, "photos": 1, "drafts": 0}]
    tap(is_locked(page), PIN, "解锁")
    until(page, "return session.user.value")
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.rows.value.length === 0")
    assert count(serve, Visit) == 1


def test_tab_of_a_store_that_was_deleted_elsewhere_makes_no_new_one(page: Page, phone: BrowserContext) -> None:
    other = phone.new_page()
    other.goto("/app")
    is_locked(other)
    page.evaluate("() => void import('/static/js/kernel/session.js').then((session) => session.logout({force: true}))")
    page.wait_for_url("**/login*")
    other.wait_for_url("**/login*")
    assert left_behind(page)["databases"] == []


def test_store_is_emptied_even_while_a_sleeping_tab_holds_it_open(page: Page, phone: BrowserContext) -> None:
    run(page, "await drafts.drafts.put('visit/1', {said: arg})", CANARY)
    sleeper = phone.new_page()
    sleeper.goto("/static/css/tokens.css")  # a page of ours in which nothing of the app runs
    sleeper.evaluate("""async () => {
        const [{ name }] = await indexedDB.databases();
        const asked = indexedDB.open(name);
        globalThis.held = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
    }""")
    page.evaluate("() => void import('/static/js/kernel/session.js').then((session) => session.logout({force: true}))")
    page.wait_for_url("**/login*")
    kept = sleeper.evaluate("""async () => {
        const all = [...held.objectStoreNames].map((name) => new Promise((done) => {
            held.transaction(name).objectStore(name).count().onsuccess = (event) => done(event.target.result);
        }));
        return (await Promise.all(all)).reduce((sum, one) => sum + one);
    }""")
    assert kept == 0


def test_key_is_nowhere_on_the_disk_of_two_people(page: Page) -> None:
    run(page, "await door.lock()")
    is_locked(page).get_by_role("button", name="换人登录").click()
    page.wait_for_url("**/login*")
    choose_pin(log_in(page, "other_rep"), OTHER_PIN)
    found = break_in(page)
    assert found["records"] >= 4
    assert (found["opened"], found["signing"]) == (0, 0)
