// A store from before there was a lock: its key lay in clear and cannot be taken out, so everything is sealed anew.
import { seal, unsealBytes } from "./crypto.js";
import { asked, meta, transact } from "./storage.js";
import { forUse, newKey, records, wrapByPin } from "./vault.js";

const STORES = ["docs", "outbox", "blobs", "drafts", "forms", "held", "sent"];

const isSealed = (record) => record.ct instanceof ArrayBuffer && record.iv instanceof Uint8Array;

/** One record under the new key; a damaged one stays as it is: neither key opens it. */
async function anew(store, record, old, fresh) {
  if (!isSealed(record)) return record;
  try {
    return { ...record, ...(await seal(fresh, store, record.id, record.index, await unsealBytes(old, store, record))) };
  } catch {
    return record;
  }
}

const all = (at) => Promise.all(STORES.map((store) => asked(at(store).getAll())));
const marks = (found) => JSON.stringify(found.map((list) => list.map((record) => [record.seq ?? record.id, [...(record.iv ?? [])]])));

/**
 * Everything under a new key in one transaction, or nothing: after a crash the one or the other stands whole.
 * Null when another tab has done it meanwhile. @param {string} pin
 */
export async function upgrade(pin) {
  const fresh = await newKey();
  const both = await records([await wrapByPin(fresh, pin)]);
  for (;;) {
    const old = await meta.get("key");
    if (!old) return null;
    const found = await transact(STORES, "readonly", all);
    const turned = await Promise.all(found.map((list, n) => Promise.all(list.map((record) => anew(STORES[n], record, old, fresh)))));
    const done = await transact([...STORES, "meta"], "readwrite", async (at) => {
      if (marks(await all(at)) !== marks(found)) return false; // another tab wrote meanwhile: once more
      turned.forEach((list, n) => list.forEach((record) => void at(STORES[n]).put(record)));
      for (const record of both) at("meta").put(record);
      at("meta").delete("key");
      return true;
    });
    if (done) return forUse(fresh);
  }
}
