// Before you ask: what would make the asking go wrong if one did not know it.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { day, today } from "../kernel/dates.js";
import { openTasks, taskWords } from "./tasks.js";
import { excuseWords } from "../visits/excuses.js";
import { Link } from "../kernel/router.js";
import "../words/table.js";

export function BeforeYouAsk({ customer }) {
  const complaints = openTasks(customer).filter((task) => task.kind === "complaint");
  const disputes = (customer.disputes || []).filter((one) => !one.decision && one.state !== "decided");
  const promise = lastPromise(customer.promises || []);
  const claims = (customer.claims || []).filter((claim) => claim.state === "unverified");
  const untrue = (customer.claims || []).filter((claim) => claim.state === "false");
  const table = html`<${Link} class="link" href=${`/app/customers/${customer.id}/table`}>${t("At the table")}<//>`;
  if (!complaints.length && !disputes.length && !promise && !claims.length && !untrue.length) return customer.open_minor > 0 ? html`<p>${table}</p>` : null;
  return html`<section class="sect" id="before" aria-labelledby="before-h">
    <header><h2 id="before-h">${t("Before you ask")}</h2>${table}</header>
    <div class="band stack">
      ${complaints.map((task) => html`<p key=${task.id}><b>${t("Open complaint")}</b> ${taskWords(task)}</p>`)}
      ${disputes.map((one) => html`<p key=${one.id}><b>${t("Awaiting a decision")}</b> ${disputeWords(one.kind)} ${one.amount_minor > 0 ? money(one.amount_minor, customer.currency) : ""} ${one.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</p>`)}
      ${promise && html`<blockquote class="quote"><p>${promise.words || t("Promised {amount} by {day}.", { amount: money(promise.amount_minor, promise.currency || customer.currency), day: day(promise.due_on) })}</p>
        <footer>${[promise.promisor_name, day(promise.due_on), money(promise.amount_minor, promise.currency || customer.currency), promiseState(promise)].filter(Boolean).join(" · ")}</footer></blockquote>`}
      ${claims.slice(0, 3).map((claim) => html`<p key=${claim.id}><b>${t("Not verified yet")}</b> ${said(claim)}</p>`)}
      ${untrue.slice(0, 2).map((claim) => html`<p key=${claim.id}><b>${t("Said before, and was not true")}</b> ${said(claim)}</p>`)}
    </div>
  </section>`;
}

const said = (claim) => `${excuseWords(claim.code)}${claim.words ? ` “${claim.words}”` : ""}`;

const lastPromise = (promises) => [...promises].sort((a, b) => String(b.made_at).localeCompare(String(a.made_at)))[0];

export function promiseState({ state, due_on: due }) {
  if (state === "open") return due < today() ? t("past its day, not settled") : t("open");
  return { kept: t("kept"), partly: t("partly kept"), partly_kept: t("partly kept"), broken: t("broken"), superseded: t("replaced"), void: t("void") }[state] || state;
}

/** The same for the customer's eyes: what was paid of it, without a verdict. */
export function paidState({ state, due_on: due }) {
  if (state === "kept") return t("paid");
  if (state === "partly") return t("partly paid");
  return due < today() ? t("due, not paid") : t("not due yet");
}

/** What a dispute is about, in the trade's words. */
export function disputeWords(kind) {
  return {
    quality: t("Quality"), not_received: t("Not received"), return: t("Return"), rebate: t("Rebate"),
    price: t("Price difference"), account: t("Account differs"), fapiao: t("Tax invoice"), other: t("Other"),
  }[kind] || kind;
}

