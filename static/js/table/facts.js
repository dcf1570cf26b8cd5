// The facts that answer what was said, by kind: those on file to be opened with one tap, and which are not on file.
import { html } from "../kernel/ui.js";
import { t } from "../kernel/words.js";
import { money } from "../kernel/money.js";
import { dated } from "../parts/day.js";
import { firstDue, openInvoices } from "../customers/invoices.js";
import { Paper, paperWords } from "../customers/paper.js";
import { methodWords } from "../customers/payments.js";
import { disputeWords, promiseState } from "../customers/before.js";
import { truthOf } from "../customers/claims.js";
import { PdfLink, Pictures } from "../customers/documents.js";
import { openTasks, taskWords } from "../customers/tasks.js";
import { excuseWords } from "../visits/excuses.js";

const FEW = 4;
/** Without an excuse: what is owed, that it was delivered, what was agreed, what became of it. */
export const USUAL = ["invoice", "delivery_note", "statement", "promise", "plan", "photo"];

export const kindWords = (kind) => ({
  invoice: t("Invoices"), statement: t("Statement of account"), plan: t("Repayment plan"), promise: t("Promises"), payment: t("Payments"),
  photo: t("Photos"), dispute: t("Disputes"), complaint: t("Complaint"), claim: t("Reasons given before"),
}[kind] || paperWords(kind));

const row = (key, left, right, sub) => html`<li class="row" key=${key}><span class="stack tight"><span>${left}</span>${sub && html`<span class="sub">${sub}</span>`}</span>${right}</li>`;
const paid = (minor, currency) => html`<span class="amount">${money(minor, currency)}</span>`;
const newest = (list, by) => [...(list || [])].sort((a, b) => String(b[by]).localeCompare(String(a[by])));

/** The rows of one kind; empty when nothing is on file. */
function rowsOf(kind, customer) {
  const { currency } = customer;
  if (kind === "invoice") return openInvoices(customer).filter((one) => one.open_minor > 0)
    .map((one) => row(one.id, html`<span class="num">${one.number}</span>`, paid(one.open_minor, currency), t("due {day}", { day: dated(firstDue(one)) })));
  if (kind === "statement") return newest(customer.statements, "as_of").map((one) => row(one.id, one.as_of ? dated(one.as_of) : one.number, paid(one.agreed_minor, currency),
    html`<${PdfLink} id=${one.document_id} state=${one.document_state} pending=${one.pending} kind="statement" number=${one.number} />`));
  if (kind === "plan") return (customer.plans || []).map((one) => row(one.id, html`<span class="num">${one.number}</span>`, paid(one.total_minor, currency),
    html`<${PdfLink} id=${one.document_id} state=${one.document_state} pending=${one.pending} kind="plan" number=${one.number} />`));
  if (kind === "promise") return newest(customer.promises, "due_on").map((one) => row(one.id, `${dated(one.due_on)} · ${promiseState(one)}`, paid(one.amount_minor, currency),
    [one.promisor_name, one.words && `“${one.words}”`].filter(Boolean).join(" ")));
  if (kind === "payment") return newest(customer.payments, "received_on").map((one) => row(one.id, dated(one.received_on), paid(one.amount_minor, currency), methodWords(one.method)));
  if (kind === "photo") return customer.photos?.length ? [html`<li key="photos"><${Pictures} photos=${customer.photos} /></li>`] : [];
  if (kind === "dispute") return (customer.disputes || []).map((one) => row(one.id, disputeWords(one.kind), one.amount_minor > 0 && paid(one.amount_minor, currency), one.words));
  if (kind === "complaint") return openTasks(customer).filter((one) => one.kind === "complaint").map((one) => row(one.id, taskWords(one)));
  if (kind === "claim") return newest(customer.claims, "at").map((one) => row(one.id, excuseWords(one.code), html`<span class="tag">${truthOf(one.state)[0]}</span>`, one.words));
  return papersOf(kind, customer);
}

function papersOf(kind, customer) {
  const own = (customer.papers || []).map((paper) => ({ paper, number: "" }));
  const theirs = openInvoices(customer).flatMap((one) => (one.papers || []).map((paper) => ({ paper, number: one.number })));
  return [...theirs, ...own].filter(({ paper }) => paper.kind === kind)
    .map(({ paper, number }) => row(paper.id, html`<${Paper} paper=${paper} />`, number && html`<span class="sub num">${number}</span>`));
}

/** `kinds`: as the excuse names them; a plugin's excuse without any gets the usual ones. */
export function Facts({ customer, kinds }) {
  const groups = (kinds?.length ? kinds : USUAL).map((kind) => [kind, rowsOf(kind, customer)]);
  const missing = groups.filter(([, rows]) => !rows.length).map(([kind]) => kindWords(kind));
  return html`<div class="stack">
    ${groups.filter(([, rows]) => rows.length).map(([kind, rows]) => html`<div key=${kind} class="stack tight"><h3>${kindWords(kind)}</h3><ul class="list">${rows.slice(0, FEW)}</ul>
      ${rows.length > FEW && html`<p class="sub">${t("{n} more in the customer's file", { n: rows.length - FEW })}</p>`}</div>`)}
    ${missing.length > 0 && html`<p class="sub">${t("Not on file: {what}", { what: missing.join(t(", ")) })}</p>`}
  </div>`;
}
