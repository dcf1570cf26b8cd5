"""What is saved on the phone: it stays, sealed, through reloads, without a network, and whatever is lost on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PageError
from sqlalchemy import delete, func, select

from fieldsales.kernel.ids import uuid7
from fieldsales.store.base import table_of
from fieldsales.store.models import Blob, CommandReceipt
from fieldsales.sync.service import new_epoch
from fieldsales.visits.models import Visit
from tests.browser.conftest import Server
from tests.cast import HARBOUR, PASSWORD, REP

Enter = Callable[..., Page]
CANARY = "金丝雀说下周三一定付七万"

MODULES = """
const [outbox, answers, storage, docs, sync, session, drafts, photos, canonical, device] = await Promise.all(
  ["outbox", "answers", "storage", "docs", "sync", "session", "drafts", "photos", "canonical", "device"]
  .map((name) => import(`/static/js/kernel/${name}.js`)));
"""


def run(page: Page, script: str, argument: Any = None) -> Any:
    """Run a script in the page with the kernel's modules at hand. The CSP stays on."""
    return page.evaluate("async (arg) => {" + MODULES + script + "}", argument)


def until(page: Page, script: str, seconds: float = 10) -> Any:
    """Poll (waiting inside the page would trip the CSP) until the script gives something true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = run(page, script)
        except PageError as error:
            if "context was destroyed" not in str(error):  # the page was loaded again meanwhile
                raise
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"never came true: {script}; status {run(page, 'return sync.status.value')}")


def ready(page: Page) -> Page:
    """Wait until the person's store is open and the first exchange is over."""
    until(page, "return session.user.value && docs.docs.ready.value && sync.status.value.phase !== 'sending'")
    return page


def visit(words: str = CANARY) -> dict[str, Any]:
    """What a visit screen hands to ``save``."""
    visit_id = uuid7()
    return {"command_id": uuid7(), "operation": "visits.log_visit", "entity_id": visit_id, "payload": {
        "visit_id": visit_id, "customer_id": HARBOUR, "said": words, "persons": [{"name": "老周"}]}}


def save(page: Page, what: dict[str, Any]) -> Any:
    return run(page, "return outbox.save(arg)", what)


def count(server: Server, model: Any) -> int:
    with server.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(model))).scalar() or 0)


def receipts(server: Server) -> list[str]:
    """The verdicts on visits."""
    table = table_of(CommandReceipt)
    with server.store.reading() as connection:
        return list(connection.scalars(select(table.c.status).where(table.c.operation == "visits.log_visit")))


@pytest.fixture
def page(enter: Enter) -> Page:
    """The field app, open, as the harbour's rep, and whole on the phone."""
    page = ready(enter("rep"))
    until(page, "return Boolean(navigator.serviceWorker.controller)", 20)
    return page


DUMP = """
const names = (await indexedDB.databases()).map((one) => one.name);
const text = [];
const read = (value) => {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    text.push(new TextDecoder("utf-8", {fatal: false}).decode(value), new TextDecoder("utf-16").decode(value));
  } else if (value && typeof value === "object" && !(value instanceof CryptoKey)) {
    for (const [key, one] of Object.entries(value)) text.push(key), read(one);
  } else text.push(String(value));
};
let rows = 0;
for (const name of names) {
  const db = await storage.asked(indexedDB.open(name));
  for (const store of db.objectStoreNames) {
    const all = await storage.asked(db.transaction(store).objectStore(store).getAll());
    for (const row of all) rows++, read(row);
  }
  db.close();
}
for (const [key, value] of Object.entries(localStorage)) text.push(key, value);
return {names, rows, text: text.join("\\n")};
"""


