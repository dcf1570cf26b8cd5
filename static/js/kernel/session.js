// Whose phone this is. The shell is the same for everybody; each person has a store of their own, and leaves nothing behind.
import { signal } from "../../vendor/signals-core.js";
import { api } from "./api.js";
import { closeChannel } from "./channel.js";
import { forgetDevice } from "./device.js";
import { forgetDocs } from "./docs.js";
import { blobstates, forgetOutbox, rows } from "./outbox.js";
import { asked, transact, wipe } from "./storage.js";
import { emptyCaches } from "./worker.js";

const KEPT = "fieldsales.user";
/** Signed out without a network: the session is still to be ended. Nobody's name, and the only thing left behind. */
const OWED = "fieldsales.end";

export const user = signal(/** @type {{user_id: string, name: string} | null} */ (null));

/** Whose store opens: only an id, whose phone this is cannot be read off it. @returns {string | undefined} */
export function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null")?.user_id;
  } catch {
    return undefined;
  }
}
/** @param {string} user_id */
export const remember = (user_id) => localStorage.setItem(KEPT, JSON.stringify({ user_id }));

/** How much is only on this phone (held commands are on the server already). */
export const unsent = () => ({ commands: rows.value.length, photos: blobstates.value.filter((one) => !one.done && !one.lost).length });

/** The same, and the drafts, counted on the disk: it needs no key. */
export const unsentOnDisk = () =>
  transact(["outbox", "blobstate", "drafts"], "readonly", async (at) => {
    const [commands, states, keys] = await Promise.all([asked(at("outbox").count()), asked(at("blobstate").getAll()), asked(at("drafts").getAllKeys())]);
    const drafts = keys.filter((key) => !/^(photo|done)\//.test(String(key))).length;
    return { commands, photos: states.filter((one) => !one.done && !one.lost).length, drafts };
  });

/** Nothing of this person is in memory any more. */
export function forgetAll() {
  user.value = null;
  closeChannel();
  forgetDevice();
  forgetDocs();
  forgetOutbox();
}

/** Nothing of this person is on the phone any more. */
export async function erase() {
  for (const name of Object.keys(localStorage)) if (name.startsWith("fieldsales")) localStorage.removeItem(name);
  forgetAll();
  await wipe();
  await emptyCaches();
}

/** What is shown when nobody is here any more; door.js sets it for a phone without a network. */
export const afterLeaving = { run: (_ended) => location.replace("/login") };

/** A picture another app handed over for the one who was here is not for the next; it is still where it was shared from. */
export const dropShared = () => globalThis.caches?.delete("fieldsales-shared");

/** Leave this phone: everything of this person is deleted here. With unsent work nothing happens unless `force`d. */
export async function logout({ force = false } = {}) {
  const left = unsent();
  if ((left.commands || left.photos) && !force) return { unsent: left };
  await erase();
  afterLeaving.run(await endSession().then(() => true, () => localStorage.setItem(OWED, "1")));
  return { unsent: { commands: 0, photos: 0 } };
}

/** The session at the server ends; throws without a network. */
export async function endSession() {
  await api("POST", "/session/end");
  localStorage.removeItem(OWED);
}

/** Whether nobody's session is open here that should not be. */
export const sessionSettled = () => !localStorage.getItem(OWED) || endSession().then(() => true, () => false);
