// Whom is it about: today's customers first, then all; search as one types.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { Empty, Skeleton } from "../parts/page.js";
import { TextField } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { byOverdue, matches } from "../customers/search.js";
import "../words/customers.js";
import "../words/reach.js";

const SHOWN = 30;

export function Whom({ onChoose }) {
  const [query, setQuery] = useState("");
  const all = docs.all("customer").value;
  const today = (docs.one("today").value?.items || []).map((item) => item.customer_id);
  const order = (one) => (today.includes(one.id) ? today.indexOf(one.id) : today.length);
  const found = [...all].sort((a, b) => order(a) - order(b) || byOverdue(a, b)).filter((one) => !query.trim() || matches(one, query.trim()));
  if (!docs.ready.value) return html`<${Skeleton} />`;
  if (!all.length) return html`<${Empty} title=${t("No customers on this phone yet")} text=${t("They come with the next connection, once the office has put you in charge of some.")} />`;
  return html`<${TextField} label=${t("Search customers")} value=${query} type="search" onInput=${setQuery} />
    <ul class="list">${found.slice(0, SHOWN).map((one) => html`<li key=${one.id}><button type="button" class="row" onClick=${() => onChoose(one)}>
      <span><span class="name">${one.name}</span><br /><span class="sub num">${one.code}</span></span><${Icon} name="turn" /></button></li>`)}</ul>
    ${!found.length && html`<p class="sub" role="status">${t("Nobody found")}</p>`}`;
}
