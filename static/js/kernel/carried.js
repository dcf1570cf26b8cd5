// Files of the office carried for the day without a network: sealed like all else, and apart from what this phone
// made itself (a copy is not the original: it must never lie under the original's hash).
import { signal } from "../../vendor/signals-core.js";
import { ApiError, fetchBytes } from "./api.js";
import { asked, bytesOf, meta, sealed, storeOf, transact } from "./storage.js";

const PLACE = "carried/";
const LIST = "carried";

/** What lies here: name → `{size, mime, at, pages}`; null until it was read. */
export const carried = signal(/** @type {Record<string, {size: number, mime: string, at: number, pages: number}> | null} */ (null));

/** Read the list of what is carried; the files themselves stay on the disk. */
export async function loadCarried() {
  carried.value = (await meta.get(LIST)) ?? {};
  return carried.value;
}

export const weight = (list = carried.value ?? {}) => Object.values(list).reduce((sum, one) => sum + one.size, 0);

/** Change list and files in one transaction: another tab may be at it too. */
async function rewrite(work) {
  const list = await transact(["blobs", "meta"], "readwrite", async (at) => {
    const now = { ...(await asked(at("meta").get(LIST)))?.value };
    work(now, at);
    at("meta").put({ id: LIST, value: now });
    return now;
  });
  carried.value = list;
}

/** Put a file down, or anew. @param {string} name @param {{bytes: ArrayBuffer, mime: string, pages?: number}} file */
export async function keepFile(name, { bytes, mime, pages = 0 }) {
  const about = { size: bytes.byteLength, mime, at: Date.now(), pages };
  const record = await sealed("blobs", PLACE + name, { size: about.size, mime }, bytes);
  await rewrite((list, at) => {
    at("blobs").put(record);
    list[name] = about;
  });
}

/** @param {string[]} names */
export async function dropFiles(names) {
  if (!names.length) return;
  await rewrite((list, at) => {
    for (const name of names) {
      at("blobs").delete(PLACE + name);
      delete list[name];
    }
  });
}

const onDisk = (id) => transact(["blobs"], "readonly", (at) => asked(at("blobs").get(id)));

/** A file of this phone's own making, by its hash, or null. @param {string} sha256 */
export async function ownFile(sha256) {
  const record = await onDisk(sha256);
  return record ? { bytes: await bytesOf(record), mime: record.index.mime, pages: 0 } : null;
}

/** Whether this phone made the file itself and still has it. @param {string} sha256 */
export const isOwn = async (sha256) => (await transact(["blobs"], "readonly", (at) => asked(at("blobs").getKey(sha256)))) !== undefined;

/** A carried file, or null. @param {string} name */
export async function carriedFile(name) {
  const about = (carried.value ?? (await loadCarried()))[name];
  const record = about && (await onDisk(PLACE + name));
  return record ? { bytes: await bytesOf(record), mime: about.mime, pages: about.pages } : null;
}

/** From the office, and kept. Throws Offline, or ApiError. @param {string} name @param {string} path */
export async function fetchFile(name, path) {
  const whose = storeOf();
  const file = await fetchBytes(path);
  if (!file.bytes.byteLength) throw new ApiError(404, null);
  if (storeOf() === whose) await keepFile(name, file);
  return file;
}
