// The service worker keeps the app itself on the phone. A new version waits until no form is open.
import { signal } from "../../vendor/signals-core.js";

export const updateReady = signal(false);
let forms = 0;
/** @type {ServiceWorkerRegistration | undefined} */
let registration;

// Trusted Types: the one address that may become a worker
const policy = globalThis.trustedTypes?.createPolicy("fieldsales", { createScriptURL: (url) => (url === "/sw.js" ? url : "") });

function look() {
  updateReady.value = Boolean(registration?.waiting && navigator.serviceWorker.controller);
  if (updateReady.value && !forms && document.visibilityState === "hidden") applyUpdate();
}

/** Count open forms: while one is open no new version takes over. @param {boolean} open */
export function busy(open) {
  forms = Math.max(0, forms + (open ? 1 : -1));
}

/** Let the waiting version take over; the page is loaded again. */
export function applyUpdate() {
  if (!forms) registration?.waiting?.postMessage("take over");
}

export async function registerWorker() {
  if (!("serviceWorker" in navigator)) return;
  let controlled = Boolean(navigator.serviceWorker.controller);
  // the first worker takes over quietly; after a newer one this page's modules would be of two versions
  navigator.serviceWorker.addEventListener("controllerchange", () => (controlled ? location.reload() : (controlled = true)));
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
