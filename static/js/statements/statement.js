// 对账单: the balance agreed, or the undisputed part with the differences listed; signed like a plan.
import { html } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { money } from "../kernel/money.js";
import { dated } from "../parts/day.js";
import { Skeleton, Top } from "../parts/page.js";
import { useDraft } from "../parts/draft.js";
import { firstDue } from "../customers/invoices.js";
import { SigningFlow } from "../plans/flow.js";
import { invoicesBetween, statementPayload, tooMany } from "../plans/payload.js";
import { Sides, sellers, usualSides } from "../plans/sides.js";
import { nobody } from "../plans/signatory.js";
import { Differences } from "./differences.js";
import "../words/plans.js";

function fresh(customer, query) {
  const sides = usualSides(customer);
  const debtor = (customer.debtors || []).find((one) => one.id === sides.debtor_id);
  return {
    statement_id: uuid7(), command_id: uuid7(), step: 0, ...sides, differences: [], signatory: nobody(debtor),
    proofs: [], witness: "", place: customer.address || "", lang: locale.value, visit_id: query.visit || null,
  };
}

export default function StatementScreen({ customer, query }) {
  const key = `statement/${customer.id}`;
  const [draft, change, kept] = useDraft(key, () => fresh(customer, query));
  if (!draft) return html`<main class="page"><${Top} title=${t("Statement of account")} small=${customer.name} /><${Skeleton} /></main>`;
  const debtor = (customer.debtors || []).find((one) => one.id === draft.debtor_id);
  const seller = sellers().find((one) => one.id === draft.seller_id);
  const invoices = invoicesBetween(customer, draft.debtor_id, draft.seller_id, true);
  const balance = Math.max(0, invoices.reduce((sum, one) => sum + one.open_minor, 0));
  const differing = draft.differences.reduce((sum, one) => sum + (one.amount_minor || 0), 0);
  const agreed = balance - differing;
  const sides = !debtor ? t("A statement needs the customer's legal party.") : !seller ? t("A statement needs the company that is owed.") : tooMany(invoices);
  const own = [
    { title: t("Balance in our books"), problem: sides, view: html`<${Balance} draft=${draft} change=${change} customer=${customer} invoices=${invoices} balance=${balance} />` },
    { title: t("Differences"), problem: agreed < 0 ? t("The differences are larger than the balance.") : "",
      view: html`<${Differences} draft=${draft} change=${change} currency=${customer.currency} balance=${balance} agreed=${agreed} />` },
  ];
  const paper = {
    kind: "statement", title: t("Statement of account"), operation: "statements.sign_statement", id: draft.statement_id,
    about: differing ? t("agreed {amount}, differences {rest}", { amount: money(agreed, customer.currency), rest: money(differing, customer.currency) }) : t("agreed {amount}", { amount: money(agreed, customer.currency) }),
    payload: () => statementPayload(draft, customer, debtor, seller, invoices),
  };
  return html`<${SigningFlow} customer=${customer} debtor=${debtor} draft=${draft} change=${change} kept=${kept} draftKey=${key} own=${own} paper=${paper} visit=${query.visit || draft.visit_id} />`;
}

function Balance({ draft, change, customer, invoices, balance }) {
  return html`<div class="stack wide">
    <${Sides} draft=${draft} change=${change} customer=${customer} />
    <div><p class="lab">${t("Open between the two")}</p><p class="huge num">${money(balance, customer.currency)}</p></div>
    <dl class="lines">${invoices.map((one) => html`<div key=${one.id}><dt><span class="num">${one.number}</span> <span class="sub">${dated(firstDue(one))}</span></dt><dd class="amount">${money(one.open_minor, customer.currency)}</dd></div>`)}</dl>
    ${!invoices.length && html`<p class="sub">${t("No open invoice between these two.")}</p>`}
  </div>`;
}
