// The paper's payload: exactly PlanPayload and StatementPayload of the server, every field present, money in minor units.
import { nfc } from "../kernel/canonical.js";
import { t } from "../kernel/words.js";
import { docs } from "../kernel/docs.js";
import { paperNumber } from "../kernel/ids.js";
import { nowIso, today } from "../kernel/dates.js";
import { firstDue } from "../customers/invoices.js";
import { line } from "./seal.js";
import "../words/plans.js";

/** What both papers say of the two sides. */
function sides(customer, debtor, seller) {
  return {
    customer_id: customer.id,
    debtor_id: debtor.id,
    debtor_name: line(debtor.name),
    debtor_kind: debtor.kind,
    debtor_reg_no: line(debtor.reg_no),
    seller_id: seller.id,
    seller_name: line(seller.name),
    seller_account: line(seller.account),
    currency: customer.currency || "CNY",
  };
}

/** Invoices of these two sides that are open (credit notes among them when `all`). An invoice that names no side fits any. */
export function invoicesBetween(customer, debtor_id, seller_id, all = false) {
  const fits = (one) => (!one.debtor_id || one.debtor_id === debtor_id) && (!one.seller_id || one.seller_id === seller_id);
  return (customer.invoices || []).filter((one) => fits(one) && (all ? one.open_minor !== 0 : one.open_minor > 0))
    .sort((a, b) => firstDue(a).localeCompare(firstDue(b)));
}

export function planPayload(draft, customer, debtor, seller, invoices) {
  return {
    ...sides(customer, debtor, seller),
    plan_id: draft.plan_id,
    number: paperNumber("HK", draft.plan_id, today()),
    debtor_address: line(debtor.address || customer.address),
    total_minor: draft.total_minor,
    invoices: invoices.map((one) => [line(one.number), one.open_minor]),
    instalments: draft.instalments.map(({ n, due_on, amount_minor }) => ({ n, due_on, amount_minor })),
    acknowledged_on: today(),
    late_daily_bp100: draft.late_daily_bp100 ?? null,
    guarantor_name: line(draft.guarantor_name),
    place: draft.afar ? "" : line(draft.place),
    made_at: nowIso(),
    statement_id: draft.statement_id || null,
    predecessor_id: draft.predecessor_id || null,
    ...later(draft, customer),
  };
}

/** As many invoices as a paper lists: the largest customer of a real ledger had 2,459. What is more is said before anybody signs. */
export const MOST_INVOICES = 3000;
export const tooMany = (invoices) => (invoices.length > MOST_INVOICES ? t("A paper lists at most {n} invoices: choose fewer, or begin with the oldest.", { n: MOST_INVOICES }) : "");

/** As many as a plan holds beside the house's own. */
const MOST = 6;
/** The clauses that plugins bring to plans, in their order: those not `offered` stand in every plan. */
export const planClauses = () => docs.one("settings").value?.plan_clauses || [];

/** What papers say since their second wording: left out when empty, as the server's PlanPayload.LATER. */
function later(draft, customer) {
  const old = (customer.plans || []).find((one) => one.id === draft.predecessor_id);
  const added = planClauses().filter((one) => !one.offered || (draft.clauses || []).includes(one.name)).slice(0, MOST);
  const paid = old ? old.instalments.reduce((sum, one) => sum + (one.kept_minor || 0), 0) : 0;
  return {
    ...(old ? { predecessor_number: old.number } : {}),
    ...(paid ? { predecessor_paid_minor: paid } : {}),
    ...(customer.next_limitation_on && customer.next_limitation_on < today() ? { limitation_expired: true } : {}),
    ...(draft.afar ? { channel: "remote" } : {}),
    ...(added.length ? { clauses: added.map(({ offered, law_zh, law_en, ...clause }) => nfc(clause)) } : {}),
  };
}

export function statementPayload(draft, customer, debtor, seller, invoices) {
  const differences = draft.differences.filter((one) => one.amount_minor > 0).map((one) => ({ kind: one.kind, amount_minor: one.amount_minor, note: line(one.note) }));
  const balance_minor = Math.max(0, invoices.reduce((sum, one) => sum + one.open_minor, 0));
  return {
    ...sides(customer, debtor, seller),
    statement_id: draft.statement_id,
    number: paperNumber("DZ", draft.statement_id, today()),
    as_of: today(),
    balance_minor,
    agreed_minor: balance_minor - differences.reduce((sum, one) => sum + one.amount_minor, 0),
    differences,
    invoices: invoices.map((one) => [line(one.number), firstDue(one), one.open_minor]),
    made_at: nowIso(),
    place: line(draft.place),
  };
}

export function signatoryOf(draft) {
  const { name, role, role_text, id_last4, phone, authority } = draft.signatory;
  return {
    name: line(name),
    role: role || "other",
    role_text: role === "other" ? line(role_text) : "",
    id_last4: (id_last4 || "").replace(/[^0-9A-Za-z]/g, "").slice(-4),
    phone: line(phone),
    authority: authority || "none",
    authority_sha256: (draft.afar ? [] : draft.proofs || []).slice(0, 5).map((one) => one.original_sha256 || one.sha256),
  };
}
