// Step one of a plan: the two sides, the invoices acknowledged, the amount. It can rest on a statement signed earlier.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { dated } from "../parts/day.js";
import { Choice, MoneyField, TextField } from "../parts/fields.js";
import { firstDue } from "../customers/invoices.js";
import { invoicesBetween } from "./payload.js";
import { Sides } from "./sides.js";

export function AmountStep({ draft, change, customer, invoices }) {
  const all = invoicesBetween(customer, draft.debtor_id, draft.seller_id);
  const listed = invoices.reduce((sum, one) => sum + one.open_minor, 0);
  const choose = (ids) => change({ invoice_ids: ids, statement_id: null, total_minor: all.filter((one) => ids.includes(one.id)).reduce((sum, one) => sum + one.open_minor, 0) });
  const toggle = (id) => choose(draft.invoice_ids.includes(id) ? draft.invoice_ids.filter((one) => one !== id) : [...draft.invoice_ids, id]);
  const move = (part) => {
    const next = { ...draft, ...part };
    const there = invoicesBetween(customer, next.debtor_id, next.seller_id);
    change({ ...part, statement_id: null, invoice_ids: there.map((one) => one.id), total_minor: there.reduce((sum, one) => sum + one.open_minor, 0) });
  };
  const statements = (customer.statements || []).filter((one) => one.agreed_minor > 0 && (!one.debtor_id || one.debtor_id === draft.debtor_id));
  const from = (id) => {
    const found = statements.find((one) => one.id === id);
    change(found ? { statement_id: id, total_minor: found.agreed_minor, invoice_ids: all.map((one) => one.id) } : { statement_id: null });
  };
  return html`<div class="stack wide">
    <${Sides} draft=${draft} change=${move} customer=${customer} />
    ${statements.length > 0 && html`<${Choice} label=${t("Start from a signed statement")} value=${draft.statement_id} clear onInput=${from}
      options=${statements.slice(0, 3).map((one) => [one.id, `${one.number} · ${money(one.agreed_minor, customer.currency)}`])} />`}
    <${MoneyField} label=${t("Amount owed, to be paid in instalments")} minor=${draft.total_minor} currency=${customer.currency} onInput=${(total_minor) => change({ total_minor: total_minor || 0 })}
      hint=${hint(draft.total_minor, listed, customer.currency)} />
    <fieldset class="stack tight"><legend class="lab">${t("Invoices acknowledged: {n}, {amount}", { n: invoices.length, amount: money(listed, customer.currency) })}</legend>
      ${all.length > 1 && html`<div class="btns"><button type="button" class="link" onClick=${() => choose(all.map((one) => one.id))}>${t("All")}</button>
        <button type="button" class="link" onClick=${() => choose([])}>${t("Choose none")}</button></div>`}
      ${all.map((one) => html`<label class="tick" key=${one.id}><input type="checkbox" checked=${draft.invoice_ids.includes(one.id)} onChange=${() => toggle(one.id)} />
        <span><span class="num">${one.number}</span><br /><span class="sub">${t("due {day}", { day: dated(firstDue(one)) })}</span></span><span class="amount">${money(one.open_minor, customer.currency)}</span></label>`)}
      ${!all.length && html`<p class="sub">${t("No open invoice between these two. The amount alone is acknowledged.")}</p>`}
    </fieldset>
    <details><summary class="link">${t("Guarantor and contract rate")}</summary><div class="in">
      <${TextField} label=${t("Guarantor, if there is one")} value=${draft.guarantor_name} onInput=${(guarantor_name) => change({ guarantor_name })} hint=${t("The guarantee takes effect when the guarantor signs separately.")} />
      <${TextField} label=${t("Late payment by contract, % a day")} mode="decimal" max=${7} value=${rateText(draft)} onInput=${(text) => change(rate(text))} hint=${t("Only what the contract says. Left empty, the paper says “as the contract provides”.")} />
    </div></details>
  </div>`;
}

function hint(total, listed, currency) {
  if (!listed || total === listed) return "";
  if (total < listed) return t("{amount} less than the invoices; the paper says that the rest stays owed.", { amount: money(listed - total, currency) });
  return t("{amount} more than the invoices listed.", { amount: money(total - listed, currency) });
}

const rateText = (draft) => draft.rate_text ?? (draft.late_daily_bp100 ? String(draft.late_daily_bp100 / 10000) : "");

/** A percentage a day as typed → 1/100 of a basis point (0.05 → 500), or none. */
export function rate(text) {
  const found = /^(\d{0,1})[.．]?(\d{0,4})$/.exec(text.trim());
  const value = found && text.trim() ? Number(found[1] || 0) * 10000 + Number(found[2].padEnd(4, "0")) : 0;
  return { rate_text: text, late_daily_bp100: value > 0 && value <= 10000 ? value : null };
}
