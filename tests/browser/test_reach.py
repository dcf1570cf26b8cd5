"""Coming into the app from outside: shortcuts, a shared slip, the badge, a push, a calendar entry."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.inside import ready, run, save, until, visit
from tests.cast import HARBOUR, HARBOUR_NAME

Enter = Callable[..., Page]
SHARE = """([bytes, type]) => {
    // what Android does when a picture is shared: a POST that is a navigation, made by nobody's page
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0))], "slip", { type }));
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: "/app/share", enctype: "multipart/form-data" });
    const input = Object.assign(document.createElement("input"), { type: "file", name: "slip", multiple: true });
    input.files = data.files;
    form.append(input);
    document.body.append(form);
    form.submit();
}"""


def picture() -> str:
    """A screenshot of a transfer, as base64."""
    made = io.BytesIO()
    Image.new("RGB", (600, 900), (240, 240, 235)).save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


def share(page: Page, content: str, mime: str = "image/png") -> None:
    page.evaluate(SHARE, [content, mime])
    page.wait_for_url("**/app/share**")
    ready(page)


def caches_named(page: Page) -> list[str]:
    return list(page.evaluate("caches.keys()"))


@pytest.mark.parametrize(("doing", "form"), [("visit", "上门拜访|拜访"), ("plan", "还款计划")])
def test_shortcut_asks_whom_and_opens_the_form(page: Page, doing: str, form: str) -> None:
    manifest = page.request.get("/manifest.webmanifest").json()
    assert f"/app/start/{doing}" in [one["url"] for one in manifest["shortcuts"]]
    for icon in [icon for one in manifest["shortcuts"] for icon in one["icons"]]:
        assert page.request.get(icon["src"]).headers["content-type"] == "image/png"
    page.goto(f"/app/start/{doing}")
    ready(page)
    page.get_by_role("button", name=HARBOUR_NAME).click()
    page.wait_for_url(f"**/app/customers/{HARBOUR}/{doing}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(HARBOUR_NAME)


def test_shared_slip_becomes_a_receipts_slip_without_a_network_and_no_copy_stays(
    page: Page, phone: BrowserContext, serve: Server
) -> None:
    phone.set_offline(True)
    share(page, picture())
    expect(page.get_by_role("heading", level=1)).to_contain_text("这是谁的付款凭证")
    expect(page.locator(".photos img")).to_have_count(1)
    assert not [name for name in caches_named(page) if "shared" in name], "a copy stayed in the cache"
    page.reload()
    ready(page)
    expect(page.locator(".photos img")).to_have_count(1)
    page.get_by_role("button", name=HARBOUR_NAME).click()
    page.wait_for_url(f"**/app/customers/{HARBOUR}/receipt")
    expect(page.locator(".photos img")).to_have_count(1)
    expect(page.get_by_role("button", name="银行转账")).to_have_attribute("aria-pressed", "true")
    assert not [one for one in serve.seen if one[1] == "/app/share"], "the picture left the phone"
    phone.set_offline(False)
    page.goto("/app/share")
    ready(page)
    expect(page.get_by_text("没有收到图片")).to_be_visible()


def test_what_is_no_picture_is_left_out_and_said(page: Page) -> None:
    share(page, base64.b64encode(b"%PDF-1.7 nothing").decode(), "image/png")
    expect(page.get_by_text("没有收到图片")).to_be_visible()
    assert not [name for name in caches_named(page) if "shared" in name]


def test_slip_put_aside_outlives_a_new_version_and_goes_with_logout(page: Page, serve: Server) -> None:
    page.evaluate("""async () => { const cache = await caches.open("fieldsales-shared");
        await cache.put("/app/share/1", new Response("abc", { headers: { "Content-Type": "image/png" } })); }""")
    page.evaluate("caches.open('fieldsales-older')")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.unregister())")
    page.reload()
    ready(page)
    until(page, "return !(await caches.keys()).includes('fieldsales-older')", 20)
    assert "fieldsales-shared" in caches_named(page)
    run(page, "await session.logout({ force: true })")
    page.wait_for_url("**/login**")
    assert caches_named(page) == []


def test_worker_touches_no_other_post(page: Page, serve: Server) -> None:
    serve.seen.clear()
    for path in ("/app/share", "/login"):
        page.evaluate("(path) => fetch(path, { method: 'POST', body: new FormData() }).then(() => true)", path)
    assert ("POST", "/app/share") in serve.seen, "a page's own request is not the platform's"
    assert ("POST", "/login") in serve.seen


def test_shared_before_the_worker_was_there_is_said_and_kept_nowhere(app: Any) -> None:
    answer = app.test_client().post("/app/share", data={"slip": (io.BytesIO(b"x"), "a.png")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/app/share?missed=1")


BADGE = """globalThis.badges = [];
    navigator.setAppBadge = async (n) => void badges.push(n);
    navigator.clearAppBadge = async () => void badges.push(0);"""


def test_badge_counts_what_waits(phone: BrowserContext, enter: Enter) -> None:
    phone.add_init_script(BADGE)  # headless has no home screen to show it on
    page = ready(enter("rep"))
    until(page, "return badges.at(-1) === 0")
    phone.set_offline(True)
    save(page, visit())
    save(page, visit("第二条"))
    until(page, "return badges.at(-1) === 2")
    phone.set_offline(False)
    until(page, "return badges.at(-1) === 0", 20)


def test_push_is_shown_and_leads_to_its_screen(page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.grant_permissions(["notifications"], origin=serve.url)
    browser = phone.new_cdp_session(page)
    found: list[Any] = []
    browser.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    browser.send("ServiceWorker.enable")
    for _ in range(100):  # what the browser tells comes while something waits for it
        if found:
            break
        page.wait_for_timeout(100)
    words = {"title": "fieldsales", "body": "今天到期：1 笔", "url": "/app/promises", "tag": "digest-2026-03-12"}
    browser.send("ServiceWorker.deliverPushMessage", {
        "origin": serve.url + "/", "registrationId": found[0]["registrationId"], "data": json.dumps(words)})
    shown = until(page, """const all = await (await navigator.serviceWorker.ready).getNotifications();
        return all.length && all.map(({ title, body, tag, data }) => ({ title, body, tag, data }))""")
    assert shown == [{"title": "fieldsales", "body": "今天到期：1 笔", "tag": "digest-2026-03-12",
                      "data": {"url": "/app/promises"}}]


def test_push_that_cannot_be_had_is_said_in_plain_words(page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.grant_permissions(["notifications"], origin=serve.url)
    page.goto("/app/me")
    ready(page)
    page.get_by_role("switch", name="本机通知").click()
    expect(page.get_by_text("用日历提醒")).to_be_visible()  # this machine reaches no push service
    expect(page.get_by_role("switch", name="本机通知")).to_have_attribute("aria-checked", "false")
    expect(page.get_by_role("link", name="日历和邮件")).to_have_attribute("href", "/reminders")


def test_promise_as_a_calendar_entry_made_without_a_network(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    text = page.evaluate("""async (name) => {
        const { icsOf } = await import("/static/js/reach/ics.js");
        const promise = { id: "p1", amount_minor: 5000000, kept_minor: 0, due_on: "2026-12-31",
            words: "三十一号，先打五万；\\n其余下月\\\\" };
        return icsOf(promise, { id: "c1", name, currency: "CNY" }, "2026-03-12T04:00:00.123Z", location.origin); }""",
        HARBOUR_NAME + "，" + "很长的名字" * 20)  # fmt: skip
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert str(event["UID"]) == "promise-p1@fieldsales", "the same as in the office's calendar"
    assert "承诺付款 ¥50,000.00" in str(event["SUMMARY"])
    assert str(event["DESCRIPTION"]) == "三十一号，先打五万；\n其余下月\\"
    assert (str(event["DTSTART"].dt), str(event["DTEND"].dt)) == ("2026-12-31", "2027-01-01")
    assert len(event.walk("VALARM")) == 1
