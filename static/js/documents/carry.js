// Carrying papers and photos: fetched after each exchange, within a budget, never over a metered network unasked.
import { effect, signal } from "../kernel/ui.js";
import { ApiError } from "../kernel/api.js";
import { carried, dropFiles, fetchFile, isOwn, loadCarried, weight } from "../kernel/carried.js";
import { docs } from "../kernel/docs.js";
import { storeOf } from "../kernel/storage.js";
import { status } from "../kernel/sync.js";
import { PDF, pageOf, pdfOf, photoOf, scanPageOf } from "./files.js";
import { baseOf, beyond, complete, evicted, wanted } from "./wanted.js";

const MB = 1024 * 1024;
const SETTING = "fieldsales.carry";
/** Room left on the phone that is never touched: what a person writes must always find a place. */
const SPARE = 50 * MB;
const AFTER_MS = 800;

/** Megabytes for carried papers; 0 carries none. */
export const budget = signal(Number(localStorage.getItem(SETTING) ?? 60));

/** `phase`: idle, fetching, off, metered, offline, full (the budget), tight (the phone). */
export const carrying = signal({ phase: "idle", done: 0, want: 0 });

export async function setBudget(megabytes) {
  localStorage.setItem(SETTING, String(megabytes));
  budget.value = megabytes;
  await carry();
}

/** A network that is paid by the byte, as far as the browser says so. */
export function isMetered() {
  const { saveData, type } = /** @type {any} */ (navigator).connection ?? {};
  return Boolean(saveData) || type === "cellular";
}

/** What the office had not when it was asked: not asked again before the app is opened again. */
const missing = new Set();

async function isTight() {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota - usage < SPARE;
}

/** Room is made for each file before it is kept. false: no room for a file of this rank. */
async function fits(rank, ranks, size) {
  const going = evicted(carried.value, ranks, rank, size, budget.value * MB);
  if (going) await dropFiles(going);
  return Boolean(going);
}

async function part(file, rank, ranks) {
  const here = carried.value[file.name];
  if (here) return here;
  const got = await fetchFile(file.name, file.path);
  if (await fits(rank, ranks, 0)) return { ...got, size: got.bytes.byteLength };
  await dropFiles([file.name]);
  return null;
}

/** Fetch what is not here of one bundle. false: the budget is full. */
async function bundle({ kind, id }, rank, ranks) {
  let page = (n) => pageOf(id, n);
  if (kind === "photo") {
    const photo = await part(photoOf(id), rank, ranks);
    if (!photo) return false;
    if (photo.mime !== PDF) return true;
    page = (n) => scanPageOf(id, n);
  } else if (!(await part(pdfOf(id), rank, ranks))) return false;
  for (let n = 1, of = 1; n <= of; n++) {
    const found = await part(page(n), rank, ranks);
    if (!found) return false;
    of = Math.max(of, found.pages);
  }
  return true;
}

const say = (change) => (carrying.value = { ...carrying.value, ...change });

async function fetchAll(list, ranks) {
  let done = 0;
  for (const [rank, one] of list.entries()) {
    if (!storeOf()) return "idle";
    if (!status.value.online) return "offline";
    try {
      const here = complete(one, carried.value) || missing.has(one.base) || (one.kind === "photo" && (await isOwn(one.id)));
      if (!here && (await isTight())) return "tight";
      if (!here && !(await bundle(one, rank, ranks))) return "full";
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 401 || error.status >= 500) return "offline";
      missing.add(one.base);
    }
    say({ done: ++done });
  }
  return "idle";
}

async function run(asked) {
  await loadCarried();
  if (!storeOf() || !docs.ready.value) return; // locked meanwhile: that no customer is in memory does not mean that none is theirs
  const todays = (docs.one("today").value?.items || []).map((item) => item.customer_id);
  const list = wanted(docs.all("customer").value, todays);
  const ranks = new Map(list.map((one, rank) => [one.base, rank]));
  // of a customer who is no longer this person's, nothing stays
  await dropFiles(Object.keys(carried.value).filter((name) => !budget.value || !ranks.has(baseOf(name))));
  await dropFiles(beyond(carried.value, ranks, budget.value * MB));
  say({ want: list.length, done: list.filter((one) => complete(one, carried.value)).length });
  if (!budget.value) return say({ phase: "off" });
  if (isMetered() && !asked) return say({ phase: "metered" });
  say({ phase: "fetching", done: 0 });
  say({ phase: await fetchAll(list, ranks) });
}

let going = null;
let again = false;

/** Bring what is carried up to date. `asked`: the person tapped, a metered network is theirs to spend. */
export function carry({ asked = false } = {}) {
  again = Boolean(going);
  going ??= (navigator.locks ? navigator.locks.request("fieldsales-carry-" + storeOf(), { ifAvailable: true }, (lock) => lock && run(asked)) : run(asked))
    .catch((error) => console.warn("carry", error.message)) // a store that was wiped meanwhile, a full phone: the app goes on
    .finally(() => {
      going = null;
      if (again && storeOf()) void carry();
    });
  return going;
}

/** Bytes carried now. */
export const carriedBytes = () => weight();

let timer = 0;

/** From now on after every complete exchange. */
export function begin() {
  void loadCarried();
  effect(() => {
    if (!status.value.lastAt) return;
    clearTimeout(timer);
    timer = setTimeout(carry, AFTER_MS);
  });
}
