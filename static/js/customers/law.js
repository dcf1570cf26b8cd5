// The dossier's part on law and supply: what keeps the oldest claim alive, whether goods may be promised, what was seen.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { fullDay } from "../kernel/dates.js";
import "../words/watch.js";

const both = (doc, name) => pick({ zh: doc[`${name}_zh`], en: doc[`${name}_en`] });

export function Law({ customer }) {
  const { limitation_detail: debts = [], watch, supply } = customer;
  const near = debts.filter((one) => one.alert !== null);
  if (!near.length && !watch?.level && !supply) return null;
  return html`<section class="sect" id="law" aria-labelledby="law-h">
    <header><h2 id="law-h">${t("Supply and claims")}</h2></header>
    ${watch?.level && html`<div class="band stack"><p><span class=${watch.level === "red" ? "tag alert" : "tag"}>${watch.level === "red" ? t("Red alert") : t("Amber alert")}</span> ${watch.signs.map(pick).join(t(", "))}</p>
      <ul class="plain">${watch.steps.map((step) => html`<li key=${step.code}>${pick(step)}</li>`)}</ul></div>`}
    ${supply && html`<div class="band stack"><p><b>${both(supply, "state")}</b> ${supply.reason}</p>
      ${both(supply, "release") && html`<p class="sub">${both(supply, "release")}</p>`}
      ${supply.met && html`<p><span class="tag">${t("Condition fulfilled: the manager decides")}</span></p>`}</div>`}
    ${near.slice(0, 2).map((one) => html`<div class="band stack" key=${one.number + one.n}><p><b>${t("Limitation of {number}", { number: one.number })}</b> <span class="amount">${money(one.open_minor, one.currency)}</span></p>
      <p>${both(one, "advice")}</p><p class="sub">${t("each by itself {each} · from the last instalment {last}", { each: fullDay(one.each_on), last: fullDay(one.last_on) })}</p></div>`)}
  </section>`;
}
