// Photos go up after the commands, in pieces, and go on where they stopped.
import { ApiError, api } from "./api.js";
import { blobstates } from "./outbox.js";
import { asked, bytesOf, transact } from "./storage.js";

const PIECE = 256 * 1024;

/** Write down how far a photo is. @param {any} state */
export async function note(state) {
  // progress lies apart from the photo: rewriting the photo's row stalled a full disk
  await transact(["blobstate"], "readwrite", (at) => asked(at("blobstate").put(state)));
  blobstates.value = blobstates.value.map((one) => (one.id === state.id ? state : one));
}

async function piece(state, bytes) {
  const { offset, id, size, mime } = state;
  try {
    return await api("PATCH", "/blobs/" + id, undefined, {
      bytes: bytes.slice(offset, offset + PIECE),
      headers: { "Upload-Offset": String(offset), "Upload-Length": String(size), "Content-Type": mime },
    });
  } catch (error) {
    if (error instanceof ApiError && error.status === 409 && Number.isInteger(error.body.offset)) return error.body;
    throw error;
  }
}

async function upload(state) {
  const record = await transact(["blobs"], "readonly", (at) => asked(at("blobs").get(state.id)));
  if (!record) return note({ ...state, done: true, lost: true });
  const { id, size, mime } = state;
  let at = await api("POST", "/blobs", { sha256: id, size, mime });
  const bytes = at.done ? null : await bytesOf(record);
  for (let stuck = 0; !at.done; ) {
    const before = at.offset;
    at = await piece({ ...state, offset: at.offset }, bytes);
    if (at.done) break;
    await note({ ...state, offset: at.offset });
    if (at.offset <= before && ++stuck > 3) throw new Error("the upload does not move"); // no endless loop on a confused server
  }
  await note({ ...state, offset: size, done: true });
}

/** Send every photo that is not up; one that is refused does not stop the next. */
export async function sendBlobs() {
  for (const state of blobstates.value.filter((one) => !one.done && !one.refused)) {
    try {
      await upload(state);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 401 || error.status >= 429) throw error;
      await note({ ...state, refused: error.text || error.code || String(error.status) });
    }
  }
}
