// Money this rep registered that finance has not confirmed; cash among it is to be handed in.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { headlines, money } from "../kernel/money.js";
import { when } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { queue, save } from "../kernel/outbox.js";
import { methodWords } from "../customers/payments.js";
import { saveTrouble, saySaved } from "../parts/saved.js";
import "../customers/pending.js";
import "../words/receipts.js";
import "../words/customers.js";

/** The rep's waiting receipts: the office's list, and those saved here and not yet answered. */
export function myReceipts() {
  const known = docs.one("me").value?.pending || [];
  const waiting = queue.value.filter((one) => one.operation === "receivables.register_receipt" && !known.some((row) => row.id === one.entity_id) && one.state !== "rejected")
    .map(({ payload }) => ({ ...payload, id: payload.receipt_id, pending: true, received_at: payload.received_at }));
  const handed = new Set(queue.value.filter((one) => one.operation === "receivables.hand_in_cash").map((one) => one.payload.receipt_id));
  return [...waiting, ...known].map((one) => ({ ...one, handed: Boolean(one.handed_in_at) || handed.has(one.id) }));
}

export function Receipts() {
  const [trouble, setTrouble] = useState("");
  const receipts = myReceipts();
  if (!receipts.length) return null;
  const cash = headlines(receipts.filter((one) => one.method === "cash" && !one.handed).map((one) => [one.currency, one.amount_minor]));
  const handIn = async (one) => {
    try {
      const saved = await save({ operation: "receivables.hand_in_cash", payload: { receipt_id: one.id, customer_id: one.customer_id }, entity_id: one.id, needs: one.pending ? [one.id] : [] });
      saySaved(t("Cash handed in"), saved.command_id);
    } catch (error) {
      setTrouble(saveTrouble(error));
    }
  };
  return html`<section class="sect" aria-label=${t("Receipts waiting")}>
    <header><h2>${t("Receipts waiting")}</h2>${cash && html`<span class="tag wait num">${t("cash to hand in: {amount}", { amount: cash })}</span>`}</header>
    ${trouble && html`<p class="err" role="alert">${trouble}</p>`}
    <ul class="list">${receipts.map((one) => html`<li class="row" key=${one.id}>
      <span class="stack tight"><span class="name num">${one.number}</span><span class="sub">${customerName(one)}</span>
        <span class="pair"><span class="sub">${methodWords(one.method)}${one.received_at ? ` · ${when(one.received_at)}` : ""}</span><span class="tag wait">${stateWords(one)}</span></span></span>
      <span class="right stack tight"><span class="amount">${money(one.amount_minor, one.currency)}</span>
        ${one.method === "cash" && !one.handed && html`<button type="button" class="btn soft" onClick=${() => handIn(one)}>${t("Handed in")}</button>`}</span></li>`)}</ul>
  </section>`;
}

const customerName = (one) => docs.get("customer", one.customer_id).value?.name || one.customer_name || "";

function stateWords(one) {
  if (one.method === "bill") return t("Not honoured yet");
  if (one.method === "cash") return one.handed ? t("Handed in, waiting for finance") : t("Not handed in");
  return t("Waiting for finance");
}
