// What came after a promise: the reply to its confirmation, proof of the money. Kept beside it; the promise itself stays as it was.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { money } from "../kernel/money.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { dated } from "../parts/day.js";
import { Dock, Empty, Skeleton, Top } from "../parts/page.js";
import { Choice, ProseField } from "../parts/fields.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import "../words/promises.js";
import "../words/judgement.js";

const kinds = () => [["reply", t("Their reply to the confirmation")], ["funding", t("Proof of the money")], ["other", t("Something more about it")]];
const fresh = () => ({ command_id: uuid7(), evidence_id: uuid7(), kind: "reply", words: "", photos: [] });

export default function Evidence({ customer, rest }) {
  const promise = (customer.promises || []).find((one) => one.id === rest[0]);
  const key = `evidence/${rest[0]}`;
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  if (!promise) return html`<main class="page"><${Top} title=${t("Reply or proof")} small=${customer.name} /><${Empty} title=${t("This promise is not on this phone any more.")} /></main>`;
  if (!draft) return html`<main class="page"><${Top} title=${t("Reply or proof")} small=${customer.name} /><${Skeleton} /></main>`;
  const submit = async () => {
    try {
      await settled(key);
      const payload = { evidence_id: draft.evidence_id, promise_id: promise.id, customer_id: customer.id, kind: draft.kind, words: draft.words, proof_sha256: draft.photos.map((one) => one.sha256) };
      const saved = await save({ command_id: draft.command_id, operation: "promises.add_evidence", payload, entity_id: draft.evidence_id,
        needs: promise.pending ? [promise.id] : [], blobs: photoBlobs(await recallAll(draft.photos)), draft: key });
      await dropPhotos(draft.photos);
      saySaved(t("Reply or proof"), saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<main class="page">
    <${Top} title=${t("Reply or proof")} small=${customer.name} />
    <div class="stack">
      <p class="sub">${dated(promise.due_on)} · <span class="num">${money(promise.amount_minor, customer.currency)}</span>${promise.words && ` · “${promise.words}”`}</p>
      <${Choice} label=${t("What came")} value=${draft.kind} options=${kinds()} onInput=${(kind) => change({ kind })} />
      <${Photos} photos=${draft.photos} label=${t("Photo of it")} slot=${draft.kind} keepOriginal stored max=${10} onChange=${(photos) => change({ photos })} />
      <${ProseField} label=${t("In their words")} value=${draft.words} onInput=${(words) => change({ words })} />
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draftNote(kept)}><button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save")}</button><//>
  </main>`;
}
