// The service worker: keeps the app itself on the phone, and nothing of anybody's data.
// VERSION, FILES and BROUGHT (what plugins bring) stand above, written by the server.
const CACHE = "fieldsales-" + VERSION;
const KEPT = new Set([...FILES, ...BROUGHT]);
const SHARED = "fieldsales-shared"; // pictures another app handed over, until the page takes them in (kernel/slips.js)
const SLIPS = 5;

addEventListener("install", (event) => {
  // each file is asked for by its hash: what has not changed is not sent again
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all([
    cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" }))),
    ...BROUGHT.map((file) => cache.add(file).catch(() => {})), // a plugin's file that is not there costs the app nothing
  ])));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("fieldsales-") && name !== CACHE && name !== SHARED;
  const clean = caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => clients.claim()));
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting(); // said by a page in which no form is open
});

// A picture shared from another app comes as a POST, made by the platform and not by a page. Only Chromium does this, and only
// to this one address; no other POST is ever touched (iOS stored empty ones). It goes nowhere: it is put aside for the page.
async function putAside(request) {
  try {
    const files = (await request.formData()).getAll("slip").filter((one) => one instanceof File && one.size);
    const cache = await caches.open(SHARED);
    for (const [n, file] of files.slice(0, SLIPS).entries())
      await cache.put(`/app/share/${Date.now()}-${n}`, new Response(await file.arrayBuffer(), { headers: { "Content-Type": file.type || "application/octet-stream" } }));
    return Response.redirect("/app/share", 303);
  } catch {
    return Response.redirect("/app/share?missed=1", 303);
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin === location.origin && request.method === "POST" && request.mode === "navigate" && pathname === "/app/share") return event.respondWith(putAside(request));
  if (request.method !== "GET" || origin !== location.origin) return; // never another POST, never another host
  const inApp = request.mode === "navigate" && (pathname === "/app" || pathname.startsWith("/app/"));
  const file = inApp ? "/app" : pathname;
  if (!inApp && !KEPT.has(file)) return; // the API, papers and office pages go straight to the network
  event.respondWith(caches.match(file, { cacheName: CACHE }).then((kept) => kept ?? fetch(request)));
});

// a reminder: counts only, worded by the server in the person's language
addEventListener("push", (event) => {
  let words = {};
  try {
    words = event.data?.json() ?? {};
  } catch {
    // not ours: still shown, or the platform shows something of its own
  }
  const { title = "fieldsales", body = "", tag, url = "/app" } = words;
  event.waitUntil(registration.showNotification(title, { body, tag, data: { url }, icon: "/static/icons/192.png", badge: "/static/icons/badge.png" }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url = "/app" } = event.notification.data ?? {};
  const to = /^\/(app(\/|$)|records$)/.test(url) ? url : "/app";
  const open = async () => {
    if (to === "/records") return clients.openWindow(to); // the desk's page, not the field app's
    const here = (await clients.matchAll({ type: "window" })).find((one) => new URL(one.url).pathname.startsWith("/app"));
    if (!here) return clients.openWindow(to);
    here.postMessage({ type: "go", url: to }); // the page goes there itself: nothing is loaded anew, no form is lost
    return here.focus();
  };
  event.waitUntil(open());
});
