// Everything unsent as a file: for the day a phone can save but not send, or must be given away.
import { wire } from "./answers.js";
import { bytesFor } from "./blobs.js";
import { canonical, digest, sha256 as hashed } from "./canonical.js";
import { tell } from "./channel.js";
import { device, signBytes } from "./device.js";
import { uuid7 } from "./ids.js";
import { blobstates, judged, loadOutbox, rows } from "./shelves.js";
import { asked, sealed, storeOf, transact } from "./storage.js";

const FORMAT = 1;
const PART = 0x8000;

function toBase64(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += PART) text += String.fromCharCode(...bytes.subarray(at, at + PART));
  return btoa(text);
}

/** What this phone vouches for with its own key: who, when, and the digest of each record and photo. */
async function signed(head, commands, blobs) {
  const digests = await Promise.all(commands.map(digest));
  const bytes = new TextEncoder().encode(canonical({ ...head, commands: digests, blobs: blobs.map((blob) => blob.sha256) }));
  return signBytes(bytes);
}

/** The file's text: commands as they go over the wire, and the photos that are not on the server; signed by this phone. */
export async function exportOutbox() {
  const held = judged.value.filter((one) => one.state === "held");
  const blobs = [];
  for (const { id, command_id, size, mime } of blobstates.value.filter((one) => !one.done && !one.lost)) {
    const bytes = await bytesFor(id);
    if (bytes) blobs.push({ sha256: id, command_id, size, mime, base64: toBase64(bytes) });
  }
  const commands = [...held, ...rows.value].sort((a, b) => a.seq - b.seq).map(wire);
  const { device_id } = await device();
  const head = { fieldsales_outbox: FORMAT, user_id: storeOf(), device_id, exported_at: new Date().toISOString() };
  return JSON.stringify({ ...head, signature: await signed(head, commands, blobs), commands, blobs });
}

/**
 * Take in a file of one's own, on this phone or another: what is known already is left alone, the rest is sent as it was.
 * Throws when it is not such a file, or another person's. @param {string} text
 */
export async function importOutbox(text) {
  const file = JSON.parse(text);
  if (file.fieldsales_outbox !== FORMAT || !Array.isArray(file.commands)) throw new Error("not an outbox file");
  if (file.user_id !== storeOf()) throw new Error("another person's outbox");
  const records = await Promise.all(file.commands.map((command) => sealed("outbox", command.command_id, { state: "sent", attempts: 1, operation: command.operation, made_at: command.made_at }, command)));
  const photos = await Promise.all(
    (file.blobs ?? []).map(async ({ sha256, command_id, size, mime, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)).buffer;
      if ((await hashed(bytes)) !== sha256) throw new Error("a photo in the file is damaged");
      return [await sealed("blobs", sha256, { size, mime }, bytes), { id: sha256, command_id: command_id ?? uuid7(), size, mime, offset: 0, done: false }];
    }),
  );
  const added = await transact(["outbox", "sent", "held", "blobs", "blobstate"], "readwrite", async (at) => {
    let count = 0;
    for (const record of records) {
      const { id } = record;
      const known = await Promise.all([asked(at("outbox").index("id").getKey(id)), asked(at("sent").getKey(id)), asked(at("held").getKey(id))]);
      if (known.some((key) => key !== undefined)) continue;
      at("outbox").add(record);
      count++;
    }
    for (const [photo, state] of photos) {
      if ((await asked(at("blobs").getKey(photo.id))) !== undefined) continue;
      at("blobs").add(photo);
      at("blobstate").put(state);
    }
    return count;
  });
  await loadOutbox();
  tell("outbox");
  return { added, known: file.commands.length - added };
}
