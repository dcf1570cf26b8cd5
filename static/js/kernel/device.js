// This phone's own key: made once, sealed under the data key, so it signs only while the phone is unlocked.
// It binds a signing to the device.
import { nameDevice } from "./api.js";
import { uuid7 } from "./ids.js";
import { asked, meta, sealed, transact, unsealedBytes } from "./storage.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };

/** @type {{device_id: string, public_key: JsonWebKey, key: CryptoKey, enrolled: boolean} | null} */
let mine = null;

/** The phone's id, which is no secret: a locked phone names itself too, so that it can be told to wipe itself. */
export async function deviceId() {
  const id = (await meta.get("device"))?.device_id ?? "";
  nameDevice(id);
  return id;
}

async function make() {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const secret = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
  return { device_id: uuid7(), public_key: { kty, crv, x, y }, enrolled: false, secret: await sealed("meta", "device", {}, secret) };
}

/** Made on first use. @returns {Promise<{device_id: string, public_key: JsonWebKey, key: CryptoKey, enrolled: boolean}>} */
export async function device() {
  if (mine) return mine;
  let kept = await meta.get("device");
  // before there was a lock the key could not be sealed: such a phone becomes a new one once nothing signed by it waits
  if (!kept || (kept.key && !(await transact(["outbox"], "readonly", (at) => asked(at("outbox").count()))))) {
    const fresh = await make();
    // two tabs may come here at once: the first one written is the device
    kept = await transact(["meta"], "readwrite", async (at) => {
      const found = (await asked(at("meta").get("device")))?.value;
      if (found?.secret) return found;
      at("meta").put({ id: "device", value: fresh });
      return fresh;
    });
  }
  const key = kept.key ?? (await crypto.subtle.importKey("pkcs8", await unsealedBytes("meta", kept.secret), CURVE, false, ["sign"]));
  mine = { ...kept, key };
  nameDevice(mine.device_id);
  return mine;
}

/** @param {boolean} enrolled */
export async function setEnrolled(enrolled) {
  mine = { ...(await device()), enrolled };
  await transact(["meta"], "readwrite", async (at) => {
    const record = await asked(at("meta").get("device"));
    at("meta").put({ id: "device", value: { ...record.value, enrolled } });
  });
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
