// What a signing binds: payload, text shown, strokes and proofs by their hashes, the whole signed by this phone's key.
import { canonical, digest, nfc, sha256 } from "../kernel/canonical.js";
import { device, signBytes } from "../kernel/device.js";
import { manifestOf } from "./manifest.js";

/** A text as a record keeps it: NFC, nothing hidden, one line, no outer blanks, at most 120 characters. */
export const line = (text) => [...nfc(text || "").replace(/\s+/g, " ").trim()].slice(0, 120).join("");

/** The signing as the command carries it. `frozen`: {kind, lang, payload, signatory, witness, text, clause_version, confirmation?}. */
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
    ...(frozen.confirmation ? { confirmation: frozen.confirmation } : {}),
  };
  const { device_id } = await device();
  const manifest = manifestOf(kind, payload, signing, device_id);
  signing.manifest_sha256 = await digest(manifest);
  signing.device_signature = await signBytes(new TextEncoder().encode(canonical(manifest)));
  return signing;
}

/** A hash short enough to read aloud: `3f2a 91bc 07de`. */
export const shortHash = (hash) => hash.slice(0, 12).replace(/(.{4})(?=.)/g, "$1 ");
