// Today: who to see, why, how much, how far. The first card carries the one filled button.
import { html, useEffect } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { day, today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { SendState } from "../parts/state.js";
import { Empty, Skeleton } from "../parts/page.js";
import { Month } from "./month.js";
import { Card } from "./card.js";
import { usePlace } from "../parts/scroll.js";
import { lookAround } from "./near.js";
import { Icon } from "../parts/icons.js";
import { Lazy } from "../parts/lazy.js";

const called = () => import("../customers/called.js");
const onOneWay = () => import("./trips.js");
const ofPlugins = () => import("./cards.js");

export default function Today() {
  useEffect(() => void lookAround(), []);
  usePlace("today");
  const list = docs.one("today").value;
  const me = docs.one("me").value;
  const items = (list?.items || []).map((item) => ({ ...item, customer: docs.get("customer", item.customer_id).value })).filter((item) => item.customer);
  const waiting = !docs.ready.value || (!list && !me);
  return html`<main class="page" key=${waiting}>
    <div class="page-head">
      <div class="line"><h1>${t("Today")}</h1><${SendState} /></div>
      <div class="pair between"><p class="sub">${day(list?.on || today())}</p>
        <${Link} class="btn soft" href="/app/near"><${Icon} name="pin" small /> ${t("Near here")}<//></div>
    </div>
    ${docs.ready.value && html`<${Lazy} load=${called} quiet />`}
    ${me && html`<${Month} me=${me} />`}
    <div class="stack wide">
      ${list && list.on < today() && html`<p class="band wait">${t("This list is of {day}. A new one comes with the next connection.", { day: day(list.on) })}</p>`}
      ${waiting && html`<${Skeleton} />`}
      ${docs.ready.value && list?.cards?.length > 0 && html`<${Lazy} load=${ofPlugins} quiet cards=${list.cards} />`}
      ${docs.ready.value && me && !items.length && html`<${Empty} title=${t("Nobody has to be called or visited today")}
        text=${t("Anyone who owes something is in the list of customers.")}>
        <${Link} class="btn soft" href="/app/customers">${t("Open customers")}<//><//>`}
      ${docs.ready.value && list?.trips && html`<${Lazy} load=${onOneWay} quiet trips=${list.trips} />`}
      ${items.length > 0 && html`<ol class="stack">${items.map((item, n) => html`<${Card} key=${item.customer_id} item=${item} rank=${n + 1} />`)}</ol>`}
    </div>
  </main>`;
}
