// All customers this rep may see, most overdue first; search as one types, all in memory.
import { html, useMemo, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { headline } from "../kernel/money.js";
import { docs } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { SendState } from "../parts/state.js";
import { Empty, Skeleton } from "../parts/page.js";
import { Age } from "../parts/age.js";
import { useId } from "../parts/fields.js";
import { usePlace } from "../parts/scroll.js";
import { byOverdue, matches, numberFound } from "./search.js";
import "../words/customers.js";

const PAGE = 50;
let lastQuery = "";
let lastShown = PAGE;

export default function Customers() {
  const all = docs.all("customer").value;
  usePlace("customers");
  const [query, setQuery] = useState(lastQuery);
  const [shown, setShown] = useState(lastShown);
  const sorted = useMemo(() => [...all].sort(byOverdue), [all]);
  const found = useMemo(() => (query.trim() ? sorted.filter((one) => matches(one, query.trim())) : sorted), [sorted, query]);
  const ask = (text) => {
    lastQuery = text;
    setQuery(text);
    setShown((lastShown = PAGE));
  };
  return html`<main class="page">
    <div class="page-head"><div class="line"><h1>${t("Customers")}</h1><${SendState} /></div></div>
    <${Search} query=${query} onInput=${ask} />
    <p class="sub" role="status" hidden=${!all.length}>${query.trim() ? t("{n} found", { n: found.length }) : t("Customers: {n}, most overdue first", { n: all.length })}</p>
    ${!docs.ready.value && html`<${Skeleton} />`}
    ${docs.ready.value && !all.length && html`<${Empty} title=${t("No customers on this phone yet")}
      text=${t("They come with the next connection, once the office has put you in charge of some.")} />`}
    ${all.length > 0 && !found.length && html`<${Empty} title=${t("Nobody found")} text=${t("Try two characters of the name, pinyin initials, the code, part of a phone number, or an invoice's number.")} />`}
    <ul class="list">${found.slice(0, shown).map((one) => html`<${Row} key=${one.id} customer=${one} number=${query.trim() ? numberFound(one, query.trim()) : ""} />`)}</ul>
    ${found.length > shown && html`<button type="button" class="btn soft block" onClick=${() => setShown((lastShown = shown + PAGE))}>
      ${t("Show {n} more", { n: Math.min(PAGE, found.length - shown) })}</button>`}
  </main>`;
}

function Search({ query, onInput }) {
  const id = useId();
  return html`<div class="search" role="search"><label class="sr" for=${id}>${t("Search customers")}</label>
    <input id=${id} class="in-box" type="search" value=${query} placeholder=${t("Name, pinyin, code, phone, invoice")} autocomplete="off" enterkeyhint="search"
      onInput=${(event) => onInput(event.currentTarget.value)} /></div>`;
}

/** A customer in a list: `href` decides where a tap leads. */
export function Row({ customer, href, number }) {
  const { name, code, overdue_minor: overdue, open_minor: open, days_past_due: days, currency, supply_stopped: stopped } = customer;
  return html`<li><${Link} class="row" href=${href || `/app/customers/${customer.id}`}>
    <span class="stack tight"><span class="name">${name}</span>
      <span class="pair"><span class="sub num">${[code, number].filter(Boolean).join(" · ")}</span>${stopped && html`<span class="tag alert">${t("Supply stopped")}</span>`}</span></span>
    <span class="right stack tight"><span class="amount">${headline(overdue > 0 ? overdue : open, currency)}</span>
      ${overdue > 0 ? html`<${Age} days=${days} />` : html`<span class="sub">${open > 0 ? t("Not due") : t("Nothing open")}</span>`}</span>
  <//></li>`;
}
