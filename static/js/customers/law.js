// The dossier's part on law and supply: what keeps the oldest claim alive, whether goods may be promised, what was seen.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { fullDay } from "../kernel/dates.js";
import { overlay } from "../kernel/docs.js";
import "../words/watch.js";

overlay("receivables.request_set_off", { kind: "customer", id: (payload) => payload.customer_id, apply: (doc, payload) => ({ ...doc,
  set_offs: [{ id: payload.set_off_id, kind_zh: "", kind_en: "", amount_minor: payload.amount_minor, currency: payload.currency, state_zh: "", state_en: "", pending: true },
    ...(doc.set_offs || []).filter((one) => one.id !== payload.set_off_id)] }) });

const both = (doc, name) => pick({ zh: doc[`${name}_zh`], en: doc[`${name}_en`] });

export function Law({ customer }) {
  const { limitation_detail: debts = [], watch, supply, set_offs: offs = [] } = customer;
  const near = debts.filter((one) => one.alert !== null);
  if (!near.length && !watch?.level && !supply && !offs.length) return null;
  return html`<section class="sect" id="law" aria-labelledby="law-h">
    <header><h2 id="law-h">${t("Supply and claims")}</h2></header>
    ${watch?.level && html`<div class="band stack"><p><span class=${watch.level === "red" ? "tag alert" : "tag"}>${watch.level === "red" ? t("Red alert") : t("Amber alert")}</span> ${watch.signs.map(pick).join(t(", "))}</p>
      <ul class="plain">${watch.steps.map((step) => html`<li key=${step.code}>${pick(step)}</li>`)}</ul></div>`}
    ${supply && html`<div class="band stack"><p><b>${both(supply, "state")}</b> ${supply.reason}</p>
      ${both(supply, "release") && html`<p class="sub">${both(supply, "release")}</p>`}
      ${supply.met && html`<p><span class="tag">${t("Condition fulfilled: the manager decides")}</span></p>`}</div>`}
    ${offs.slice(0, 3).map((one) => html`<p key=${one.id}><b>${t("Asked to set off")}</b> ${both(one, "kind")} <span class="amount">${money(one.amount_minor, one.currency)}</span>
      <span class="tag">${one.pending ? t("Saved on this phone") : both(one, "state")}</span>${one.approved_minor > 0 && one.approved_minor < one.amount_minor ? html` <span class="sub">${t("approved {amount}", { amount: money(one.approved_minor, one.currency) })}</span>` : ""}</p>`)}
    ${near.slice(0, 2).map((one) => html`<div class="band stack" key=${one.number + one.n}><p><b>${t("Limitation of {number}", { number: one.number })}</b> <span class="amount">${money(one.open_minor, one.currency)}</span></p>
      <p>${both(one, "advice")}</p><p class="sub">${t("each by itself {each} · from the last instalment {last}", { each: fullDay(one.each_on), last: fullDay(one.last_on) })}</p></div>`)}
  </section>`;
}
