// What a signing binds, each part by its hash; phone and server build the same.

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
    ...(signing.confirmation ? { confirmation: signing.confirmation } : {}),
  };
}
