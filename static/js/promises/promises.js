// 承诺: what was promised by all customers: overdue first, this week, later; and what was broken.
import { html, useState } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { headlines, money } from "../kernel/money.js";
import { addDays, daysBetween, today } from "../kernel/dates.js";
import { dated } from "../parts/day.js";
import { docs } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { Empty, Skeleton } from "../parts/page.js";
import { SendState } from "../parts/state.js";
import { Choice } from "../parts/fields.js";
import { usePlace } from "../parts/scroll.js";
import "../customers/pending.js";
import { Verdict } from "./why.js";
import "../words/promises.js";
import "../words/customers.js";

/** Promises and plan instalments of all customers, each with its customer. */
export function commitments(customers) {
  return customers.flatMap((customer) => [
    ...(customer.promises || []).map((one) => ({ ...one, customer, kind: "promise" })),
    ...(customer.plans || []).flatMap((plan) => (plan.instalments || []).map((one) => ({ ...one, id: `${plan.id}/${one.n}`, customer, kind: "plan", plan }))),
  ]);
}

/** The list of a tab. `week`: open and due within seven days or past; `open`: all open ones; `broken`: newest first. */
export function ofTab(all, tab, now) {
  const open = all.filter((one) => one.state === "open").sort((a, b) => a.due_on.localeCompare(b.due_on));
  if (tab === "broken") return all.filter((one) => ["broken", "partly"].includes(one.state)).sort((a, b) => b.due_on.localeCompare(a.due_on));
  return tab === "week" ? open.filter((one) => one.due_on <= addDays(now, 7)) : open;
}

const tabs = (all, now) => ["week", "open", "broken"].map((tab) => [tab, { week: t("This week"), open: t("Open"), broken: t("Broken") }[tab] + ` ${ofTab(all, tab, now).length}`]);
let kept = "week";

export default function Promises() {
  usePlace("promises");
  const [tab, setTab] = useState(kept);
  const all = commitments(docs.all("customer").value);
  const shown = ofTab(all, tab, today());
  const choose = (value) => {
    kept = value;
    setTab(value);
  };
  const rest = (one) => one.amount_minor - (one.kept_minor || 0);
  const inAll = headlines(shown.map((one) => [one.customer.currency, rest(one)]));
  const likely = headlines(shown.map((one) => [one.customer.currency, Math.round((rest(one) * (one.customer.judgement?.promises?.[one.id]?.probability_bp || 0)) / 10000)]));
  return html`<main class="page">
    <div class="page-head"><div class="line"><h1>${t("Promises")}</h1><${SendState} /></div></div>
    <${Choice} hideLabel shape="seg" label=${t("Which promises")} value=${tab} options=${tabs(all, today())} onInput=${choose} />
    ${!docs.ready.value && html`<${Skeleton} />`}
    ${shown.length > 0 && html`<p class="sub num">${t("{amount} in all", { amount: inAll || money(0) })}${likely && ` · ${t("likely {amount}", { amount: likely })}`}</p>`}
    ${docs.ready.value && !shown.length && html`<${Empty} title=${tab === "broken" ? t("No broken promise") : t("Nothing promised for these days")}
      text=${tab === "broken" ? t("Promises that were not kept stand here, with what came.") : t("Log a promise on a visit or with ＋, and it stands here by its day.")} />`}
    <ul class="list">${shown.map((one) => html`<${Row} key=${one.id} one=${one} />`)}</ul>
  </main>`;
}

function Row({ one }) {
  const { customer } = one;
  const left = daysBetween(today(), one.due_on);
  const judged = one.state === "open" ? customer.judgement?.promises?.[one.id] : null;
  const tone = one.state !== "open" || left < 0 ? "alert" : left <= 1 ? "wait" : "";
  const words = one.state === "partly" ? t("partly kept") : one.state === "broken" ? t("broken") : left === -1 ? t("yesterday") : left < 0 ? t("{n} days past", { n: -left }) : left === 0 ? t("today") : left === 1 ? t("tomorrow") : t("in {n} days", { n: left });
  return html`<li><${Link} class="row" href=${`/app/customers/${customer.id}`}>
    <span class="stack tight"><span class="name">${customer.name}</span>
      <span class="pair"><span class="sub num">${dated(one.due_on)}</span><span class=${`tag ${tone}`}>${words}</span>${judged && html`<${Verdict} klass=${judged.klass} bp=${judged.probability_bp} />`}</span>
      ${one.kind === "plan" ? html`<span class="sub">${t("Instalment {n} of plan {number}", { n: one.n, number: one.plan.number })}</span>` : one.words && html`<span class="sub">“${one.words}”</span>`}</span>
    <span class="right stack tight"><span class="amount">${money(one.amount_minor, customer.currency)}</span>
      ${one.kept_minor > 0 && html`<span class="sub num">${t("came: {amount}", { amount: money(one.kept_minor, customer.currency) })}</span>`}</span>
  <//></li>`;
}
