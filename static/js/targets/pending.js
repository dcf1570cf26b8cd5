// What was written here about a month and is not answered yet, laid over what the server told.
import { overlay } from "../kernel/docs.js";
import { today } from "../kernel/dates.js";

/** A month without anything in it. */
export const blank = (month, currency) => ({ month, currency, arrears_minor: null, cash_minor: null, proposed_arrears_minor: null, proposed_cash_minor: null, claim_minor: 0,
  received_minor: 0, cleared_minor: 0, open_minor: 0, weighted_minor: 0, held_back_minor: 0, gap_minor: null, theirs_minor: null, difficulties: "", remedy: "", discussed_on: null,
  discussed_with: "", state: "", version: 0, steps: [], measures: [], promised: [] });

export const monthOf = (customer, month) => (customer.targets?.months || []).find((one) => one.month === month) || blank(month, customer.currency);

const at = (apply) => ({ kind: "customer", id: (payload) => payload.customer_id, apply });
const known = (doc, part) => ({ ...doc, targets: { months: [], ...doc.targets, ...part } });
const inMonth = (doc, month, change) => {
  const now = monthOf(doc, month);
  const others = (doc.targets?.months || []).filter((one) => one.month !== month);
  return known(doc, { months: [...others, { ...now, ...change(now) }].sort((a, b) => (a.month < b.month ? -1 : 1)) });
};
const inAll = (doc, change) => known(doc, { months: (doc.targets?.months || []).map((one) => ({ ...one, ...change(one) })) });

overlay("targets.write_plan", at((doc, payload) => inMonth(doc, payload.month, (now) => ({ theirs_minor: payload.theirs_minor, difficulties: payload.difficulties, remedy: payload.remedy,
  discussed_on: payload.discussed_on, discussed_with: payload.discussed_with, state: now.state || "draft", pending: true }))));
overlay("targets.publish_plan", at((doc, payload) => inMonth(doc, payload.month, () => ({ state: "published", pending: true }))));
overlay("targets.propose_target", at((doc, payload) => inMonth(doc, payload.month, () => ({ proposed_arrears_minor: payload.arrears_minor, proposed_cash_minor: payload.cash_minor, pending: true }))));
overlay("targets.add_step", at((doc, payload) => inMonth(doc, payload.month, (now) => ({ state: now.state || "draft",
  steps: [...now.steps.filter((one) => one.id !== payload.step_id), { id: payload.step_id, text: payload.text, due_on: payload.due_on, owner_name: "", done_on: null, evidence: "", proofs: 0, pending: true }] }))));
overlay("targets.finish_step", at((doc, payload) => inAll(doc, (now) => ({ steps: now.steps.map((one) =>
  (one.id === payload.step_id ? { ...one, done_on: today(), evidence: payload.evidence, proofs: payload.proof_sha256.length, pending: true } : one)) }))));
overlay("targets.support_promise", at((doc, payload) => inAll(doc, (now) => ({ promised: now.promised.map((one) =>
  (one.id === payload.promise_id ? { ...one, counts: true, support: [...one.support.filter((help) => help.id !== payload.support_id), { id: payload.support_id, text: payload.text, due_on: payload.due_on, done_on: null, pending: true }] } : one)) }))));
overlay("targets.note_pay_days", at((doc, { run_days, cash_days, approver_name, approver_role, note }) => known(doc, { pay: { run_days, cash_days, approver_name, approver_role, note, pending: true } })));
overlay("targets.note_rival", at((doc, { sighting_id: id, supplier, took_minor, currency, words }) =>
  known(doc, { rivals: [{ id, supplier, took_minor, currency, words, seen_on: today(), pending: true }, ...(doc.targets?.rivals || []).filter((one) => one.id !== id)] })));
overlay("targets.write_potential", at((doc, { sheet_id, customer_id, ...sheet }) => known(doc, { potential: { ...sheet, can_minor: null, will_minor: null, lines: [], unknown: [], on_day: today(), pending: true } })));
overlay("targets.check_health", at((doc, { answers, note }) => known(doc, { health: { answers, note, score: null, causes: [], on_day: today(), pending: true } })));
