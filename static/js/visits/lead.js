// 线索: somebody who might buy and is nobody's customer yet. A name is enough; a business card photographed says more.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { docs } from "../kernel/docs.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { ProseField, TextField } from "../parts/fields.js";
import { Photos, photoBlobs, photoRows } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { line } from "../plans/seal.js";
import "../customers/pending.js";
import "../words/visits.js";

const fresh = () => ({ command_id: uuid7(), lead_id: uuid7(), name: "", phone: "", address: "", text: "", photos: [] });

/** `query.from`: the customer one heard it from. */
export default function LeadScreen({ query }) {
  const from = docs.get("customer", query.from || "").value;
  const key = `lead/${from?.id || "new"}`;
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  const small = from ? t("heard from {name}", { name: from.name }) : t("not a customer yet");
  if (!draft) return html`<main class="page"><${Top} title=${t("Lead")} small=${small} /><${Skeleton} /></main>`;
  const write = (name) => (value) => change({ [name]: value });
  const submit = async () => {
    if (!line(draft.name)) return setTrouble(t("Write the name of the person or the firm."));
    try {
      await settled(key);
      const payload = { lead_id: draft.lead_id, name: line(draft.name), phone: line(draft.phone), address: line(draft.address), text: draft.text, customer_id: from?.id ?? null, photos: photoRows(draft.photos) };
      const saved = await save({ command_id: draft.command_id, operation: "visits.add_lead", payload, entity_id: draft.lead_id, blobs: photoBlobs(await recallAll(draft.photos)), draft: key });
      await dropPhotos(draft.photos);
      saySaved(t("Lead"), saved.command_id);
      navigate(from ? `/app/customers/${from.id}` : "/app/me", { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
    return undefined;
  };
  return html`<main class="page">
    <${Top} title=${t("Lead")} small=${small} />
    <div class="stack">
      <${TextField} label=${t("Person or firm")} value=${draft.name} onInput=${write("name")} />
      <${TextField} label=${t("Phone")} type="tel" value=${draft.phone} onInput=${write("phone")} />
      <${TextField} label=${t("Where")} kind="words" value=${draft.address} onInput=${write("address")} />
      <${ProseField} label=${t("What they need, and how you know")} value=${draft.text} onInput=${write("text")} />
      <${Photos} photos=${draft.photos} label=${t("Business card or shop front")} slot="card" stored max=${5} onChange=${(photos) => change({ photos })} />
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draftNote(kept)}><button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save")}</button><//>
  </main>`;
}
