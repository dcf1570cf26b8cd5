// One customer on today's list: who, how much and how old, why in one sentence, how far; call or visit.
import { html } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
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

export function Card({ item, rank }) {
  const { customer } = item;
  const metres = metresTo(customer) ?? item.distance_m;
  const why = locale.value === "zh" ? item.why_zh : item.why_en;
  return html`<li class=${rank === 1 ? "card first" : "card"}>
    <div class="who">
      <h2><span class="rank" aria-hidden="true">${rank}</span> <${Link} class="cover" href=${`/app/customers/${customer.id}`}>${customer.name}<//></h2>
      ${metres !== null && html`<span class="sub num nowrap">${far(metres)}</span>`}
    </div>
    <div class="pair">
      <span class="big num">${headline(item.overdue_minor, customer.currency)}</span>
      <${Age} days=${customer.days_past_due} due />
    </div>
    <p class="why">${why}</p>
    <div class="btns">
      <${CallButton} customer=${customer} />
      <${Link} class=${rank === 1 ? "btn fill grow" : "btn soft grow"} href=${`/app/customers/${customer.id}/visit`}>
        <${Icon} name="pin" small /> ${t("Start visit")}<//>
    </div>
  </li>`;
}
