// Who owes whom: exactly one of our companies and one legal party of the customer on each paper.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { Choice, SelectField } from "../parts/fields.js";
import { debtorWords } from "../customers/contacts.js";

export const sellers = () => docs.one("settings").value?.sellers || [];

/** The two sides to begin with: those most of the open money is between. */
export function usualSides(customer) {
  const weight = new Map();
  for (const one of customer.invoices || []) {
    const key = `${one.debtor_id || ""}|${one.seller_id || ""}`;
    weight.set(key, (weight.get(key) || 0) + Math.max(0, one.open_minor));
  }
  const [debtor_id, seller_id] = ([...weight].sort((a, b) => b[1] - a[1])[0]?.[0] || "|").split("|");
  return { debtor_id: debtor_id || customer.debtors?.[0]?.id || "", seller_id: seller_id || sellers()[0]?.id || "" };
}

export function Sides({ draft, change, customer }) {
  const own = sellers();
  const debtors = customer.debtors || [];
  const name = (one) => `${one.name} · ${debtorWords(one.kind)}`;
  return html`<div class="stack">
    ${debtors.length > 1 ? html`<${SelectField} label=${t("Customer's legal party")} value=${draft.debtor_id} options=${debtors.map((one) => [one.id, name(one)])} onInput=${(debtor_id) => change({ debtor_id })} />`
      : html`<div><p class="lab">${t("Customer's legal party")}</p><p>${debtors[0] ? name(debtors[0]) : html`<span class="err">${t("The office has not entered a legal party for this customer yet. Ask finance to add one; log a promise meanwhile.")}</span>`}</p></div>`}
    ${own.length > 1 ? html`<${Choice} label=${t("Our company")} value=${draft.seller_id} options=${own.map((one) => [one.id, one.name])} onInput=${(seller_id) => change({ seller_id })} />`
      : html`<div><p class="lab">${t("Our company")}</p><p>${own[0]?.name}</p></div>`}
  </div>`;
}
