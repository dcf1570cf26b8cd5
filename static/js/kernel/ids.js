// Ids are minted by whoever makes the thing, and order nothing. The same rules as kernel/ids.py.
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford base 32: no I, L, O, U to misread

/** A new UUIDv7 (RFC 9562). @param {number} [at] Unix milliseconds */
export function uuid7(at = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5, rest = at; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The number printed on a paper: `HK261121-7K3QX9PW`. @param {string} prefix @param {string} id @param {string} on YYYY-MM-DD */
export function paperNumber(prefix, id, on) {
  let bits = BigInt("0x" + id.replaceAll("-", "").slice(-10));
  let signs = "";
  for (let i = 0; i < 8; i++, bits >>= 5n) signs = SIGNS[Number(bits & 31n)] + signs;
  return prefix + on.slice(2).replaceAll("-", "") + "-" + signs;
}
