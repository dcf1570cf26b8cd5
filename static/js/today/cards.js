// The plugins' cards on Today: one line each, whom it begins with and how many are left; a tap opens the whole list.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { Link } from "../kernel/router.js";
import { open, rowsOf, spoken } from "./rows.js";

export default function Cards({ cards }) {
  return html`${cards.map((card) => html`<${OneCard} key=${card.name} card=${card} />`)}`;
}

function OneCard({ card }) {
  if (card.failed) return html`<p class="sub">${pick(card.failed)}</p>`;
  const rows = rowsOf(card);
  const [next, ...rest] = open(rows);
  if (!rows.length) return null;
  return html`<${Link} class="band plain-link" href=${`/app/cards/${card.name}`}>
    <span class="pair between"><b>${pick(card.title)}</b><span class="sub num nowrap">${next ? t("{n} left", { n: rest.length + 1 }) : t("All done")}</span></span>
    ${next && html`<span class="pair between"><span>${next.customer.name}</span><span class="sub num nowrap">${spoken(next.when)}</span></span>`}
  <//>`;
}
