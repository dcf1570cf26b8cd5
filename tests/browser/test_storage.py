"""What is saved on the phone: it stays, sealed, through reloads, without a network, and when the disk is full."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

from fieldsales.kernel.ids import uuid7
from fieldsales.visits.models import Visit
from tests.browser.conftest import Server
from tests.browser.inside import CANARY, count, ready, run, save, until, visit
from tests.cast import REP

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
    assert run(page, "return (await storage.meta.get('key')) ?? null") is None


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


def test_photo_is_made_smaller_named_by_its_hash_and_shown_from_the_phone(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    found = run(page, """
        const canvas = new OffscreenCanvas(3000, 2000), brush = canvas.getContext("2d");
        brush.fillRect(0, 0, 1500, 2000);
        const camera = await canvas.convertToBlob({type: "image/png"});
        const take = (more) => photos.takePhoto(new File([camera], "seal.png", {type: "image/png"}), more);
        const photo = await take({slot: "seal", keepOriginal: true});
        const hash = await canonical.sha256(photo.bytes);
        const drawn = await createImageBitmap(new Blob([photo.bytes]));
        const off = globalThis.OffscreenCanvas;
        globalThis.OffscreenCanvas = undefined;  // an older iPhone
        const older = await take().finally(() => { globalThis.OffscreenCanvas = off; });
        await outbox.save({...arg, blobs: [photo]});
        const shown = Object.assign(new Image(), {src: await photos.photoUrl(photo.sha256)});
        await shown.decode();
        let wrong = "";
        try { await photos.takePhoto(new File(["no picture"], "x.jpg")); } catch (error) { wrong = error.name; }
        return {hash, photo: {...photo, bytes: null, original: {...photo.original, bytes: null}}, width: drawn.width,
                height: drawn.height, shown: shown.naturalWidth, wrong, older: older.size > 100,
                up: outbox.blobstates.value.length};
    """, visit())
    photo = found["photo"]
    assert (found["width"], found["height"]) == (1600, 1067)
    assert found["hash"] == photo["sha256"]
    assert photo["original"]["sha256"] == photo["original_sha256"] != photo["sha256"]
    assert photo["original"]["mime"] == "image/png"
    assert (found["shown"], found["older"], found["up"]) == (1600, True, 2)
    assert found["wrong"]
