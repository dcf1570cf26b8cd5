// A passkey as a second way in: its PRF extension answers a secret that only this passkey, asked for this phone's salt, can give.
import { docs } from "./docs.js";
import { ownerOf } from "./storage.js";
import { DamagedKey, keyByPasskey, random, toBytes, toText, wraps } from "./vault.js";

/** Why a passkey will not do: "address" | "none" | "prf" | "refused". */
export class NoPasskey extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

const isNumber = (host) => /^[\d.]+$/.test(host) || host.includes(":");

/** Whether this phone can have one for this address: "" or why not. */
export async function passkeyProblem() {
  const { PublicKeyCredential: kind } = globalThis;
  if (isNumber(location.hostname.replace(/[[\]]/g, ""))) return "address"; // a passkey belongs to a name
  return (await kind?.isUserVerifyingPlatformAuthenticatorAvailable?.()) ? "" : "none";
}

const answered = (credential) => credential?.getClientExtensionResults().prf;
const url = (bytes) => toText(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function asking(work) {
  try {
    return await work();
  } catch (error) {
    throw new NoPasskey(error.name === "SecurityError" ? "address" : "refused");
  }
}

/** @param {{id: string, salt: string}[]} list @returns {Promise<any>} */
function ask(list) {
  const salts = Object.fromEntries(list.map(({ id, salt }) => [url(toBytes(id)), { first: toBytes(salt) }]));
  const allowCredentials = list.map(({ id }) => ({ type: "public-key", id: toBytes(id) }));
  const extensions = { prf: { evalByCredential: salts } };
  return asking(() => navigator.credentials.get({ publicKey: /** @type {any} */ ({ challenge: random(32), rpId: location.hostname, allowCredentials, userVerification: "required", extensions }) }));
}

/** Ask the phone to make one; throws NoPasskey. @returns {Promise<{id: string, salt: string, secret: BufferSource}>} */
export async function makePasskey() {
  const salt = random(32);
  const named = docs.one("me").value?.name || "fieldsales";
  const made = /** @type {any} */ (
    await asking(() =>
      navigator.credentials.create({
        publicKey: /** @type {any} */ ({
          challenge: random(32),
          rp: { id: location.hostname, name: "fieldsales" },
          user: { id: new TextEncoder().encode(ownerOf()), name: named, displayName: named },
          pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key", alg })),
          authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
          extensions: { prf: { eval: { first: salt } } },
        }),
      }),
    )
  );
  const passkey = { id: toText(made.rawId), salt: toText(salt) };
  if (!answered(made)?.enabled) {
    // without PRF it could prove who one is, but not open anything: the phone may forget it again
    globalThis.PublicKeyCredential.signalUnknownCredential?.({ rpId: location.hostname, credentialId: url(made.rawId) }).catch(() => {});
    throw new NoPasskey("prf");
  }
  const secret = answered(made).results?.first ?? answered(await ask([passkey]))?.results?.first; // some answer only when asked again
  if (!secret) throw new NoPasskey("prf");
  return { ...passkey, secret };
}

/** The data key, by any passkey of this person on this phone; throws NoPasskey. */
export async function keyFromPasskey(extractable = false) {
  const list = ((await wraps()) ?? []).filter(({ kind }) => kind === "passkey");
  if (!list.length) throw new NoPasskey("none");
  const given = await ask(/** @type {any} */ (list));
  const one = list.find(({ id }) => id === toText(given.rawId));
  const secret = answered(given)?.results?.first;
  if (!one || !secret) throw new NoPasskey("prf");
  return keyByPasskey(one, secret, extractable).catch(() => {
    throw new DamagedKey("passkey"); // the right passkey, and yet it does not fit
  });
}
