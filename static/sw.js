// The service worker: keeps the app itself on the phone, and nothing of anybody's data.
// VERSION and FILES stand above, written by the server.
const CACHE = "fieldsales-" + VERSION;
const KEPT = new Set(FILES);

addEventListener("install", (event) => {
  // each file is asked for by its hash: what has not changed is not sent again
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })))));
});

addEventListener("activate", (event) => {
  const clean = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("fieldsales-") && name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => clients.claim()));
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting(); // said by a page in which no form is open
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return; // never a POST, never another host
  const inApp = request.mode === "navigate" && (pathname === "/app" || pathname.startsWith("/app/"));
  const file = inApp ? "/app" : pathname;
  if (!inApp && !KEPT.has(file)) return; // the API, papers and office pages go straight to the network
  event.respondWith(caches.match(file, { cacheName: CACHE }).then((kept) => kept ?? fetch(request)));
});
