// Saving: one strict-durability transaction over command, docs, photos and draft. Sending comes later.
import { computed, effect, signal } from "../../vendor/signals-core.js";
import { nfc } from "./canonical.js";
import { hear, tell } from "./channel.js";
import { placeLocal, sealDoc, unanswered } from "./docs.js";
import { uuid7 } from "./ids.js";
import { asked, readAll, sealed, transact, unsealed } from "./storage.js";

export const APP = "1";

/** Saved and without an answer: `{seq, state, attempts, command}` in the order of saving. */
export const rows = signal(/** @type {any[]} */ ([]));
/** Answered otherwise than "applied", and to be looked at: `{state, command, result}`. */
export const judged = signal(/** @type {any[]} */ ([]));
/** Applied, while the pulled docs do not show it yet. */
export const settling = signal(/** @type {any[]} */ ([]));
/** Applied, with photos that are not up yet. */
export const uploading = signal(/** @type {any[]} */ ([]));
/** Photos: `{id, command_id, size, mime, offset, done}`. */
export const blobstates = signal(/** @type {any[]} */ ([]));

effect(() => {
  const held = judged.value.filter((one) => one.state === "held");
  const seen = [...settling.value, ...held, ...rows.value].sort((a, b) => a.seq - b.seq);
  unanswered.value = seen.map((one) => one.command);
});

/** @param {any} row @param {any} blobs */
const entry = ({ seq, state, attempts = 0, command, result = {} }, blobs) => ({
  command_id: command.command_id,
  seq,
  operation: command.operation,
  entity_id: command.entity_id,
  made_at: command.made_at,
  payload: command.payload,
  state,
  attempts,
  code: result.code ?? "",
  text: result.text ?? "",
  field: result.field ?? null,
  blobs,
});

/** Everything that is not yet wholly on the server, or was refused and not yet read. */
export const queue = computed(() => {
  const counts = new Map();
  for (const { command_id, done, refused = "" } of blobstates.value) {
    const count = counts.get(command_id) ?? { have: 0, want: 0 };
    counts.set(command_id, { have: count.have + (done ? 1 : 0), want: count.want + 1, refused: count.refused || refused });
  }
  const at = (one) => counts.get(one.command.command_id) ?? { have: 0, want: 0 };
  const photos = uploading.value
    .filter((one) => at(one).have < at(one).want)
    .map((one) => ({ ...one, state: at(one).refused ? "rejected" : "photos", result: { code: "photo_refused", text: at(one).refused } }));
  return [...photos, ...judged.value, ...rows.value].sort((a, b) => a.seq - b.seq).map((one) => entry(one, at(one)));
});

/** Read outbox, refusals and photo progress from the disk (at start, and when another tab changed them). */
export async function loadOutbox() {
  const flat = ([record, command]) => ({ seq: record.seq, ...record.index, command });
  const both = ([record, value]) => ({ ...record.index, ...value });
  rows.value = (await readAll("outbox")).map(flat);
  judged.value = (await readAll("held")).map(both);
  blobstates.value = await transact(["blobstate"], "readonly", (at) => asked(at("blobstate").getAll()));
  const open = new Set(blobstates.value.filter((one) => !one.done).map((one) => one.command_id));
  const sent = await transact(["sent"], "readonly", (at) => Promise.all([...open].map((id) => asked(at("sent").get(id)))));
  uploading.value = await Promise.all(sent.filter(Boolean).map(async (record) => both([record, await unsealed("sent", record)])));
}
hear("outbox", loadOutbox);

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

/** Put everything down at once; the sequence number, or null when this command was saved before. */
async function putDown(at, { record, pictures, states, papers, draft }) {
  const { id } = record;
  const known = await Promise.all([asked(at("outbox").index("id").getKey(id)), asked(at("sent").getKey(id)), asked(at("held").getKey(id))]);
  if (known.some((key) => key !== undefined)) return null;
  for (const [index, picture] of pictures.entries()) {
    if ((await asked(at("blobs").getKey(picture.id))) !== undefined) continue; // written once by its hash
    at("blobs").add(picture);
    at("blobstate").put(states[index]);
  }
  for (const paper of papers) at("docs").put(paper);
  if (draft) at("drafts").delete(draft);
  return asked(at("outbox").add(record));
}

/** What happens after each save; sync.js sets it. */
export const afterSave = { run: () => {} };

/**
 * Save a command. Resolves only when it is on the disk.
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
  const record = await sealed("outbox", command_id, { state: "waiting", attempts: 0 }, command);
  const pictures = await Promise.all(files.map((file) => sealed("blobs", file.sha256, { size: file.size, mime: file.mime }, file.bytes)));
  const states = files.map((file) => ({ id: file.sha256, command_id, size: file.size, mime: file.mime, offset: 0, done: false }));
  const papers = await Promise.all(docs.map(sealDoc));
  const names = ["outbox", "sent", "held", "blobs", "blobstate", "drafts", "docs"];
  const seq = await transact(names, "readwrite", (at) => putDown(at, { record, pictures, states, papers, draft }));
  if (seq !== null) {
    rows.value = [...rows.value, { seq, ...record.index, command }];
    blobstates.value = [...blobstates.value.filter((one) => !states.some((state) => state.id === one.id)), ...states];
    placeLocal(docs);
    askToPersist();
    tell("outbox");
  }
  afterSave.run();
  return { command_id, seq, made_at: command.made_at };
}

// the file of everything unsent is seldom wanted: its code is not part of the first load
export const exportOutbox = () => import("./outboxfile.js").then((file) => file.exportOutbox());
export const importOutbox = (text) => import("./outboxfile.js").then((file) => file.importOutbox(text));
