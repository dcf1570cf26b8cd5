// What became of the commands: attempts, answers, refusals that were read, and the history of 30 days.
import { batch } from "../../vendor/signals-core.js";
import { api, serverTime } from "./api.js";
import { tell } from "./channel.js";
import { note } from "./blobs.js";
import { belongsTo, blobstates, judged, loadOutbox, rows, settling, uploading } from "./shelves.js";
import { asked, readAll, sealed, transact } from "./storage.js";

const KEEP_MS = 30 * 864e5;

/** The command as it goes over the wire; the same bytes each time. */
export const wire = ({ seq, command }) => ({ ...command, seq: command.seq ?? seq });

/**
 * Seal commands: from now on they may have arrived, so none is changed or dropped any more.
 * Returns those that still lie here: another tab may have taken one back, or have sent it.
 */
export async function attempted(list) {
  const here = await transact(["outbox"], "readwrite", async (at) => {
    const found = new Set();
    for (const { seq } of list) {
      const record = await asked(at("outbox").get(seq));
      if (!record) continue;
      at("outbox").put({ ...record, index: { ...record.index, state: "sent", attempts: record.index.attempts + 1 } });
      found.add(seq);
    }
    return found;
  });
  rows.value = rows.value.map((row) => (here.has(row.seq) ? { ...row, state: "sent", attempts: row.attempts + 1 } : row));
  return list.filter((row) => here.has(row.seq));
}

const shelf = (status) => (status === "applied" || status === "discarded" ? "sent" : "held");

const took = (result) => result.status === "applied" || result.status === "conflict";

/** Move commands, with what was said of them, from where they lie to where they belong, in one transaction. */
async function move(pairs) {
  const moves = await Promise.all(
    pairs.map(async ([one, result, to = shelf(result.status), fresh = took(result)]) => {
      // fresh: the pulled docs do not show it yet, so it still lies over them
      const index = { seq: one.seq, state: result.status, at: serverTime(), ...(fresh && { fresh }) };
      return { one, to, index, result, record: await sealed(to, one.command.command_id, index, { command: one.command, result }) };
    }),
  );
  await transact(["outbox", "held", "sent"], "readwrite", (at) => {
    for (const { one, to, record } of moves) {
      at("outbox").delete(one.seq);
      at("held").delete(record.id);
      at(to).put(record);
    }
  });
  shelve(moves);
  tell("outbox");
}

