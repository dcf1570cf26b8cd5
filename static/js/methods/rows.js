// Repeated rows of a plugin's form (stock counted by item): one card a row, each question drawn as everywhere.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { Icon } from "../parts/icons.js";
import { FormField } from "./field.js";
import { shown } from "./check.js";
import "../words/methods.js";

export default function Rows({ field, label, value, onInput, hint, error, currency, problems, at }) {
  const most = field.maximum ?? 50;
  const rows = Array.isArray(value) && value.length ? value : Array.from({ length: Math.min(most, Math.max(1, field.minimum || 1)) }, () => ({}));
  const set = (n, name, answer) => onInput(rows.map((row, where) => (where === n ? { ...row, [name]: answer } : row)));
  const without = (n) => onInput(rows.filter((_, where) => where !== n));
  const inRows = Object.keys(problems).some((place) => place.startsWith(`${at}.`));
  return html`<fieldset class="stack"><legend class="lab">${label}</legend>
    ${hint && html`<small class="hint">${hint}</small>`}
    ${rows.map((row, n) => html`<div class="card one-row" key=${n} role="group" aria-label=${`${pick(field.labels)} ${n + 1}`}>
      <div class="who"><b class="num">${n + 1}</b>${rows.length > 1 && html`<button type="button" class="link" aria-label=${t("Take out row {n}", { n: n + 1 })} onClick=${() => without(n)}><${Icon} name="close" small /></button>`}</div>
      <div class="stack">${shown(field.fields, row).map((one) => html`<${FormField} key=${one.name} field=${one} value=${row[one.name]} currency=${currency} problems=${problems}
        at=${`${at}.${n}.${one.name}`} onInput=${(answer) => set(n, one.name, answer)} />`)}</div>
    </div>`)}
    ${rows.length < most && html`<button type="button" class="btn line" onClick=${() => onInput([...rows, {}])}><${Icon} name="plus" small /> ${t("One more row")}</button>`}
    ${error && !inRows && html`<p class="err" role="alert">${error}</p>`}
  </fieldset>`;
}
