// The facts to lay on the table: open invoices by the day they fell due, each with its proof.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { dated } from "../parts/day.js";
import { Section } from "../parts/page.js";
import { Age } from "../parts/age.js";
import { Icon } from "../parts/icons.js";
import { Paper } from "./paper.js";

const SHORT = 8;

/** Open invoices, the oldest due first. Credit notes stand at the end, as what lowers the debt. */
export function openInvoices(customer) {
  const open = (customer.invoices || []).filter((one) => one.open_minor !== 0);
  return open.sort((a, b) => firstDue(a).localeCompare(firstDue(b)));
}

/** The first day something of this invoice fell or falls due. */
export const firstDue = (invoice) => (invoice.dues || []).filter((due) => due.open_minor !== 0).map((due) => due.due_on).sort()[0] || invoice.issued_on;

const daysPast = (invoice) => Math.max(...(invoice.dues || []).filter((due) => due.open_minor !== 0).map((due) => due.days_past_due ?? 0), 0);

export function Invoices({ customer, facing = false }) {
  const [all, setAll] = useState(false);
  const open = openInvoices(customer);
  if (!open.length) return html`<${Section} id="invoices" title=${t("Invoices")}><p class="sub">${t("No open invoice.")}</p><//>`;
  const shown = all ? open : open.slice(0, SHORT);
  return html`<${Section} id="invoices" title=${t("Invoices")} side=${t("{n} open, {amount}", { n: open.length, amount: money(customer.open_minor, customer.currency) })}>
    <ul class="list">${shown.map((one) => html`<${Invoice} key=${one.id} invoice=${one} customer=${customer} facing=${facing} />`)}</ul>
    ${open.length > shown.length && html`<button type="button" class="btn soft block" onClick=${() => setAll(true)}>${t("Show all {n} invoices", { n: open.length })}</button>`}
  <//>`;
}

function Invoice({ invoice, customer, facing }) {
  const { number, open_minor: open, total_minor: total, dues = [], papers = [] } = invoice;
  return html`<li><details>
    <summary class="row">
      <span class="stack tight"><span class="name num">${number}</span>
        <span class="pair"><span class="sub">${t("due {day}", { day: dated(firstDue(invoice)) })}</span>
          ${open > 0 && html`<${Age} days=${daysPast(invoice)} due=${true} />`}
          ${open < 0 && html`<span class="tag good">${t("Credit note")}</span>`}
          ${invoice.disputed && html`<span class="tag wait">${t("Disputed")}</span>`}
          ${papers.length > 0 && html`<span class="tag good"><${Icon} name="check" small />${t("Proof")} ${papers.length}</span>`}</span></span>
      <span class="amount">${money(open, customer.currency)}</span>
    </summary>
    <div class="in">
      <dl class="lines">
        <div><dt>${t("Issued")}</dt><dd>${dated(invoice.issued_on)}</dd></div>
        ${total !== open && html`<div><dt>${t("Invoice amount")}</dt><dd>${money(total, customer.currency)}</dd></div>`}
        ${dues.length > 1 && dues.map((due) => html`<div key=${due.due_on}><dt>${dated(due.due_on)}</dt>
          <dd>${due.open_minor === 0 ? t("paid") : money(due.open_minor, customer.currency)}</dd></div>`)}
        ${invoice.fapiao_number && html`<div><dt>${t("Tax invoice")}</dt><dd>${invoice.fapiao_number}</dd></div>`}
      </dl>
      ${papers.map((paper) => html`<${Paper} key=${paper.id} paper=${paper} />`)}
      ${!papers.length && !facing && html`<p class="sub">${t("No signed delivery note on file.")}</p>`}
    </div>
  </details></li>`;
}
