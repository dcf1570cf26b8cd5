// What a signing binds: payload, text shown, strokes and proofs by their hashes, the whole signed by this phone's key.
import { canonical, digest, nfc, sha256 } from "../kernel/canonical.js";
import { device, signBytes } from "../kernel/device.js";

/** A text as a record keeps it: NFC, nothing hidden, one line, no outer blanks, at most 120 characters. */
export const line = (text) => [...nfc(text || "").replace(/\s+/g, " ").trim()].slice(0, 120).join("");

/** The manifest of one signing; the server builds the same from what is sent (fieldsales/documents/canonical.py). */
export function manifestOf(kind, payload, signing, device_id) {
  return {
    v: 1,
    kind,
    payload_sha256: signing.payload_sha256,
    text_sha256: signing.text_sha256,
    strokes_sha256: signing.strokes_sha256,
    clause_set: signing.clause_set,
    clause_version: signing.clause_version,
    lang: signing.lang,
    photos: signing.signatory.authority_sha256,
    predecessor: payload.predecessor_id ?? null,
    device_id,
    made_at: payload.made_at,
  };
}

/** The signing as the command carries it. `frozen`: {kind, lang, payload, signatory, witness, text, clause_version}. */
export async function signingOf(frozen, strokes) {
  const { kind, lang, payload, signatory, witness, text, clause_version } = frozen;
  const signing = {
    lang,
    clause_set: kind,
    clause_version,
    payload_sha256: await digest(payload),
    text_sha256: await sha256(text),
    strokes,
    strokes_sha256: await digest(strokes),
    signatory,
    witness,
  };
  const { device_id } = await device();
  const manifest = manifestOf(kind, payload, signing, device_id);
  signing.manifest_sha256 = await digest(manifest);
  signing.device_signature = await signBytes(new TextEncoder().encode(canonical(manifest)));
  return signing;
}

/** A hash short enough to read aloud: `3f2a 91bc 07de 55aa`. */
export const shortHash = (hash) => hash.slice(0, 16).replace(/(.{4})(?=.)/g, "$1 ");
