// One exchange with the server, step by step: who is there → commands → changes → forms. sync.js says when.
import { answered, attempted, sendAgain, settled, wire } from "./answers.js";
import { ApiError, Offline, api } from "./api.js";
import { tell } from "./channel.js";
import { device, setEnrolled } from "./device.js";
import { docs, takeIn } from "./docs.js";
import { APP, judged, rows, settling } from "./outbox.js";
import { meta, storeOf } from "./storage.js";

const BATCH = 50;
const BATCH_BYTES = 512 * 1024;

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
  if (ping?.fieldsales !== 1) throw new Stop("portal");
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
  if (before && before !== ping.epoch) await sendAgain(); // the server was restored from a backup
  if (before !== ping.epoch) await meta.put("epoch", ping.epoch);
  return { epoch: ping.epoch, stranger: !enrolled || ping.device === "unknown" };
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

/** Send what waits, in its order, and take in the verdicts. @param {string} epoch */
export async function push(epoch) {
  const { device_id } = await device();
  const tried = new Set(); // what the server wants to see again waits for the next run
  for (let limit = BATCH, list; (list = nextBatch(tried, limit)).length; ) {
    await attempted(list);
    const body = { device: device_id, epoch, sent_at: new Date().toISOString(), pending: rows.value.length, commands: list.map(wire) };
    let answer;
    try {
      answer = await api("POST", "/sync/push", body, { timeout: 60000 });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 413) throw error;
      // too much at once: half of it next; a single one that is too large must not block the others
      if (list.length > 1) limit = Math.ceil(list.length / 2);
      else await answered([{ command_id: list[0].command.command_id, status: "rejected", code: "too_large", text: error.message }]);
      continue;
    }
    if (!Array.isArray(answer?.results)) throw new Offline("not our answer");
    await answered(answer.results);
    for (const row of list) tried.add(row.seq);
  }
  const held = judged.value.filter((one) => one.state === "held").slice(0, 200);
  if (held.length) {
    const { results } = await api("GET", "/sync/status?ids=" + held.map((one) => one.command.command_id).join());
    await answered(results ?? []);
  }
}

/** Take in what changed, page by page. */
export async function pull() {
  const applied = settling.value; // what was applied before this pull began is in what it brings
  for (let more = true; more; ) {
    const cursor = (await meta.get("cursor")) ?? "0";
    const page = await api("GET", `/sync/pull?cursor=${encodeURIComponent(cursor)}&limit=200`);
    if (!Array.isArray(page?.changes)) throw new Offline("not our answer");
    await takeIn(page.changes, page);
    if (page.changes.length || page.reset) tell("docs");
    if (!page.more && page.forms_etag !== (await meta.get("forms"))) await forms();
    more = page.more;
  }
  settled(applied);
}

async function forms() {
  const { etag, forms } = await api("GET", "/forms");
  const now = new Set(forms.map((form) => form.id));
  const gone = docs.all("form").value.filter((form) => !now.has(form.id));
  const changes = [...forms.map((form) => ({ kind: "form", id: form.id, rev: null, doc: form })), ...gone.map(({ id }) => ({ kind: "form", id }))];
  await takeIn(changes, { cursor: await meta.get("cursor") });
  await meta.put("forms", etag);
}
