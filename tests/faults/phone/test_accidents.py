"""Accidents of the phone itself: killed, closed under the app, damaged, its clock wrong, the app updated."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Error as PageError

from tests.browser.inside import always_open
from tests.cast import HARBOUR
from tests.chromium import ARGS, CHROMIUM
from tests.faults.phone.conftest import SCREEN, log_in
from tests.faults.phone.rig import Phone, photo, visit

Well = Callable[..., None]
MakePhone = Callable[..., Phone]


def launched(chromium: Browser, folder: Path) -> BrowserContext:
    """A browser of its own whose profile outlives it."""
    return chromium.browser_type.launch_persistent_context(
        str(folder), executable_path=CHROMIUM, args=[*ARGS[1:], "--no-sandbox"], **SCREEN)


def processes_of(folder: Path) -> list[int]:
    """Every process of the browser that was started on this profile."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if f"--user-data-dir={folder}".encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def killed(folder: Path) -> None:
    """SIGKILL to the browser: what was not on the disk is gone."""
    victims = processes_of(folder)
    assert victims
    for pid in victims:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 10
    while processes_of(folder) and time.monotonic() < end:
        time.sleep(0.02)
    for lock in folder.glob("Singleton*"):
        lock.unlink(missing_ok=True)


def test_browser_killed_right_after_the_write(
        chromium: Browser, new_phone: MakePhone, all_well: Well, tmp_path: Path) -> None:
    """"Saved" was on the screen, then SIGKILL to the whole browser: record, photo and draft are there afterwards."""
    phone = new_phone(context=launched(chromium, tmp_path / "profile"))
    phone.wire.down = True
    phone.run("await drafts.drafts.put('visit/other', {said: 'half written'})")
    last = phone.save("saved, then the battery falls out", photo())
    killed(tmp_path / "profile")
    with suppress(PageError):
        phone.context.close()
    phone.wire.mend()
    phone.context = always_open(launched(chromium, tmp_path / "profile"))
    try:
        phone.page = phone.context.new_page()
        phone.page.goto(phone.wire.url + "/app")
        phone.opened()
        assert phone.run("return (await drafts.drafts.get('visit/other')).said") == "half written"
        assert phone.run("return outbox.rows.value.map((row) => row.command.command_id)") == [last["command_id"]]
        log_in(phone.page, phone.wire.url, "rep")  # the browser's cookies of the last half minute are gone, too
        phone.drain()
        sent = phone.run("return (await answers.history()).map((one) => one.command.command_id)")
        assert sent == [last["command_id"]]
        all_well(phone)
    finally:
        phone.context.close()


def test_page_closed_in_the_middle_of_saves_keeps_whole_ones_only(phone: Phone, all_well: Well) -> None:
    """A tab that dies between two saves: each record is whole or not there, and what was said to be saved is."""
    phone.wire.down = True
    many = [visit(f"{n}", photo()) for n in range(12)]
    phone.run("""
        globalThis.said = [];
        const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer;
        (async () => { for (const one of arg) {
          await outbox.save({...one, blobs: one.blobs.map(({base64, ...row}) => ({...row, bytes: bytes(base64)}))});
          localStorage.setItem("saved-" + one.command_id, "1");
        } })();
    """, many)
    phone.until("return outbox.rows.value.length >= 3")
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(phone.wire.url + "/app")
    phone.opened()
    said = {name[6:] for name in phone.run("return Object.keys(localStorage)") if name.startswith("saved-")}
    lies = set(phone.run("return outbox.rows.value.map((row) => row.command.command_id)"))
    assert said <= lies
    keys = "return storage.transact(['blobs'], 'readonly', (at) => storage.asked(at('blobs').getAllKeys()))"
    photos = phone.run(keys)
    by_id = {one["command_id"]: one for one in many}
    assert {by_id[name]["blobs"][0]["sha256"] for name in lies} == set(photos)
    phone.made.update({name: by_id[name] for name in lies})
    phone.wire.mend()
    phone.drain()
    all_well(phone)


def test_closed_database_is_opened_again(phone: Phone, all_well: Well) -> None:
    """iOS closes IndexedDB under a page that comes back from the background: the next save simply works."""
    close = """
        const names = (await indexedDB.databases()).map((one) => one.name);
        const open = IDBFactory.prototype.open;
        for (const how of ["close", "event"]) {
          const db = await new Promise((done) => {
            const first = IDBDatabase.prototype.transaction;
            IDBDatabase.prototype.transaction = function (...all) { done(this); return first.apply(this, all); };
            storage.meta.get("cursor").finally(() => (IDBDatabase.prototype.transaction = first));
          });
          db.close();
          if (how === "event") db.onclose?.(new Event("close"));
        }
    """
    phone.save("before")
    phone.run(close)
    phone.save("after the database was closed")
    phone.run(close)
    phone.drain()
    all_well(phone)


