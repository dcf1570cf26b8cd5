// One question of a plugin's form, drawn from its declaration. Nothing here knows any method by name.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { Choice, DateField, MoneyField, ProseField, Switch, TextField, useId } from "../parts/fields.js";
import { Firm } from "../parts/firm.js";
import { Lazy } from "../parts/lazy.js";
import { Photos } from "../parts/photos.js";
import { Icon } from "../parts/icons.js";
import { smsLink, telLink } from "../parts/tel.js";
import { kindOf } from "../parts/telephone.js";

const OPENS = {
  tel: (value) => [telLink(value), "phone", t("Call")],
  sms: (value) => [smsLink(value, ""), "mail", t("Text message")],
  mailto: (value) => [`mailto:${value}`, "mail", t("Write a mail")],
};
const TYPES = { phone: "tel", email: "email" };
const MODES = { number: "numeric", duration: "numeric" };

// seldom asked, and heavier than a line of text: fetched when a form asks
const seldom = { location: () => import("./where.js"), signature: () => import("./signed.js"), recording: () => import("./recording.js"), rows: () => import("./rows.js") };

/** What is wrong, in words. */
export const problemWords = (code) => ({
  too_small: t("This is too little."), too_large: t("This is too much."), format: t("This cannot be read. Please look at it again."), type: t("Write a whole number."),
  not_a_choice: t("This answer is not offered any more. Choose again."), date_range: t("This day lies too far away."), no_consent: t("Only with consent: tick that the other side agreed."),
  too_heavy: t("This recording is too large."),
}[code]);

/** `problems`: codes by place (`stock.0.count` in rows); `at`: this question's own place; `onOpen`: told when a link to the dialler or the like is tapped. */
export function FormField({ field, value, onInput, currency, problems = {}, at = field.name, onOpen }) {
  const said = field.type === "duration" ? t("{what} (minutes)", { what: pick(field.labels) }) : pick(field.labels);
  // wished for, never asked for by force: a gap looks so, and saving waits for nothing
  const label = field.required_hint && (value ?? "").length === 0 ? html`${said} <em class="wish">${t("please fill in")}</em>` : said;
  const error = problemWords(problems[at]);
  const common = { label, value, onInput, hint: field.hint ? pick(field.hint) : "", error };
  if (field.type === "prose") return html`<div class="stack tight"><${ProseField} ...${common} max=${field.maximum || 4000} /><${Firm} text=${value} /></div>`;
  if (field.type === "money") return html`<${MoneyField} ...${common} minor=${value} currency=${currency} />`;
  if (field.type === "date") return html`<${DateField} ...${common} />`;
  if (field.type === "time") return html`<${TimeField} ...${common} />`;
  if (field.type === "bool") return html`<div class="field"><${Switch} label=${label} on=${Boolean(value)} onInput=${onInput} />${common.hint && html`<small>${common.hint}</small>`}</div>`;
  if (field.type === "choice") return html`<${ChoiceField} field=${field} ...${common} />`;
  if (field.type === "photo") return html`<div class="field"><span class="lab">${label}</span><${Photos} photos=${value || []} label=${t("Take a photo")} slot=${field.name} stored max=${field.maximum || 20} onChange=${onInput} />
    ${common.hint && html`<small>${common.hint}</small>`}${error && html`<p class="err">${error}</p>`}</div>`;
  if (seldom[field.type]) return html`<${Lazy} load=${seldom[field.type]} field=${field} ...${common} currency=${currency} problems=${problems} at=${at} />`;
  return html`<div class="stack tight"><${TextField} ...${common} value=${value ?? ""} type=${TYPES[field.type] || "text"} mode=${MODES[field.type]} max=${field.type === "text" && field.maximum ? field.maximum : 120} />
    ${field.type === "phone" && value && html`<${NumberHint} number=${value} />`}
    ${OPENS[field.opens] && value && html`<${Opener} opens=${field.opens} value=${value} onOpen=${onOpen} />`}</div>`;
}

const NUMBERS = { "": () => t("This does not look like a number one can dial. Please look at it again."), local: () => t("A landline without its area code: from elsewhere it cannot be dialled.") };

/** A number of an unlikely shape is pointed out, and kept as it is. */
function NumberHint({ number }) {
  const words = NUMBERS[kindOf(number)];
  return words ? html`<p class="sub" role="status">${words()}</p>` : null;
}

const FEW = 12;

/** A few answers as chips; many in the platform's own list. */
function ChoiceField({ field, label, value, onInput, hint, error }) {
  const id = useId();
  const options = field.choices.map((one) => [one.value, pick(one.labels)]);
  if (options.length <= FEW)
    return html`<div class="field"><${Choice} label=${label} value=${value} clear options=${options} onInput=${onInput} />${hint && html`<small>${hint}</small>`}${error && html`<p class="err" role="alert">${error}</p>`}</div>`;
  return html`<div class="field"><label class="lab" for=${id}>${label}</label>
    <select class="in-box" id=${id} aria-invalid=${error ? "true" : undefined} onChange=${(event) => onInput(event.currentTarget.value || null)}>
      <option value="" selected=${!value}>–</option>
      ${options.map(([code, words]) => html`<option key=${code} value=${code} selected=${code === value}>${words}</option>`)}</select>
    ${hint && html`<small>${hint}</small>`}${error && html`<p class="err">${error}</p>`}</div>`;
}

/** A time of the day, with the platform's own clock. */
function TimeField({ label, value, onInput, hint, error }) {
  const id = useId();
  return html`<div class="field"><label class="lab" for=${id}>${label}</label>
    <input class="in-box" id=${id} type="time" value=${value || ""} aria-invalid=${error ? "true" : undefined} aria-describedby=${hint || error ? `${id}-h` : undefined} onInput=${(event) => onInput(event.currentTarget.value || null)} />
    ${error ? html`<p class="err" id=${`${id}-h`}>${error}</p>` : hint && html`<small id=${`${id}-h`}>${hint}</small>`}</div>`;
}

function Opener({ opens, value, onOpen }) {
  const [href, icon, words] = OPENS[opens](value);
  return html`<a class="btn line" href=${href} onClick=${onOpen}><${Icon} name=${icon} small /> ${words}</a>`;
}

/** First values from the case: what a field's `prefill` asks for. */
export function prefilled(form, customer, query, today) {
  const contact = (customer.contacts || [])[0] || {};
  const debtor = (customer.debtors || [])[0] || {};
  const from = {
    today, "customer.phone": customer.phone, "contact.phone": query.phone || contact.phone || customer.phone, "contact.email": contact.email,
    "debtor.address": debtor.address || customer.address, balance: customer.open_minor, overdue: customer.overdue_minor,
  };
  const first = (field) => (field.type === "location" ? { address: from[field.prefill] } : from[field.prefill]);
  return Object.fromEntries(form.fields.filter((field) => field.prefill && from[field.prefill]).map((field) => [field.name, first(field)]));
}
