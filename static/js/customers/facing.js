// What the customer may see when the phone is turned round: the account, the proof, what was agreed.
// No scores, no grade, no reasons, no tier, no asks, no notes of ours. Built from short lists, never by leaving things out.
// A screen of its own: a swipe, the back key or a reload stays here; a held button leads out. What was shown is on record.
import { html, useEffect, useRef, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { fullDay, today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { uuid7 } from "../kernel/ids.js";
import { save } from "../kernel/outbox.js";
import { navigate } from "../kernel/router.js";
import { Dock } from "../parts/page.js";
import { Invoices } from "./invoices.js";
import { Payments } from "./payments.js";
import { Commitments } from "./commitments.js";
import "../words/customers.js";
import "../words/table.js";

const HOLD_MS = 1000;
/** Of an object only these names; what is a list of objects by the names of its own. */
const take = (names, lists = {}) => (one) => ({
  ...Object.fromEntries(names.filter((name) => name in one).map((name) => [name, one[name]])),
  ...Object.fromEntries(Object.entries(lists).map(([name, inner]) => [name, (one[name] || []).map(take(inner))])),
});
const SHARED = {
  invoices: take(["id", "number", "kind", "issued_on", "total_minor", "open_minor", "currency", "fapiao_number", "disputed", "days_past_due"],
    { dues: ["n", "due_on", "amount_minor", "open_minor", "days_past_due"], papers: ["id", "kind", "name", "sha256", "pending"] }),
  receipts: take(["id", "number", "method", "amount_minor", "currency", "pending"]),
  payments: take(["id", "received_on", "amount_minor", "currency", "method", "reversed", "is_reversal"], { allocations: ["number", "amount_minor"] }),
  promises: take(["id", "amount_minor", "currency", "due_on", "promisor_name", "state", "kept_minor", "pending"]),
  plans: take(["id", "number", "total_minor", "currency", "signed_on", "state", "document_id", "document_state", "pending"],
    { instalments: ["n", "due_on", "amount_minor", "kept_minor", "state"] }),
  statements: take(["id", "number", "as_of", "agreed_minor", "currency", "document_id", "document_state", "pending"]),
};
const HEAD = take(["id", "name", "code", "currency", "open_minor", "overdue_minor"]);

/** The part of the dossier that is shared knowledge between the customer and us. */
export function forTheCustomer(customer) {
  const lists = Object.entries(SHARED).map(([name, shared]) => [name, (customer[name] || []).filter((one) => !["superseded", "void"].includes(one.state)).map(shared)]);
  return { ...HEAD(customer), ...Object.fromEntries(lists) };
}

/** Where the customer's view of a customer lies. */
export const facingPath = (id) => `/app/customers/${id}/facing`;

/** The view that must not be left by accident: its path, until the held button lets it go. */
let kept = "";
addEventListener("popstate", () => {
  if (kept && location.pathname !== kept) navigate(kept);
});

function keep(customer) {
  const path = facingPath(customer.id);
  if (kept === path) return;
  kept = path;
  // one more entry of the same address: the first step back stays on it
  history.pushState(history.state, "", location.href);
  const shown = forTheCustomer(customer);
  const parts = ["account", ...Object.keys(SHARED).filter((name) => shown[name].length)];
  const payload = { disclosure_id: uuid7(), customer_id: customer.id, shown: parts, open_minor: shown.open_minor, overdue_minor: shown.overdue_minor, currency: shown.currency || "CNY" };
  save({ operation: "collection.log_disclosure", payload, entity_id: payload.disclosure_id }).catch(() => {}); // a full phone must not keep the account from being shown
}

export default function Facing({ customer, query = {} }) {
  useEffect(() => keep(customer), [customer.id]);
  const leave = () => {
    kept = "";
    navigate(`/app/customers/${customer.id}${query.from === "table" ? "/table" : ""}`, { replace: true });
  };
  const shown = forTheCustomer(customer);
  const sellers = docs.one("settings").value?.sellers || [];
  return html`<main class="page facing">
    <header class="top"><h1 tabindex="-1">${shown.name}</h1></header>
    <section class="stack" aria-label=${t("Where the account stands")}>
      <p class="sub">${t("Account on {day}", { day: fullDay(today()) })}</p>
      <p class="huge num facing-sum">${money(shown.open_minor, shown.currency)}</p>
      <dl class="facts"><div><dt>${t("Of this past its due date")}</dt><dd>${money(shown.overdue_minor, shown.currency)}</dd></div></dl>
    </section>
    <${Invoices} customer=${shown} facing=${true} />
    <${Payments} customer=${shown} />
    <${Commitments} customer=${shown} facing=${true} />
    ${sellers.length > 0 && html`<section class="sect" aria-label=${t("Where to pay")}><header><h2>${t("Pay only to the company's account")}</h2></header>
      <ul class="list">${sellers.filter((one) => one.account).map((one) => html`<li class="row" key=${one.id}><span><span class="name">${one.name}</span><br /><span class="sub num">${one.account}</span></span></li>`)}</ul></section>`}
    <${Dock}><${Held} onHeld=${leave} /><//>
  </main>`;
}

/** A button that must be held; a keyboard or a reading aid presses it twice. */
function Held({ onHeld }) {
  const timer = useRef(0);
  const [asked, setAsked] = useState(false);
  const [holding, setHolding] = useState(false);
  const down = () => {
    setHolding(true);
    timer.current = setTimeout(onHeld, HOLD_MS);
  };
  const up = () => {
    setHolding(false);
    clearTimeout(timer.current);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const press = (event) => {
    if (event.detail !== 0) return; // a finger: it has to hold
    if (asked) onHeld();
    setAsked(true);
  };
  return html`<button type="button" class=${holding ? "btn line grow hold going" : "btn line grow hold"} onPointerDown=${down} onPointerUp=${up} onPointerLeave=${up} onPointerCancel=${up}
    onClick=${press} onContextMenu=${(event) => event.preventDefault()}>${asked ? t("Press again to go back") : t("Hold to go back to your own view")}</button>`;
}
