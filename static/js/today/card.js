// One customer on today's list: who, how much and how old, the next step and its why in one sentence, how far.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { Link } from "../kernel/router.js";
import { Age } from "../parts/age.js";
import { Icon } from "../parts/icons.js";
import { headline } from "../kernel/money.js";
import { metresTo } from "./near.js";
import { CallButton } from "../customers/call.js";

/** `820 m`, `2.3 km`. */
export function far(metres) {
  if (metres === null || metres === undefined) return "";
  if (metres < 1000) return `${Math.round(metres / 10) * 10} m`;
  return `${metres < 10000 ? (metres / 1000).toFixed(1) : Math.round(metres / 1000)} km`;
}

/** A sentence of a document in both languages: `why_zh`, `why_en`. */
export const said = (doc, name) => pick({ zh: doc[`${name}_zh`], en: doc[`${name}_en`] });

export function Card({ item, rank }) {
  const { customer, step } = item;
  const metres = metresTo(customer) ?? item.distance_m;
  const at = `/app/customers/${customer.id}`;
  const visits = !step || step.screen === "visit" || step.screen === "call";
  const style = rank === 1 ? "btn fill grow" : "btn soft grow";
  return html`<li class=${rank === 1 ? "card first" : "card"}>
    <div class="who">
      <h2><span class="rank" aria-hidden="true">${rank}</span> <${Link} class="cover" href=${at}>${customer.name}<//></h2>
      ${metres !== null && html`<span class="sub num nowrap">${far(metres)}</span>`}
    </div>
    <div class="pair">
      <span class="big num">${headline(item.overdue_minor, customer.currency)}</span>
      <${Age} days=${customer.days_past_due} due />
    </div>
    <p class="why">${step ? html`<b>${said(step, "title")}</b> ${said(step, "why")}` : said(item, "why")}</p>
    <div class="btns">
      <${CallButton} customer=${customer} />
      ${visits ? html`<${Link} class=${style} href=${`${at}/visit`}><${Icon} name="pin" small /> ${t("Start visit")}<//>`
    : html`<${Link} class=${style} href=${step.screen ? `${at}/${step.screen}` : at}>${said(step, "title")}<//>`}
    </div>
  </li>`;
}
