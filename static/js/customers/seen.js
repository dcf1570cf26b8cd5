// How they behave towards us: one thing seen or heard, on its day, with a photo. It decides nothing; the office weighs it.
import { html, useState } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Choice, DateField, ProseField } from "../parts/fields.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import "../words/visits.js";
import "../words/truth.js";

const fresh = () => ({ command_id: uuid7(), sign_id: uuid7(), kind: "", words: "", seen_on: today(), photos: [] });

export default function SeenScreen({ customer }) {
  const key = `seen/${customer.id}`;
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<main class="page"><${Top} title=${t("How they behave")} small=${customer.name} /><${Skeleton} /></main>`;
  const kinds = (docs.one("settings").value?.signs_seen || []).map((one) => [one.code, pick(one)]);
  const submit = async () => {
    try {
      await settled(key);
      const payload = { sign_id: draft.sign_id, customer_id: customer.id, kind: draft.kind, words: draft.words, seen_on: draft.seen_on || today(), visit_id: null,
        evidence_sha256: draft.photos.map((photo) => photo.sha256) };
      const saved = await save({ command_id: draft.command_id, operation: "collection.note_sign", payload, entity_id: draft.sign_id, base_rev: customer.rev ?? null,
        blobs: photoBlobs(await recallAll(draft.photos)), draft: key });
      await dropPhotos(draft.photos);
      saySaved(t("How they behave"), saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<main class="page">
    <${Top} title=${t("How they behave")} small=${customer.name} />
    <div class="stack">
      <p class="hint">${t("Only what you saw or heard yourself, good or bad. The office weighs it; nothing changes by it alone.")}</p>
      <${Choice} shape="stack" label=${t("Choose what fits")} value=${draft.kind} options=${kinds} onInput=${(kind) => change({ kind })} />
      <${DateField} label=${t("Day")} value=${draft.seen_on} onInput=${(seen_on) => change({ seen_on })} />
      <${ProseField} label=${t("What you saw, who said so")} value=${draft.words} onInput=${(words) => change({ words })} />
      <${Photos} photos=${draft.photos} label=${t("Take a photo")} slot="proof" keepOriginal max=${20} onChange=${(photos) => change({ photos })} />
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" disabled=${!draft.kind} onClick=${submit}>${t("Save")}</button><//>
  </main>`;
}
