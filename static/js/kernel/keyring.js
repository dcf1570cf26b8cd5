// Another PIN, a passkey more or less. Each needs a way in that is open already: the key is taken out only to be wrapped anew.
import { keyFromPasskey, makePasskey } from "./passkey.js";
import { countOne, forgetTries } from "./tries.js";
import { keep, keyByPin, wrapByPasskey, wrapByPin, wraps } from "./vault.js";

/** @param {string | null} pin the present one; null: by passkey */
async function prove(pin) {
  if (pin === null) return keyFromPasskey(true);
  await countOne();
  const key = await keyByPin(pin, true);
  await forgetTries();
  return key;
}

/** Another PIN. Throws WrongPin, TooSoon, NeedPassword or NoPasskey. @param {string | null} pin the present one; null: by passkey @param {string} next */
export async function changePin(pin, next) {
  const fresh = await wrapByPin(await prove(pin), next);
  await keep([fresh, ...(await wraps()).filter(({ kind }) => kind !== "pin")]);
}

/** One's passkeys: `{id, name, made_at}`. */
export const passkeys = async () => (await wraps()).filter(({ kind }) => kind === "passkey");

/** A passkey of this phone opens the store too. Throws NoPasskey, or as changePin does. @param {string} pin @param {string} name what to call it */
export async function addPasskey(pin, name) {
  const key = await prove(pin);
  const fresh = await wrapByPasskey(key, { ...(await makePasskey()), name });
  await keep([...(await wraps()), fresh]);
}

/** @param {string} id */
export async function removePasskey(id) {
  await keep((await wraps()).filter((one) => one.id !== id));
}
