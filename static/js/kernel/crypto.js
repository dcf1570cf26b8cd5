// Records at rest: AES-GCM under a random key that cannot be taken out of the browser (vault.js keeps it).
// Every record is `{id, index, iv, ct}`: `index` is what must be searched, the rest is sealed.

// the store and id are bound in, so that one record cannot stand in for another
const bound = (store, id) => new TextEncoder().encode(store + "/" + id);

/** @param {CryptoKey} key @param {string} store @param {string} id @param {any} index @param {any} value JSON, or an ArrayBuffer */
export async function seal(key, store, id, index, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = value instanceof ArrayBuffer ? value : new TextEncoder().encode(JSON.stringify(value));
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(store, id) }, key, bytes);
  return { id, index, iv, ct };
}

/** The bytes of a record; throws when it is damaged. @param {CryptoKey} key @param {string} store @param {any} record @returns {Promise<ArrayBuffer>} */
export function unsealBytes(key, store, record) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv, additionalData: bound(store, record.id) }, key, record.ct);
}

/** @param {CryptoKey} key @param {string} store @param {any} record */
export async function unseal(key, store, record) {
  return JSON.parse(new TextDecoder().decode(await unsealBytes(key, store, record)));
}
