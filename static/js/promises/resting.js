// 钱从哪来 and what else makes a promise firm: asked for, never forced; and what it is worth so far.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { day, today } from "../kernel/dates.js";
import { money } from "../kernel/money.js";
import { Choice, Several, TextField } from "../parts/fields.js";
import { Photos } from "../parts/photos.js";
import { assess, weighty } from "./probability.js";
import { planOf } from "./plan_link.js";
import { Verdict, reason } from "./why.js";

const fundings = () => [["own_cash", t("Money they have")], ["customers_pay", t("Their customers pay")], ["bank_loan", t("Bank loan")], ["bill", t("A bill they hold")],
  ["owner_money", t("Owner's own money")], ["other", t("Something else")]];
const yesNo = () => [["yes", t("Yes")], ["no", t("No")]];

/** The promise being typed as the rule sees it, with what the office knows of the customer. */
export function shapeOf(value, customer, dueOn, proofs = []) {
  const { months = {}, ...record } = customer.judgement?.record || {};
  const replaced = (customer.promises || []).filter((one) => (value.supersedes || []).includes(one.id));
  const moved = replaced.map((one) => (customer.judgement?.promises?.[one.id]?.put_off || 0) + 1);
  return { ...record, months: months[customer.currency || "CNY"] || [], amount_minor: value.amount_minor, made_on: today(), due_on: value.due_on || dueOn,
    day_named: Boolean(value.due_on), payer_named: Boolean(value.promisor_name), decides: value.decides || "", words: value.words || "", funding: value.funding || "",
    funding_proven: (value.funding_photos || []).length > 0, others_promised: value.others_promised || "", confirmed: proofs.length > 0, put_off: Math.max(0, ...moved) };
}

export default function Resting({ value, change, customer, dueOn, proofs }) {
  const due_on = value.due_on || dueOn;
  const plan = planOf(customer, due_on);
  const open = (customer.promises || []).filter((one) => one.state === "open" && !one.pending);
  const toggle = (id) => {
    const now = value.supersedes || [];
    change({ supersedes: now.includes(id) ? now.filter((one) => one !== id) : [...now, id] });
  };
  return html`<div class="stack">
    <${Choice} label=${t("Where the money comes from")} value=${value.funding} options=${fundings()} clear onInput=${(funding) => change({ funding: funding || "" })} />
    ${value.funding && html`<${Photos} photos=${value.funding_photos || []} label=${t("Proof of the money")} slot="funding" keepOriginal stored max=${5} onChange=${(funding_photos) => change({ funding_photos })} />`}
    ${open.length > 0 && html`<${Several} label=${t("Takes the place of")} values=${value.supersedes || []} onToggle=${toggle}
      options=${open.map((one) => [one.id, `${day(one.due_on)} ${money(one.amount_minor, customer.currency)}`])} />`}
    ${plan && html`<${Choice} label=${t("Part of the signed plan?")} value=${value.plan_id === undefined ? plan.id : value.plan_id}
      options=${[[plan.id, t("Plan {number}", { number: plan.number })], ["", t("Outside the plan")]]} onInput=${(plan_id) => change({ plan_id })} />`}
    <details class="more"><summary>${t("More about it")}</summary><div class="stack">
      <${Choice} label=${t("Promised other suppliers as well?")} value=${value.others_promised} options=${yesNo()} clear onInput=${(others_promised) => change({ others_promised: others_promised || "" })} />
      <${Choice} label=${t("Do they decide about payments?")} value=${value.decides} options=${yesNo()} clear onInput=${(decides) => change({ decides: decides || "" })} />
      <${TextField} label=${t("Who else heard it")} value=${value.witness_name} onInput=${(witness_name) => change({ witness_name })} /></div></details>
    ${value.amount_minor > 0 && html`<${Worth} found=${assess(shapeOf(value, customer, dueOn, proofs))} currency=${customer.currency} />`}
  </div>`;
}

function Worth({ found, currency }) {
  return html`<section class="band stack tight" aria-label=${t("How firm this is")}>
    <p class="pair"><b>${t("How firm this is")}</b> <${Verdict} klass=${found.klass} bp=${found.bp} /> <span class="sub">${t("for your eyes only")}</span></p>
    <ul class="sub plain">${weighty(found, 4).map(([code, , values]) => html`<li key=${code}>${reason(code, values, currency)}</li>`)}</ul>
  </section>`;
}
