// A rep's own month: two numbers, never one; what is missing; whom to see for it.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { headline, money } from "../kernel/money.js";
import { addDays, today } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { Link } from "../kernel/router.js";
import { dated } from "../parts/day.js";
import { Empty, Section, Skeleton, Top } from "../parts/page.js";
import { Saved } from "../parts/saved.js";
import { monthOf } from "./pending.js";
import "../words/targets.js";

const thisMonth = () => `${today().slice(0, 8)}01`;

export default function MonthScreen() {
  const me = docs.one("me").value;
  const own = me?.targets;
  if (!docs.ready.value) return html`<main class="page"><${Top} title=${t("My month")} /><${Skeleton} /></main>`;
  const month = own?.month || thisMonth();
  const rows = docs.all("customer").value.filter((customer) => customer.owner?.id === me?.user_id).map((customer) => ({ customer, at: monthOf(customer, month) }));
  const wanting = rows.filter(({ at }) => at.gap_minor > 0).sort((a, b) => b.at.gap_minor - a.at.gap_minor);
  const soon = addDays(today(), 7);
  const steps = rows.flatMap(({ customer, at }) => at.steps.filter((one) => !one.done_on && one.due_on <= soon).map((step) => ({ customer, step })))
    .sort((a, b) => (a.step.due_on < b.step.due_on ? -1 : 1));
  return html`<main class="page">
    <${Top} title=${t("My month")} small=${own ? t("days left: {n}", { n: own.days_left }) : ""} />
    <${Saved} />
    ${!own && html`<${Empty} title=${t("Your month comes with the next connection")} />`}
    ${own && html`<${Numbers} own=${own} />`}
    ${steps.length > 0 && html`<${Section} id="steps" title=${t("Steps of this week")}><ul class="list">
      ${steps.map(({ customer, step }) => html`<li key=${step.id}><${Link} class="row" href=${`/app/customers/${customer.id}/month`}>
        <span class="stack tight"><span class="name">${step.text}</span><span class="sub">${customer.name}</span></span>
        <span class=${step.due_on < today() ? "sub err" : "sub"}>${dated(step.due_on)}</span><//></li>`)}</ul><//>`}
    <${Section} id="whom" title=${t("Whom to see for it")} side=${wanting.length || ""}>
      ${!wanting.length && html`<p class="sub">${t("No customer has a gap this month.")}</p>`}
      <ul class="list">${wanting.map(({ customer, at }) => html`<li key=${customer.id}><${Link} class="row" href=${`/app/customers/${customer.id}/month`}>
        <span class="stack tight"><span class="name">${customer.name}</span>
          <span class="sub">${hint(customer, at)}</span>
          ${at.held_back_minor > 0 && html`<span class="sub">${t("{amount} promised but not counted: it needs support", { amount: headline(at.held_back_minor, at.currency) })}</span>`}</span>
        <span class="right stack tight"><span class="amount">${money(at.gap_minor, at.currency)}</span><span class="sub">${t("missing")}</span></span><//></li>`)}</ul><//>
  </main>`;
}

function hint(customer, at) {
  const pay = customer.targets?.pay;
  const told = pay && pick({ zh: pay.hint_zh, en: pay.hint_en });
  if (told) return told;
  if (!at.discussed_on) return t("The month was never talked over.");
  return at.theirs_minor === null ? t("They named no number.") : t("They say {amount}.", { amount: headline(at.theirs_minor, at.currency) });
}

/** Both numbers with their bars; promises by probability lie on the bar in a lighter tone. */
function Numbers({ own }) {
  return html`<section class="stack wide" aria-label=${t("My month")}>
    <${Bar} title=${t("All cash in")} done=${own.received_minor} soft=${own.weighted_minor} target=${own.cash_minor} currency=${own.currency} />
    <dl class="facts">
      <div><dt>${t("Promises by probability")}</dt><dd>${money(own.weighted_minor, own.currency)}<small>${t("of {amount} promised", { amount: headline(own.open_minor, own.currency) })}</small></dd></div>
      ${own.gap_minor !== null && html`<div><dt>${own.gap_minor > 0 ? t("Gap") : t("Ahead by")}</dt><dd>${money(Math.abs(own.gap_minor), own.currency)}</dd></div>`}
      ${own.held_back > 0 && html`<div><dt>${t("Weak promises, not counted")}</dt><dd>${money(own.held_back_minor, own.currency)}<small>${t("promises: {n}", { n: own.held_back })}</small></dd></div>`}
    </dl>
    <${Bar} title=${t("Arrears to clear")} done=${own.cleared_minor} soft=${0} target=${own.arrears_minor} currency=${own.currency} />
  </section>`;
}

function Bar({ title, done, soft, target, currency }) {
  const part = (minor) => (target > 0 ? Math.min(100, (minor / target) * 100) : 0);
  return html`<div class="stack tight">
    <div class="pair between"><h2>${title}</h2><p class="num"><b>${headline(done, currency)}</b>${target !== null ? html`<span class="sub"> / ${headline(target, currency)}</span>` : null}</p></div>
    ${target === null ? html`<p class="sub">${t("No target is set.")}</p>` : html`<div class="meter" role="img" aria-label=${t("{n} % of the target", { n: target > 0 ? Math.floor((done / target) * 100) : 0 })}>
      <i style=${{ flexBasis: `${part(done)}%` }}></i><i class="soft" style=${{ flexBasis: `${Math.min(part(soft), 100 - part(done))}%` }}></i></div>`}
  </div>`;
}
