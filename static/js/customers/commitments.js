// What was promised and what was signed: promises, plans with their instalments, statements.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { fullDay } from "../kernel/dates.js";
import { dated } from "../parts/day.js";
import { Link } from "../kernel/router.js";
import { Section } from "../parts/page.js";
import { Icon } from "../parts/icons.js";
import { paidState, promiseState } from "./before.js";
import { MailPaper } from "./mail_paper.js";
import { PdfLink } from "./documents.js";
import { Verdict, reasonsOf } from "../promises/why.js";
import { Judgement } from "../promises/judgement.js";
import "../words/reach.js";
import { OpenPaper } from "../documents/open.js";
import { Lazy } from "../parts/lazy.js";

const waiting = () => import("../plans/waiting.js");

const tone = (state) => ({ kept: "good", broken: "alert", partly: "wait" }[state] || "");

export function Commitments({ customer, facing = false }) {
  const { promises = [], plans = [], statements = [] } = customer;
  return html`<${Section} id="commitments" title=${t("Promises and plans")}>
    ${!facing && html`<${Judgement} customer=${customer} />`}
    ${!promises.length && !plans.length && !statements.length && html`<p class="sub">${t("Nothing promised yet.")}</p>`}
    ${!facing && customer.signing_links?.length > 0 && html`<${Lazy} load=${waiting} quiet customer=${customer} />`}
    <ul class="list">${plans.map((plan) => html`<${Plan} key=${plan.id} plan=${plan} customer=${customer} facing=${facing} />`)}
      ${statements.map((one) => html`<li key=${one.id} class="row"><span class="stack tight"><span class="name">${t("Statement of account")}</span>
        <span class="pair"><span class="sub num">${one.number}</span>${one.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</span>
        <${PdfLink} id=${one.document_id} state=${one.document_state} pending=${one.pending} kind="statement" number=${one.number} /></span>
        <span class="amount">${money(one.agreed_minor, one.currency || customer.currency)}</span></li>`)}
      ${promises.map((promise) => html`<${Promise_} key=${promise.id} promise=${promise} customer=${customer} facing=${facing} />`)}</ul>
  <//>`;
}

/** Beside an open promise stands what the office judges of it; on the customer's view there is nothing to judge by. */
function Promise_({ promise, customer, facing }) {
  const judged = facing ? null : customer.judgement?.promises?.[promise.id];
  const calendar = () => import("../reach/ics.js").then(({ addToCalendar }) => addToCalendar(promise, customer));
  return html`<li><div class="row"><span class="stack tight"><span class="name">${dated(promise.due_on)}</span>
      <span class="pair"><span class="sub">${promise.promisor_name || t("No name noted")}</span>
        <span class=${`tag ${facing ? "" : tone(promise.state)}`}>${facing ? paidState(promise) : promiseState(promise)}</span>${promise.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}
        ${judged && html`<${Verdict} klass=${judged.klass} bp=${judged.probability_bp} />`}</span>
      ${promise.words && !facing && html`<span class="sub">“${promise.words}”</span>`}</span>
    <span class="right stack tight"><span class="amount">${money(promise.amount_minor, promise.currency || customer.currency)}</span>
      ${promise.state === "partly" && html`<span class="sub num">${t("came: {amount}", { amount: money(promise.kept_minor, promise.currency || customer.currency) })}</span>`}</span></div>
    ${!facing && promise.state === "open" && html`<div class="in">
      ${judged && html`<details class="more"><summary>${t("How firm this is")} <${Icon} name="turn" small /></summary><ul class="sub dots">${reasonsOf(judged).map((one) => html`<li key=${one}>${one}</li>`)}</ul></details>`}
      <div class="pair"><button type="button" class="link" onClick=${calendar}>${t("Add to the calendar")}</button>
        <${Link} class="link" href=${`/app/customers/${customer.id}/evidence/${promise.id}`}>${t("Reply or proof")}<//></div></div>`}</li>`;
}

function Plan({ plan, customer, facing }) {
  const kept = (plan.instalments || []).filter((one) => one.state === "kept").length;
  return html`<li><details open=${facing}><summary class="row">
      <span class="stack tight"><span class="name">${t("Repayment plan")}</span><span class="sub num">${plan.number}</span>
        <span class="pair"><span class="sub">${t("instalments kept: {kept} of {n}", { kept, n: plan.instalments?.length || 0 })}</span>${plan.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</span></span>
      <span class="amount">${money(plan.total_minor, plan.currency || customer.currency)}</span></summary>
    <div class="in">
      <p class="sub">${t("Signed {day}", { day: fullDay(plan.signed_on) })}</p>
      <dl class="lines">${(plan.instalments || []).map((one) => html`<div key=${one.n}><dt>${one.n}. ${dated(one.due_on)} <span class=${`tag ${facing ? "" : tone(one.state)}`}>${facing ? paidState(one) : promiseState(one)}</span></dt>
        <dd class="num">${money(one.amount_minor, plan.currency || customer.currency)}</dd></div>`)}</dl>
      <${PdfLink} id=${plan.document_id} state=${plan.document_state} pending=${plan.pending} kind="plan" number=${plan.number} />
      <${Stamped} customer=${customer} plan=${plan} />
      ${!facing && plan.document_state === "sealed" && html`<${MailPaper} customer=${customer} documentId=${plan.document_id} />`}
      ${!facing && html`<${Link} class="link" href=${`/app/customers/${customer.id}/stamped/${plan.id}`}><${Icon} name="camera" small /> ${t("Photo of the stamped copy")}<//>`}
    </div></details></li>`;
}

/** Photos of the stamped paper copy: the office's, and one still waiting here. */
function Stamped({ customer, plan }) {
  const photos = (customer.photos || []).filter((one) => one.of === "plan" && one.of_id === plan.id && one.slot === "stamped_copy");
  return photos.map((one) => html`<div class="pair" key=${one.id}><${OpenPaper} source=${{ kind: "photo", sha256: one.sha256 }} title=${t("Stamped copy")} icon="camera" />
    ${one.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</div>`);
}
