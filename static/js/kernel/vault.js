// The data key, wrapped under what the person knows (a PIN) or has (a passkey); handbook/decisions/0010-the-phones-lock.md.
// In memory it cannot be taken out of the browser; on the disk it never lies in clear.
import { sha256 } from "./canonical.js";
import { asked, ownerOf, transact } from "./storage.js";

/** Rounds of PBKDF2-SHA-256. Raising it raises older wraps too, at the next unlock by PIN. */
export const ITERATIONS = 600_000;
const IDS = ["vault", "vault-copy"]; // twice, written together: one damaged record must not cost the key
const AES = { name: "AES-GCM", length: 256 };

/** This PIN opens nothing. */
export class WrongPin extends Error {}
/** What is left of the key's record cannot be used. */
export class DamagedKey extends Error {}

const coded = (text) => new TextEncoder().encode(text);
export const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
export const toBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
export const random = (n) => crypto.getRandomValues(new Uint8Array(n));

/** @typedef {{kind: "pin" | "passkey", salt: string, iterations?: number, id?: string, name?: string, made_at: string, iv: string, key: string}} Wrap */

/** The wraps of this person's key: null when there is none yet. @returns {Promise<Wrap[] | null>} */
export async function wraps() {
  const found = await transact(["meta"], "readonly", (at) => Promise.all(IDS.map((id) => asked(at("meta").get(id)))));
  if (!found.some(Boolean)) return null;
  for (const record of found) {
    const { text, hash } = record?.value ?? {};
    if (typeof text === "string" && (await sha256(text)) === hash) return JSON.parse(text);
  }
  throw new DamagedKey("both records of the key are damaged");
}

/** What to put into `meta` for these wraps. @param {Wrap[]} list */
export async function records(list) {
  const text = JSON.stringify(list);
  const value = { text, hash: await sha256(text) };
  return IDS.map((id) => ({ id, value }));
}

/** @param {Wrap[]} list */
export async function keep(list) {
  const both = await records(list);
  await transact(["meta"], "readwrite", (at) => both.forEach((record) => void at("meta").put(record)));
}

/** The key that wraps, from a PIN. @param {string} pin @param {{salt: string, iterations?: number}} how */
async function fromPin(pin, { salt, iterations = ITERATIONS }) {
  const typed = await crypto.subtle.importKey("raw", coded(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: toBytes(salt), iterations };
  return crypto.subtle.deriveKey(how, typed, AES, false, ["wrapKey", "unwrapKey"]);
}

/** The key that wraps, from what a passkey answers to its salt. @param {BufferSource} secret */
async function fromPasskey(secret) {
  const given = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: coded("fieldsales data key") };
  return crypto.subtle.deriveKey(how, given, AES, false, ["wrapKey", "unwrapKey"]);
}

// the person and the way are bound in: a wrap copied elsewhere opens nothing
const sealing = (iv, kind) => ({ name: "AES-GCM", iv, additionalData: coded(`fieldsales ${kind} ${ownerOf()}`) });

/** @param {CryptoKey} key extractable @param {CryptoKey} under @param {any} about @returns {Promise<Wrap>} */
async function wrap(key, under, about) {
  const iv = random(12);
  const wrapped = await crypto.subtle.wrapKey("raw", key, under, sealing(iv, about.kind));
  return { ...about, made_at: new Date().toISOString(), iv: toText(iv), key: toText(wrapped) };
}

/** @param {Wrap} one @param {CryptoKey} under @param {boolean} extractable only to be wrapped anew at once */
async function unwrap(one, under, extractable) {
  try {
    return await crypto.subtle.unwrapKey("raw", toBytes(one.key), under, sealing(toBytes(one.iv), one.kind), AES.name, extractable, ["encrypt", "decrypt"]);
  } catch {
    throw new WrongPin(one.kind);
  }
}

/** @param {CryptoKey} key extractable @param {string} pin */
export async function wrapByPin(key, pin, iterations = ITERATIONS) {
  const about = { kind: "pin", salt: toText(random(16)), iterations };
  return wrap(key, await fromPin(pin, about), about);
}

/** @param {CryptoKey} key extractable @param {{id: string, salt: string, name: string, secret: BufferSource}} passkey */
export async function wrapByPasskey(key, { secret, ...about }) {
  return wrap(key, await fromPasskey(secret), { ...about, kind: "passkey" });
}

/** A new data key, in hand only until it is wrapped. */
export const newKey = () => crypto.subtle.generateKey(AES, true, ["encrypt", "decrypt"]);

/** The first key of an empty store; null when another tab has made one meanwhile. @param {string} pin */
export async function firstKey(pin) {
  const key = await newKey();
  const both = await records([await wrapByPin(key, pin)]);
  const first = await transact(["meta"], "readwrite", async (at) => {
    const known = await Promise.all(IDS.map((id) => asked(at("meta").getKey(id))));
    if (known.some((id) => id !== undefined)) return false;
    for (const record of both) at("meta").put(record);
    return true;
  });
  return first ? forUse(key) : null;
}

/** The same key as it is used: it encrypts and decrypts, and cannot be taken out. @param {CryptoKey} key extractable */
export async function forUse(key) {
  return crypto.subtle.importKey("raw", await crypto.subtle.exportKey("raw", key), AES.name, false, ["encrypt", "decrypt"]);
}

/** The key behind a PIN; throws WrongPin. @param {string} pin */
export async function keyByPin(pin, extractable = false) {
  const list = (await wraps()) ?? [];
  const one = list.find(({ kind }) => kind === "pin");
  if (!one) throw new WrongPin("no pin");
  const weak = one.iterations < ITERATIONS;
  const key = await unwrap(one, await fromPin(pin, one), extractable || weak);
  if (!weak) return key;
  const stronger = await wrapByPin(key, pin);
  await keep(list.map((other) => (other === one ? stronger : other)));
  return extractable ? key : forUse(key);
}

/** The key behind a passkey's answer. @param {Wrap} one @param {BufferSource} secret */
export const keyByPasskey = async (one, secret, extractable = false) => unwrap(one, await fromPasskey(secret), extractable);
