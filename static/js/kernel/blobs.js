// Photos go up after the commands, in pieces, and go on where they stopped.
import { ApiError, NotOurs, api, serverTime } from "./api.js";
import { sha256 } from "./canonical.js";
import { tell } from "./channel.js";
import { drafts } from "./drafts.js";
import { blobstates, toUpload } from "./shelves.js";
import { Locked, asked, bytesOf, storeOf, transact } from "./storage.js";

const PIECE = 256 * 1024;
/** Times a photo may fail to move on in one run. */
const STUCK = 3;
/** Refusals that no second try will change, when fieldsales itself says so. */
const final = new Set([400, 413, 415, 422]);

export const LOST = "This photo can no longer be read on the phone. Take it again.";

/** Write down how far a photo is. @param {any} state */
export async function note(state) {
  // progress lies apart from the photo: rewriting the photo's row stalled a full disk
  await transact(["blobstate"], "readwrite", (at) => asked(at("blobstate").put(state)));
  blobstates.value = blobstates.value.map((one) => (one.id === state.id ? state : one));
}

/** Where a full phone left a photo at the save: beside its draft (parts/kept.js), as text. */
const beside = (id) => "photo/" + id;

/** A photo's bytes, or null when they are gone or damaged. @param {string} id */
export async function bytesFor(id) {
  const record = await transact(["blobs"], "readonly", (at) => asked(at("blobs").get(id)));
  const locked = (error) => {
    if (error instanceof Locked) throw error; // a locked store is not a damaged one
    return null;
  };
  if (record) return bytesOf(record).catch(locked);
  const kept = await drafts.get(beside(id));
  if (!storeOf()) throw new Locked("locked");
  return kept?.bytes ? Uint8Array.from(atob(kept.bytes), (sign) => sign.charCodeAt(0)).buffer : null;
}

/** Only what says how far the photo is counts as an answer. */
function moved(answer) {
  if (!Number.isInteger(answer?.offset) || typeof answer.done !== "boolean") throw new NotOurs("not our answer");
  return answer;
}

async function piece({ offset, id, size, mime }, bytes) {
  try {
    return moved(await api("PATCH", "/blobs/" + id, undefined, {
      bytes: bytes.slice(offset, offset + PIECE),
      headers: { "Upload-Offset": String(offset), "Upload-Length": String(size), "Content-Type": mime },
    }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 409 && Number.isInteger(error.body.offset)) return { ...error.body, done: false };
    throw error;
  }
}

const refuse = (state, why, text) => note({ ...state, refused: text, why }).then(() => tell("outbox"));

async function upload(state) {
  const { id, size, mime } = state;
  let at = moved(await api("POST", "/blobs", { sha256: id, size, mime }));
  const bytes = at.done ? null : await bytesFor(id);
  if (!at.done && (!bytes || bytes.byteLength !== size || (await sha256(bytes)) !== id)) return refuse(state, "photo_lost", LOST);
  for (let stuck = 0; !at.done; ) {
    const before = at.offset;
    at = await piece({ ...state, offset: before }, bytes);
    await note({ ...state, offset: at.offset });
    if (!at.done && at.offset <= before && ++stuck > STUCK) throw new Error("the upload does not move"); // no endless loop on a confused server
  }
  await note({ ...state, offset: size, done: true, away: false, at: serverTime() });
  if (state.away) await drafts.remove(beside(id));
  tell("outbox");
}

/** Send every photo that is not up; one that is refused or fails does not stop the next. */
export async function sendBlobs() {
  let trouble = null;
  for (const state of toUpload()) {
    try {
      await upload(state);
    } catch (error) {
      const own = error instanceof ApiError ? ![401, 429, 502, 503, 504].includes(error.status) : error.message === "the upload does not move";
      if (!own) throw error; // the network's or the server's trouble, not this photo's
      if (error.ours && final.has(error.status)) await refuse(state, "photo_refused", error.text || error.code);
      else trouble = error;
    }
  }
  if (trouble) throw trouble;
}
