// What came in, and which invoices it paid. Money at the counter waits apart until finance confirms it.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { dated } from "../parts/day.js";
import { Section } from "../parts/page.js";

export const methodWords = (method) => ({
  transfer: t("Bank transfer"), cash: t("Cash"), qr: t("Company QR code"), bill: t("Acceptance bill"), set_off: t("Set-off"), other: t("Other way"),
}[method] || method);

const SHORT = 6;

export function Payments({ customer }) {
  const payments = [...(customer.payments || [])].sort((a, b) => b.received_on.localeCompare(a.received_on)).slice(0, SHORT);
  const pending = customer.receipts || [];
  if (!payments.length && !pending.length) return html`<${Section} id="payments" title=${t("Payments")}><p class="sub">${t("Nothing received yet.")}</p><//>`;
  return html`<${Section} id="payments" title=${t("Payments")}>
    <ul class="list">
      ${pending.map((one) => html`<li key=${one.id} class="row"><span class="stack tight"><span class="name num">${one.number}</span>
        <span class="pair"><span class="sub">${methodWords(one.method)}</span><span class="tag wait">${one.method === "bill" ? t("Not honoured yet") : t("Waiting for finance")}</span>${one.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</span></span>
        <span class="amount">${money(one.amount_minor, one.currency || customer.currency)}</span></li>`)}
      ${payments.map((one) => html`<li key=${one.id}><details><summary class="row">
          <span class="stack tight"><span class="name">${dated(one.received_on)}</span><span class="sub">${methodWords(one.method)}</span></span>
          <span class="amount">${money(one.amount_minor, one.currency || customer.currency)}</span></summary>
        <div class="in"><dl class="lines">${(one.allocations || []).map((part) => html`<div key=${part.number}><dt class="num">${part.number}</dt><dd>${money(part.amount_minor, one.currency || customer.currency)}</dd></div>`)}</dl>
          ${!one.allocations?.length && html`<p class="sub">${t("Not yet allocated to invoices.")}</p>`}</div></details></li>`)}
    </ul>
  <//>`;
}
