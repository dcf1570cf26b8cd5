// Who uses this phone. The shell is the same for everybody; each person has a store of their own.
import { signal } from "../../vendor/signals-core.js";
import { ApiError, Offline, api } from "./api.js";
import { hear, openChannel, tell } from "./channel.js";
import { device, forgetDevice } from "./device.js";
import { loadDocs } from "./docs.js";
import { askWho, ended } from "./exchange.js";
import { blobstates, loadOutbox, rows } from "./outbox.js";
import { openStore, wipe } from "./storage.js";
import { startSync } from "./sync.js";

const KEPT = "fieldsales.user";

export const user = signal(/** @type {{user_id: string, name: string} | null} */ (null));

const remembered = () => JSON.parse(localStorage.getItem(KEPT) ?? "null");
const toLogin = () => location.replace("/login?next=" + encodeURIComponent(location.pathname));

async function whoIsThere() {
  try {
    const ping = await askWho();
    return ping?.fieldsales === 1 ? ping : {};
  } catch (error) {
    if (error instanceof Offline || error instanceof ApiError) return null;
    throw error;
  }
}

/** Open the last user's store, at once and offline; without one, ask the server who this is. */
export async function start() {
  let who = remembered();
  let ping = null;
  if (!who) {
    ping = await whoIsThere();
    if (!ping) return null; // never used here and no network: the page says so
    if (!ping.user_id) return toLogin();
    who = { user_id: ping.user_id, name: ping.name ?? "" };
    localStorage.setItem(KEPT, JSON.stringify(who));
  }
  await openStore(who.user_id);
  openChannel(who.user_id);
  user.value = who;
  await device();
  await Promise.all([loadDocs(), loadOutbox()]);
  hear("gone", () => location.replace("/login"));
  ended.wipe = () => forget().then(() => location.replace("/login"));
  ended.other = async (id) => {
    // another person logged in here: their own store, from their own start
    localStorage.setItem(KEPT, JSON.stringify({ user_id: id, name: "" }));
    location.reload();
  };
  void startSync(ping);
  return who;
}

/** How much is only on this phone (held commands are on the server already). */
export const unsent = () => ({ commands: rows.value.length, photos: blobstates.value.filter((one) => !one.done && !one.lost).length });

async function forget() {
  localStorage.removeItem(KEPT);
  forgetDevice();
  user.value = null;
  await wipe();
  tell("gone");
}

/**
 * Leave this phone: everything of this person is deleted here. With unsent work nothing happens unless `force`d.
 */
export async function logout({ force = false } = {}) {
  const left = unsent();
  if ((left.commands || left.photos) && !force) return { unsent: left };
  try {
    await api("POST", "/session/end");
  } catch {
    // offline: the session ends when it expires; what matters here is that the data is gone
  }
  await forget();
  location.replace("/login");
  return { unsent: { commands: 0, photos: 0 } };
}
