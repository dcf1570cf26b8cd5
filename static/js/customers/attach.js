// A signed delivery note, contract or tax invoice, photographed and tied to its invoice. The original is kept: it is evidence.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Choice, SelectField } from "../parts/fields.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { openInvoices } from "./invoices.js";
import { paperWords } from "./paper.js";
import "../words/visits.js";

const KINDS = ["delivery_note", "contract", "fapiao", "payment_slip", "other"];
const fresh = () => ({ kind: "delivery_note", invoice_id: "", photos: [], ids: {} });

export default function AttachScreen({ customer }) {
  const key = `paper/${customer.id}`;
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<main class="page"><${Top} title=${t("Paper for an invoice")} small=${customer.name} /><${Skeleton} /></main>`;
  const submit = async () => {
    const photos = await recallAll(draft.photos);
    if (!photos.length) {
      setTrouble(t("Take a photo of the paper first."));
      return;
    }
    try {
      await settled(key);
      let saved = null;
      for (const photo of photos) saved = await save(commandFor(customer, draft, photo, photo === photos.at(-1) ? key : undefined));
      await dropPhotos(draft.photos);
      saySaved(paperWords(draft.kind), saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  const invoices = openInvoices(customer).filter((one) => one.open_minor > 0);
  const keep = (photos) => change({ photos, ids: { ...Object.fromEntries(photos.map((one) => [one.sha256, { command: uuid7(), paper: uuid7() }])), ...draft.ids } });
  return html`<main class="page">
    <${Top} title=${t("Paper for an invoice")} small=${customer.name} />
    <div class="stack">
      <${Choice} label=${t("What it is")} value=${draft.kind} options=${KINDS.map((kind) => [kind, paperWords(kind)])} onInput=${(kind) => change({ kind })} />
      <${SelectField} label=${t("Invoice")} value=${draft.invoice_id} onInput=${(invoice_id) => change({ invoice_id })}
        options=${[["", t("No particular invoice")], ...invoices.map((one) => [one.id, one.number])]} />
      <${Photos} photos=${draft.photos} label=${t("Photograph the paper")} slot="paper" keepOriginal max=${10} onChange=${keep} />
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save")}</button><//>
  </main>`;
}

function commandFor(customer, draft, photo, key) {
  const { command, paper } = draft.ids[photo.sha256];
  const payload = {
    paper_id: paper, customer_id: customer.id, invoice_id: draft.invoice_id || null, kind: draft.kind,
    sha256: photo.sha256, original_sha256: photo.original_sha256 || null, name: "", mime: photo.mime, size: photo.size,
  };
  return { command_id: command, operation: "receivables.attach_paper", payload, entity_id: paper, blobs: photoBlobs([photo]), draft: key };
}
