// At the table: the one matter (how much, which day), what answers each excuse, and the way back when the talk strays.
import { html, useState } from "../kernel/ui.js";
import { locale, pick, t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { addDays, fullDay, today, when } from "../kernel/dates.js";
import { docs } from "../kernel/docs.js";
import { Link, navigate } from "../kernel/router.js";
import { Dock, Section, Top } from "../parts/page.js";
import { Choice, Switch } from "../parts/fields.js";
import { Saved } from "../parts/saved.js";
import { Icon } from "../parts/icons.js";
import { excuses, excuseWords } from "../visits/excuses.js";
import { PdfLink } from "../customers/documents.js";
import { ceilingOf } from "./ask.js";
import { Asking, askWords, standingAsk } from "./asking.js";
import { AfterPayment, Parking, Promotions } from "./aside.js";
import { clausesFor, standingPlan } from "./clauses.js";
import { Facts } from "./facts.js";
import { Say, Send, linesFor } from "./ready.js";
import "../words/customers.js";
import "../words/visits.js";
import "../words/promises.js";
import "../words/documents.js";

const RECENT_DAYS = 7;

export default function Table({ customer, query }) {
  const [code, setCode] = useState(null);
  const contact = query.visit ? { kind: "visit", id: query.visit } : { kind: query.kind || "other", id: query.contact || "" };
  const at = `/app/customers/${customer.id}`;
  const ask = standingAsk(customer).ask_minor;
  const self = customer.table?.pays_himself;
  return html`<main class="page">
    <${Top} title=${t("At the table")} small=${customer.name}><${Switch} label=${t("Show the customer")} on=${false} onInput=${() => navigate(`${at}/facing?from=table`)} /><//>
    <${Saved} />
    <dl class="facts"><div><dt>${t("Overdue")}</dt><dd>${money(customer.overdue_minor, customer.currency)}</dd></div>
      <div><dt>${t("Open and undisputed")}</dt><dd>${money(ceilingOf(customer), customer.currency)}</dd></div></dl>
    <${Words} customer=${customer} />
    <${Section} id="ask" title=${t("Ask and answer")} side=${t("for us alone")}><${Asking} customer=${customer} contact=${contact} />
      ${self && linesFor("self_payer", customer).map((one) => html`<${Send} key=${one.text} customer=${customer} title=${t("Statement and thanks to send")} text=${one.text} purpose="service" />`)}
      ${self && html`<${Link} class="btn soft block" href=${`${at}/statement`}><${Icon} name="file" small /> ${t("Statement of account")}<//>`}
      ${!self && html`<${Say} lines=${linesFor("opening", customer, ask)} />`}<//>
    <${Section} id="said" title=${t("What do they say?")}>
      <${Choice} hideLabel label=${t("What do they say?")} value=${code} options=${excuses().filter((one) => !code || one.code === code).map((one) => [one.code, excuseWords(one.code)])} clear onInput=${setCode} /><//>
    ${code ? html`<${Argument} key=${code} customer=${customer} code=${code} ask=${ask} />`
      : html`<${Section} id="facts" title=${t("The facts")}><${Facts} customer=${customer} /><//>`}
    <${Section} id="together" title=${t("Why it serves both")}><${Say} lines=${linesFor("winwin", customer)} /><//>
    <${Section} id="aside" title=${t("Beside the matter")}><${Parking} customer=${customer} contact=${contact} /><//>
    <${Section} id="promotions" title=${t("Policies that may be quoted")}><${Promotions} customer=${customer} contact=${contact} /><//>
    ${hasPaid(customer) && html`<${Section} id="after" title=${t("After the payment")}><${AfterPayment} customer=${customer} /><//>`}
    ${!self && customer.overdue_minor > 0 && html`<${Section} id="send" title=${t("Texts to send")}>
      ${[...linesFor("after_broken", customer), ...linesFor("reminder", customer)].slice(0, 1).map((one) => html`<${Send} key=${one.text} customer=${customer} title=${t("Reminder to send")} text=${one.text} purpose="reminder" />`)}<//>`}
    <${History} customer=${customer} />
    <p><a class="link" href="/handbook/mindset" target="_blank" rel="noopener">${t("Asking for what is owed is no wrong: the page in the handbook")}</a></p>
    <${Dock}>
      <${Link} class="btn soft fat grow" href=${`${at}/promise${query.visit ? `?visit=${query.visit}` : ""}`}><${Icon} name="promise" small /> ${t("Promise to pay")}<//>
      ${query.visit ? html`<button type="button" class="btn fill fat grow" onClick=${() => navigate(`${at}/visit`, { replace: true })}>${t("Back to the visit")}</button>`
        : html`<${Link} class="btn fill fat grow" href=${`${at}/plan`}><${Icon} name="pen" small /> ${t("Sign a plan")}<//>`}<//>
  </main>`;
}

/** Money came in the last days, or was handed over and waits for finance. */
const hasPaid = ({ payments = [], receipts = [] }) => receipts.length > 0 || payments.some((one) => one.amount_minor > 0 && one.received_on >= addDays(today(), -RECENT_DAYS));

/** One excuse: what to say, what to ask for, which facts answer it, what the law says of it, and back to the point. */
function Argument({ customer, code, ask }) {
  const excuse = excuses().find((one) => one.code === code) || {};
  const lines = linesFor(code, customer, ask);
  return html`<${Section} id="argument" title=${excuseWords(code)}>
    <div class="stack">
      <${Say} lines=${lines.filter((one) => !one.sent)} />
      ${!lines.length && excuse.reply && html`<${Say} lines=${[{ text: pick(excuse.reply) }]} />`}
      ${excuse.verify && html`<p><b>${t("To find out")}</b> ${pick(excuse.verify)}</p>`}
      ${excuse.asks?.length > 0 && html`<p><b>${t("Ask to see")}</b> ${excuse.asks.map((one) => pick(one)).join(t("; "))}</p>`}
      <${Facts} customer=${customer} kinds=${excuse.facts} />
      <${Signed} customer=${customer} code=${code} />
      ${excuse.rule && html`<p class="sub">${pick(excuse.rule)}</p>`}
      <${Say} lines=${linesFor("back", customer).slice(1)} />
    </div><//>`;
}

/** What they have signed themselves that answers it; the sealed paper is one tap away. */
function Signed({ customer, code }) {
  const plan = standingPlan(customer);
  const known = plan && { on: fullDay(plan.signed_on), total: money(plan.total_minor, customer.currency) };
  const clauses = plan ? clausesFor(code, docs.one("settings").value?.clauses?.plan?.[locale.value], known) : [];
  if (!clauses.length) return null;
  return html`<div class="stack tight"><h3>${t("Signed by them: plan {number}", { number: plan.number })}</h3>
    ${clauses.map((one) => html`<blockquote class="quote" key=${one.rule}><p><b>${one.title}</b> ${one.text}</p></blockquote>`)}
    <p class="sub">${t("In the words of the present clauses; the signed paper counts.")}</p>
    <${PdfLink} id=${plan.document_id} state=${plan.document_state} pending=${plan.pending} kind="plan" number=${plan.number} /></div>`;
}

/** A manager's word for this customer. */
function Words({ customer }) {
  const words = (customer.table?.coaching || []).slice(0, 2);
  if (!words.length) return null;
  return html`<${Section} id="word" title=${t("The manager's word")}>
    ${words.map((one) => html`<blockquote class="quote" key=${one.id}><p>${one.text}</p><footer>${[one.by, when(one.at)].join(" · ")}</footer></blockquote>`)}<//>`;
}

function History({ customer }) {
  const history = customer.table?.history || [];
  if (!history.length) return null;
  return html`<${Section} id="asked" title=${t("Asked before")}><ul class="list">
    ${history.slice(0, 10).map((one) => html`<li class="row" key=${one.id}><span class="stack tight"><span>${askWords(one)}</span><span class="sub num">${[when(one.at), one.by].filter(Boolean).join(" · ")}</span></span>
      ${one.pending && html`<span class="tag">${t("Saved on this phone")}</span>`}</li>`)}</ul><//>`;
}