def test_damaged_records_are_set_aside_and_the_queue_goes_on(phone: Phone, all_well: Well) -> None:
    """A flipped bit in a command, one without its seal, a spoilt customer: the rest is sent, the customer fetched."""
    phone.wire.down = True
    spoilt = [phone.save("a flipped bit"), phone.save("no seal at all")]
    phone.save("sound")
    phone.run("""await storage.transact(["outbox", "docs"], "readwrite", async (at) => {
        const [first, second] = await storage.asked(at("outbox").getAll());
        new Uint8Array(first.ct)[0] ^= 1;
        at("outbox").put(first);
        delete second.ct; delete second.iv;
        at("outbox").put(second);
        const doc = await storage.asked(at("docs").get("customer/" + arg));
        new Uint8Array(doc.ct)[9] ^= 1;
        at("docs").put(doc);
    })""", HARBOUR)
    phone.reload()
    damaged = phone.run("return storage.damaged.value")
    assert sorted(name.split("/")[0] for name in damaged) == ["docs", "outbox", "outbox"]
    phone.wire.mend()
    phone.drain()
    phone.until("return docs.docs.get('customer', arg ?? '').value || docs.docs.all('customer').value.length")
    assert phone.run("return docs.docs.get('customer', arg).value.name", HARBOUR)
    forms = phone.run("return docs.docs.all('form').value.length")
    phone.spoilt |= {one["command_id"] for one in spoilt}
    phone.reload()
    assert phone.run("return docs.docs.all('form').value.length") == forms
    all_well(phone)


@pytest.mark.parametrize("jump", [-366, 400], ids=["a year back", "a year on"])
def test_clock_jumps_order_nothing_and_forget_nothing(phone: Phone, all_well: Well, jump: int) -> None:
    """Device time orders nothing (S8), and what is kept for thirty days is not thrown away by a wrong clock."""
    phone.save("by the right clock")
    phone.drain()
    phone.run("""const now = Date.now.bind(Date), Real = Date;
        globalThis.Date = class extends Real {
          constructor(...all) { super(...(all.length ? all : [now() + arg])); }
          static now() { return now() + arg; }
        };""", jump * 86_400_000)
    phone.wire.plan("lost")
    for n in range(3):
        phone.save(f"by the wrong clock {n}")
    phone.run("await sync.syncNow()")
    phone.drain()
    order = phone.run("return (await answers.history()).map((one) => one.command.payload.said)")
    assert len(order) == 4
    phone.reload()  # the clock is right again
    phone.drain()
    assert phone.run("return (await answers.history()).length") == 4, "nothing was forgotten early"
    sent = json.loads(phone.wire.pushes()[-1].body)
    assert [one["payload"]["said"][-1] for one in sent["commands"]] == ["0", "1", "2"]
    all_well(phone)


def test_update_waits_for_the_form_and_takes_the_queue_along(new_phone: MakePhone, all_well: Well) -> None:
    """A new version is there while a form is open and the queue is not empty: neither is disturbed."""
    phone = new_phone()
    phone.until("return Boolean(navigator.serviceWorker.controller)", 25)
    phone.wire.plan("answer", path="/api/v1/sync/push", said=b"", times=99)
    phone.save("waits in the queue", photo())
    worker = "const worker = await import('/static/js/kernel/worker.js');"
    phone.run(worker + "worker.busy(true); await drafts.drafts.put('visit/x', {said: 'being written'});")
    phone.wire.rewritten["/sw.js"] = lambda body: b"// a newer one\n" + body.replace(b'VERSION = "', b'VERSION = "new')
    phone.run(worker + "await (await navigator.serviceWorker.getRegistration()).update()")
    phone.until(worker + "return worker.updateReady.value", 25)
    phone.run(worker + "globalThis.same = true; worker.applyUpdate()")
    assert phone.run("return globalThis.same") is True, "the form is open: nothing happens"
    phone.run(worker + "worker.busy(false)")
    phone.until(worker + "await worker.applyUpdate(); return !globalThis.same", 25)
    phone.opened()
    assert phone.run("return (await drafts.drafts.get('visit/x')).said") == "being written"
    assert len(phone.run("return outbox.queue.value")) == 1
    phone.wire.mend()
    phone.drain()
    all_well(phone)


def test_an_old_fix_of_the_place_is_not_taken_for_a_new_one(phone: Phone) -> None:
    """The place is asked for anew (``maximumAge: 0``) and carries the fix's own time."""
    found = phone.run("""
        const place = await import("/static/js/kernel/place.js");
        let asked = null;
        const at = Date.now() - 3_600_000;
        const value = (ok, _no, options) => {
          asked = options;
          ok({ coords: { latitude: 29.8, longitude: 121.5, accuracy: 20 }, timestamp: at });
        };
        Object.defineProperty(navigator.geolocation, "getCurrentPosition", { configurable: true, value });
        const { place: here } = await place.whereAmI();
        return { asked, at: here.at, then: new Date(at).toISOString().slice(0, 19) };
    """)
    assert found["asked"]["maximumAge"] == 0
    assert found["at"].startswith(found["then"])
