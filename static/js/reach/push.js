// Web push, where the platform has it: asked for by a tap, renewed with each start, ended by another tap.
import { api } from "../kernel/api.js";
import { device } from "../kernel/device.js";

const WANTED = "fieldsales.push";

/** Whether this browser can be pushed to at all (not on many phones in mainland China, not in iOS tabs). */
export const canPush = () => Boolean(globalThis.PushManager && globalThis.Notification && navigator.serviceWorker);
export const wanted = () => localStorage.getItem(WANTED) === "1" && globalThis.Notification?.permission === "granted";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function registrationOf() {
  const found = await navigator.serviceWorker.getRegistration();
  if (!found?.active) throw new Error("no worker");
  return found;
}

async function subscribe() {
  const { public_key } = await api("GET", "/reminders/push");
  const { pushManager } = await registrationOf();
  const key = bytes(public_key);
  const known = await pushManager.getSubscription();
  const ours = known && text(known.options.applicationServerKey) === text(key.buffer);
  if (known && !ours) await known.unsubscribe(); // another house's key: this server could not reach it
  const made = ours ? known : await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { device_id } = await device();
  await api("POST", "/reminders/push", { device_id, endpoint: made.endpoint, p256dh: text(made.getKey("p256dh")), auth: text(made.getKey("auth")) });
}

/** After a tap: asks the person, then the push service. Resolves to "" or the reason it cannot be: refused | service | offline. */
export async function switchOn() {
  if ((await Notification.requestPermission()) !== "granted") return "refused";
  try {
    await subscribe();
  } catch (error) {
    return error.name === "AbortError" || error.name === "NotAllowedError" || error.message === "no worker" ? "service" : "offline";
  }
  localStorage.setItem(WANTED, "1");
  return "";
}

export async function switchOff() {
  localStorage.removeItem(WANTED);
  const { device_id } = await device();
  await (await (await registrationOf()).pushManager.getSubscription())?.unsubscribe();
  await api("POST", "/reminders/push/end", { device_id });
}

/** This sign-in's subscription; quietly nothing without a network. */
export const renew = () => (wanted() ? subscribe().catch(() => {}) : undefined);
