// The service worker keeps the app itself on the phone. A new version waits until no form is open, in this tab or another.
import { signal } from "../../vendor/signals-core.js";
import { quiet } from "./storage.js";

export const updateReady = signal(false);
/** Held, shared, by each tab with an open form. */
const OPEN_FORM = "fieldsales-form";
let forms = 0;
let letGo = () => {};
/** @type {Promise<unknown>} */
let held = Promise.resolve(); // until this tab has given its share back
/** A newer worker took over while a form was open here: this page is loaded again once it is closed. */
let owed = false;
/** @type {ServiceWorkerRegistration | undefined} */
let registration;

// Trusted Types: the one address that may become a worker
const policy = globalThis.trustedTypes?.createPolicy("fieldsales", { createScriptURL: (url) => (url === "/sw.js" ? url : "") });

function look() {
  updateReady.value = Boolean(registration?.waiting && navigator.serviceWorker.controller);
  if (updateReady.value && document.visibilityState === "hidden") void applyUpdate();
}

/** Count open forms: while one is open no new version takes over. @param {boolean} open */
export function busy(open) {
  const before = forms;
  forms = Math.max(0, forms + (open ? 1 : -1));
  if (!before && forms) {
    const closed = new Promise((done) => (letGo = () => done(undefined)));
    held = Promise.resolve(navigator.locks?.request(OPEN_FORM, { mode: "shared" }, () => closed)).catch(() => {});
  }
  if (!forms) letGo();
  if (!forms && owed) void takeNew();
}

/** Let the waiting version take over, unless a form is open somewhere; the pages are loaded again. */
export async function applyUpdate() {
  const go = () => registration?.waiting?.postMessage("take over");
  if (forms) return;
  if (!navigator.locks) return go();
  await held;
  await navigator.locks.request(OPEN_FORM, { ifAvailable: true }, (lock) => lock && go());
}

/** After a newer worker took over, this page's modules would be of two versions: load it again, when nothing is being written. */
async function takeNew() {
  await quiet();
  owed = forms > 0;
  if (!owed) location.reload();
}

export async function registerWorker() {
  if (!("serviceWorker" in navigator)) return;
  let controlled = Boolean(navigator.serviceWorker.controller);
  // the first worker takes over quietly
  navigator.serviceWorker.addEventListener("controllerchange", () => (controlled ? void takeNew() : (controlled = true)));
  registration = await navigator.serviceWorker.register(/** @type {any} */ (policy ? policy.createScriptURL("/sw.js") : "/sw.js"), { type: "classic", updateViaCache: "none" });
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", look);
  });
  document.addEventListener("visibilitychange", () => {
    look();
    // an app that stays open for days hears of a new version when it comes to the front
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  });
  look();
}

/** The app itself goes too, when a person leaves: it comes back with the next sign-in. */
export async function emptyCaches() {
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
}
