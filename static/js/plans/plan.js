// 还款计划: which invoices, how much, in what instalments; then signed on the spot.
import { html } from "../kernel/ui.js";
import { locale, t } from "../kernel/words.js";
import { uuid7 } from "../kernel/ids.js";
import { headline, money } from "../kernel/money.js";
import { addMonths, today } from "../kernel/dates.js";
import { Skeleton, Top } from "../parts/page.js";
import { useDraft } from "../parts/draft.js";
import { SigningFlow } from "./flow.js";
import { invoicesBetween, planPayload, tooMany } from "./payload.js";
import { makeSchedule, scheduleProblem } from "./schedule.js";
import { sellers, usualSides } from "./sides.js";
import { nobody } from "./signatory.js";
import { AmountStep } from "./amount.js";
import { InstalmentsStep } from "./instalments.js";
import "../words/plans.js";

/** A new plan: the usual sides, everything overdue between them (else everything open), three months. */
function fresh(customer, query) {
  const sides = usualSides(customer);
  const open = invoicesBetween(customer, sides.debtor_id, sides.seller_id);
  const overdue = open.filter((one) => (one.dues || []).some((due) => due.open_minor > 0 && due.days_past_due > 0));
  const chosen = overdue.length ? overdue : open;
  const total_minor = chosen.reduce((sum, one) => sum + one.open_minor, 0);
  const debtor = (customer.debtors || []).find((one) => one.id === sides.debtor_id);
  const running = (customer.plans || []).find((one) => one.instalments?.some((part) => part.state === "open") && !one.pending);
  return {
    plan_id: uuid7(), command_id: uuid7(), step: 0, ...sides, invoice_ids: chosen.map((one) => one.id), total_minor, by_hand: false,
    count: 3, rhythm: "monthly", first_on: addMonths(today(), 1), instalments: total_minor ? makeSchedule(total_minor, 3, "monthly", addMonths(today(), 1)) : [],
    late_daily_bp100: null, guarantor_name: debtor?.guarantor_name || "", statement_id: null, predecessor_id: running?.id || null,
    signatory: nobody(debtor), proofs: [], witness: "", place: customer.address || "", afar: false, link_id: uuid7(), lang: locale.value, visit_id: query.visit || null,
  };
}

/** Everything that follows from a change of the amount or the rhythm; instalments made by hand stay as they are. */
export function rescheduled(draft, part) {
  const next = { ...draft, ...part };
  if (next.by_hand || !next.total_minor) return part;
  return { ...part, instalments: makeSchedule(next.total_minor, next.count, next.rhythm, next.first_on) };
}

const problems = () => ({
  none: t("There is nothing to put into instalments yet."), no_day: t("Each instalment needs a day."), no_amount: t("Each instalment needs an amount."),
  past: t("An instalment lies in the past."), order: t("The days of the instalments must follow one another."), sum: t("The instalments do not add up to the amount owed yet."),
});

export default function PlanScreen({ customer, query }) {
  const key = `plan/${customer.id}`;
  const [draft, change, kept] = useDraft(key, () => fresh(customer, query));
  if (!draft) return html`<main class="page"><${Top} title=${t("Repayment plan")} small=${customer.name} /><${Skeleton} /></main>`;
  const debtor = (customer.debtors || []).find((one) => one.id === draft.debtor_id);
  const seller = sellers().find((one) => one.id === draft.seller_id);
  const invoices = invoicesBetween(customer, draft.debtor_id, draft.seller_id).filter((one) => draft.invoice_ids.includes(one.id));
  const update = (part) => change((now) => rescheduled(now, typeof part === "function" ? part(now) : part));
  const sidesProblem = !debtor ? t("A plan needs the customer's legal party.") : !seller ? t("A plan needs the company that is owed.") : !(draft.total_minor > 0) ? t("Write the amount owed, or choose invoices.") : tooMany(invoices);
  const own = [
    { title: t("Amount owed"), problem: sidesProblem, view: html`<${AmountStep} draft=${draft} change=${update} customer=${customer} invoices=${invoices} />` },
    { title: t("Instalments"), problem: problems()[scheduleProblem(draft.instalments, draft.total_minor, today())] || "", view: html`<${InstalmentsStep} draft=${draft} change=${update} currency=${customer.currency} />` },
  ];
  const paper = {
    kind: "plan", title: t("Repayment plan"), operation: "plans.sign_plan", id: draft.plan_id,
    about: t("{amount}, instalments: {n}", { amount: draft.total_minor ? money(draft.total_minor, customer.currency) : headline(0), n: draft.instalments.length }),
    payload: () => planPayload(draft, customer, debtor, seller, invoices),
  };
  return html`<${SigningFlow} customer=${customer} debtor=${debtor} draft=${draft} change=${change} kept=${kept} draftKey=${key} own=${own} paper=${paper} visit=${query.visit || draft.visit_id} />`;
}
