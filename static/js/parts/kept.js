// Photos of a record that is not saved yet: their bytes lie beside the draft, each under its hash, written once.
import { drafts } from "../kernel/drafts.js";
import { blobstates } from "../kernel/outbox.js";

const key = (sha256) => `photo/${sha256}`;

function toText(bytes) {
  const view = new Uint8Array(bytes);
  let text = "";
  for (let at = 0; at < view.length; at += 0x8000) text += String.fromCharCode(...view.subarray(at, at + 0x8000));
  return btoa(text);
}

const toBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer;

/** Keeps the photo's bytes; gives back what the draft itself needs of it. */
export async function keepPhoto(photo) {
  const { bytes, original, ...row } = photo;
  await drafts.put(key(photo.sha256), { bytes: toText(bytes) });
  if (!original) return row;
  const { bytes: camera, ...about } = original;
  await drafts.put(key(original.sha256), { bytes: toText(camera) });
  return { ...row, original: about };
}

/** The photo again with its bytes, or null when they are gone. */
export async function recallPhoto(row) {
  const found = await drafts.get(key(row.sha256));
  if (!found) return null;
  const photo = { ...row, bytes: toBytes(found.bytes) };
  if (row.original) {
    const camera = await drafts.get(key(row.original.sha256));
    if (camera) photo.original = { ...row.original, bytes: toBytes(camera.bytes) };
  }
  return photo;
}

/** All photos of a draft with their bytes: what `save` stores. One whose bytes are gone goes along without: the queue says so. */
export const recallAll = (rows) => Promise.all(rows.map(async (row) => (await recallPhoto(row)) ?? row));

/** The draft's copies are needed no more; but on a full phone the copy of a saved photo is the only one. */
export async function dropPhotos(rows) {
  const away = new Set(blobstates.value.filter((one) => one.away && !one.done).map((one) => one.id));
  for (const { sha256 } of rows.flatMap((row) => (row.original ? [row, row.original] : [row]))) {
    if (!away.has(sha256)) await drafts.remove(key(sha256));
  }
}
