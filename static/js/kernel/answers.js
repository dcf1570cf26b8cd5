// What became of the commands: attempts, answers, refusals that were read, and the history of 30 days.
import { batch } from "../../vendor/signals-core.js";
import { api } from "./api.js";
import { tell } from "./channel.js";
import { note } from "./blobs.js";
import { blobstates, judged, loadOutbox, rows, settling, uploading } from "./outbox.js";
import { asked, readAll, sealed, transact } from "./storage.js";

const KEEP_MS = 30 * 864e5;

/** The command as it goes over the wire; the same bytes each time. */
export const wire = ({ seq, command }) => ({ ...command, seq: command.seq ?? seq });

/** Seal commands: from now on they may have arrived, so none is changed or dropped any more. */
export async function attempted(list) {
  await transact(["outbox"], "readwrite", async (at) => {
    for (const { seq } of list) {
      const record = await asked(at("outbox").get(seq));
      if (record) at("outbox").put({ ...record, index: { state: "sent", attempts: record.index.attempts + 1 } });
    }
  });
  const tried = new Set(list.map((row) => row.seq));
  rows.value = rows.value.map((row) => (tried.has(row.seq) ? { ...row, state: "sent", attempts: row.attempts + 1 } : row));
}

const shelf = (status) => (status === "applied" || status === "discarded" ? "sent" : "held");

/** Move commands, with what was said of them, from where they lie to where they belong, in one transaction. */
async function move(pairs) {
  const moves = await Promise.all(
    pairs.map(async ([one, result, to = shelf(result.status)]) => {
      const index = { seq: one.seq, state: result.status, at: Date.now() };
      return { one, to, index, result, record: await sealed(to, one.command.command_id, index, { command: one.command, result }) };
    }),
  );
  await transact(["outbox", "held", "sent"], "readwrite", async (at) => {
    for (const { one, to, record } of moves) {
      at("outbox").delete(one.seq);
      at("held").delete(record.id);
      at(to).put(record);
    }
  });
  const gone = new Set(pairs.map(([one]) => one.seq));
  batch(() => {
    rows.value = rows.value.filter((row) => !gone.has(row.seq));
    const stay = judged.value.filter((one) => !gone.has(one.seq));
    judged.value = [...stay, ...moves.filter(({ to }) => to === "held").map(({ one, index, result }) => ({ ...index, command: one.command, result }))];
    const applied = moves.filter(({ result }) => result.status === "applied" || result.status === "conflict");
    const fresh = applied.map(({ one, index, result }) => ({ ...index, command: one.command, result }));
    settling.value = [...settling.value, ...fresh];
    uploading.value = [...uploading.value, ...fresh.filter(({ command }) => command.blobs.length)];
  });
  tell("outbox");
}

const statuses = new Set(["applied", "conflict", "held", "rejected"]);

/** Take in the server's verdicts; only one that names the command counts. @param {any[]} results */
export async function answered(results) {
  const lying = new Map([...rows.value, ...judged.value].map((one) => [one.command.command_id, one]));
  const pairs = results
    .filter((result) => statuses.has(result.status) && lying.has(result.command_id))
    .map((result) => [lying.get(result.command_id), result])
    .filter(([one, result]) => one.state !== result.status);
  if (pairs.length) await move(pairs);
  return pairs.length;
}

/** The pulled docs now hold what was applied before: nothing need lie over them. @param {any[]} seen */
export function settled(seen) {
  settling.value = settling.value.filter((one) => !seen.includes(one));
}

const one = (id) => [...rows.value, ...judged.value].find((row) => row.command.command_id === id);

/** Take back a command that never left this phone, or put away a refused one. Both stay in the history. @param {string} id */
export async function discard(id) {
  const found = one(id);
  if (!found) return;
  if (found.state === "rejected") return acknowledge(id);
  if (found.state !== "waiting" || found.attempts) throw new Error("may have arrived already");
  await move([[found, { command_id: id, status: "discarded" }]]);
}

/** A refusal or clash was read: it moves to the history. @param {string} id */
export async function acknowledge(id) {
  const found = one(id);
  // a photo the office cannot take: it stays on this phone as long as its command
  const photos = blobstates.value.filter((photo) => photo.command_id === id && photo.refused && !photo.done);
  for (const photo of photos) await note({ ...photo, done: true, lost: true });
  if (found && (found.state === "rejected" || found.state === "conflict")) await move([[found, { ...found.result }, "sent"]]);
}

/** Ask the server to judge a held command again. @param {string} id */
export async function retry(id) {
  const result = await api("POST", `/held/${id}/retry`);
  await answered([result]);
  return result;
}

/** The answered ones of the last 30 days, newest first. */
export async function history() {
  const found = await readAll("sent");
  return found.map(([record, value]) => ({ ...record.index, ...value })).sort((a, b) => b.at - a.at);
}

/** Forget answered commands and sent photos after 30 days. */
export async function tidy(now = Date.now()) {
  await transact(["sent", "blobs", "blobstate"], "readwrite", async (at) => {
    const old = (await asked(at("sent").getAll())).filter((record) => record.index.at < now - KEEP_MS);
    const ids = new Set(old.map((record) => record.id));
    for (const record of old) at("sent").delete(record.id);
    for (const state of await asked(at("blobstate").getAll())) {
      if (!state.done || !ids.has(state.command_id)) continue;
      at("blobstate").delete(state.id);
      at("blobs").delete(state.id);
    }
  });
}

/** The server was restored from a backup: what it once answered goes out again, under the same ids. */
export async function sendAgain() {
  const found = (await readAll("sent")).filter(([record]) => record.index.state === "applied");
  const back = await Promise.all(
    found.map(async ([record, { command }]) => ({ seq: record.index.seq, ...(await sealed("outbox", record.id, { state: "sent", attempts: 1 }, command)) })),
  );
  await transact(["outbox", "sent", "blobstate"], "readwrite", async (at) => {
    for (const record of back) at("outbox").put(record), at("sent").delete(record.id);
    for (const state of await asked(at("blobstate").getAll())) at("blobstate").put({ ...state, offset: 0, done: false });
  });
  await loadOutbox();
}
