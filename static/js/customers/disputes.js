// What they contest: who settles it and by when, what was found; and what goes on being asked for all the same.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { Section } from "../parts/page.js";
import { dated } from "../parts/day.js";
import { disputeWords } from "./before.js";
import "../words/truth.js";

const deskWords = (desk) => ({ "": t("Manager"), quality: t("Quality department"), logistics: t("Warehouse and delivery"), sales_support: t("Sales support"), finance: t("Finance") }[desk] || desk);
const findingWords = (finding) => ({ right: t("they are right"), partly: t("they are partly right"), wrong: t("they are not right") }[finding] || finding);

/** Not decided yet, here or at the office. */
const isOpen = (one) => !one.state || one.state === "open";

export function Disputes({ customer }) {
  const open = (customer.disputes || []).filter(isOpen);
  if (!open.length) return null;
  const now = customer.settling || {};
  return html`<${Section} id="disputes" title=${t("Contested")}>
    ${now.held_minor > 0 && html`<p class="band"><b>${t("Still to be asked for: {amount}", { amount: money(now.collectable_minor, now.currency) })}</b> ${t("contested: {amount}", { amount: money(now.held_minor, now.currency) })}</p>`}
    <ul class="list">${open.map((one) => html`<${Dispute} key=${one.id} dispute=${one} settling=${now.open?.[one.id]} currency=${customer.currency} />`)}</ul>
  <//>`;
}

function Dispute({ dispute, settling, currency }) {
  const who = settling && [deskWords(settling.desk), settling.owner].filter(Boolean).join(" · ");
  return html`<li class="row"><span class="stack tight">
      <span>${disputeWords(dispute.kind)}${dispute.words ? ` “${dispute.words}”` : ""}</span>
      ${settling && html`<span class=${settling.overdue ? "sub err" : "sub"}>${settling.overdue ? t("{who}, past its day {day}", { who, day: dated(settling.due_on) }) : t("{who}, by {day}", { who, day: dated(settling.due_on) })}</span>`}
      ${settling?.finding && html`<span class="sub"><b>${findingWords(settling.finding.finding)}</b> ${settling.finding.words}</span>`}
      ${dispute.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</span>
    ${dispute.amount_minor > 0 && html`<span class="amount">${money(dispute.amount_minor, currency)}</span>`}</li>`;
}
