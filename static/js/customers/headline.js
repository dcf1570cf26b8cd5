// The head of the dossier: what is overdue, how old, how promises were kept, when the claim lapses.
import { html } from "../kernel/ui.js";
import { pick, t } from "../kernel/words.js";
import { headline, money } from "../kernel/money.js";
import { daysBetween, fullDay, today } from "../kernel/dates.js";
import { dated } from "../parts/day.js";
import { Link } from "../kernel/router.js";
import { Age, Ramp } from "../parts/age.js";
import "../words/gate.js";
import { Headline as Figure } from "../parts/amount.js";

export function Headline({ customer }) {
  const { overdue_minor: overdue, open_minor: open, currency, unapplied_minor: unapplied } = customer;
  return html`<section class="stack" aria-label=${t("Where the account stands")}>
    <div>
      <p class="sub">${overdue > 0 ? t("Overdue") : open > 0 ? t("Open, nothing overdue") : t("Nothing open")}</p>
      <div class="pair"><${Figure} minor=${overdue > 0 ? overdue : open} currency=${currency} />
        ${overdue > 0 && html`<${Age} days=${customer.days_past_due} />`}
        ${customer.case?.open.map((one) => html`<span class="tag" key=${one.id}>${t("Stage: {name}", { name: pick({ zh: one.stage_zh, en: one.stage_en }) })}</span>`)}
        ${customer.gate?.stops.length > 0 && html`<${Link} class="tag alert" href=${`/app/customers/${customer.id}/contacting`}>${t("Not to be contacted")}<//>`}
        ${customer.supply_stopped && html`<span class="tag alert">${t("Supply stopped")}</span>`}
        ${customer.supply?.state === "cash_first" && html`<span class="tag">${pick({ zh: customer.supply.state_zh, en: customer.supply.state_en })}</span>`}</div>
    </div>
    <dl class="facts">
      <div><dt>${t("Oldest due")}</dt><dd>${customer.oldest_due_on ? dated(customer.oldest_due_on) : t("None")}</dd></div>
      <div><dt>${t("Promises kept")}</dt><dd>${kept(customer.kept_rate)}</dd></div>
      <div><dt>${t("Limitation period ends")}</dt><dd>${limitation(customer.next_limitation_on)}</dd></div>
      <div><dt>${t("Open in all")}</dt><dd>${headline(open, currency)}${unapplied > 0 && html`<small>${t("{amount} not yet allocated", { amount: money(unapplied, currency) })}</small>`}</dd></div>
    </dl>
    ${customer.outlook && html`<p class="sub">${pick({ zh: customer.outlook.text_zh, en: customer.outlook.text_en })}</p>`}
    <${Ramp} ageing=${customer.ageing || []} currency=${currency} />
  </section>`;
}

const kept = (rate) => (rate === null || rate === undefined ? t("No promise has fallen due") : `${Math.round(Number(rate) * 100)} %`);

function limitation(on) {
  if (!on) return t("None running");
  const left = daysBetween(today(), on);
  return html`${fullDay(on)}${left < 366 && html`<small class=${left < 93 ? "err" : ""}>${left < 0 ? t("passed") : t("days left: {n}", { n: left })}</small>`}`;
}

/** Quick ways down a long page. */
export function Jump({ customer }) {
  const places = [
    ["invoices", t("Invoices"), customer.invoices], ["payments", t("Payments"), customer.payments],
    ["commitments", t("Promises"), true], ["claims", t("Reasons"), customer.claims], ["contacts", t("Contacts"), true],
    ["timeline", t("Timeline"), customer.timeline], ["papers", t("Documents"), [...(customer.documents || []), ...(customer.papers || []), ...(customer.photos || [])]],
  ].filter(([, , there]) => there === true || there?.length);
  const go = (id) => document.getElementById(id)?.scrollIntoView({ block: "start" });
  return html`<nav class="jump" aria-label=${t("Parts of this page")} tabindex="0">
    ${places.map(([id, words]) => html`<button type="button" key=${id} onClick=${() => go(id)}>${words}</button>`)}</nav>`;
}
