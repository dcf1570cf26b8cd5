// Where the two books differ: each difference by kind and amount; the rest is agreed.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { Choice, MoneyField, TextField } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";

const kinds = () => [["not_booked", t("Payment not booked")], ["returned", t("Goods returned")], ["rebate", t("Rebate")], ["price", t("Price difference")], ["fapiao", t("Tax invoice")]];

export function Differences({ draft, change, currency, balance, agreed }) {
  const { differences } = draft;
  const set = (at, part) => change({ differences: differences.map((one, n) => (n === at ? { ...one, ...part } : one)) });
  return html`<div class="stack wide">
    ${!differences.length && html`<p>${t("Without differences the whole balance is confirmed.")}</p>`}
    ${differences.map((one, at) => html`<fieldset class="step" key=${at}><legend class="lab">${t("Difference {n}", { n: at + 1 })}</legend>
      <${Choice} hideLabel label=${t("What it is about")} value=${one.kind} options=${kinds()} onInput=${(kind) => set(at, { kind })} />
      <${MoneyField} label=${t("Amount")} minor=${one.amount_minor} currency=${currency} onInput=${(amount_minor) => set(at, { amount_minor })} />
      <${TextField} label=${t("Their account of it")} value=${one.note} onInput=${(note) => set(at, { note })} />
      <button type="button" class="link" onClick=${() => change({ differences: differences.filter((_, n) => n !== at) })}><${Icon} name="trash" small /> ${t("Take this one out")}</button>
    </fieldset>`)}
    ${differences.length < 50 && html`<button type="button" class="btn soft" onClick=${() => change({ differences: [...differences, { kind: "not_booked", amount_minor: null, note: "" }] })}><${Icon} name="plus" small /> ${t("Add a difference")}</button>`}
    <div role="status"><dl class="lines">
      <div><dt>${t("Balance in our books")}</dt><dd class="amount">${money(balance, currency)}</dd></div>
      ${differences.length > 0 && html`<div><dt>${t("Differences")}</dt><dd class="amount">${money(agreed - balance, currency)}</dd></div>`}
      <div class="sum"><dt>${t("Agreed and undisputed")}</dt><dd class="amount">${money(agreed, currency)}</dd></div>
    </dl></div>
  </div>`;
}
