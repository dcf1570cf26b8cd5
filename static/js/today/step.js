// The next step of a customer: what, why, what to ask, what would change it; declined with a reason, or asked of the manager.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { Link } from "../kernel/router.js";
import { Section } from "../parts/page.js";
import { Sheet } from "../parts/sheet.js";
import { Choice, ProseField } from "../parts/fields.js";
import { dated } from "../parts/day.js";
import { settled, useKeptText } from "../parts/draft.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import { CallButton } from "../customers/call.js";
import { said } from "./card.js";
import "./answered.js";
import "../words/step.js";

/** Today's list knows the day's own step; else the one the customer came with. What was answered here shows on both. */
function stepOf(customer) {
  const list = docs.one("today").value;
  const item = list?.on === today() ? list.items.find((one) => one.customer_id === customer.id) : null;
  return customer.next_step?.done ? customer.next_step : item?.step ?? customer.next_step;
}

export function NextStep({ customer }) {
  const [declining, setDeclining] = useState(false);
  const [trouble, setTrouble] = useState("");
  const step = stepOf(customer);
  if (!step) return null;
  const answer = async (operation, more, words, draft) => {
    try {
      if (draft) await settled(draft);
      const answer_id = uuid7();
      const payload = { answer_id, customer_id: customer.id, method: step.method, ...more };
      const saved = await save({ operation, payload, entity_id: answer_id, ...(draft ? { draft } : {}) });
      saySaved(words, saved.command_id);
      setDeclining(false);
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  const decline = (reason, words) => answer("collection.decline_step", { step: step.kind, reason, words }, t("Declined"), `decline/${customer.id}`);
  const ask = () => answer("collection.ask_step", {}, t("The manager is asked"));
  const later = step.on > today();
  return html`<${Section} id="step" title=${t("Next step")}>
    <div class="stack tight">
      <p><b>${said(step, "title")}</b> ${step.on && later && html`<span class="tag">${dated(step.on)}</span>`}</p>
      <p>${said(step, "why")}</p>
      ${said(step, "ask") && html`<p class="sub">${said(step, "ask")}</p>`}
      ${!step.done && html`<p class="sub">${t("What would change it: {what}", { what: said(step, "change") })}</p>`}
      ${step.done && html`<p class="sub">${t("Saved on this phone; the next suggestion comes with the connection.")}</p>`}
    </div>
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    ${!step.done && html`<div class="btns">
      <${Do} step=${step} customer=${customer} onAsk=${ask} />
      ${step.may_decline && html`<button type="button" class="btn line" onClick=${() => setDeclining(true)}>${t("Not this")}</button>`}</div>`}
    ${declining && html`<${Decline} step=${step} id=${customer.id} onDecline=${decline} onClose=${() => setDeclining(false)} trouble=${trouble} />`}
  <//>`;
}

/** The one button of a step: the dialler, its form, or the question to the manager. */
function Do({ step, customer, onAsk }) {
  if (step.kind === "approval") return html`<button type="button" class="btn soft grow" onClick=${onAsk}>${t("Ask the manager")}</button>`;
  if (step.screen === "call") return html`<${CallButton} customer=${customer} />`;
  if (!step.screen || step.screen === "visit") return null; // the visit's own button stands at the foot of the page
  return html`<${Link} class="btn soft grow" href=${`/app/customers/${customer.id}/${step.screen}`}>${said(step, "title")}<//>`;
}

function Decline({ step, id, onDecline, onClose, trouble }) {
  const [words, setWords] = useKeptText(`decline/${id}`);
  const [reason, setReason] = useState("");
  const reasons = [["done_otherwise", t("Already dealt with in another way")], ["not_now", t("Not the right moment")],
    ["no_use", t("Brings nothing with this customer")], ["other", t("Another reason")]];
  return html`<${Sheet} title=${t("Not this")} onClose=${onClose}>
    <p><b>${said(step, "title")}</b> ${said(step, "why")}</p>
    <${Choice} label=${t("Why not this")} value=${reason} options=${reasons} onInput=${setReason} />
    <${ProseField} label=${t("In your words, if you like")} value=${words} onInput=${setWords} max=${400} />
    ${step.instead && html`<p class="sub">${t("Then suggested: {what}", { what: said(step.instead, "title") })}</p>`}
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <button type="button" class="btn fill fat" disabled=${!reason} onClick=${() => onDecline(reason, words.trim())}>${t("Decline with this reason")}</button>
  <//>`;
}
