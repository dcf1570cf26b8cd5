// ＋: log something for a customer. First whom (near the top: today's, then all), then what.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { Sheet } from "../parts/sheet.js";
import { Icon } from "../parts/icons.js";
import { TextField } from "../parts/fields.js";
import { byOverdue, matches } from "./search.js";
import { actionsFor } from "./actions.js";
import "../words/customers.js";

const SHOWN = 8;

export default function Log({ onClose }) {
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(null);
  if (chosen) return html`<${Sheet} title=${chosen.name} onClose=${onClose}>
    <${Link} class="btn fill fat block" href=${`/app/customers/${chosen.id}/visit`} onClick=${onClose}><${Icon} name="pin" small /> ${t("Start visit")}<//>
    <div class="acts">${actionsFor(chosen).map(([icon, words, href]) => html`<${Link} class="btn line" key=${href} href=${href} onClick=${onClose}><${Icon} name=${icon} small /> ${words}<//>`)}</div>
  <//>`;
  const all = docs.all("customer").value;
  const today = (docs.one("today").value?.items || []).map((item) => item.customer_id);
  const order = (one) => (today.includes(one.id) ? today.indexOf(one.id) : today.length);
  const found = [...all].sort((a, b) => order(a) - order(b) || byOverdue(a, b)).filter((one) => !query.trim() || matches(one, query.trim()));
  return html`<${Sheet} title=${t("Log something for")} onClose=${onClose}>
    <${TextField} label=${t("Search customers")} value=${query} type="search" onInput=${setQuery} />
    <ul class="list">${found.slice(0, SHOWN).map((one) => html`<li key=${one.id}><button type="button" class="row" onClick=${() => setChosen(one)}>
      <span><span class="name">${one.name}</span><br /><span class="sub num">${one.code}</span></span><${Icon} name="turn" /></button></li>`)}</ul>
    ${!found.length && html`<p class="sub" role="status">${t("Nobody found")}</p>`}
    <${Link} class="btn line" href="/app/lead" onClick=${onClose}><${Icon} name="people" small /> ${t("Lead: not a customer yet")}<//>
  <//>`;
}
