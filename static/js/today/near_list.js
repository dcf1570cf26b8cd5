// 附近: whom to see when an appointment falls through, by distance from where the phone is now; without a fix by district.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { clock, today } from "../kernel/dates.js";
import { headline } from "../kernel/money.js";
import { docs } from "../kernel/docs.js";
import { distance, whereAmI } from "../kernel/place.js";
import { Link } from "../kernel/router.js";
import { Dock, Empty, Skeleton, Top } from "../parts/page.js";
import { Age } from "../parts/age.js";
import { Choice, Switch } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { usePlace } from "../parts/scroll.js";
import { CallButton } from "../customers/call.js";
import { far } from "./card.js";
import { byDistance, byDistrict, districtOf } from "./order.js";
import { here } from "./near.js";
import "../customers/pending.js";
import "../words/today.js";

const SHOWN = 40;
const NOTES = () => ({
  refused: t("The phone does not share its place. Sorted by district instead."),
  unavailable: t("No place could be found. Sorted by district instead."),
  timeout: t("Finding the place took too long. Sorted by district instead."),
});

/** Where one was last: the customer with the newest visit of today, for the district to begin with. */
const lastSeen = (customers) => customers.map((one) => [one, (one.timeline || []).find((line) => line.kind === "visit" || line.pending)?.at ?? ""])
  .filter(([, at]) => at.slice(0, 10) === today()).sort((a, b) => b[1].localeCompare(a[1]))[0]?.[0];

export default function Near() {
  usePlace("near");
  const [fix, setFix] = useState(null);
  const [looking, setLooking] = useState(true);
  const [note, setNote] = useState("");
  const [owing, setOwing] = useState(true);
  const [district, setDistrict] = useState("");
  const look = async () => {
    setLooking(true);
    const found = await whereAmI({ timeout: 12000 });
    setLooking(false);
    setNote(found.note);
    setFix(found.place);
    if (found.place) here.value = found.place;
  };
  useEffect(() => void look(), []);
  const all = docs.all("customer").value;
  const customers = owing ? all.filter((one) => one.open_minor > 0) : all;
  const first = district || districtOf(lastSeen(all)?.address);
  const groups = fix ? byDistance(customers, fix, distance) : byDistrict(customers, first);
  return html`<main class="page">
    <${Top} title=${t("Customers near here")} />
    <div class="stack">
      <p class="sub" role="status">${looking ? t("Looking for the place") : fix ? t("Sorted by distance from here, fixed at {time}, accurate to {n} m.", { time: clock(fix.at), n: fix.accuracy_m }) : NOTES()[note]}</p>
      <${Switch} label=${t("Only those who owe")} on=${owing} onInput=${setOwing} />
      ${!looking && !fix && groups.length > 1 && html`<${Choice} label=${t("Begin with the district")} value=${first} options=${groups.filter((one) => one.name).map((one) => [one.name, one.name])} onInput=${setDistrict} />`}
      ${!docs.ready.value && html`<${Skeleton} />`}
      ${docs.ready.value && !customers.length && html`<${Empty} title=${t("Nobody owes anything")} text=${t("Every open invoice is paid.")} />`}
    </div>
    ${(!looking || fix) && groups.map(({ name, kind, rows }) => html`<section class="sect" key=${kind + name}>
      ${kind !== "near" && html`<header><h2>${name || (kind === "unknown" ? t("Place not on record") : t("No district in the address"))}</h2></header>`}
      <ul class="list">${rows.slice(0, SHOWN).map((row) => html`<${Row} key=${row.customer.id} ...${row} />`)}</ul></section>`)}
    <${Dock}><button type="button" class="btn soft fat grow" disabled=${looking} onClick=${look}><${Icon} name="pin" small /> ${looking ? t("Looking for the place") : t("Look again")}</button><//>
  </main>`;
}

function Row({ customer, metres }) {
  const { id, name, address, overdue_minor: overdue, open_minor: open, currency, days_past_due: days } = customer;
  const seen = (customer.timeline || []).some((line) => (line.kind === "visit" || line.pending) && line.at?.slice(0, 10) === today());
  return html`<li class="row"><${Link} class="stack tight plainlink" href=${`/app/customers/${id}`}>
      <span class="name">${name}</span>
      <span class="pair"><b class="num">${headline(overdue > 0 ? overdue : open, currency)}</b><${Age} days=${overdue > 0 ? days : 0} due=${open > 0} />${seen && html`<span class="tag">${t("seen today")}</span>`}</span>
      <span class="sub">${address}</span><//>
    <span class="right stack tight"><span class="sub num nowrap">${metres === undefined ? "" : far(metres)}</span><${CallButton} customer=${customer} wide=${false} /></span></li>`;
}
