"""Writing on the phone: whole or not at all, said only when done, and nothing shown less than was saved."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import HARBOUR, MANAGER
from tests.faults.phone.rig import SAVE, Phone, photo, visit
from tests.faults.wire import UNAVAILABLE

Well = Callable[..., None]

#: The next ``put`` into a store fails as a full or broken disk makes it fail: ``arg`` names the store.
BREAK = """
const first = IDBObjectStore.prototype.put;
globalThis.broke = 0;
IDBObjectStore.prototype.put = function (...all) {
  if (this.name !== arg) return first.apply(this, all);
  globalThis.broke++;
  throw new DOMException("the disk", "UnknownError");
};
globalThis.heal = () => { IDBObjectStore.prototype.put = first; };
"""


def test_saved_is_said_only_after_the_strict_transaction_is_complete(phone: Phone) -> None:
    """Command, photo and draft are one transaction, flushed to the disk before the screen may say so."""
    phone.wire.down = True
    order = phone.run("""
        await drafts.drafts.put("visit/1", {said: "x"});
        const seen = [], first = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (names, mode, options) {
          const tx = first.call(this, names, mode, options);
          if (mode === "readwrite") {
            const all = ["outbox", "blobs", "blobstate", "drafts"].every((one) => names.includes(one));
            seen.push([options?.durability, all]);
            tx.addEventListener("complete", () => seen.push("complete"));
          }
          return tx;
        };
        const save = async () => {""" + SAVE + """};
        try { await save(); seen.push("saved"); } finally { IDBDatabase.prototype.transaction = first; }
        return seen;
    """, visit("one transaction", photo(), draft="visit/1"))
    assert order[:3] == [["strict", True], "complete", "saved"]
    assert phone.run("return (await drafts.drafts.get('visit/1')) ?? null") is None


def test_answer_that_cannot_be_written_leaves_the_command_where_it_was(phone: Phone, all_well: Well) -> None:
    """Out of the queue and into the history is one step: when the disk refuses it, the command still waits."""
    phone.run(BREAK, "sent")
    phone.save("its answer cannot be written")
    phone.until("return globalThis.broke && sync.status.value.phase !== 'sending'")
    all_well(phone, drained=False)
    phone.run("globalThis.heal()")
    phone.drain()
    all_well(phone)


def test_page_of_changes_that_cannot_be_written_is_asked_for_again(phone: Phone) -> None:
    """The cursor stands behind what is on the disk, never before it."""
    with phone.house.program() as program:
        def note(text: str) -> None:
            program.dispatcher.perform(MANAGER, "customers.change_customer",
                                       {"customer_id": HARBOUR, "name": text})

        phone.run(BREAK, "docs")
        note("海港一号")
        phone.tap()
        phone.until("return globalThis.broke && sync.status.value.phase !== 'sending'")
        phone.run("globalThis.heal()")
        phone.run("await sync.syncNow()")
        name = phone.run("return docs.docs.get('customer', arg).value.name", HARBOUR)
        note("海港五金商行")
    assert name == "海港一号"


def test_what_was_applied_stays_in_sight_until_the_pull_shows_it(phone: Phone, all_well: Well) -> None:
    """The push went through, the pull did not: the record still lies over the customer, after a restart too."""
    overlay = """docs.overlay("visits.log_visit", {kind: "customer", id: (payload) => payload.customer_id,
        apply: (doc, payload) => ({...doc, mine: [...(doc.mine ?? []), payload.said]})});"""
    seen = "return docs.docs.get('customer', arg).value.mine ?? []"
    phone.run(overlay)
    phone.wire.plan("answer", path="/api/v1/sync/pull", said=UNAVAILABLE, times=99)
    phone.save("applied, not pulled")
    phone.until("return outbox.rows.value.length === 0 && sync.status.value.phase === 'waiting'")
    assert phone.run(seen, HARBOUR) == ["applied, not pulled"]
    phone.reload()
    phone.run(overlay)
    assert phone.run(seen, HARBOUR) == ["applied, not pulled"]
    phone.wire.mend()
    phone.drain()  # nothing waits to be sent: it may be so before what was sent has come back
    phone.until(f"return (docs.docs.get('customer', '{HARBOUR}').value.mine ?? []).length === 0")
    timeline = phone.run("return JSON.stringify(docs.docs.get('customer', arg).value.timeline)", HARBOUR)
    assert "applied, not pulled" in timeline
    all_well(phone)


def test_reset_forgets_what_was_pulled_and_never_the_outbox_or_the_forms(phone: Phone, all_well: Well) -> None:
    """An older cursor than the server keeps: everything pulled begins anew, everything saved stays."""
    forms = phone.run("return docs.docs.all('form').value.map((one) => one.id).sort()")
    assert forms
    phone.wire.down = True
    phone.save("waits through the reset")
    phone.run("await storage.meta.put('cursor', '999999999..gone')")
    phone.wire.mend()
    phone.drain()
    phone.reload()
    assert phone.run("return docs.docs.all('form').value.map((one) => one.id).sort()") == forms
    assert phone.run("return docs.docs.get('customer', arg).value.name", HARBOUR)
    all_well(phone)


def test_nothing_in_the_store_is_a_blob_or_lies_open(phone: Phone) -> None:
    """iOS loses Blobs in IndexedDB: bytes are ArrayBuffers, and what a person wrote is sealed."""
    phone.wire.down = True
    phone.save("四月金丝雀", photo())
    phone.run("await drafts.drafts.put('visit/1', {said: '四月金丝雀'})")
    found = phone.run("""
        const kinds = {};
        for (const name of ["outbox", "blobs", "drafts", "docs"]) {
          const all = await storage.transact([name], "readonly", (at) => storage.asked(at(name).getAll()));
          kinds[name] = [...new Set(all.map((record) => record.ct.constructor.name))].join();
          for (const record of all) if (JSON.stringify({...record, ct: 0}).includes("金丝雀")) kinds.open = name;
        }
        return kinds;
    """)
    assert found == dict.fromkeys(("outbox", "blobs", "drafts", "docs"), "ArrayBuffer")
