// Step two of a plan: how many, how often, from when; each row can be changed by hand, the sum always stands below.
import { html } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { addDays, addMonths, today } from "../kernel/dates.js";
import { Choice, DateField, MoneyField, Stepper, Switch } from "../parts/fields.js";
import { Icon } from "../parts/icons.js";
import { planClauses } from "./payload.js";
import { MAX, numbered, restIntoLast, sumOf } from "./schedule.js";

const rhythms = () => [["daily", t("Daily")], ["weekly", t("Weekly")], ["half_monthly", t("Half-monthly")], ["monthly", t("Monthly")]];

export function InstalmentsStep({ draft, change, currency }) {
  const { instalments, total_minor: total } = draft;
  const sum = sumOf(instalments);
  const byHand = (next) => change({ by_hand: true, instalments: numbered(next), count: next.length });
  const set = (at, part) => byHand(instalments.map((one, n) => (n === at ? { ...one, ...part } : one)));
  const add = () => byHand([...instalments, { due_on: addMonths(instalments.at(-1)?.due_on || today(), 1), amount_minor: Math.max(0, total - sum) || null }]);
  const rest = sum !== total && instalments.length ? restIntoLast(instalments, total) : null;
  const again = (part) => change({ by_hand: false, ...part });
  return html`<div class="stack wide">
    <div class="stack">
      <${Stepper} label=${t("Number of instalments")} value=${draft.count} min=${1} max=${MAX} onInput=${(count) => again({ count })} />
      <${Choice} hideLabel shape="seg" label=${t("Rhythm")} value=${draft.rhythm} options=${rhythms()} onInput=${(rhythm) => again({ rhythm })} />
      <${DateField} label=${t("First instalment")} value=${draft.first_on} min=${today()} onInput=${(first_on) => first_on && again({ first_on })} />
      <div class="chips">${[[addDays(today(), 0), t("Today")], [addDays(today(), 7), t("In a week")], [addMonths(today(), 1), t("In a month")]].map(([on, words]) => html`<button type="button" class="chip" key=${on}
        aria-pressed=${draft.first_on === on} onClick=${() => again({ first_on: on })}>${words}</button>`)}</div>
    </div>
    <fieldset class="stack tight"><legend class="lab">${draft.by_hand ? t("Instalments, changed by hand") : t("Instalments")}</legend>
      ${instalments.map((one, at) => html`<div class="inst" key=${at}>
        <span class="n" aria-hidden="true">${one.n}</span>
        <${DateField} hideLabel label=${t("Day of instalment {n}", { n: one.n })} value=${one.due_on} min=${today()} onInput=${(due_on) => set(at, { due_on })} />
        <${MoneyField} hideLabel small label=${t("Amount of instalment {n}", { n: one.n })} minor=${one.amount_minor} currency=${currency} onInput=${(amount_minor) => set(at, { amount_minor })} />
      </div>`)}
      <div class="btns">
        ${instalments.length < MAX && html`<button type="button" class="link" onClick=${add}><${Icon} name="plus" small /> ${t("Add one")}</button>`}
        ${instalments.length > 1 && html`<button type="button" class="link" onClick=${() => byHand(instalments.slice(0, -1))}><${Icon} name="minus" small /> ${t("Take out the last")}</button>`}
      </div>
    </fieldset>
    <div role="status"><dl class="lines">
      <div><dt>${t("Sum of the instalments")}</dt><dd class="amount">${money(sum, currency)}</dd></div>
      <div class="sum"><dt>${t("Amount owed")}</dt><dd class="amount">${money(total, currency)}</dd></div>
      ${sum !== total && html`<div><dt class="err">${sum < total ? t("Still missing") : t("Too much")}</dt><dd class="amount err">${money(Math.abs(total - sum), currency)}</dd></div>`}
    </dl></div>
    <${Offered} draft=${draft} change=${change} />
    ${rest && html`<button type="button" class="btn soft block" onClick=${() => byHand(rest)}>${t("Put the difference into the last instalment")}</button>`}
  </div>`;
}

/** Clauses of plugins that may be agreed on, each with its words below. */
function Offered({ draft, change }) {
  const offered = planClauses().filter((one) => one.offered);
  const chosen = draft.clauses || [];
  const toggle = (name) => change({ clauses: chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name] });
  return offered.length > 0 && html`<fieldset class="stack tight"><legend class="lab">${t("Further clauses, where agreed")}</legend>
    ${offered.map((one) => html`<div key=${one.name}><${Switch} label=${one[`title_${locale.value}`]} on=${chosen.includes(one.name)} onInput=${() => toggle(one.name)} />
      ${chosen.includes(one.name) && html`<p class="sub">${one[`paras_${locale.value}`].join(" ").replace(/\{\w+\}/g, "…")}</p>`}</div>`)}
  </fieldset>`;
}
