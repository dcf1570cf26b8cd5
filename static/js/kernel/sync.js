// The send loop: ping → push → pull → forms → photos. One tab at a time; waiting grows, a tap or the network resets it.
import { computed, signal } from "../../vendor/signals-core.js";
import { tidy } from "./answers.js";
import { ApiError, Offline } from "./api.js";
import { sendBlobs } from "./blobs.js";
import { hear, tell } from "./channel.js";
import { loadDocs } from "./docs.js";
import { Stop, enrol, greet, pull, push } from "./exchange.js";
import { afterSave, blobstates, rows } from "./outbox.js";
import { storeOf } from "./storage.js";

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

/** The answer to the start's own question, used once. */
let first = null;
let running = null;
let again = false;
let failures = 0;
let timer = 0;

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
  if (rows.value.length) wait(new Error("")); // the server asked to be asked again
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
