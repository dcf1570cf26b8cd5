// Photos: made smaller on the phone, kept as ArrayBuffers (iOS loses Blobs), named by their hash.
import { fetchBytes } from "./api.js";
import { sha256 } from "./canonical.js";
import { asked, bytesOf, transact } from "./storage.js";

const LONGEST = 1600;
const JPEG = "image/jpeg";
const QUALITY = 0.82;

async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const own = globalThis.OffscreenCanvas ? new OffscreenCanvas(width, height) : null;
  const canvas = own ?? Object.assign(document.createElement("canvas"), { width, height }); // iOS before 16.4
  canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
  picture.close();
  if (own) return (await own.convertToBlob({ type: JPEG, quality: QUALITY })).arrayBuffer();
  const blob = await new Promise((done) => /** @type {HTMLCanvasElement} */ (canvas).toBlob(done, JPEG, QUALITY));
  return blob.arrayBuffer();
}

/**
 * A photo ready for `save({blobs})`. With `keepOriginal` (seals, proof of authority) the camera's own bytes go along.
 * Throws when the file is no picture this phone can read.
 * @param {File} file
 */
export async function takePhoto(file, { role = "photo", slot = "photo", keepOriginal = false } = {}) {
  const camera = await file.arrayBuffer();
  const original_sha256 = await sha256(camera);
  const bytes = await smaller(file);
  const photo = { role, slot, sha256: await sha256(bytes), original_sha256, size: bytes.byteLength, mime: "image/jpeg", bytes };
  if (!keepOriginal) return photo;
  const original = { role: "original", slot, sha256: original_sha256, size: camera.byteLength, mime: file.type || "image/jpeg", bytes: camera };
  return { ...photo, original };
}

/** An object URL of a photo on this phone, or else on the server. @param {string} hash */
export async function photoUrl(hash) {
  const record = await transact(["blobs"], "readonly", (at) => asked(at("blobs").get(hash)));
  const { bytes, mime } = record ? { bytes: await bytesOf(record), mime: record.index.mime } : await fetchBytes("/api/v1/blobs/" + hash);
  return URL.createObjectURL(new Blob([bytes], { type: mime }));
}
