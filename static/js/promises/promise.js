// A promise heard outside a visit: by phone, message or letter.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { addDays, today } from "../kernel/dates.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Choice } from "../parts/fields.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { promiseOf } from "../visits/record.js";
import { Step } from "../visits/step.js";
import { PromiseFields } from "./fields.js";
import "../words/promises.js";
import "../words/visits.js";

const channels = () => [["visit", t("In person")], ["phone", t("By phone")], ["message", t("By message")], ["email", t("By e-mail")], ["letter", t("By letter")]];
const fresh = () => ({ command_id: uuid7(), promise_id: uuid7(), channel: "phone", promise: {}, proofs: [] });

export default function PromiseScreen({ customer }) {
  const [draft, change, kept] = useDraft(`promise/${customer.id}`, fresh);
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<main class="page"><${Top} title=${t("Promise to pay")} small=${customer.name} /><${Skeleton} /></main>`;
  const submit = async () => {
    if (!draft.promise.amount_minor) {
      setTrouble(t("Write the amount that was promised. Without one, log a visit or a note instead."));
      return;
    }
    try {
      await settled(`promise/${customer.id}`);
      const payload = promiseOf(customer, draft.promise, { promise_id: draft.promise_id, channel: draft.channel, proofs: draft.proofs, dueOn: addDays(today(), 7) });
      const saved = await save({ command_id: draft.command_id, operation: "promises.make_promise", payload, entity_id: draft.promise_id, base_rev: customer.rev ?? null,
        blobs: photoBlobs(await recallAll(draft.proofs)), draft: `promise/${customer.id}` });
      await dropPhotos(draft.proofs);
      saySaved(t("Promise to pay"), saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<main class="page">
    <${Top} title=${t("Promise to pay")} small=${customer.name} />
    <${Step} title=${t("What was promised")}>
      <${PromiseFields} value=${draft.promise} customer=${customer} change=${(part) => change((now) => ({ promise: { ...now.promise, ...part } }))} />
    <//>
    <${Step} title=${t("How you heard it")}>
      <${Choice} hideLabel label=${t("How you heard it")} value=${draft.channel} options=${channels()} onInput=${(channel) => change({ channel })} />
      <${Photos} photos=${draft.proofs} label=${t("Screenshot or photo")} slot="reply" keepOriginal stored max=${10} onChange=${(proofs) => change({ proofs })} />
    <//>
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" onClick=${submit}>${t("Save the promise")}</button><//>
  </main>`;
}
