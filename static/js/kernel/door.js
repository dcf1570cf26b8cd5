// The door of the store: who is it, with which PIN or passkey; locked again after a while. Nothing sealed is read before.
import { signal } from "../../vendor/signals-core.js";
import { ApiError, Offline } from "./api.js";
import { startAway } from "./away.js";
import { openChannel } from "./channel.js";
import { device, deviceId } from "./device.js";
import { loadDocs } from "./docs.js";
import { askWho, ended } from "./exchange.js";
import { loadOutbox } from "./outbox.js";
import { afterLeaving, dropShared, endSession, erase, forgetAll, remember, remembered, sessionSettled, unsentOnDisk, user } from "./session.js";
import { deleted, holdKey, meta, onlyOwner, openStore, ownerOf, quiet, remove, storeOf, wipe } from "./storage.js";
import { startSync, syncNow } from "./sync.js";
import { countOne, forgetTries } from "./tries.js";
import { DamagedKey, firstKey, keyByPin, wraps } from "./vault.js";

const FRESH_MS = 10_000;

/**
 * What stands between the person and the app. `state`: opening | unknown (never used here, no network) | insecure (no secure
 * address) | broken | setup (a PIN is to be chosen; `upgrade`: for what lies here already) | locked | damaged (the key's record)
 * | proved (PIN forgotten, password given) | open | wiped (by the office) | left (signed out without a network) | leaving. `unsent`: what is only on this phone.
 */
export const door = signal(/** @type {{state: string, [more: string]: any}} */ ({ state: "opening" }));
const show = (state, more = {}) => void (door.value = { state, ...more });

function toLogin() {
  show("leaving");
  location.replace("/login?next=" + encodeURIComponent(location.pathname + location.search));
}

let heard = { ping: null, at: 0 };

async function whoIsThere() {
  try {
    const ping = await askWho();
    heard = { ping, at: Date.now() };
    return ping?.fieldsales === 1 ? ping : {};
  } catch (error) {
    if (error instanceof Offline || error instanceof ApiError) return null;
    throw error;
  }
}

/** Find the last user's store, at once and offline; without one, ask the server who this is. */
export async function start() {
  if (!globalThis.crypto?.subtle) return show("insecure");
  try {
    let id = remembered() ?? (await onlyOwner());
    if (!id) {
      const ping = (await sessionSettled()) && (await whoIsThere());
      if (!ping) return show("unknown");
      if (!ping.user_id) return toLogin();
      id = ping.user_id;
    }
    remember(id);
    deleted.run = () => location.replace("/login"); // signed out in another tab
    afterLeaving.run = (ended) => (ended ? location.replace("/login") : show("left"));
    ended.wipe = wiped;
    ended.other = another;
    await openStore(id);
    await deviceId();
    await toTheDoor();
    if (door.value.state !== "setup" || !heard.at) void lookOut();
    // a locked phone that lies about hears of a wipe too
    addEventListener("online", () => void lookOut());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void lookOut());
  } catch (error) {
    console.warn("store", error);
    show("broken");
  }
}

/** Locked, or a PIN to be chosen. */
export async function toTheDoor(more = {}) {
  try {
    if (await wraps()) show("locked", { unsent: await unsentOnDisk(), ...more });
    else show("setup", { upgrade: Boolean(await meta.get("key")) });
  } catch (error) {
    if (!(error instanceof DamagedKey)) throw error;
    show("damaged", { unsent: await unsentOnDisk() });
  }
}

/** While the door is shut: another person may have signed in, the office revoked this phone, the password been given. */
export async function lookOut() {
  if (storeOf() || !ownerOf()) return;
  const ping = await whoIsThere();
  if (!ping?.fieldsales || storeOf() || !ownerOf()) return;
  if (ping.device === "wipe") return wiped();
  if (!ping.user_id) return;
  if (ping.user_id !== ownerOf()) return another(ping.user_id);
  const proof = await meta.get("proof");
  if (!proof || storeOf()) return;
  await remove("meta", "proof");
  if (proof.why === "forgotten") return show("proved", { unsent: await unsentOnDisk() });
  await forgetTries();
  await toTheDoor({ again: true });
}

/** Before the first save of anything: the key is made, wrapped under this PIN, and what lies here in clear is sealed anew. @param {string} pin */
export async function setPin(pin) {
  const key = door.value.upgrade ? await (await import("./upgrade.js")).upgrade(pin) : await firstKey(pin);
  return key ? enter(key) : unlock(pin); // another tab was quicker
}

let closing = Promise.resolve();

/** Throws WrongPin, TooSoon or NeedPassword. @param {string} pin */
export async function unlock(pin) {
  await closing;
  await countOne();
  return enter(await keyByPin(pin));
}

/** Throws when the person or the phone says no. */
export async function unlockByPasskey() {
  await closing;
  return enter(await (await import("./passkey.js")).keyFromPasskey());
}

let before = false;

async function enter(key) {
  holdKey(key);
  const id = storeOf();
  try {
    openChannel(id);
    await Promise.all([forgetTries(), device(), loadDocs(), loadOutbox()]);
  } catch (error) {
    holdKey(null);
    forgetAll();
    throw error;
  }
  user.value = { user_id: id, name: "" };
  show("open");
  if (before) return void syncNow();
  before = true;
  startAway(lock);
  void startSync(Date.now() - heard.at < FRESH_MS ? heard.ping : undefined);
}

/** Hide everything at once, let what is being written come to its end, then forget the key and all that was read with it. */
export function lock() {
  if (storeOf()) closing = shut();
  return closing;
}

async function shut() {
  show("locked", { closing: true });
  await quiet();
  holdKey(null);
  forgetAll();
  await toTheDoor();
}

/** The account's password, online, for `why`: "tries" (more tries) or "forgotten" (start over). Throws Offline. @param {string} why */
export async function provePassword(why) {
  await endSession(); // only who signs in anew has given the password
  await meta.put("proof", { why });
  toLogin();
}

/** Somebody else takes the phone: this person's store stays, locked. Throws Offline. */
export async function giveAway() {
  await endSession();
  await dropShared();
  toLogin();
}

/** The password was given: everything here is deleted, and an empty store begins. */
export async function startOver() {
  const id = ownerOf();
  await wipe();
  await openStore(id);
  await toTheDoor();
}

async function another(id) {
  if (id === ownerOf()) return; // only locked meanwhile
  remember(id); // their own store, from their own start
  await dropShared();
  location.reload();
}

async function wiped() {
  const left = await unsentOnDisk();
  await erase();
  show("wiped", { unsent: left });
}
