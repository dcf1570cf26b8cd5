// The parcel's own screen: two big buttons, then the questions that are left.
import { steps } from "./steps.js";

export default function Parcel({ html, useState, form, customer, values, set, save, Ask, t, money }) {
  const [step, go] = useState(0);
  const left = form.fields.filter((one) => one.name !== "result");
  return html`<div class="stack wide">
    <p class="band">${t("包裹送给", "A parcel for")} ${customer.name} · ${money(customer.overdue_minor || 0, customer.currency)}</p>
    <div class="btns">
      <button type="button" class="btn soft grow" onClick=${() => set("result", "handed")}>${t("交到了", "Handed over")}</button>
      <button type="button" class="btn soft grow" onClick=${() => set("result", "away")}>${t("没人在", "Nobody there")}</button>
    </div>
    ${values.result && left.slice(0, steps(step)).map((one) => html`<${Ask} key=${one.name} name=${one.name} />`)}
    ${values.result && steps(step) < left.length && html`<button type="button" class="btn line" onClick=${() => go(step + 1)}>${t("更多", "More")}</button>`}
    <button type="button" class="btn fill" onClick=${() => save()}>${t("交货完成", "Delivered")}</button>
  </div>`;
}
