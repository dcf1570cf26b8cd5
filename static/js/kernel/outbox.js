// Saving: one strict-durability transaction over command, docs, photos and draft. Sending comes later.
import { batch, computed, effect, signal } from "../../vendor/signals-core.js";
import { nfc } from "./canonical.js";
import { hear, tell } from "./channel.js";
import { placeLocal, sealDoc, unanswered } from "./docs.js";
import { uuid7 } from "./ids.js";
import { StorageFull, asked, readAll, sealed, transact, unsealed } from "./storage.js";
import { t } from "./words.js";

export const APP = "1";

/** Saved and without an answer: `{seq, state, attempts, command}` in the order of saving. */
export const rows = signal(/** @type {any[]} */ ([]));
/** Answered otherwise than "applied", and to be looked at: `{state, command, result}`. */
export const judged = signal(/** @type {any[]} */ ([]));
/** Applied, while the pulled docs do not show it yet. */
export const settling = signal(/** @type {any[]} */ ([]));
/** Applied, with photos that are not up yet. */
export const uploading = signal(/** @type {any[]} */ ([]));
/**
 * Photos: `{id, command_id, also, size, mime, offset, done}`, one for each hash; `also`: further commands with the same photo.
 * `away`: the phone was full at the save, the bytes lie with the draft. `refused`, `why`: it will not arrive, in words and as
 * a code. `lost`: that was read.
 */
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

/** The commands a photo belongs to. */
export const belongsTo = (photo) => [photo.command_id, ...(photo.also ?? [])];

/** Everything that is not yet wholly on the server, or was refused and not yet read. */
export const queue = computed(() => {
  const counts = new Map();
  for (const photo of blobstates.value) {
    const { done, refused = "", why = "photo_refused", away = false } = photo;
    for (const id of belongsTo(photo)) {
      const count = counts.get(id) ?? { have: 0, want: 0, away: 0, refused: "", why: "" };
      const bad = refused && !done ? { refused, why } : { refused: count.refused, why: count.why };
      counts.set(id, { have: count.have + (done ? 1 : 0), want: count.want + 1, away: count.away + (away && !done ? 1 : 0), ...bad });
    }
  }
  const at = (one) => counts.get(one.command.command_id) ?? { have: 0, want: 0 };
  const photos = uploading.value
    .filter((one) => at(one).have < at(one).want)
    .map((one) => ({ ...one, state: at(one).refused ? "rejected" : "photos", result: { code: at(one).why, text: t(at(one).refused ?? "") } }));
  return [...photos, ...judged.value, ...rows.value].sort((a, b) => a.seq - b.seq).map((one) => entry(one, at(one)));
});

/** Nothing of anybody in memory: the phone is locked. */
export const forgetOutbox = () => batch(() => [rows, judged, settling, uploading, blobstates].forEach((list) => (list.value = [])));

/** Photos that still have to go up. */
export const toUpload = () => blobstates.value.filter((one) => !one.done && !one.refused);

const seen = () => [rows.value, judged.value, settling.value, uploading.value, blobstates.value];

/** Read outbox, refusals and photo progress from the disk (at start, and when another tab changed them). */
export async function loadOutbox() {
  const flat = ([record, command]) => ({ seq: record.seq, ...record.index, command });
  const both = ([record, value]) => ({ ...record.index, ...value });
  for (let before; before = seen(), true; ) {
    const waiting = (await readAll("outbox")).map(flat);
    const looked = (await readAll("held")).map(both);
    const states = await transact(["blobstate"], "readonly", (at) => asked(at("blobstate").getAll()));
    const open = new Set(states.filter((one) => !one.done).flatMap(belongsTo));
    // of what was answered only that is opened which still has to be seen
    const sent = await transact(["sent"], "readonly", (at) => asked(at("sent").getAll()));
    const wanted = sent.filter((record) => record.index.fresh || open.has(record.id));
    const opened = await Promise.all(wanted.map((record) => unsealed("sent", record).then((value) => both([record, value]), () => null)));
    const answered = [...opened.filter(Boolean), ...looked.filter((one) => one.state === "conflict")];
    if (seen().some((one, n) => one !== before[n])) continue; // something was saved or answered meanwhile: once more
    batch(() => {
      rows.value = waiting;
      judged.value = looked;
      blobstates.value = states;
      settling.value = answered.filter((one) => one.fresh);
      uploading.value = answered.filter((one) => open.has(one.command.command_id));
    });
    return;
  }
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
  const record = await sealed("outbox", command_id, { state: "waiting", attempts: 0 }, command);
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
