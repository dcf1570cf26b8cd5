// 签到: place, accuracy and time, taken once on arrival. Refused, unavailable or too slow is noted and never blocks.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { clock, nowIso } from "../kernel/dates.js";
import { distance, whereAmI } from "../kernel/place.js";
import { Icon } from "../parts/icons.js";
import { Step } from "./step.js";
import { far } from "../today/card.js";
import { here } from "../today/near.js";

const NOTES = () => ({
  refused: t("The phone does not share its place. The visit is saved without it."),
  unavailable: t("No place could be found. The visit is saved without it."),
  timeout: t("Finding the place took too long. The visit is saved without it."),
});

export function CheckIn({ draft, change, customer }) {
  const [looking, setLooking] = useState(false);
  const look = async () => {
    setLooking(true);
    const { place, note } = await whereAmI();
    setLooking(false);
    if (place) here.value = place;
    change(place ? { place, place_note: "" } : { place_note: note });
  };
  useEffect(() => {
    if (!draft.place && !draft.place_note) look();
  }, []);
  const again = html`<button type="button" class="btn line" onClick=${look} disabled=${looking}><${Icon} name="pin" small /> ${looking ? t("Looking for the place") : t("Check in again")}</button>`;
  return html`<${Step} title=${t("Check-in")} gap=${t("arrived {time}", { time: clock(draft.arrived_at || nowIso()) })}>
    ${draft.place ? html`<div class="pair between"><p role="status">${t("Place kept, accurate to {n} m", { n: draft.place.accuracy_m })}${away(draft.place, customer)}</p>${again}</div>`
      : html`<div class="pair between"><p class="sub" role="status">${looking ? t("Looking for the place. You can go on meanwhile.") : NOTES()[draft.place_note] || ""}</p>${!looking && again}</div>`}
  <//>`;
}

function away(place, customer) {
  if (!customer.lat || !customer.lon) return "";
  const metres = distance(Number(place.lat), Number(place.lon), Number(customer.lat), Number(customer.lon));
  return html`<br /><span class="sub">${t("{far} from the customer's address", { far: far(metres) })}</span>`;
}
