"""A phone that is full: the words are saved all the same, the person is told, the photo waits beside its draft."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.faults.disk import small_disk_at
from tests.faults.phone.oracle import Shelves
from tests.faults.phone.rig import SAVE, Phone, photo, visit
from tests.faults.phone.test_accidents import launched

Well = Callable[..., None]
MakePhone = Callable[..., Phone]

#: Chromium gives an origin at most this share of the disk, whatever it tells the page.
SHARE = 0.6
#: Fill the store until of ``quota`` bytes about ``rest`` are left.
FILL = """
for (let n = 0; ; n++) {
  const left = arg.quota - (await navigator.storage.estimate()).usage - arg.rest;
  if (left < arg.rest / 4) break;
  await drafts.drafts.put("fill/" + n, "x".repeat(Math.min(2e6, left * 0.8)));
}
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 60 MB, as far as this machine lets us make one."""
    with small_disk_at(tmp_path / "small", megabytes=60) as folder:
        yield folder


def keep_beside_the_draft(phone: Phone, one: dict[str, object]) -> None:
    """Take the photo as the form's screen does: its bytes lie with the draft before anything is saved."""
    phone.run("""
        const kept = await import("/static/js/parts/kept.js");
        const bytes = Uint8Array.from(atob(arg.base64), (sign) => sign.charCodeAt(0)).buffer;
        await kept.keepPhoto({...arg, base64: undefined, bytes});
    """, one)


def test_words_are_saved_on_a_full_phone_and_the_photo_follows(
        chromium: Browser, new_phone: MakePhone, all_well: Well, small_disk: Path) -> None:
    """The real thing: a profile on a disk of 60 MB, filled until a photo no longer goes in, and words do."""
    phone = new_phone(context=launched(chromium, small_disk / "profile"))
    phone.wire.down = True
    large = photo(640)
    keep_beside_the_draft(phone, large)
    what = visit("the words count", large, draft="visit/harbour")
    phone.run("await drafts.drafts.put('visit/harbour', {said: 'the words count'})")
    quota = int(shutil.disk_usage(small_disk).total * SHARE)
    phone.run(FILL, {"quota": quota, "rest": large["size"] // 2})  # room for words, and not for a photo
    told = phone.run(SAVE, what)
    phone.made[what["command_id"]] = what
    assert told["away"] == 1, "the screen can say that the photo waits"
    (shown,) = phone.run("return outbox.queue.value")
    assert shown["blobs"]["away"] == 1
    phone.run("const kept = await import('/static/js/parts/kept.js'); await kept.dropPhotos([arg])", large)
    assert "photo/" + str(large["sha256"]) in Shelves.of(phone.page).drafts, "the only copy stays"
    phone.save("and words alone")
    phone.reload()
    assert phone.run("return outbox.rows.value.length") == 2
    phone.wire.mend()
    phone.drain()
    assert "photo/" + str(large["sha256"]) not in Shelves.of(phone.page).drafts
    all_well(phone)


def test_room_is_made_of_what_the_office_has_anyway(phone: Phone, all_well: Well) -> None:
    """Before a photo is left behind, copies of papers and photos that have arrived give way; nothing else does."""
    sent, waiting = photo(), photo()
    phone.save("its photo has arrived", sent)
    phone.drain()
    phone.wire.down = True
    phone.save("its photo has not", waiting)
    phone.run("""
        const carried = await import("/static/js/kernel/carried.js");
        await carried.keepFile("paper", {bytes: new ArrayBuffer(1000), mime: "application/pdf"});
        const first = IDBObjectStore.prototype.add;
        globalThis.full = 1;
        IDBObjectStore.prototype.add = function (...all) {
          if (this.name === "blobs" && globalThis.full-- > 0) throw new DOMException("no room", "QuotaExceededError");
          return first.apply(this, all);
        };
    """)
    what = visit("a third", photo())
    assert phone.run(SAVE, what)["away"] == 0
    phone.made[what["command_id"]] = what
    lying = phone.run("return storage.transact(['blobs'], 'readonly', (at) => storage.asked(at('blobs').getAllKeys()))")
    assert sorted(lying) == sorted([waiting["sha256"], what["blobs"][0]["sha256"]])
    phone.wire.mend()
    phone.drain()
    all_well(phone)


def test_full_for_words_too_it_is_said_and_the_draft_stays(phone: Phone) -> None:
    """When not even the words go in: StorageFull, the draft as it was, nothing half saved."""
    phone.wire.down = True
    found = phone.run("""
        await drafts.drafts.put("visit/x", {said: "nothing lost"});
        const add = IDBObjectStore.prototype.add;
        IDBObjectStore.prototype.add = () => { throw new DOMException("no room", "QuotaExceededError"); };
        let name = "";
        const save = async () => {""" + SAVE + """};
        try { await save(); } catch (error) { name = error.constructor.name; }
        finally { IDBObjectStore.prototype.add = add; }
        return {name, draft: await drafts.drafts.get("visit/x"), queue: outbox.queue.value.length,
                photos: outbox.blobstates.value.length};
    """, visit("too much", photo(), draft="visit/x"))
    assert found == {"name": "StorageFull", "draft": {"said": "nothing lost"}, "queue": 0, "photos": 0}


def test_full_for_what_the_office_sends_it_is_said_in_words(phone: Phone, all_well: Well) -> None:
    """The push goes, the pulled page finds no room: the queue says why, and nothing waits for it."""
    phone.run("""
        const first = IDBObjectStore.prototype.put;
        globalThis.heal = () => { IDBObjectStore.prototype.put = first; };
        IDBObjectStore.prototype.put = function (...all) {
          if (this.name === "docs") throw new DOMException("no room", "QuotaExceededError");
          return first.apply(this, all);
        };
    """)
    phone.save("goes all the same", photo())
    phone.until("return outbox.queue.value.length === 0 && sync.status.value.phase === 'waiting'")
    assert "手机存储已满" in phone.run("return sync.status.value.error")
    phone.run("globalThis.heal()")
    phone.drain()
    assert phone.run("return sync.status.value.error") == ""
    all_well(phone)
