// One customer on a plugin's card: what, when, why not now, and what a tap opens. Nothing here knows any plugin.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { docs, overlay } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { CallButton } from "../customers/call.js";
import "../words/showing.js";

/** A text, or one in both languages. */
export const spoken = (given) => (given && typeof given === "object" ? pick(given) : given || "");

// saved here and not yet answered: the row is done until the office counts anew
overlay("collection.take_action", { kind: "today", id: () => "today", apply: (doc, payload) => (doc.cards ? { ...doc, cards: doc.cards.map((card) => (
  card.method !== payload.method ? card : { ...card, rows: card.rows.map((row) => (row.customer_id === payload.customer_id ? { ...row, done: true } : row)) })) } : doc) });

/** A card's rows with their customers, as far as they are on this phone. */
export const rowsOf = (card) => (card.rows || []).map((row) => ({ ...row, customer: docs.get("customer", row.customer_id).value })).filter((row) => row.customer);

// a visit ends whatever row asked for one
overlay("visits.log_visit", { kind: "today", id: () => "today", apply: (doc, payload) => (doc.cards ? { ...doc, cards: doc.cards.map((card) => (
  { ...card, rows: card.rows?.map((row) => (row.opens === "visit" && row.customer_id === payload.customer_id ? { ...row, done: true } : row)) })) } : doc) });

/** Whether a row's hour is still to come. */
const isLater = (row, now) => row.at?.length > 10 && Date.parse(row.at) > now;

/** Those still to be done, neither saved here nor held back; who is for a later hour comes after those who can be dealt with now. */
export function open(rows, now = Date.now()) {
  const left = rows.filter((row) => !row.done && !row.stop);
  return [...left.filter((row) => !isLater(row, now)), ...left.filter((row) => isLater(row, now))];
}

/** Where a tap leads: a screen of the customer, a number, an address; else the customer. */
export function where(row) {
  if (/^(tel:|https:)/.test(row.opens)) return row.opens;
  const at = `/app/customers/${row.customer_id}`;
  return row.opens && row.opens !== "call" ? `${at}/${row.opens}` : at;
}

/** Where one goes on after saving `method` for a customer: to the card that brought him here, else to the customer. */
export function afterwards(method, customer_id) {
  const card = docs.one("today").value?.cards?.find((one) => one.method === method && (one.rows || []).some((row) => row.customer_id === customer_id));
  return card ? `/app/cards/${card.name}` : `/app/customers/${customer_id}`;
}

/** The one button of a row. */
export function Act({ row, label, fill = false }) {
  if (row.opens === "call") return html`<${CallButton} customer=${row.customer} />`;
  if (!row.opens) return null;
  const style = fill ? "btn fill grow" : "btn soft grow";
  if (/^(tel:|https:)/.test(row.opens)) return html`<a class=${style} href=${row.opens} rel="noreferrer">${label}</a>`;
  return html`<${Link} class=${style} href=${where(row)}>${label}<//>`;
}

export function Row({ row }) {
  const tone = { bad: "err", warn: "sub", good: "sub" }[row.tone] || "sub";
  return html`<li class="row">
    <span class="stack tight"><${Link} class="name" href=${`/app/customers/${row.customer_id}`}>${row.customer.name}<//>
      <span class=${tone}>${pick(row.text)}</span>${row.stop && html`<span class="sub"><span class="tag">${t("Not now")}</span> ${pick(row.stop)}</span>`}</span>
    <span class="right sub num nowrap">${row.done ? html`<span class="tag good">${t("Done")}</span>` : spoken(row.when)}</span></li>`;
}
