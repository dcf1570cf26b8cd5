// One IndexedDB for each user. Everything a person wrote or pulled is sealed before a transaction opens.
import { signal } from "../../vendor/signals-core.js";
import { seal, unseal, unsealBytes } from "./crypto.js";

const KEYS = ["meta", "docs", "blobs", "blobstate", "drafts", "forms", "held", "sent"];
const prefix = "fieldsales-";

/** The phone has no room: nothing was written. */
export class StorageFull extends Error {}
/** The store is locked: what is sealed can be neither read nor written. */
export class Locked extends Error {}

/** Records that could not be read back, as `store/id`; the rest goes on without them. */
export const damaged = signal(/** @type {string[]} */ ([]));
/** What the clear index of a damaged record still says of it. @type {Map<string, any>} */
export const aboutDamaged = new Map();

/** @type {{userId: string, key: CryptoKey | null, db: Promise<IDBDatabase>} | null} */
let current = null;
/** Another tab deleted this store (somebody signed out there); session.js says what then. */
export const deleted = { run: () => {} };
let working = 0;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function connect(userId) {
  const request = indexedDB.open(prefix + userId, 1);
  request.onupgradeneeded = () => {
    for (const name of KEYS) request.result.createObjectStore(name, { keyPath: "id" });
    // the outbox keeps its order by seq; a command id stands in it once
    request.result.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", { unique: true });
  };
  return asked(request).then((db) => {
    db.onversionchange = (event) => {
      db.close(); // another tab wipes or upgrades
      if (event.newVersion !== null) return;
      current = null; // opened again it would stand there anew, empty
      deleted.run();
    };
    db.onclose = forget; // iOS closes databases by itself (enketo#1576)
    return db;
  });
}

function forget() {
  if (current) current.db = connect(current.userId);
}

/** Whose store lies here, if it is the only one: a browser that was killed forgets localStorage's last minutes, but no store. */
export async function onlyOwner() {
  const names = ((await indexedDB.databases?.()) ?? []).map(({ name }) => name).filter((name) => name.startsWith(prefix));
  return names.length === 1 ? names[0].slice(prefix.length) : undefined;
}

/** Open this user's store, still locked: only what is not sealed can be read. @param {string} userId */
export async function openStore(userId) {
  if (current?.userId === userId) return;
  const opening = { userId, key: null, db: connect(userId) };
  await opening.db;
  current = opening;
}

/** With the data key the store is open; null locks it. vault.js alone has one to give. @param {CryptoKey | null} key */
export function holdKey(key) {
  if (current) current.key = key;
}

/** Whose store is open and unlocked. */
export const storeOf = () => (current?.key ? current.userId : undefined);
/** Whose store is open, locked or not. */
export const ownerOf = () => current?.userId;

function theKey() {
  if (!current?.key) throw new Locked("locked");
  return current.key;
}

/** Count what is under way, so that locking does not cut a save in two. @template T @param {Promise<T>} work @returns {Promise<T>} */
function during(work) {
  working++;
  const done = () => void working--;
  work.then(done, done);
  return work;
}

/** Resolves once nothing has been under way for a moment, at the latest after three seconds. */
export async function quiet() {
  const end = Date.now() + 3000;
  for (let calm = 0; calm < 3 && Date.now() < end; calm = working ? 0 : calm + 1) await new Promise((done) => setTimeout(done, 20));
}

function finished(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve(undefined);
    tx.onabort = () => {
      const error = tx.error ?? new Error("aborted");
      reject(/Quota|NoSpace|Disk/i.test(error.name + error.message) ? new StorageFull(error.message) : error);
    };
  });
}

/**
 * One transaction. `work(store)` gets the object stores by name and returns (a promise of) the result,
 * awaiting nothing but requests. A write resolves only after `complete`, flushed to the disk.
 * @template T @param {string[]} names @param {IDBTransactionMode} mode @param {(store: (name: string) => IDBObjectStore) => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export const transact = (names, mode, work) => during(transaction(names, mode, work));

async function transaction(names, mode, work) {
  if (!current) throw new Error("no store is open");
  let tx;
  try {
    tx = (await current.db).transaction(names, mode, { durability: "strict" });
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    forget(); // the connection was closed under us: once more
    tx = (await current.db).transaction(names, mode, { durability: "strict" });
  }
  const done = finished(tx);
  done.catch(() => {});
  let result;
  try {
    result = await work((name) => tx.objectStore(name));
  } catch (error) {
    try {
      tx.abort();
    } catch {
      await done; // already aborted: its reason is the better one
    }
    throw /Quota/.test(error.name) ? new StorageFull(error.message) : error;
  }
  await done;
  return result;
}

export const sealed = async (store, id, index, value) => during(seal(theKey(), store, id, index, value));
export const unsealed = async (store, record) => unseal(theKey(), store, record);
export const unsealedBytes = async (store, record) => unsealBytes(theKey(), store, record);
export const bytesOf = (record) => unsealedBytes("blobs", record);

/** One record's content, or undefined. @param {string} store @param {string} id */
export async function read(store, id) {
  const record = await transact([store], "readonly", (at) => asked(at(store).get(id)));
  return record && unsealed(store, record);
}

/** Every readable record as `[record, content]`; a damaged one is noted and left where it is. @param {string} store */
export async function readAll(store) {
  const records = await transact([store], "readonly", (at) => asked(at(store).getAll()));
  theKey(); // a locked store is not a damaged one
  const opened = await Promise.all(
    records.map((record) =>
      unsealed(store, record).then(
        (value) => [record, value],
        () => {
          aboutDamaged.set(store + "/" + record.id, record.index);
          damaged.value = [...new Set([...damaged.value, store + "/" + record.id])];
        },
      ),
    ),
  );
  return opened.filter(Boolean);
}

/** Seal and put. @param {string} store @param {string} id @param {any} index @param {any} value */
export async function write(store, id, index, value) {
  const record = await sealed(store, id, index, value);
  return transact([store], "readwrite", (at) => asked(at(store).put(record)));
}

export const remove = (store, id) => transact([store], "readwrite", (at) => asked(at(store).delete(id)));

/** What the kernel itself must know; no personal data, so not sealed. */
export const meta = {
  get: async (id) => (await transact(["meta"], "readonly", (at) => asked(at("meta").get(id))))?.value,
  put: (id, value) => transact(["meta"], "readwrite", (at) => asked(at("meta").put({ id, value }))),
};

/** Delete this user's store: data, key and all. */
export async function wipe() {
  if (!current) return;
  const { userId, db } = current;
  const names = [...KEYS, "outbox"];
  await transact(names, "readwrite", (at) => names.forEach((name) => void at(name).clear())).catch(() => {});
  current = null;
  await db.then((open) => open.close(), () => {});
  // another tab that sleeps may hold the database open, empty as it is
  await Promise.race([asked(indexedDB.deleteDatabase(prefix + userId)), new Promise((done) => setTimeout(done, 3000))]);
}
