// The plugins' cards on Today: the first rows of each, and the way to the whole list.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { Link } from "../kernel/router.js";
import { Row, open, rowsOf, spoken } from "./rows.js";

const SHOWN = 2;

export default function Cards({ cards }) {
  return html`${cards.map((card) => html`<${OneCard} key=${card.name} card=${card} />`)}`;
}

function OneCard({ card }) {
  if (card.failed) return html`<p class="sub">${pick(card.failed)}</p>`;
  const rows = rowsOf(card);
  const left = open(rows);
  if (!rows.length && !card.note) return null;
  return html`<section class="band" aria-label=${pick(card.title)}>
    <div class="pair between"><h2>${pick(card.title)}</h2><span class="sub num">${left.length ? t("{n} left", { n: left.length }) : rows.length ? t("All done") : ""}</span></div>
    ${left.length > 0 && html`<ul class="list">${left.slice(0, SHOWN).map((row) => html`<${Row} key=${row.customer_id} row=${row} />`)}</ul>`}
    ${card.note && html`<p class="sub">${spoken(card.note)}</p>`}
    ${rows.length > 0 && html`<${Link} class="btn line" href=${`/app/cards/${card.name}`}>${t("See all {n}", { n: rows.length })}<//>`}
  </section>`;
}
