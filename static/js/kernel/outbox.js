// Saving: one strict-durability transaction over command, docs, photos and draft. Sending comes later.
import { batch } from "../../vendor/signals-core.js";
import { nfc } from "./canonical.js";
import { tell } from "./channel.js";
import { placeLocal, sealDoc } from "./docs.js";
import { uuid7 } from "./ids.js";
import { blobstates, rows } from "./shelves.js";
import { StorageFull, asked, sealed, transact } from "./storage.js";

// a screen needs one address for saving and for what became of it
export { belongsTo, blobstates, forgetOutbox, judged, loadOutbox, queue, rows, settling, toUpload, uploading } from "./shelves.js";

export const APP = "1";

let persisted = false;

function askToPersist() {
  if (!persisted) navigator.storage?.persist?.().catch(() => {});
  persisted = true;
}

const filesOf = (blobs) => {
  const all = blobs.flatMap((blob) => (blob.original ? [blob, blob.original] : [blob]));
  return [...new Map(all.map((file) => [file.sha256, file])).values()];
};

const described = ({ role, slot, sha256, size, mime }) => ({ role, slot, sha256, size, mime });

/** Put everything down at once: `{seq, states}`, or null when this command was saved before. */
async function putDown(at, { record, pictures, states, papers, draft }) {
  const { id } = record;
  const known = await Promise.all([asked(at("outbox").index("id").getKey(id)), asked(at("sent").getKey(id)), asked(at("held").getKey(id))]);
  if (known.some((key) => key !== undefined)) return null;
  const noted = [];
  for (const state of states) {
    const had = await asked(at("blobstate").get(state.id));
    // the same photo in a second command: its bytes are written once, and go up once
    const lies = pictures.find((one) => one.id === state.id);
    if (lies && (await asked(at("blobs").getKey(state.id))) === undefined) at("blobs").add(lies);
    noted.push(had && !had.lost ? { ...had, also: [...(had.also ?? []), id] } : { ...state, ...(!lies && { away: true }) });
    at("blobstate").put(noted.at(-1));
  }
  for (const paper of papers) at("docs").put(paper);
  if (draft) at("drafts").delete(draft);
  return { seq: await asked(at("outbox").add(record)), states: noted };
}

/**
 * Put it down; on a full phone make room, and rather than lose the words leave the photos where the draft has them.
 * The words and the room they take are what counts: photos wait for a better day, and the queue says so.
 */
async function putDownSomehow(all) {
  const names = ["outbox", "sent", "held", "blobs", "blobstate", "drafts", "docs"];
  const put = (pictures) => transact(names, "readwrite", (at) => putDown(at, { ...all, pictures }));
  const full = (error) => {
    if (!(error instanceof StorageFull)) throw error;
    return error;
  };
  let why;
  const whole = await put(all.pictures).catch((error) => void (why = full(error)));
  if (!why) return whole;
  await import("./room.js").then((room) => room.makeRoom()).catch(() => {});
  why = null;
  const later = await put(all.pictures).catch((error) => void (why = full(error)));
  if (!why) return later;
  if (!all.pictures.length) throw why;
  return put([]);
}

/** What happens after each save; sync.js sets it. */
export const afterSave = { run: () => {} };

/**
 * Save a command. Resolves only when it is on the disk; `away` counts photos a full phone left with the draft.
 * @param {{command_id?: string, operation: string, payload: any, entity_id?: string | null, needs?: string[], base_rev?: number | null,
 *   form?: {id: string, version: string | number} | null, blobs?: any[], draft?: string, docs?: any[]}} what
 */
export async function save({ command_id = uuid7(), operation, payload, entity_id = null, needs = [], base_rev = null, form = null, blobs = [], draft, docs = [] }) {
  const files = filesOf(blobs);
  const command = {
    command_id,
    v: 1,
    operation,
    entity_id,
    needs,
    base_rev,
    payload: nfc(payload),
    form,
    made_at: new Date().toISOString(),
    mono: Math.round(performance.now()),
    tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
    app: APP,
    blobs: files.map(described),
  };
  const record = await sealed("outbox", command_id, { state: "waiting", attempts: 0, operation, made_at: command.made_at }, command);
  // a photo without its bytes is one the draft has lost: it goes along by name, and the queue will say so
  const pictures = await Promise.all(files.filter((file) => file.bytes).map((file) => sealed("blobs", file.sha256, { size: file.size, mime: file.mime }, file.bytes)));
  const states = files.map((file) => ({ id: file.sha256, command_id, size: file.size, mime: file.mime, offset: 0, done: false }));
  const papers = await Promise.all(docs.map(sealDoc));
  const put = await putDownSomehow({ record, pictures, states, papers, draft });
  if (put) {
    batch(() => {
      if (!rows.value.some((row) => row.seq === put.seq)) rows.value = [...rows.value, { seq: put.seq, ...record.index, command }];
      blobstates.value = [...blobstates.value.filter((one) => !put.states.some((state) => state.id === one.id)), ...put.states];
    });
    placeLocal(docs);
    askToPersist();
    tell("outbox");
  }
  afterSave.run();
  return { command_id, seq: put?.seq ?? null, made_at: command.made_at, away: put?.states.filter((one) => one.away).length ?? 0 };
}

// the file of everything unsent is seldom wanted: its code is not part of the first load
export const exportOutbox = () => import("./outboxfile.js").then((file) => file.exportOutbox());
export const importOutbox = (text) => import("./outboxfile.js").then((file) => file.importOutbox(text));
