// One exchange with the server, step by step: who is there → commands → changes → forms. sync.js says when.
import { answered, attempted, sendAgain, sendBack, settled, wire } from "./answers.js";
import { ApiError, NotOurs, api, tellTime } from "./api.js";
import { tell } from "./channel.js";
import { device, setEnrolled } from "./device.js";
import { docs, takeIn } from "./docs.js";
import { lookAgain, stillKnown } from "./lookback.js";
import { APP } from "./outbox.js";
import { judged, rows, settling, toUpload } from "./shelves.js";
import { meta, storeOf } from "./storage.js";

const BATCH = 50;
const BATCH_BYTES = 512 * 1024;
/** Ids in one question: an address has its longest, too. */
const ASKED = 50;
/** One command of many may be why: halves find out which. */
const blames = new Set([400, 413, 422, 500]);
/** Single commands that may fail in one run before the fault is the server's. */
const BROKEN = 3;

/** What happens when the server knows this phone no more, or another person is logged in; session.js sets it. */
export const ended = { wipe: async () => {}, other: async (_user) => {} };

/** A reason not to go on that is no failure: `phase` says which. */
export class Stop extends Error {
  constructor(phase) {
    super(phase);
    this.phase = phase;
  }
}

/** Who is there; session.js may have asked already. @returns {Promise<any>} */
export const askWho = () => api("GET", "/ping", undefined, { timeout: 10000 });

/** Whether this is our server, and our person. @param {any} known an answer to `askWho` at hand */
export async function greet(known) {
  const { enrolled } = await device();
  const ping = known ?? (await askWho());
  if (ping?.fieldsales !== 1) throw new NotOurs("not fieldsales");
  tellTime(ping.now);
  if (ping.device === "wipe") {
    await ended.wipe();
    throw new Stop("login");
  }
  if (!ping.user_id) throw new Stop("login");
  if (ping.user_id !== storeOf()) {
    await ended.other(ping.user_id);
    throw new Stop("other_user");
  }
  const before = await meta.get("epoch");
  if (before && before !== ping.epoch) await restored();
  else if (!(await stillKnown())) await restored();
  if (before !== ping.epoch) await meta.put("epoch", ping.epoch);
  return { epoch: ping.epoch, stranger: !enrolled || ping.device === "unknown" };
}

/** The server was restored from a backup: all it had taken in goes out again, and what it tells is fetched anew. */
async function restored() {
  await sendAgain();
  await meta.put("cursor", "0");
}

/** Make this phone known by its public key. */
export async function enrol() {
  const { device_id, public_key } = await device();
  await api("POST", "/devices", { device_id, name: navigator.userAgent.slice(0, 120), public_key, app: APP });
  await setEnrolled(true);
}

function nextBatch(tried, limit) {
  const list = [];
  let size = 0;
  for (const row of rows.value) {
    if (tried.has(row.seq)) continue;
    size += JSON.stringify(row.command).length;
    if (list.length && (list.length >= limit || size > BATCH_BYTES)) break;
    list.push(row);
  }
  return list;
}

/** How many photos the office last heard are only here; null: not looked up yet. */
let told = null;

/** The photos went up after the commands: the office need not think that any wait here. @param {string} epoch */
export async function tellLeft(epoch) {
  told ??= (await meta.get("told")) ?? 0;
  if (told !== toUpload().length) await send([], { device: (await device()).device_id, epoch });
}

/** One request: `true` when it was answered, else the error that may be one command's own. */
async function send(list, head) {
  const pending_blobs = toUpload().length;
  const body = { ...head, app: APP, sent_at: new Date().toISOString(), pending: rows.value.length, pending_blobs, commands: list.map(wire) };
  try {
    const answer = await api("POST", "/sync/push", body, { timeout: 60000 });
    if (!Array.isArray(answer?.results)) throw new NotOurs("not our answer");
    tellTime(answer.now);
    if (told !== pending_blobs) await meta.put("told", (told = pending_blobs));
    await answered(answer.results);
    return true;
  } catch (error) {
    if (error instanceof ApiError && blames.has(error.status)) return error;
    throw error;
  }
}

