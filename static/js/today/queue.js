// One card as a list to work through: who is next on top, then everybody, what is done struck off.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { headline } from "../kernel/money.js";
import { Link } from "../kernel/router.js";
import { Empty, Skeleton, Top } from "../parts/page.js";
import { Age } from "../parts/age.js";
import { Saved } from "../parts/saved.js";
import { Act, Row, open, rowsOf, spoken } from "./rows.js";
import "../words/forms.js";

export default function Queue({ parts }) {
  const card = docs.one("today").value?.cards?.find((one) => one.name === parts[1]);
  if (!docs.ready.value) return html`<main class="page"><${Top} title="" /><${Skeleton} /></main>`;
  if (!card || card.failed) return html`<main class="page"><${Top} title=${card ? pick(card.title) : t("Today")} />
    <${Empty} title=${card ? pick(card.failed) : t("This list is not on the phone")} text=${t("It comes with the next connection, or its plugin was taken out.")} /></main>`;
  const rows = rowsOf(card);
  const [next] = open(rows);
  return html`<main class="page">
    <${Top} title=${pick(card.title)} small=${next ? t("{n} left", { n: open(rows).length }) : ""} />
    <${Saved} />
    ${next ? html`<${Next} row=${next} />` : html`<${Empty} title=${t("All done")} text=${t("Everybody on this list is done for today.")} />`}
    ${card.note && html`<p class="sub">${spoken(card.note)}</p>`}
    <ul class="list">${rows.filter((row) => row !== next).map((row) => html`<${Row} key=${row.customer_id} row=${row} />`)}</ul>
  </main>`;
}

function Next({ row }) {
  const { customer } = row;
  return html`<section class="card first" aria-label=${t("Next: {name}", { name: customer.name })}>
    <div class="who"><h2><${Link} href=${`/app/customers/${customer.id}`}>${customer.name}<//></h2><span class="sub num nowrap">${spoken(row.when)}</span></div>
    <div class="pair"><span class="big num">${headline(customer.overdue_minor, customer.currency)}</span> <${Age} days=${customer.days_past_due} due /></div>
    <p class="why">${pick(row.text)}</p>
    <div class="btns"><${Act} row=${row} label=${row.opens === "visit" ? t("Start visit") : t("Open the form")} fill />
      <${Link} class="btn soft grow" href=${`/app/customers/${customer.id}`}>${t("Open customer")}<//></div>
  </section>`;
}
