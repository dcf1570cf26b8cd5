// The send loop: ping → push → pull → forms → photos. One tab at a time; waiting grows, a tap or the network resets it.
import { computed, signal } from "../../vendor/signals-core.js";
import { tidy } from "./answers.js";
import { ApiError, NotOurs, Offline } from "./api.js";
import { sendBlobs } from "./blobs.js";
import { hear, tell } from "./channel.js";
import { loadDocs } from "./docs.js";
import { Stop, enrol, greet, pull, push, tellLeft } from "./exchange.js";
import { afterSave } from "./outbox.js";
import { rows, toUpload } from "./shelves.js";
import { StorageFull, storeOf } from "./storage.js";
import { t } from "./words.js";

const FIRST_WAIT = 5000;
const LONGEST_WAIT = 300_000;

const state = signal({ online: navigator.onLine, phase: "idle", lastAt: null, next: null, error: "" });
/** What the person sees of sending. */
export const status = computed(() => ({
  ...state.value,
  pending: rows.value.length,
  blobs: toUpload().length,
}));

const say = (change) => {
  state.value = { ...state.value, ...change };
  tell("status", { change });
};

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
  const single = await push(epoch);
  const pulled = await pull().catch((error) => error);
  if (stranger) await enrol();
  await sendBlobs(); // photos do not wait for a pull that failed
  await tellLeft(epoch);
  if (pulled instanceof Error) throw pulled;
  await tidy();
  if (single) throw single; // everything else is there; this one command is tried again later
  failures = 0;
  say({ phase: "idle", lastAt: new Date().toISOString() });
}

function phaseOf(error) {
  if (error instanceof Stop) return error.phase;
  if (error instanceof NotOurs) return "portal";
  return error instanceof ApiError && error.status === 401 ? "login" : "waiting";
}

function wait(error) {
  const phase = phaseOf(error);
  // whoever must sign in will come back by a tap; a look now and then finds out that it was done elsewhere
  const pause = phase === "login" ? LONGEST_WAIT : Math.max(FIRST_WAIT * 2 ** failures++, (error.after ?? 0) * 1000);
  const delay = Math.min(LONGEST_WAIT, pause) * (0.8 + 0.4 * Math.random());
  const full = error instanceof StorageFull && t("This phone is full: what the office sends finds no room. Free some space.");
  const said = full || (error instanceof ApiError && error.ours && phase !== "login" ? error.text : ""); // a proxy's number tells nobody anything
  say({ phase, online: !(error instanceof Offline) || error instanceof NotOurs, next: phase === "other_user" ? null : Date.now() + delay, error: said });
  clearTimeout(timer);
  if (phase !== "other_user") timer = setTimeout(run, delay);
}

async function once() {
  clearTimeout(timer);
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

// one tab at a time; who comes second waits for the first and then looks what is left
const alone = (work) => (navigator.locks ? navigator.locks.request("fieldsales-" + storeOf(), work) : work());

function run() {
  if (!storeOf()) return Promise.resolve();
  again = true; // a save during a send schedules another run
  running ??= alone(once)
    .catch((error) => console.error("sync", error))
    .finally(() => (running = null));
  return running;
}

/** What the other tab says of sending; should it be closed in the middle, this one takes over. */
function follow({ change }) {
  state.value = { ...state.value, ...change };
  if (running || !storeOf()) return;
  clearTimeout(timer);
  if (change.next) timer = setTimeout(run, change.next - Date.now() + 1000);
  if (change.phase !== "sending" || !navigator.locks) return;
  const watch = () => (timer = setTimeout(() => state.value.phase === "sending" && run(), 500));
  navigator.locks.request("fieldsales-" + storeOf(), () => {}).then(watch, () => {});
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
  afterSave.run = () => void (state.value.phase === "login" || run());
  hear("status", follow);
  hear("docs", loadDocs);
  addEventListener("online", () => (say({ online: true }), syncNow()));
  addEventListener("offline", () => say({ online: false, phase: "waiting" }));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && syncNow());
  return syncNow();
}
