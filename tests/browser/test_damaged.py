"""A phone's storage that fails: records that cannot be read, a database that closes by itself, or none at all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fieldsales.visits.models import Visit
from tests.browser.conftest import Server
from tests.browser.inside import CANARY, count, ready, run, save, until, visit

pytestmark = pytest.mark.browser


def test_record_that_cannot_be_read_is_named_in_plain_words_and_the_rest_goes_on(
        page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.set_offline(True)
    save(page, visit("damaged"))
    save(page, visit("sound"))
    run(page, """await storage.transact(["outbox"], "readwrite", async (at) => {
        const [first] = await storage.asked(at("outbox").getAll());
        new Uint8Array(first.ct)[0] ^= 1;
        at("outbox").put(first);
    })""")
    page.reload()
    until(page, "return session.user.value && outbox.rows.value.length === 1")
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.rows.value.length === 0")
    assert count(serve, Visit) == 1
    page.get_by_text("1 条需要查看").click()
    lost = page.get_by_role("listitem").filter(has_text="已重新填写")
    expect(lost).to_contain_text("拜访")
    expect(lost).to_contain_text(re.compile(r"\d\d:\d\d"))
    lost.get_by_role("button", name="已重新填写").click()
    page.get_by_role("button", name="确认移除").click()
    expect(page.get_by_text("本机损坏的记录")).to_be_hidden()
    page.reload()
    ready(page)
    assert run(page, "return storage.damaged.value") == []


def test_database_that_closes_by_itself_is_opened_again_also_under_a_save(page: Page, phone: BrowserContext) -> None:
    """Phones do that to a page that was away for a while."""
    phone.set_offline(True)
    run(page, """
        const first = IDBDatabase.prototype.transaction;
        let shut = false;
        IDBDatabase.prototype.transaction = function (...what) {
          if (!shut) shut = true, this.close();
          return first.apply(this, what);
        };
        try { await outbox.save(arg); } finally { IDBDatabase.prototype.transaction = first; }
    """, visit())
    assert run(page, "return (await storage.readAll('outbox')).length") == 1
    assert run(page, "return outbox.rows.value[0].command.payload.said") == CANARY


@pytest.mark.parametrize("how", ["throws", "fails", "is missing"])
def test_window_that_keeps_nothing_says_so(phone: BrowserContext, page: Page, how: str) -> None:
    page.close()
    private = phone.new_page()
    private.add_init_script({
        "throws": "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };",
        "fails": """
            IDBFactory.prototype.open = () => { const asked = new EventTarget();
              setTimeout(() => asked.onerror?.(Object.assign(asked, {error: new DOMException("no", "UnknownError")})));
              return asked; };""",
        "is missing": "Object.defineProperty(globalThis, 'indexedDB', {value: undefined});",
    }[how])
    private.goto("/app")
    expect(private.get_by_role("heading", name="本机资料打不开")).to_be_visible()
    expect(private.get_by_text(re.compile("没有删除任何内容"))).to_be_visible()
