// The send loop: ping → push → pull → forms → photos. One tab at a time; waiting grows, a tap or the network resets it.
import { computed, signal } from "../../vendor/signals-core.js";
import { answered, attempted, sendAgain, settled, tidy, wire } from "./answers.js";
import { ApiError, Offline, api } from "./api.js";
import { sendBlobs } from "./blobs.js";
import { hear, tell } from "./channel.js";
import { device, setEnrolled } from "./device.js";
import { docs, loadDocs, takeIn } from "./docs.js";
import { APP, afterSave, blobstates, judged, rows, settling } from "./outbox.js";
import { meta, storeOf } from "./storage.js";

const BATCH = 50;
const BATCH_BYTES = 512 * 1024;
const FIRST_WAIT = 5000;
const LONGEST_WAIT = 300_000;

const state = signal({ online: navigator.onLine, phase: "idle", lastAt: null, next: null, error: "" });
/** What the person sees of sending. */
export const status = computed(() => ({
  ...state.value,
  pending: rows.value.length,
  blobs: blobstates.value.filter((one) => !one.done).length,
}));

const say = (change) => {
  state.value = { ...state.value, ...change };
  tell("status", { change });
};
hear("status", ({ change }) => (state.value = { ...state.value, ...change }));

/** What happens when the server knows this phone no more, or another person is logged in; session.js sets it. */
export const ended = { wipe: async () => {}, other: async (_user) => {} };

/** The answer to the start's own question, used once. */
let first = null;
let running = null;
let again = false;
let failures = 0;
let timer = 0;

class Stop extends Error {
  constructor(phase) {
    super(phase);
    this.phase = phase;
  }
}

/** Who is there; session.js may have asked already. @returns {Promise<any>} */
export const askWho = () => api("GET", "/ping", undefined, { timeout: 10000 });

async function greet(known) {
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

async function enrol() {
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

async function push(epoch) {
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

async function pull() {
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

async function exchange() {
  say({ phase: "sending", error: "", next: null });
  let { epoch, stranger } = await greet(first);
  first = null;
  say({ online: true });
  // what this phone signed is checked against its key; without such a thing the first screen comes first
  if (stranger && rows.value.length) stranger = Boolean(await enrol());
  await push(epoch);
  const pulled = await pull().catch((error) => error);
  if (stranger) await enrol();
  await sendBlobs(); // photos do not wait for a pull that failed
  if (pulled instanceof Error) throw pulled;
  await tidy();
  failures = 0;
  say({ phase: "idle", lastAt: new Date().toISOString() });
}

function wait(error) {
  const quiet = error instanceof Stop;
  const delay = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++) * (0.8 + 0.4 * Math.random());
  const next = quiet ? null : Date.now() + delay;
  const login = error instanceof ApiError && error.status === 401;
  const phase = quiet ? error.phase : login ? "login" : "waiting";
  say({ phase, online: !(error instanceof Offline), next, error: quiet || error instanceof Offline ? "" : error.message });
  clearTimeout(timer);
  if (next && !login) timer = setTimeout(run, delay);
}

async function once() {
  do {
    again = false;
    try {
      await exchange();
    } catch (error) {
      wait(error);
      return;
    }
  } while (again);
}

function run() {
  if (!storeOf()) return Promise.resolve();
  again = true; // a save during a send schedules another run
  running ??= (navigator.locks ? navigator.locks.request("fieldsales-" + storeOf(), { ifAvailable: true }, (lock) => lock && once()) : once())
    .catch((error) => console.error("sync", error))
    .finally(() => (running = null));
  return running;
}

/** Send and fetch now (a tap, the network's return, the page coming to the front). */
export function syncNow() {
  failures = 0;
  clearTimeout(timer);
  return run();
}

/** Start listening for reasons to send; the first exchange starts at once. @param {any} [ping] what `askWho` said just now */
export function startSync(ping) {
  first = ping;
  afterSave.run = () => void (tell("saved"), state.value.phase === "login" || run());
  hear("saved", run); // another tab saved while this one may hold the lock
  hear("docs", loadDocs);
  addEventListener("online", () => (say({ online: true }), syncNow()));
  addEventListener("offline", () => say({ online: false, phase: "waiting" }));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && syncNow());
  return syncNow();
}
