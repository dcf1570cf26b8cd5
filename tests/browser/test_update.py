"""A new version of the app: it waits for open forms in every tab, and takes neither a record nor a draft along."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.inside import CANARY, ready, run, save, until, visit
from tests.cast import HARBOUR

pytestmark = pytest.mark.browser

WORKER = "const worker = await import('/static/js/kernel/worker.js');"
WAITING = "return Boolean((await navigator.serviceWorker.ready).waiting)"


def opened(page: Page, path: str) -> None:
    page.evaluate("async (path) => (await import('/static/js/kernel/router.js')).navigate(path)", path)
    expect(page.locator("main h1").first).to_be_visible()


def test_update_waits_for_the_form_of_another_tab_and_loses_nothing(
        page: Page, phone: BrowserContext, publish: Callable[[], None]) -> None:
    other = phone.new_page()
    other.goto("/app")
    ready(other)
    opened(page, f"/app/customers/{HARBOUR}/visit")
    page.get_by_role("textbox", name="说了什么").fill(CANARY)
    phone.route("**/api/v1/sync/push", lambda route: route.abort())
    save(other, visit("waits"))
    publish()
    run(other, "await (await navigator.serviceWorker.ready).update()")
    until(other, WAITING)
    for tab in (page, other):
        run(tab, "globalThis.stays = 1")
    assert run(other, WORKER + """
        const said = [], first = ServiceWorker.prototype.postMessage;
        ServiceWorker.prototype.postMessage = function (word) { said.push(word); return first.call(this, word); };
        await worker.applyUpdate();
        ServiceWorker.prototype.postMessage = first;
        return said;
    """) == []
    assert run(other, WAITING)
    assert run(page, "return globalThis.stays") == 1
    opened(page, f"/app/customers/{HARBOUR}")
    until(other, WORKER + "if (globalThis.stays) await worker.applyUpdate(); return globalThis.stays === undefined", 20)
    until(page, "return globalThis.stays === undefined", 20)
    for tab in (page, other):
        until(tab, "return session.user.value && outbox.rows.value.length === 1", 20)
        assert not run(tab, WAITING)
    opened(page, f"/app/customers/{HARBOUR}/visit")
    expect(page.get_by_role("textbox", name="说了什么")).to_have_value(CANARY)


def test_page_whose_worker_was_replaced_under_an_open_form_is_loaded_again_only_when_it_is_closed(
        page: Page, publish: Callable[[], None]) -> None:
    """Another browser window without locks, or an impatient one, may let the new worker in all the same."""
    opened(page, f"/app/customers/{HARBOUR}/note")
    page.locator("main textarea").fill(CANARY)
    publish()
    run(page, "globalThis.stays = 1; await (await navigator.serviceWorker.ready).update()")
    until(page, WAITING)
    run(page, "(await navigator.serviceWorker.ready).waiting.postMessage('take over')")
    until(page, "return !(await navigator.serviceWorker.ready).waiting")
    assert page.locator("main textarea").input_value() == CANARY
    assert run(page, "return globalThis.stays") == 1
    opened(page, f"/app/customers/{HARBOUR}")
    until(page, "return globalThis.stays === undefined && session.user.value", 20)
    opened(page, f"/app/customers/{HARBOUR}/note")
    expect(page.locator("main textarea")).to_have_value(CANARY)
