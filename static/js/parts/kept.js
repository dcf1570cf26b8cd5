// Photos of a record that is not saved yet: their bytes lie beside the draft, each under its hash, written once.
import { drafts } from "../kernel/drafts.js";

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
    photo.original = camera ? { ...row.original, bytes: toBytes(camera.bytes) } : undefined;
  }
  return photo;
}

/** All photos of a draft with their bytes: what `save` stores. */
export const recallAll = async (rows) => (await Promise.all(rows.map(recallPhoto))).filter(Boolean);

export async function dropPhotos(rows) {
  for (const row of rows) {
    await drafts.remove(key(row.sha256));
    if (row.original) await drafts.remove(key(row.original.sha256));
  }
}
