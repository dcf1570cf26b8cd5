// Which screen of the customers: the list, one dossier, or something to do with that customer.
import { html } from "../kernel/ui.js";
import { docs } from "../kernel/docs.js";
import { t } from "../kernel/words.js";
import { Lazy } from "../parts/lazy.js";
import { Empty, Skeleton, Top } from "../parts/page.js";
import List from "./list.js";
import Dossier from "./dossier.js";

const DOINGS = {
  visit: () => import("../visits/visit.js"),
  table: () => import("../table/table.js"),
  facing: () => import("./facing.js"),
  note: () => import("../visits/note.js"),
  promise: () => import("../promises/promise.js"),
  evidence: () => import("../promises/evidence.js"),
  dispute: () => import("./dispute.js"),
  setoff: () => import("./setoff.js"),
  claim: () => import("./claim.js"),
  seen: () => import("./seen.js"),
  paper: () => import("./attach.js"),
  plan: () => import("../plans/plan.js"),
  stamped: () => import("../plans/stamped.js"),
  statement: () => import("../statements/statement.js"),
  receipt: () => import("../receipts/receipt.js"),
  method: () => import("../methods/method.js"),
  contact: () => import("./contact.js"),
  month: () => import("../targets/plan.js"),
  known: () => import("../targets/known.js"),
  contacting: () => import("../gate/rulings.js"),
};

export default function Customers({ parts, query }) {
  if (!parts[1]) return html`<${List} />`;
  const load = DOINGS[parts[2]];
  if (!load) return html`<${Dossier} parts=${parts} />`;
  const customer = docs.get("customer", parts[1]).value;
  if (customer) return html`<${Lazy} load=${load} customer=${customer} rest=${parts.slice(3)} query=${query} />`;
  return html`<main class="page"><${Top} title=${t("Customer")} />
    ${docs.ready.value ? html`<${Empty} title=${t("This customer is not on this phone")} text=${t("It may belong to a colleague now. What you saved about it is kept and sent.")} />` : html`<${Skeleton} />`}</main>`;
}
