// What the phone carries for a day without a network: how much, how far it is, how much room it may take.
import { html, useEffect, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { carried, loadCarried, weight } from "../kernel/carried.js";
import { budget, carry, carrying, isMetered, setBudget } from "../documents/carry.js";
import { Choice } from "../parts/fields.js";

const MB = 1024 * 1024;
const sizes = () => [[0, t("none")], [20, "20 MB"], [60, "60 MB"], [200, "200 MB"], [500, "500 MB"]];

function stateWords({ phase, done, want }) {
  if (phase === "off") return t("Papers are not kept on this phone; they open with a connection.");
  if (!want) return t("No papers to keep yet.");
  if (phase === "fetching") return t("Fetching papers: {done} of {want}", { done, want });
  if (phase === "metered") return t("Papers here: {done} of {want}. The rest waits for Wi-Fi, to spare mobile data.", { done, want });
  if (phase === "full") return t("Papers here: {done} of {want}. The room given is used up; today's customers come first.", { done, want });
  if (phase === "tight") return t("Papers here: {done} of {want}. The phone is nearly full, so no more are fetched.", { done, want });
  if (phase === "offline" || done < want) return t("Papers here: {done} of {want}. The rest comes with the next connection.", { done, want });
  return t("All {want} papers and photos are on this phone.", { want });
}

export function Carried() {
  const [asked, setAsked] = useState(false);
  useEffect(() => void loadCarried().catch(() => {}), []);
  const now = carrying.value;
  const fetch = async () => {
    setAsked(true);
    await carry({ asked: true });
    setAsked(false);
  };
  const share = now.want ? now.done / now.want : 0;
  return html`<section class="sect" aria-label=${t("For the day without a network")}><header><h2>${t("For the day without a network")}</h2></header>
    <p role="status">${stateWords(now)}</p>
    ${now.phase === "fetching" && html`<div class="meter" aria-hidden="true"><i style=${{ flexBasis: `${share * 100}%` }}></i></div>`}
    <p class="sub num">${t("{used} MB of {room} MB used", { used: (weight(carried.value ?? {}) / MB).toFixed(1), room: budget.value })}</p>
    <${Choice} label=${t("Room for papers and photos")} value=${budget.value} options=${sizes()} onInput=${(value) => void setBudget(value)} />
    ${now.phase !== "off" && html`<button type="button" class="btn line block" disabled=${asked || now.phase === "fetching"} onClick=${fetch}>${isMetered() ? t("Fetch now over mobile data") : t("Fetch now")}</button>`}
  </section>`;
}
