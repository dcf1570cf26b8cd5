// A dispute, or a request to set off, sent to the manager. No balance changes by it.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { disputeOf } from "../visits/record.js";
import { DisputeFields } from "./dispute_fields.js";
import { excuses } from "../visits/excuses.js";
import "../words/visits.js";
import "../words/truth.js";

const fresh = (claim, excuse) => ({ command_id: uuid7(), dispute_id: uuid7(), claim_id: claim?.id || null, desk: claim ? excuse?.owner ?? null : null,
  dispute: claim ? { kind: excuse?.dispute_kind || "other", words: claim.words } : {}, proofs: [] });

export default function DisputeScreen({ customer, query }) {
  const claim = (customer.claims || []).find((one) => one.id === query?.claim);
  const excuse = excuses().find((one) => one.code === claim?.code);
  const [draft, change, kept] = useDraft(`dispute/${customer.id}`, () => fresh(claim, excuse));
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<main class="page"><${Top} title=${t("Dispute or set-off")} small=${customer.name} /><${Skeleton} /></main>`;
  const submit = async () => {
    try {
      await settled(`dispute/${customer.id}`);
      const payload = { ...disputeOf(customer, draft.dispute, { dispute_id: draft.dispute_id, proofs: draft.proofs }), claim_id: draft.claim_id, desk: draft.desk };
      const saved = await save({ command_id: draft.command_id, operation: "disputes.open_dispute", payload, entity_id: draft.dispute_id, base_rev: customer.rev ?? null,
        blobs: photoBlobs(await recallAll(draft.proofs)), draft: `dispute/${customer.id}` });
      await dropPhotos(draft.proofs);
      saySaved(t("Request to the manager"), saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<main class="page">
    <${Top} title=${t("Dispute or set-off")} small=${customer.name} />
    <div class="stack">
      ${draft.claim_id && html`<p class="band">${t("What they say holds, at least in part: so it goes to whoever settles it, with a day. Say how much is contested; the rest is still asked for.")}</p>`}
      <${DisputeFields} value=${draft.dispute} customer=${customer} change=${(part) => change((now) => ({ dispute: { ...now.dispute, ...part } }))} />
      <${Photos} photos=${draft.proofs} label=${t("Take a photo")} slot="dispute" max=${20} onChange=${(proofs) => change({ proofs })} />
      <p class="hint">${t("A manager decides. No balance changes before an approved credit note; the undisputed part stays due.")}</p>
      ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    </div>
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" onClick=${submit}>${t("Send to the manager")}</button><//>
  </main>`;
}
