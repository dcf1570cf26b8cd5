// Side topics put aside as something to do, so that the talk comes back to amount and day; policies that may be quoted.
import { html, useState } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { addDays, day, today, when } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { save } from "../kernel/outbox.js";
import { Choice, TextField } from "../parts/fields.js";
import { useKeptText } from "../parts/draft.js";
import { saveTrouble } from "../parts/saved.js";
import { openTasks, taskWords } from "../customers/tasks.js";
import { Say, Send, linesFor } from "./ready.js";

const ANSWER_DAYS = 3;

/** A task for this customer, kept here and sent like everything else. */
async function addTask(customer, kind, title, due_on, source_id = "") {
  const task_id = uuid7();
  return save({ operation: "collection.add_task", entity_id: task_id,
    payload: { task_id, customer_id: customer.id, kind, title: title.replace(/\s+/g, " ").trim().slice(0, 120), due_on, source_id } });
}

/** 别被带偏: what they brought up beside the money becomes a ticket, and the words that lead back stand under it. */
export function Parking({ customer, contact }) {
  const key = `park/${customer.id}`;
  const [text, setText] = useKeptText(key);
  const [trouble, setTrouble] = useState("");
  const [parked, setParked] = useState(0);
  const waiting = openTasks(customer).filter((task) => task.kind === "parked_topic");
  const usual = [t("After-sales service"), t("Quality"), t("Campaign support"), t("Price"), t("Delivery")];
  const park = async () => {
    try {
      await addTask(customer, "parked_topic", text.trim(), addDays(today(), ANSWER_DAYS), contact.id);
      setText("");
      setParked(parked + 1);
      setTrouble("");
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<div class="stack">
    <${TextField} kind="words" label=${t("What they brought up")} value=${text} onInput=${setText} />
    <${Choice} hideLabel label=${t("What they brought up")} value=${text} options=${usual.map((one) => [one, one])} onInput=${setText} />
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <button type="button" class="btn line block" disabled=${!text.trim()} onClick=${park}>${t("Note it and come back to the payment")}</button>
    ${parked > 0 && html`<p class="sub" role="status">${t("Noted. It gets an answer by {day}.", { day: day(addDays(today(), ANSWER_DAYS)) })}</p>`}
    ${waiting.length > 0 && html`<ul class="list">${waiting.map((task) => html`<li class="row" key=${task.id}><span>${taskWords(task)}</span>
      <span class="pair"><span class="sub">${day(task.due_on)}</span>${task.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</span></li>`)}</ul>`}
    <${Say} lines=${linesFor("back", customer)} />
    ${waiting.length > 0 && linesFor("parked", customer).map((one) => html`<${Send} key=${one.text} customer=${customer} title=${t("Answer to send")} text=${one.text} purpose="service" />`)}
  </div>`;
}

/** Policies in force today. Only these may be quoted; each quote is on record. */
export function Promotions({ customer, contact }) {
  const [trouble, setTrouble] = useState("");
  const now = today();
  const inForce = (docs.one("settings").value?.promotions || []).filter((one) => one.from_on <= now && now <= one.to_on);
  if (!inForce.length) return html`<p class="sub">${t("No policy is in force today. Promise none.")}</p>`;
  const quoted = (id) => (customer.table?.quotes || []).find((one) => one.promotion_id === id);
  const quote = async (promotion_id) => {
    try {
      const quote_id = uuid7();
      await save({ operation: "collection.quote_promotion", entity_id: quote_id, payload: { quote_id, promotion_id, customer_id: customer.id, contact_id: contact.id } });
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<div class="stack">${inForce.map((one) => html`<article class="band" key=${one.id}>
      <p><b>${one.name}</b> <span class="sub">${t("until {day}", { day: day(one.to_on) })}</span></p>
      <p>${locale.value === "zh" ? one.zh : one.en}</p>
      <div class="btns"><button type="button" class="btn line" onClick=${() => quote(one.id)}>${t("I quoted it")}</button>
        ${quoted(one.id) && html`<span class="sub">${t("quoted {time}", { time: when(quoted(one.id).at) })}</span>`}</div></article>`)}
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}</div>`;
}

/** Once money has come: thanks, and a service step of its own. */
export function AfterPayment({ customer }) {
  const [trouble, setTrouble] = useState("");
  const [done, setDone] = useState(false);
  const service = async () => {
    try {
      await addTask(customer, "service", t("Service call after the payment: deliveries, stock, anything to settle"), addDays(today(), ANSWER_DAYS));
      setDone(true);
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<div class="stack">
    ${linesFor("thanks", customer).map((one) => html`<${Send} key=${one.text} customer=${customer} title=${t("Thanks to send")} text=${one.text} purpose="service" />`)}
    <button type="button" class="btn line block" disabled=${done} onClick=${service}>${done ? t("Service step noted") : t("Note a service step in {n} days", { n: ANSWER_DAYS })}</button>
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}</div>`;
}
