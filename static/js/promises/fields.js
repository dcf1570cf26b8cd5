// A promise to pay: how much, when, who, in what words, by what way; and, lazily, what it rests on and is worth.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { addDays, today } from "../kernel/dates.js";
import { Choice, DateField, MoneyField, ProseField, TextField } from "../parts/fields.js";
import { Lazy } from "../parts/lazy.js";
import { quickDays } from "../visits/next.js";

const resting = () => import("./resting.js");
/** When nobody named a day, they are asked again in a week. */
export const noDay = () => addDays(today(), 7);

export const payWays = () => [["transfer", t("Bank transfer")], ["cash", t("Cash")], ["qr", t("Company QR code")], ["bill", t("Acceptance bill")]];

/** `persons`: those met on this visit; else the contacts stand as chips. */
export function PromiseFields({ value, change, customer, persons = [], dueOn = noDay(), proofs = [] }) {
  const known = persons.length ? persons : customer.contacts || [];
  const whole = customer.overdue_minor > 0 ? customer.overdue_minor : customer.open_minor;
  const who = (name) => {
    const found = known.find((one) => one.name === name);
    change({ promisor_name: name || "", promisor_role: found?.role || "" });
  };
  return html`<div class="stack">
    <${MoneyField} label=${t("Amount promised")} minor=${value.amount_minor} currency=${customer.currency} onInput=${(amount_minor) => change({ amount_minor })}
      hint=${value.amount_minor > customer.open_minor ? t("More than the open {amount}; it is kept as said.", { amount: money(customer.open_minor, customer.currency) }) : ""} />
    ${whole > 0 && !value.amount_minor && html`<div class="chips"><button type="button" class="chip" onClick=${() => change({ amount_minor: whole })}>${t("All: {amount}", { amount: money(whole, customer.currency) })}</button></div>`}
    <${Choice} label=${t("By when")} value=${value.due_on} options=${quickDays()} clear onInput=${(due_on) => change({ due_on })} />
    <${DateField} hideLabel label=${t("Another day")} value=${value.due_on} min=${today()} onInput=${(due_on) => change({ due_on })} />
    ${known.length > 0 && html`<${Choice} label=${t("Who promised")} value=${value.promisor_name} options=${known.map((one) => [one.name, one.name])} clear onInput=${who} />`}
    <${TextField} label=${known.length ? t("Somebody else") : t("Who promised")} value=${known.some((one) => one.name === value.promisor_name) ? "" : value.promisor_name}
      onInput=${(promisor_name) => change({ promisor_name, promisor_role: "" })} />
    <${ProseField} label=${t("Exact words")} value=${value.words} onInput=${(words) => change({ words })} />
    <${Choice} label=${t("How it will be paid")} value=${value.pay_by} options=${payWays()} clear onInput=${(pay_by) => change({ pay_by: pay_by || "" })} />
    <${Lazy} quiet load=${resting} value=${value} change=${change} customer=${customer} dueOn=${dueOn} proofs=${proofs} />
  </div>`;
}
