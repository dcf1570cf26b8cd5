// What the customer may see when the phone is turned round: the account, the proof, what was agreed.
// No scores, no grade, no reasons, no tier, no asks, no notes of ours. Built from a short list, not by leaving things out.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { fullDay, today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { Top } from "../parts/page.js";
import { Switch } from "../parts/fields.js";
import { Invoices } from "./invoices.js";
import { Payments } from "./payments.js";
import { Commitments } from "./commitments.js";

/** The part of the dossier that is shared knowledge between the customer and us. */
export function forTheCustomer(customer) {
  const { id, name, code, currency, open_minor, overdue_minor, invoices, payments, promises = [], plans, statements } = customer;
  const agreed = promises.filter((one) => one.state !== "superseded").map(({ words, ...rest }) => rest);
  return { id, name, code, currency, open_minor, overdue_minor, invoices, payments, promises: agreed, plans, statements };
}

export function Facing({ customer, onClose }) {
  const shown = forTheCustomer(customer);
  const sellers = docs.one("settings").value?.sellers || [];
  return html`<main class="page facing">
    <${Top} title=${shown.name} onBack=${onClose}><${Switch} label=${t("Show the customer")} on=${true} onInput=${onClose} /><//>
    <section class="stack" aria-label=${t("Where the account stands")}>
      <p class="sub">${t("Account on {day}", { day: fullDay(today()) })}</p>
      <p class="huge num facing-sum">${money(shown.open_minor, shown.currency)}</p>
      <dl class="facts"><div><dt>${t("Of this past its due date")}</dt><dd>${money(shown.overdue_minor, shown.currency)}</dd></div></dl>
    </section>
    <${Invoices} customer=${shown} facing=${true} />
    <${Payments} customer=${shown} />
    <${Commitments} customer=${shown} facing=${true} />
    ${sellers.length > 0 && html`<section class="sect" aria-label=${t("Where to pay")}><header><h2>${t("Pay only to the company's account")}</h2></header>
      <ul class="list">${sellers.filter((one) => one.account).map((one) => html`<li class="row" key=${one.id}><span><span class="name">${one.name}</span><br /><span class="sub num">${one.account}</span></span></li>`)}</ul></section>`}
  </main>`;
}
