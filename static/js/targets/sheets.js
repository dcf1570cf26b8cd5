// The small sheets of a month's plan: a step, its proof, support for a promise, other numbers.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { addDays, today } from "../kernel/dates.js";
import { uuid7 } from "../kernel/ids.js";
import { Choice, DateField, MoneyField, ProseField, TextField } from "../parts/fields.js";
import { Photos, photoBlobs } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { Sheet } from "../parts/sheet.js";
import { useDraft } from "../parts/draft.js";
import { quickDays } from "../visits/next.js";
import "../words/visits.js";
import { keep } from "./keep.js";

/** A sheet whose text is kept as a draft until it is saved. `fields(draft, change)` draws it; `send(draft)` saves. */
function Form({ title, draftKey, fresh, fields, ready = () => true, send, action, onClose }) {
  const [draft, change] = useDraft(draftKey, fresh);
  const [trouble, setTrouble] = useState("");
  const submit = async () => {
    const wrong = await send(draft);
    setTrouble(wrong);
    if (!wrong) onClose();
  };
  return html`<${Sheet} title=${title} onClose=${onClose}>${draft && html`<div class="stack">
    ${fields(draft, change)}
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <button type="button" class="btn fill fat" disabled=${!ready(draft)} onClick=${submit}>${action}</button></div>`}<//>`;
}

const Day = ({ draft, change }) => html`<${Choice} label=${t("Done by")} value=${draft.due_on} options=${quickDays()} onInput=${(due_on) => change({ due_on })} />
  <${DateField} hideLabel label=${t("Another day")} value=${draft.due_on} onInput=${(due_on) => change({ due_on })} />`;

export function AddStep({ customer, month, onClose }) {
  const draftKey = `step/${customer.id}/${month}`;
  const usual = [t("Reconcile the account"), t("Send the statement of account"), t("See the person in charge"), t("Get into the pay-run list"), t("Collect the payment slip")];
  const send = ({ step_id, text, due_on }) => keep("targets.add_step", step_id, { step_id, customer_id: customer.id, month, text: text.trim(), due_on, owner_id: "" }, t("Step"), { draft: draftKey });
  return html`<${Form} title=${t("Add a step")} draftKey=${draftKey} fresh=${() => ({ step_id: uuid7(), text: "", due_on: addDays(today(), 3) })} action=${t("Add a step")} onClose=${onClose}
    ready=${(draft) => draft.text.trim() && draft.due_on} send=${send} fields=${(draft, change) => html`
      <${Choice} hideLabel label=${t("What is done")} value=${draft.text} options=${usual.map((one) => [one, one])} onInput=${(text) => change({ text })} />
      <${TextField} label=${t("What is done")} value=${draft.text} kind="words" onInput=${(text) => change({ text })} />
      <${Day} draft=${draft} change=${change} />`} />`;
}

export function Tick({ customer, step, onClose }) {
  const draftKey = `tick/${step.id}`;
  const send = async ({ evidence, photos }) => {
    const wrong = await keep("targets.finish_step", step.id, { step_id: step.id, customer_id: customer.id, evidence, proof_sha256: photos.map((one) => one.sha256) },
      t("Step done"), { draft: draftKey, needs: step.pending ? [step.id] : [], blobs: photoBlobs(await recallAll(photos)) });
    if (!wrong) await dropPhotos(photos);
    return wrong;
  };
  return html`<${Form} title=${step.text} draftKey=${draftKey} fresh=${() => ({ evidence: "", photos: [] })} action=${t("Done")} onClose=${onClose} send=${send} fields=${(draft, change) => html`
    <${ProseField} label=${t("What proves it")} value=${draft.evidence} onInput=${(evidence) => change({ evidence })} />
    <${Photos} photos=${draft.photos} label=${t("Take a photo")} slot="proof" stored max=${10} onChange=${(photos) => change({ photos })} />`} />`;
}

export function Support({ customer, word, onClose }) {
  const draftKey = `support/${word.id}`;
  const usual = [t("Promotion so that stock moves"), t("Go and see his customers with him"), t("Help with the payment papers")];
  const send = ({ support_id, text, due_on }) => keep("targets.support_promise", support_id, { support_id, customer_id: customer.id, promise_id: word.id, text: text.trim(), due_on, owner_id: "" }, t("Support of a promise"), { draft: draftKey });
  return html`<${Form} title=${t("What we do so that they can keep it")} draftKey=${draftKey} fresh=${() => ({ support_id: uuid7(), text: "", due_on: addDays(today(), 3) })} action=${t("Support it")} onClose=${onClose}
    ready=${(draft) => draft.text.trim() && draft.due_on} send=${send} fields=${(draft, change) => html`
      <${Choice} hideLabel label=${t("What we do")} value=${draft.text} options=${usual.map((one) => [one, one])} onInput=${(text) => change({ text })} />
      <${TextField} label=${t("What we do")} value=${draft.text} kind="words" onInput=${(text) => change({ text })} />
      <${Day} draft=${draft} change=${change} />`} />`;
}

export function Numbers({ customer, at, month, onClose }) {
  const draftKey = `numbers/${customer.id}/${month}`;
  const fresh = () => ({ command_id: uuid7(), arrears_minor: at.arrears_minor ?? 0, cash_minor: at.cash_minor, reason: "" });
  const wrong = ({ arrears_minor, cash_minor }) => ((cash_minor || 0) < (arrears_minor || 0) ? t("Arrears cleared are cash too: the cash target cannot be less.") : "");
  const above = (draft) => (at.claim_minor && draft.arrears_minor > at.claim_minor ? t("Only {amount} falls due by the month's end.", { amount: money(at.claim_minor, customer.currency) }) : "");
  const send = ({ command_id, ...numbers }) => keep("targets.propose_target", null, { customer_id: customer.id, month, currency: customer.currency, ...numbers, arrears_minor: numbers.arrears_minor || 0 },
    t("Proposed numbers"), { command_id, draft: draftKey });
  return html`<${Form} title=${t("Propose other numbers")} draftKey=${draftKey} fresh=${fresh} action=${t("Propose")} onClose=${onClose}
    ready=${(draft) => draft.cash_minor !== null && !wrong(draft) && !above(draft)} send=${send} fields=${(draft, change) => html`
      <${MoneyField} label=${t("Arrears to clear")} minor=${draft.arrears_minor} currency=${customer.currency} error=${above(draft)} onInput=${(arrears_minor) => change({ arrears_minor })} />
      <${MoneyField} label=${t("All cash in")} minor=${draft.cash_minor} currency=${customer.currency} error=${wrong(draft)} onInput=${(cash_minor) => change({ cash_minor })} />
      <${TextField} label=${t("Why the number changes")} kind="words" value=${draft.reason} onInput=${(reason) => change({ reason })} />`} />`;
}
