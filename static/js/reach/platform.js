// What the platform around the app is told: the badge, the way out of a chat app, where a tapped notification leads.
import { effect } from "../../vendor/signals-core.js";
import { door } from "../kernel/door.js";
import { navigate } from "../kernel/router.js";
import { queue } from "../kernel/outbox.js";
import { insideOf } from "./inside.js";

/** The app's icon shows how much waits on this phone. While the door is shut the number stays as it was. */
effect(() => {
  const { state } = door.value;
  const waiting = queue.value.length;
  if (["left", "wiped", "unknown", "leaving"].includes(state)) navigator.clearAppBadge?.().catch(() => {});
  else if (state === "open") (waiting ? navigator.setAppBadge?.(waiting) : navigator.clearAppBadge?.())?.catch(() => {});
});

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data?.type === "go" && /^\/app(\/|$)/.test(data.url)) navigate(data.url);
});

if (insideOf(navigator.userAgent)) import("./embedded.js").then(({ explain }) => explain());
// a push subscription is renewed with this sign-in: it ends with the one it was made under
effect(() => {
  if (door.value.state === "open" && globalThis.Notification?.permission === "granted") import("./push.js").then(({ renew }) => renew(), () => {});
});