def test_save_offline_survives_a_reload_and_is_sent_when_the_network_returns(
        page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.set_offline(True)
    what = visit()
    kept = save(page, what)
    assert kept["seq"] >= 1
    page.reload()
    until(page, "return session.user.value")
    waiting = until(page, "return outbox.queue.value")
    assert [one["command_id"] for one in waiting] == [what["command_id"]]
    assert waiting[0]["payload"]["said"] == CANARY
    assert count(serve, Visit) == 0
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    assert count(serve, Visit) == 1


def test_save_resolves_only_after_the_strict_transaction_completed(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    order = run(page, """
        const seen = [], first = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (names, mode, options) {
          const tx = first.call(this, names, mode, options);
          if (mode === "readwrite") {
            seen.push("begin " + options?.durability + " " + [...tx.objectStoreNames].includes("outbox"));
            tx.addEventListener("complete", () => seen.push("complete"));
          }
          return tx;
        };
        try { await outbox.save(arg); seen.push("saved"); } finally { IDBDatabase.prototype.transaction = first; }
        return seen;
    """, visit())
    assert order[:3] == ["begin strict true", "complete", "saved"]


def test_save_that_cannot_be_written_says_so_and_keeps_the_draft(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    result = run(page, """
        await drafts.drafts.put("visit/x", {said: "nothing lost"});
        const add = IDBObjectStore.prototype.add;
        IDBObjectStore.prototype.add = function () { throw new DOMException("no room", "QuotaExceededError"); };
        let name = "";
        try { await outbox.save({...arg, draft: "visit/x"}); } catch (error) { name = error.constructor.name; }
        finally { IDBObjectStore.prototype.add = add; }
        return {name, draft: await drafts.drafts.get("visit/x"), queue: outbox.queue.value.length};
    """, visit())
    assert result == {"name": "StorageFull", "draft": {"said": "nothing lost"}, "queue": 0}


def test_save_twice_with_the_same_id_is_one_command(page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.set_offline(True)
    what = visit()
    save(page, what)
    save(page, what)
    assert run(page, "return outbox.queue.value.length") == 1
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    save(page, what)
    assert run(page, "return outbox.queue.value.length") == 0
    assert count(serve, Visit) == 1


def test_everything_at_rest_is_sealed(page: Page, phone: BrowserContext) -> None:
    """A canary in a draft, a command, a photo and the pulled customers is nowhere in the raw database."""
    phone.set_offline(True)
    run(page, """
        await drafts.drafts.put("visit/1", {said: arg.canary});
        const bytes = new TextEncoder().encode(arg.canary.repeat(50)).buffer;
        const named = {role: "photo", slot: "photo", mime: "image/jpeg"};
        const photo = {...named, sha256: await canonical.sha256(bytes), size: bytes.byteLength, bytes};
        await outbox.save({...arg.what, blobs: [photo]});
        const doc = {id: "c1", name: arg.canary};
        await docs.takeIn([{kind: "customer", id: "c1", rev: 1, doc}], {cursor: "1"});
    """, {"canary": CANARY, "what": visit()})
    raw = run(page, DUMP)
    assert any(name.endswith(REP.user_id) for name in raw["names"])
    assert raw["rows"] >= 5
    assert CANARY not in raw["text"]
    assert "海港" not in raw["text"]
    assert run(page, "return docs.docs.get('customer', 'c1').value.name") == CANARY
    assert run(page, "return (await drafts.drafts.get('visit/1')).said") == CANARY
    key = run(page, "return (await storage.meta.get('key')).extractable")
    assert key is False


def test_answer_lost_on_the_way_back_makes_no_double(page: Page, serve: Server) -> None:
    """The push was carried out, a captive portal's page came back: it goes again and is known."""
    serve.lose.append("/api/v1/sync/push")
    what = visit()
    save(page, what)
    until(page, "return sync.status.value.phase === 'waiting'")
    assert count(serve, Visit) == 1
    assert run(page, "return outbox.queue.value.map((one) => one.state)") == ["sent"]
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    assert count(serve, Visit) == 1
    assert receipts(serve) == ["applied"]
    kept = run(page, "return answers.history()")
    assert [(one["state"], one["result"]["duplicate"]) for one in kept] == [("applied", True)]


def test_a_command_once_tried_cannot_be_taken_back(page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.set_offline(True)
    never_sent = visit("never sent")
    save(page, never_sent)
    # the attempt to send counts from the ping's answer on; offline nothing was tried
    run(page, "await answers.discard(arg)", never_sent["command_id"])
    assert run(page, "return outbox.queue.value.length") == 0
    phone.set_offline(False)
    serve.lose.append("/api/v1/sync/push")
    tried = visit("tried")
    save(page, tried)
    until(page, "return outbox.queue.value.some((one) => one.state === 'sent')")
    refused = run(page, "try { await answers.discard(arg); return false } catch { return true }", tried["command_id"])
    assert refused


def test_refused_command_is_shown_and_stays_until_read(page: Page) -> None:
    what = visit()
    what["payload"]["customer_id"] = uuid7()
    save(page, what)
    (shown,) = until(page, "return outbox.queue.value.some((one) => one.state === 'rejected') && outbox.queue.value")
    assert shown["code"] == "customer.not_found"
    assert shown["text"]
    page.reload()
    ready(page)
    assert run(page, "return outbox.queue.value.map((one) => one.state)") == ["rejected"]
    run(page, "await answers.acknowledge(arg)", what["command_id"])
    assert run(page, "return outbox.queue.value.length") == 0
    assert run(page, "return (await answers.history())[0].state") == "rejected"


def test_damaged_record_is_set_aside_and_the_queue_goes_on(page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.set_offline(True)
    save(page, visit("damaged"))
    save(page, visit("sound"))
    run(page, """await storage.transact(["outbox"], "readwrite", async (at) => {
        const [first] = await storage.asked(at("outbox").getAll());
        new Uint8Array(first.ct)[0] ^= 1;
        at("outbox").put(first);
    })""")
    page.reload()
    until(page, "return session.user.value && outbox.rows.value.length")
    assert len(run(page, "return storage.damaged.value")) == 1
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.rows.value.length === 0")
    assert count(serve, Visit) == 1


def test_photo_goes_up_in_pieces_after_its_command(page: Page, serve: Server) -> None:
    run(page, """
        const bytes = crypto.getRandomValues(new Uint8Array(60000));
        const whole = new Uint8Array(700000);
        for (let i = 0; i < whole.length; i++) whole[i] = bytes[i % 60000] ^ (i >> 8);
        const sha256 = await canonical.sha256(whole);
        const named = {role: "photo", slot: "photo", mime: "image/jpeg"};
        await outbox.save({...arg, blobs: [{...named, sha256, size: whole.byteLength, bytes: whole.buffer}]});
    """, visit())
    until(page, "return outbox.queue.value.length === 0 && sync.status.value.blobs === 0")
    assert count(serve, Blob) == 1
    assert sum(1 for method, path in serve.seen if method == "PATCH" and "/blobs/" in path) == 3


def test_device_is_enrolled_once_and_signs_with_a_key_that_never_leaves(page: Page, serve: Server) -> None:
    save(page, visit())
    until(page, "return outbox.queue.value.length === 0")
    assert sum(1 for method, path in serve.seen if (method, path) == ("POST", "/api/v1/devices")) == 1
    signature = run(page, "return device.signBytes(new TextEncoder().encode('manifest'))")
    assert len(signature) == 86
    assert run(page, "return (await device.device()).key.extractable") is False


def test_two_tabs_share_one_queue_and_send_each_command_once(page: Page, phone: BrowserContext, serve: Server) -> None:
    other = phone.new_page()
    other.goto("/app")
    ready(other)
    commands = [visit(f"{n}") for n in range(6)]
    for n, what in enumerate(commands):
        save(page if n % 2 else other, what)
    for tab in (page, other):
        until(tab, "await sync.syncNow(); return outbox.queue.value.length === 0")
    assert count(serve, Visit) == 6
    assert receipts(serve) == ["applied"] * 6


def test_logout_warns_of_unsent_work_and_then_leaves_nothing(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    save(page, visit())
    warned = run(page, "return session.logout()")
    assert warned == {"unsent": {"commands": 1, "photos": 0}}
    assert run(page, "return outbox.queue.value.length") == 1
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    page.evaluate("() => { import('/static/js/kernel/session.js').then((session) => session.logout()) }")
    page.wait_for_url("**/login*")
    assert page.evaluate("async () => (await indexedDB.databases()).map((one) => one.name)") == []
    assert "fieldsales.user" not in page.evaluate("() => Object.keys(localStorage)")
    assert phone.request.get("/api/v1/ping").json()["user_id"] is None


def test_revoked_phone_wipes_itself_at_the_next_contact(page: Page, serve: Server) -> None:
    save(page, visit())
    until(page, "return outbox.queue.value.length === 0")
    dispatcher = serve.app.extensions["fieldsales"].dispatcher
    device_id = run(page, "return (await device.device()).device_id")
    dispatcher.perform(REP, "people.revoke_device", {"device_id": device_id})
    page.evaluate("() => { import('/static/js/kernel/sync.js').then((sync) => sync.syncNow()) }")
    page.wait_for_url("**/login*")
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_another_person_on_the_same_phone_sees_nothing_of_the_first(
        page: Page, phone: BrowserContext, enter: Enter) -> None:
    script = "await docs.takeIn([{kind: 'customer', id: 'c1', rev: 1, doc: {id: 'c1', name: arg}}], {cursor: '1'})"
    run(page, script, CANARY)
    page.close()
    phone.clear_cookies()
    other = ready(enter("other_rep"))
    until(other, "return session.user.value.user_id !== '" + REP.user_id + "' && docs.docs.ready.value")
    assert run(other, "return docs.docs.get('customer', 'c1').value ?? null") is None
    assert run(other, "return outbox.queue.value.length") == 0


def test_outbox_file_taken_in_on_another_phone_sends_the_same_commands_once(
        page: Page, phone: BrowserContext, serve: Server, chromium: Any) -> None:
    phone.set_offline(True)
    for n in range(3):
        save(page, visit(f"from a file {n}"))
    text = run(page, "return outbox.exportOutbox()")
    other = chromium.new_context(base_url=serve.url)
    try:
        second = other.new_page()
        second.goto("/login?next=/app")
        second.fill("[name=login]", "rep")
        second.fill("[name=password]", PASSWORD)
        second.press("[name=password]", "Enter")
        second.wait_for_url("**/app")
        ready(second)
        assert run(second, "return outbox.importOutbox(arg)", text) == {"added": 3, "known": 0}
        assert run(second, "return outbox.importOutbox(arg)", text)["added"] == 0
        until(second, "await sync.syncNow(); return outbox.rows.value.length === 0")
        assert run(second, "return outbox.importOutbox(arg)", text) == {"added": 0, "known": 3}
    finally:
        other.close()
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    assert receipts(serve) == ["applied"] * 3
    assert run(page, "return (await answers.history()).every((one) => one.result.duplicate)")
    broken = run(page, "try { await outbox.importOutbox('{}'); return '' } catch (error) { return error.message }")
    assert broken == "not an outbox file"


def test_after_a_restore_from_backup_answered_commands_go_out_again(page: Page, serve: Server) -> None:
    """A new epoch: the server may have lost what it once answered; the ids make it harmless where it has not."""
    what = visit()
    save(page, what)
    until(page, "return outbox.queue.value.length === 0")
    with serve.store.writing() as connection:  # the backup did not hold it
        connection.execute(delete(table_of(Visit)))
        connection.execute(delete(table_of(CommandReceipt)).where(
            table_of(CommandReceipt).c.command_id == what["command_id"]))
    new_epoch(serve.app.extensions["fieldsales"].dispatcher)
    until(page, "await sync.syncNow(); return outbox.rows.value.length === 0")
    assert count(serve, Visit) == 1
