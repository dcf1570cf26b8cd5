// This phone's own key: made once, never leaves the browser. It binds a signing to the device.
import { nameDevice } from "./api.js";
import { uuid7 } from "./ids.js";
import { asked, meta, transact } from "./storage.js";

/** @type {{device_id: string, public_key: JsonWebKey, key: CryptoKey, enrolled: boolean} | null} */
let mine = null;

/** Made on first use. @returns {Promise<{device_id: string, public_key: JsonWebKey, key: CryptoKey, enrolled: boolean}>} */
export async function device() {
  if (mine) return mine;
  mine = (await meta.get("device")) ?? null;
  if (!mine) {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const fresh = { device_id: uuid7(), public_key: { kty, crv, x, y }, key: pair.privateKey, enrolled: false };
    // two tabs may come here at once: the first one written is the device
    mine = await transact(["meta"], "readwrite", async (at) => {
      const found = await asked(at("meta").get("device"));
      if (found) return found.value;
      at("meta").put({ id: "device", value: fresh });
      return fresh;
    });
  }
  nameDevice(mine.device_id);
  return mine;
}

/** @param {boolean} enrolled */
export async function setEnrolled(enrolled) {
  mine = { ...(await device()), enrolled };
  await meta.put("device", mine);
}

export const forgetDevice = () => {
  mine = null;
};

/** ECDSA P-256 / SHA-256 over the bytes: raw r‖s as base64url. @param {BufferSource} bytes */
export async function signBytes(bytes) {
  const { key } = await device();
  const signature = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, bytes));
  return btoa(String.fromCharCode(...signature)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
