// What came of asking outside a visit, by phone, message or letter: a promise, or none. Either is saved as far as it is known.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock, Skeleton, Top } from "../parts/page.js";
import { Choice } from "../parts/fields.js";
import { photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { draftNote, settled, useDraft } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { promiseOf } from "../visits/record.js";
import { Step } from "../visits/step.js";
import { Confirmation } from "./confirmation.js";
import { PromiseFields, noDay } from "./fields.js";
import { NoneFields, noPromiseOf } from "./none.js";
import "../words/promises.js";
import "../words/judgement.js";
import "../words/visits.js";

const channels = () => [["visit", t("In person")], ["phone", t("By phone")], ["message", t("By message")], ["email", t("By e-mail")], ["letter", t("By letter")]];
const answers = () => [["promise", t("They promised")], ["none", t("No promise")]];
const fresh = () => ({ command_id: uuid7(), promise_id: uuid7(), answer: "promise", channel: "phone", promise: {}, proofs: [], confirmation_text: "" });

/** [operation, payload, photos] of what came of it. */
function recordOf(customer, draft) {
  const { promise_id, channel, proofs, confirmation_text } = draft;
  if (draft.answer === "none") return ["promises.note_no_promise", noPromiseOf(customer, draft.promise, { no_promise_id: promise_id, channel }), []];
  const payload = promiseOf(customer, draft.promise, { promise_id, channel, proofs, confirmation_text, dueOn: noDay() });
  return ["promises.make_promise", payload, [...proofs, ...(draft.promise.funding_photos || [])]];
}

export default function PromiseScreen({ customer }) {
  const key = `promise/${customer.id}`;
  const [draft, change, kept] = useDraft(key, fresh);
  const [trouble, setTrouble] = useState("");
  if (!draft) return html`<main class="page"><${Top} title=${t("Promise to pay")} small=${customer.name} /><${Skeleton} /></main>`;
  const none = draft.answer === "none";
  const write = (part) => change((now) => ({ promise: { ...now.promise, ...part } }));
  const submit = async () => {
    if (!none && !draft.promise.amount_minor) {
      setTrouble(t("No sum was named: this is kept as “no promise”. Write the sum above, or save it so."));
      change((now) => ({ answer: "none", promise: { reason: "evasive", ...now.promise } }));
      return;
    }
    try {
      await settled(key);
      const [operation, payload, photos] = recordOf(customer, draft);
      const saved = await save({ command_id: draft.command_id, operation, payload, entity_id: draft.promise_id, base_rev: customer.rev ?? null,
        blobs: photoBlobs(await recallAll(photos)), draft: key });
      await dropPhotos(photos);
      saySaved(none ? t("No promise") : t("Promise to pay"), saved.command_id);
      navigate(`/app/customers/${customer.id}`, { replace: true });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<main class="page">
    <${Top} title=${t("Promise to pay")} small=${customer.name} />
    <${Step} title=${t("Asked, and then?")}>
      <${Choice} hideLabel shape="seg" label=${t("Asked, and then?")} value=${draft.answer} options=${answers()} onInput=${(answer) => change({ answer })} />
      ${none ? html`<${NoneFields} value=${draft.promise} customer=${customer} change=${write} />`
    : html`<${PromiseFields} value=${draft.promise} customer=${customer} change=${write} proofs=${draft.proofs} />`}
    <//>
    <${Step} title=${t("How you heard it")}>
      <${Choice} hideLabel label=${t("How you heard it")} value=${draft.channel} options=${channels()} onInput=${(channel) => change({ channel })} />
    <//>
    ${!none && draft.promise.amount_minor > 0 && html`<${Step} title=${t("In writing")}><${Confirmation} draft=${draft} change=${change} customer=${customer} channel=${draft.channel} /><//>`}
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <${Dock} note=${draftNote(kept)}>
      <button type="button" class="btn fill fat grow" onClick=${submit}>${none ? t("Save: no promise") : t("Save the promise")}</button><//>
  </main>`;
}
