// Visits that lie together: whom to see on one way today.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { headline } from "../kernel/money.js";
import { Link } from "../kernel/router.js";
import { far } from "./card.js";
import { Planning } from "./planning.js";
import "./answered.js";
import "../words/step.js";

export default function Trips({ trips }) {
  const known = trips.map((trip) => ({ ...trip, stops: trip.customer_ids.map((id) => docs.get("customer", id).value).filter(Boolean) }))
    .filter((trip) => trip.stops.length > 1);
  const [planned, setPlanned] = useState(null);
  if (!known.length) return null;
  return html`${planned && html`<${Planning} customers=${planned} onClose=${() => setPlanned(null)} />`}${known.map((trip) => html`<details class="band" key=${trip.customer_ids[0]}>
    <summary><b>${t("On one way")}</b> ${[trip.district, t("customers: {n}", { n: trip.stops.length }), trip.metres > 0 && far(trip.metres)].filter(Boolean).join(" · ")}</summary>
    <ol class="plain">${trip.stops.map((one) => html`<li key=${one.id} class="pair between"><${Link} href=${`/app/customers/${one.id}`}>${one.name}<//> <span class="sub num nowrap">${headline(one.overdue_minor, one.currency)}</span></li>`)}</ol>
    <button type="button" class="btn line" onClick=${() => setPlanned(trip.stops)}>${t("Plan these visits")}</button>
  </details>`)}`;
}