/** A single command that cannot be sent must not block the others: refused when the server itself says too large, else it waits. */
async function setAside(row, error) {
  const { command_id } = row.command;
  const result = { command_id, code: error.code || "http_" + error.status, text: error.text };
  if (error.ours && error.status === 413) return answered([{ ...result, status: "rejected", code: "too_large" }]);
  rows.value = rows.value.map((one) => (one.seq === row.seq ? { ...one, result } : one));
}

/** Send what waits, in its order, and take in the verdicts; returns what stopped single commands. @param {string} epoch */
export async function push(epoch) {
  const { device_id } = await device();
  const tried = new Set(); // what the server wants to see again waits for the next run
  let broken = null;
  let count = 0;
  for (let limit = BATCH, list; (list = nextBatch(tried, limit)).length; ) {
    const here = await attempted(list);
    const outcome = here.length ? await send(here, { device: device_id, epoch }) : true;
    if (outcome !== true && here.length > 1) {
      limit = Math.ceil(here.length / 2);
      continue;
    }
    for (const row of list) tried.add(row.seq);
    limit = Math.min(BATCH, limit * 2);
    if (outcome === true) continue;
    await setAside(here[0], outcome);
    if (outcome.status !== 413) broken = outcome;
    if (broken && ++count >= BROKEN) throw broken;
  }
  await askAbout(judged.value.filter((one) => one.state === "held"));
  return broken;
}

/** What became of commands that were held. One the server does not know (it was restored) goes again. */
async function askAbout(held) {
  for (let at = 0; at < held.length; at += ASKED) {
    const some = held.slice(at, at + ASKED);
    const { results } = await api("GET", "/sync/status?ids=" + some.map((one) => one.command.command_id).join());
    if (!Array.isArray(results)) throw new NotOurs("not our answer");
    await answered(results);
    const unknown = some.filter((one) => !results.some((result) => result.command_id === one.command.command_id));
    if (unknown.length) await sendBack(unknown);
  }
}

/** Take in what changed, page by page. */
export async function pull() {
  const applied = settling.value; // what was applied before this pull began is in what it brings
  for (let more = true; more; ) {
    const cursor = (await meta.get("cursor")) ?? "0";
    const page = await api("GET", `/sync/pull?cursor=${encodeURIComponent(cursor)}&limit=200`);
    if (!Array.isArray(page?.changes) || typeof page.cursor !== "string") throw new NotOurs("not our answer");
    await takeIn(page.changes, page);
    if (page.reset) lookAgain(); // it may have forgotten more than the place we were at
    if (page.changes.length || page.reset) tell("docs");
    if (!page.more && page.forms_etag !== (await meta.get("forms"))) await forms();
    more = page.more && page.cursor !== cursor;
  }
  await settled(applied);
}

/** What other screens may rely on: questions with names and lists of choices. The form's own screen looks at the rest (methods/form.js). */
const inShape = (form) => ({ ...form, fields: [form.fields].flat().filter((one) => one?.name).map((one) => ({ ...one, choices: [one.choices ?? []].flat() })) });

async function forms() {
  const { etag, forms: sent } = await api("GET", "/forms");
  if (!Array.isArray(sent)) throw new NotOurs("not our answer");
  const forms = sent.filter((form) => form?.id && form.method).map(inShape);
  const now = new Set(forms.map((form) => form.id));
  const gone = docs.all("form").value.filter((form) => !now.has(form.id));
  const changes = [...forms.map((form) => ({ kind: "form", id: form.id, rev: null, doc: form })), ...gone.map(({ id }) => ({ kind: "form", id }))];
  await takeIn(changes, { cursor: await meta.get("cursor") });
  await meta.put("forms", etag);
}
