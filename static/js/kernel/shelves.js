// What lies on this phone and where it stands: waiting, judged, settling, with photos under way. In memory as on the disk.
import { batch, computed, effect, signal } from "../../vendor/signals-core.js";
import { hear } from "./channel.js";
import { unanswered } from "./docs.js";
import { asked, readAll, transact, unsealed } from "./storage.js";
import { t } from "./words.js";

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
