// What the customer will not pay for, or wants set off: what, how much, for which invoice, in what words.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { Choice, MoneyField, ProseField, SelectField } from "../parts/fields.js";
import { money } from "../kernel/money.js";
import { disputeWords } from "./before.js";
import { openInvoices } from "./invoices.js";

const KINDS = ["quality", "not_received", "return", "rebate", "price", "account", "fapiao", "other"];

export function DisputeFields({ value, change, customer, kinds = KINDS }) {
  const invoices = openInvoices(customer).filter((one) => one.open_minor > 0);
  return html`<div class="stack">
    <${Choice} label=${t("What it is about")} value=${value.kind} options=${kinds.map((kind) => [kind, disputeWords(kind)])} onInput=${(kind) => change({ kind })} />
    <${MoneyField} label=${t("Amount in question")} minor=${value.amount_minor} currency=${customer.currency} onInput=${(amount_minor) => change({ amount_minor })} />
    ${invoices.length > 0 && html`<${SelectField} label=${t("Invoice")} value=${value.invoice_id || ""} onInput=${(invoice_id) => change({ invoice_id: invoice_id || null })}
      options=${[["", t("No particular invoice")], ...invoices.map((one) => [one.id, `${one.number} · ${money(one.open_minor, customer.currency)}`])]} />`}
    <${ProseField} label=${t("In their words")} value=${value.words} onInput=${(words) => change({ words })} />
  </div>`;
}
