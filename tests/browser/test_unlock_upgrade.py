"""A phone from before there was a lock: its key in clear gives way to one under the PIN, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from fieldsales.visits.models import Visit
from tests.browser.conftest import Server
from tests.browser.inside import CANARY, PIN, count, run, until, visit
from tests.browser.unlocking import CHOOSE, break_in, choose_pin, is_locked, log_in, tap
from tests.cast import REP

pytestmark = pytest.mark.browser

#: The store as the first version left it: a key in clear, records under it, a device key that cannot be taken out.
OLDER = """
const crypt = await import("/static/js/kernel/crypto.js");
const key = await crypto.subtle.generateKey({name: "AES-GCM", length: 256}, false, ["encrypt", "decrypt"]);
const pair = await crypto.subtle.generateKey({name: "ECDSA", namedCurve: "P-256"}, false, ["sign", "verify"]);
const {kty, crv, x, y} = await crypto.subtle.exportKey("jwk", pair.publicKey);
const {command_id, operation, entity_id, payload} = arg.what;
const command = {command_id, v: 1, operation, entity_id, needs: [], base_rev: null, payload, form: null,
  made_at: new Date().toISOString(), mono: 1, tz: "Asia/Shanghai", app: "1", blobs: []};
const doc = {id: "c1", name: arg.canary};
const of = (store, id, index, value) => crypt.seal(key, store, id, index, value);
const rows = [
  ["drafts", await of("drafts", "visit/1", {}, {said: arg.canary})],
  ["docs", await of("docs", "customer/c1", {kind: "customer", rev: 1}, {kind: "customer", id: "c1", doc})],
  ["outbox", await of("outbox", command_id, {state: "waiting", attempts: 0}, command)],
  ["blobs", await of("blobs", "f".repeat(64), {size: 4, mime: "image/jpeg"}, new Uint8Array([1, 2, 3, 4]).buffer)],
  ["drafts", {...await of("drafts", "broken", {}, {said: "x"}), ct: new ArrayBuffer(20)}],
  ["meta", {id: "key", value: key}],
  ["meta", {id: "device", value: {device_id: arg.device, public_key: {kty, crv, x, y}, key: pair.privateKey}}],
];
const names = ["meta", "docs", "outbox", "blobs", "drafts"];
await storage.transact(names, "readwrite", (at) => rows.forEach(([name, row]) => void at(name).put(row)));
localStorage.setItem("fieldsales.user", JSON.stringify({user_id: arg.user, name: arg.canary}));
"""
READ = """
const bytes = await storage.transact(["blobs"], "readonly", (at) => storage.asked(at("blobs").getAll()));
return {draft: (await drafts.drafts.get("visit/1")).said, customer: docs.docs.get("customer", "c1").value.name,
  command: outbox.rows.value.map((row) => [row.seq, row.command.payload.said]),
  key: (await storage.meta.get("key")) ?? null,
  photo: [...new Uint8Array(await storage.bytesOf(bytes[0]))]};
"""


@pytest.fixture
def older(chromium: Browser, serve: Server) -> Iterator[Page]:
    """The rep's phone as the first version left it, without a network."""
    context = chromium.new_context(base_url=serve.url, viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(15_000)
    context.route("**/api/v1/sync/**", lambda route: route.abort())
    page = log_in(context.new_page(), "rep")
    expect(page.get_by_role("heading", name=CHOOSE)).to_be_visible()
    device = "019aa6b0-0000-7000-8000-00000000abcd"
    run(page, OLDER, {"canary": CANARY, "what": visit(), "user": REP.user_id, "device": device})
    page.reload()
    expect(page.get_by_text("本机已有的资料会用它加密，不会丢失。")).to_be_visible()
    yield page
    context.close()


def whole(page: Page) -> Any:
    """What the phone holds, when all is well."""
    found = run(page, READ)
    assert (found["draft"], found["customer"]) == (CANARY, CANARY)
    assert found["command"] == [[1, CANARY]]
    assert found["photo"] == [1, 2, 3, 4]
    return found


def test_older_store_is_sealed_anew_and_all_of_it_is_there(older: Page, serve: Server) -> None:
    assert break_in(older)["opened"] >= 4
    tap(older, PIN, "下一步")
    tap(older, PIN, "设好 PIN 码")
    until(older, "return session.user.value && outbox.rows.value.length")
    assert whole(older)["key"] is None
    assert CANARY not in str(older.evaluate("JSON.stringify(localStorage)"))
    # what it signed before is bound to the old key: it stays the same phone until that is sent, then it is a new one
    assert run(older, "return (await device.device()).device_id").endswith("abcd")
    older.context.unroute_all()
    until(older, "await sync.syncNow(); return outbox.rows.value.length === 0")
    assert count(serve, Visit) == 1
    older.reload()
    tap(is_locked(older), PIN, "解锁")
    until(older, "return session.user.value")
    assert not run(older, "return (await device.device()).device_id").endswith("abcd")
    found = break_in(older)
    assert (found["opened"], found["signing"]) == (0, 0)


def test_upgrade_that_breaks_off_leaves_the_older_store_whole(older: Page) -> None:
    said = run(older, """
        const put = IDBObjectStore.prototype.put;
        let n = 0;
        IDBObjectStore.prototype.put = function (...what) {
          if (++n === 4) throw new DOMException("no room", "QuotaExceededError");
          return put.apply(this, what);
        };
        const said = await door.setPin(arg).then(() => "", (error) => error.constructor.name);
        IDBObjectStore.prototype.put = put;
        return [said, await vault.wraps(), (await storage.meta.get("key")) instanceof CryptoKey];
    """, PIN)
    assert said == ["StorageFull", None, True]
    older.reload()
    choose = older.get_by_text("本机已有的资料会用它加密，不会丢失。")
    expect(choose).to_be_visible()
    tap(older, PIN, "下一步")
    tap(older, PIN, "设好 PIN 码")
    until(older, "return session.user.value && outbox.rows.value.length")
    whole(older)


def test_page_that_dies_in_the_upgrade_leaves_one_of_the_two(older: Page) -> None:
    """The page is thrown away while the one transaction runs: the store is the old one or the new one, and whole."""
    with older.expect_event("load"):
        older.evaluate("""(pin) => {
        const put = IDBObjectStore.prototype.put;
        let n = 0;
        IDBObjectStore.prototype.put = function (...what) {
          if (++n === 3) setTimeout(() => location.reload());
          return put.apply(this, what);
        };
        void import("/static/js/kernel/door.js").then((door) => door.setPin(pin));
    }""", PIN)
    state = until(older, "return ['setup', 'locked'].includes(door.door.value.state) && door.door.value.state")
    if state == "setup":
        tap(older, PIN, "下一步")
        tap(older, PIN, "设好 PIN 码")
    else:
        tap(older, PIN, "解锁")
    until(older, "return session.user.value && outbox.rows.value.length")
    whole(older)


@pytest.mark.soak
def test_two_tabs_that_set_a_pin_at_once_have_one_key(chromium: Browser, serve: Server) -> None:
    context = chromium.new_context(base_url=serve.url, viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(15_000)
    try:
        one = log_in(context.new_page(), "rep")
        other = context.new_page()
        other.goto("/app")
        expect(other.get_by_role("heading", name=CHOOSE)).to_be_visible()
        choose_pin(one)
        tap(other, PIN, "下一步")
        tap(other, PIN, "设好 PIN 码")
        until(other, "return session.user.value")
        run(one, "await drafts.drafts.put('visit/1', {said: arg})", CANARY)
        assert run(other, "return (await drafts.drafts.get('visit/1')).said") == CANARY
    finally:
        context.close()