/** The same in memory. */
function shelve(moves) {
  const gone = new Set(moves.map(({ one }) => one.seq));
  const known = ({ command }) => moves.some(({ record }) => record.id === command.command_id);
  const entry = ({ one, index, result }) => ({ ...index, command: one.command, result });
  batch(() => {
    rows.value = rows.value.filter((row) => !gone.has(row.seq));
    judged.value = [...judged.value.filter((one) => !known(one)), ...moves.filter(({ to }) => to === "held").map(entry)];
    const fresh = moves.filter(({ index }) => index.fresh).map(entry);
    settling.value = [...settling.value.filter((one) => !known(one)), ...fresh];
    uploading.value = [...uploading.value.filter((one) => !known(one)), ...fresh.filter(({ command }) => command.blobs.length)];
  });
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

/** The pulled docs now hold what was applied before: nothing need lie over them, after a restart neither. @param {any[]} seen */
export async function settled(seen) {
  if (!seen.length) return;
  await transact(["sent", "held"], "readwrite", async (at) => {
    for (const { command } of seen) {
      for (const name of ["sent", "held"]) {
        const record = await asked(at(name).get(command.command_id));
        if (record?.index.fresh) at(name).put({ ...record, index: { ...record.index, fresh: false } });
      }
    }
  });
  const ids = new Set(seen.map((one) => one.command.command_id));
  settling.value = settling.value.filter((one) => !ids.has(one.command.command_id));
}

const one = (id) => [...rows.value, ...judged.value].find((row) => row.command.command_id === id);

/** Take back a command that never left this phone, or put away a refused one. Both stay in the history. @param {string} id */
export async function discard(id) {
  const found = one(id);
  if (!found) return;
  if (found.state === "rejected") return acknowledge(id);
  const result = { command_id: id, status: "discarded" };
  const record = await sealed("sent", id, { seq: found.seq, state: "discarded", at: serverTime() }, { command: found.command, result });
  await transact(["outbox", "sent", "blobs", "blobstate"], "readwrite", async (at) => {
    // the disk says it, not this tab's memory: another tab may be sending it just now
    const lies = await asked(at("outbox").get(found.seq));
    if (lies?.index.state !== "waiting" || lies.index.attempts) throw new Error("may have arrived already");
    at("outbox").delete(found.seq);
    at("sent").put(record);
    for (const photo of blobstates.value.filter((state) => belongsTo(state).includes(id))) {
      const [first, ...also] = belongsTo(photo).filter((other) => other !== id);
      if (first) at("blobstate").put({ ...photo, command_id: first, also });
      else at("blobstate").delete(photo.id), at("blobs").delete(photo.id); // never to be sent by itself
    }
  });
  await loadOutbox();
  tell("outbox");
}

/** A refusal or clash was read: it moves to the history. @param {string} id */
export async function acknowledge(id) {
  const found = one(id);
  // a photo the office cannot take: it stays on this phone as long as its command
  const photos = blobstates.value.filter((photo) => belongsTo(photo).includes(id) && photo.refused && !photo.done);
  for (const photo of photos) await note({ ...photo, done: true, lost: true });
  if (found && (found.state === "rejected" || found.state === "conflict")) await move([[found, { ...found.result }, "sent", found.fresh]]);
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
export async function tidy(now = serverTime()) {
  await transact(["sent", "blobs", "blobstate"], "readwrite", async (at) => {
    const all = await asked(at("sent").getAll());
    const old = new Set(all.filter((record) => record.index.at < now - KEEP_MS && !record.index.fresh).map((record) => record.id));
    if (!old.size) return;
    for (const id of old) at("sent").delete(id);
    for (const state of await asked(at("blobstate").getAll())) {
      if (!state.done || !belongsTo(state).every((id) => old.has(id))) continue;
      at("blobstate").delete(state.id);
      at("blobs").delete(state.id);
    }
  });
}

/** Commands go out again, under the same ids: the server has no memory of them. @param {any[]} list `{seq, command}` */
export async function sendBack(list) {
  const back = await Promise.all(list.map(async ({ seq, command }) => ({ seq, ...(await sealed("outbox", command.command_id, { state: "sent", attempts: 1, operation: command.operation, made_at: command.made_at }, command)) })));
  await transact(["outbox", "sent", "held"], "readwrite", async (at) => {
    for (const record of back) {
      if ((await asked(at("outbox").index("id").getKey(record.id))) === undefined) at("outbox").put(record);
      at("sent").delete(record.id), at("held").delete(record.id);
    }
  });
  await loadOutbox();
  tell("outbox");
}

/** What the server took in, as far as the phone remembers: `{id, at}`. */
export async function takenIn() {
  const all = await transact(["sent"], "readonly", (at) => asked(at("sent").getAll()));
  return all.filter(({ index }) => index.state === "applied" || index.state === "conflict").map(({ id, index }) => ({ id, at: index.at }));
}

/** The server was restored from a backup: whatever it had taken in goes out again, photos too. */
export async function sendAgain() {
  const kept = new Set(["applied", "conflict", "held"]);
  const found = [...(await readAll("sent")), ...(await readAll("held"))].filter(([record]) => kept.has(record.index.state));
  await transact(["blobstate"], "readwrite", async (at) => {
    for (const state of await asked(at("blobstate").getAll())) if (state.done && !state.lost) at("blobstate").put({ ...state, offset: 0, done: false });
  });
  await sendBack(found.map(([record, { command }]) => ({ seq: record.index.seq, command })));
}
