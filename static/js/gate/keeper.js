// Asked before every contact that has not happened yet: goes on at once, or says what stands in the way and until when.
import { html, render, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { nowIso, when } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { ProseField } from "../parts/fields.js";
import { Sheet } from "../parts/sheet.js";
import { saveTrouble } from "../parts/saved.js";
import { recordState } from "../parts/state.js";
import { STANDING, permit } from "./rules.js";
import { codeWords } from "./words.js";
import "./pending.js";

/** What the gate says to a contact now; a customer without facts is free. */
export function verdict(customerId, contact) {
  const facts = docs.get("customer", customerId).value?.gate;
  return facts ? permit({ at: nowIso(), purpose: "demand", ...contact }, facts) : { ok: true, codes: [], notes: [], waived: [], until: null };
}

/** Goes on (`go`) when nothing stands in the way, else shows what does. `already`: where what happened all the same is written down. */
export function ask(customerId, contact, go, already) {
  const found = verdict(customerId, contact);
  if (found.ok) {
    go();
    return;
  }
  const box = document.body.appendChild(document.createElement("div"));
  const close = () => {
    render(null, box);
    box.remove();
  };
  const then = (next) => () => {
    close();
    next();
  };
  render(html`<${Hold} customerId=${customerId} channel=${contact.channel} found=${found} onClose=${close} onGo=${then(go)} onAlready=${already && then(already)} />`, box);
}

/** A contact without a form of its own is put on record, so that colleagues are counted with it. */
export function note(customerId, channel, purpose = "demand") {
  if (purpose === "service") return;
  const contact_made_id = uuid7();
  const payload = { contact_made_id, customer_id: customerId, channel, demand: purpose === "demand" };
  save({ operation: "collection.note_contact", payload, entity_id: contact_made_id }).catch(() => {}); // a full phone must not keep a text from being sent
}

function Hold({ customerId, channel, found, onClose, onGo, onAlready }) {
  const words = codeWords(docs.get("customer", customerId).value?.gate);
  const waivable = found.codes.filter((code) => !code.includes("."));
  const fixed = found.codes.some((code) => STANDING.includes(code));
  return html`<${Sheet} title=${fixed ? t("Do not contact them") : t("Not now")} onClose=${onClose}>
    <ul class="marks">${found.codes.map((code) => html`<li key=${code}>${words[code]}</li>`)}</ul>
    ${found.until && html`<p><b>${t("Free from {at}", { at: when(found.until) })}</b></p>`}
    ${fixed && html`<p class="sub">${t("Only a manager or legal can lift this, with a reason.")}</p>`}
    <div class="stack">
      ${!fixed && waivable.length > 0 && html`<${Leave} customerId=${customerId} channel=${channel} codes=${waivable} />`}
      <div class="btns">
        ${onAlready && html`<button type="button" class="btn line grow" onClick=${onAlready}>${t("It has happened: write it down")}</button>`}
        <button type="button" class="btn line grow" onClick=${onGo}>${t("This is not about money")}</button>
      </div>
      <button type="button" class="btn fill" onClick=${onClose}>${t("I leave it for now")}</button>
    </div>
  <//>`;
}

/** Asks the manager for leave; the answer comes with the next exchange. */
export function Leave({ customerId, channel, codes }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState("");
  const [trouble, setTrouble] = useState("");
  if (asked) return html`<p class="band good" role="status"><b>${t("Asked the manager")}</b> ${recordState(asked)}</p>`;
  if (!open) return html`<button type="button" class="btn soft" onClick=${() => setOpen(true)}>${t("Ask the manager for leave")}</button>`;
  const send = async () => {
    if (!reason.trim()) {
      setTrouble(t("Write a few words first."));
      return;
    }
    try {
      const entry_id = uuid7();
      const { command_id } = await save({ operation: "collection.ask_leave", payload: { entry_id, customer_id: customerId, channel, codes, reason }, entity_id: entry_id });
      setAsked(command_id);
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<div class="stack">
    <${ProseField} label=${t("Why must it be now?")} value=${reason} error=${trouble} onInput=${setReason} max=${1000} />
    <button type="button" class="btn soft" onClick=${send}>${t("Send to the manager")}</button></div>`;
}
