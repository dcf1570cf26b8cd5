// One question of a plugin's form, drawn from its declaration. Nothing here knows any method by name.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { Choice, DateField, MoneyField, ProseField, Switch, TextField } from "../parts/fields.js";
import { Firm } from "../parts/firm.js";
import { Photos } from "../parts/photos.js";
import { Icon } from "../parts/icons.js";
import { smsLink, telLink } from "../parts/tel.js";

const OPENS = {
  tel: (value) => [telLink(value), "phone", t("Call")],
  sms: (value) => [smsLink(value, ""), "mail", t("Text message")],
  mailto: (value) => [`mailto:${value}`, "mail", t("Write a mail")],
};

export function FormField({ field, value, onInput, currency, error }) {
  const label = pick(field.labels);
  const hint = field.hint ? pick(field.hint) : "";
  const common = { label, value, onInput, hint, error };
  if (field.type === "prose") return html`<div class="stack tight"><${ProseField} ...${common} max=${field.maximum || 4000} /><${Firm} text=${value} /></div>`;
  if (field.type === "money") return html`<${MoneyField} ...${common} minor=${value} currency=${currency} />`;
  if (field.type === "date") return html`<${DateField} ...${common} />`;
  if (field.type === "bool") return html`<${Switch} label=${label} on=${Boolean(value)} onInput=${onInput} />`;
  if (field.type === "choice") return html`<${Choice} label=${label} value=${value} clear options=${field.choices.map((one) => [one.value, pick(one.labels)])} onInput=${onInput} />`;
  if (field.type === "photo") return html`<div class="field"><span class="lab">${label}</span><${Photos} photos=${value || []} label=${t("Take a photo")} slot=${field.name} stored max=${field.maximum || 20} onChange=${onInput} /></div>`;
  const type = { phone: "tel", email: "email" }[field.type] || "text";
  const mode = field.type === "number" ? "numeric" : undefined;
  return html`<div class="stack tight"><${TextField} ...${common} type=${type} mode=${mode} max=${field.type === "text" && field.maximum ? field.maximum : 120} />
    ${field.opens && value && html`<${Opener} opens=${field.opens} value=${value} />`}</div>`;
}

function Opener({ opens, value }) {
  const [href, icon, words] = OPENS[opens](value);
  return html`<a class="btn line" href=${href}><${Icon} name=${icon} small /> ${words}</a>`;
}

/** First values from the case: what a field's `prefill` asks for. */
export function prefilled(form, customer, query, today) {
  const contact = (customer.contacts || [])[0] || {};
  const debtor = (customer.debtors || [])[0] || {};
  const from = {
    today, "customer.phone": customer.phone, "contact.phone": query.phone || contact.phone || customer.phone, "contact.email": contact.email,
    "debtor.address": debtor.address || customer.address, balance: customer.open_minor, overdue: customer.overdue_minor,
  };
  return Object.fromEntries(form.fields.filter((field) => field.prefill && from[field.prefill]).map((field) => [field.name, from[field.prefill]]));
}
