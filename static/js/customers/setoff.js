// A customer asks to set returns, rebates or a price difference off: put on record and sent for approval; works offline.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Choice, MoneyField, ProseField } from "../parts/fields.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import "../words/watch.js";

const kinds = () => [["return", t("Return of goods")], ["rebate", t("Rebate granted")], ["price", t("Price difference")], ["other", t("Other")]];

const fresh = () => ({ set_off_id: uuid7(), command_id: uuid7(), kind: "return", amount_minor: null, words: "", proofs: [] });

/** The command as it is sent: RequestSetOff. */
export function requestOf(customer, draft) {
  return {
    set_off_id: draft.set_off_id, customer_id: customer.id, kind: draft.kind, amount_minor: draft.amount_minor, currency: customer.currency || "CNY",
    words: draft.words || "", proof_sha256: draft.proofs.map((one) => one.sha256),
  };
}

export default function SetOffScreen({ customer }) {
  const key = `setoff/${customer.id}`;
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<main class="page"><${Top} title=${t("Set-off request")} small=${customer.name} /><${Skeleton} /></main>`;
  const submit = async () => {
    if (!draft.amount_minor) {
      setTrouble(t("Write the amount the customer wants to set off."));
      return;
    }
    try {
      await settled(key);
      const saved = await save({ command_id: draft.command_id, operation: "receivables.request_set_off", payload: requestOf(customer, draft), entity_id: draft.set_off_id,
        base_rev: customer.rev ?? null, blobs: photoBlobs(await recallAll(draft.proofs)), draft: key });
      await dropPhotos(draft.proofs);
      saySaved(t("Set-off request"), saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<main class="page">
    <${Top} title=${t("Set-off request")} small=${customer.name} />
    <div class="stack">
      <${Choice} label=${t("What it is for")} value=${draft.kind} options=${kinds()} onInput=${(kind) => change({ kind })} />
      <${MoneyField} label=${t("Amount to set off")} minor=${draft.amount_minor} currency=${customer.currency} onInput=${(amount_minor) => change({ amount_minor })} />
      <${ProseField} label=${t("What the customer says, and what proves it")} value=${draft.words} onInput=${(words) => change({ words })} />
      <${Photos} photos=${draft.proofs} label=${t("Photograph the proof")} slot="proof" stored max=${10} onChange=${(proofs) => change({ proofs })} />
      <p class="hint">${t("Promise nothing yet: the office approves, and no balance changes before the credit note.")}</p>
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save the request")}</button><//>
  </main>`;
}
