// One way to write a value as bytes (RFC 8785), and its hash: phone and server must agree.

/** @param {any} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map((item) => canonical(item ?? null)).join(",") + "]";
  if (value && typeof value === "object") {
    // sort() compares UTF-16 code units, as RFC 8785 wants
    const names = Object.keys(value).filter((name) => value[name] !== undefined).sort();
    return "{" + names.map((name) => JSON.stringify(name) + ":" + canonical(value[name])).join(",") + "}";
  }
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("not a number that JSON knows");
  return JSON.stringify(value ?? null);
}

/** SHA-256 as lower-case hex. @param {string | BufferSource} content */
export async function sha256(content) {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {any} value */
export const digest = (value) => sha256(canonical(value));

// what the server refuses in a record (kernel/text.py): bidi overrides, zero-width and control signs
const HIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]/gu;

/** A copy with every string in NFC, hidden signs dropped and lines ended by LF. @param {any} value @returns {any} */
export function nfc(value) {
  if (typeof value === "string") return value.replace(/\r\n?/g, "\n").replace(HIDDEN, "").normalize("NFC");
  if (Array.isArray(value)) return value.map(nfc);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined).map(([name, item]) => [name, nfc(item)]));
  }
  return value;
}
