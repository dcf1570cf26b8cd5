// How what is saved here and not yet answered shows on the customer: in its place, marked, gone once the office's own comes.
import { overlay } from "../kernel/docs.js";
import { t } from "../kernel/words.js";
import { today } from "../kernel/dates.js";
import { money } from "../kernel/money.js";
import { outcomes, wordsOf } from "../visits/words.js";
import "../words/customers.js";
import "../words/judgement.js";
import "../words/visits.js";
import "../table/pending.js";
import "../gate/pending.js";

/** The timeline with a line of our own at its head. */
function told(doc, payload, command, text, id, kind = "") {
  const row = { id: id || command.command_id, kind, command_id: command.command_id, at: command.made_at, by: "", text_zh: text, text_en: text, pending: true };
  return { ...doc, timeline: [row, ...(doc.timeline || [])] };
}

const at = (id, apply) => ({ kind: "customer", id, apply });
const own = (payload) => payload.customer_id;
const signed = (payload) => payload.payload.customer_id;

/** Photos that lie on this phone, beside those of the office. */
const withPhotos = (doc, of, of_id, photos, command) => ({ ...doc, photos: [
  ...photos.map(({ sha256, slot }) => ({ id: sha256, of, of_id, slot, sha256, at: command.made_at, pending: true })),
  ...(doc.photos || []).filter((one) => !photos.some((photo) => photo.sha256 === one.sha256))] });

overlay("visits.log_visit", at(own, (doc, payload, command) => {
  const words = [t("Visit"), wordsOf(outcomes(), payload.outcome), payload.said].filter(Boolean).join(" · ");
  const next = told(doc, payload, command, words, payload.visit_id, "visit");
  const claims = (payload.excuses || []).map(({ id, code, words: said }) => ({ id, code, words: said, state: "unverified", at: command.made_at, pending: true, needs: [payload.visit_id] }));
  const known = new Set(claims.map((one) => one.id));
  return withPhotos({ ...next, claims: [...claims, ...(doc.claims || []).filter((one) => !known.has(one.id))] }, "visit", payload.visit_id, payload.photos || [], command);
}));

overlay("visits.add_note", at(own, (doc, payload, command) => {
  const next = told(doc, payload, command, `${{ complaint: t("Complaint"), lead: t("Lead") }[payload.kind] || t("Note")} · ${payload.text}`, payload.note_id, "note");
  return withPhotos(next, "note", payload.note_id, payload.photos || [], command);
}));

overlay("visits.add_lead", { kind: "me", id: () => "me", apply: (doc, { lead_id: id, name, phone, address, text, customer_id }, command) =>
  ({ ...doc, leads: [{ id, name, phone, address, text, customer_id, at: command.made_at, command_id: command.command_id, pending: true }, ...(doc.leads || []).filter((one) => one.id !== id)] }) });

overlay("plans.attach_stamped_copy", at(own, (doc, { plan_id, sha256 }, command) => withPhotos(doc, "plan", plan_id, [{ sha256, slot: "stamped_copy" }], command)));

overlay("customers.add_contact", at(own, (doc, { contact_id: id, name, role, phone, email }) =>
  ({ ...doc, contacts: [...(doc.contacts || []).filter((one) => one.id !== id), { id, name, role, phone, email, pending: true }] })));

overlay("customers.change_contact", at(own, (doc, { contact_id: id, now }) =>
  ({ ...doc, contacts: (doc.contacts || []).map((one) => (one.id === id ? { ...one, ...now, pending: true } : one)) })));

overlay("customers.remove_contact", at(own, (doc, { contact_id: id }) => ({ ...doc, contacts: (doc.contacts || []).filter((one) => one.id !== id) })));

overlay("promises.make_promise", at(own, (doc, payload, command) => {
  const { amount_minor, due_on, promisor_name, words, promise_id } = payload;
  const row = { id: promise_id, amount_minor, due_on, promisor_name, words, state: "open", kept_minor: 0, made_at: command.made_at, pending: true };
  const replaced = payload.supersedes || [];
  const others = (doc.promises || []).filter((one) => one.id !== promise_id).map((one) => (replaced.includes(one.id) ? { ...one, state: "superseded" } : one));
  const photos = (payload.proof_sha256 || []).map((sha256) => ({ sha256, slot: "reply" }));
  return withPhotos({ ...doc, promises: [row, ...others] }, "promise", promise_id, photos, command);
}));

overlay("promises.note_no_promise", at(own, (doc, payload, command) => {
  const next = told(doc, payload, command, [t("No promise"), payload.words].filter(Boolean).join(" · "), payload.no_promise_id);
  const refusals = doc.judgement?.refusals || [];
  const row = { id: payload.no_promise_id, reason: payload.reason, words: payload.words, person_name: payload.person_name, on: today(), pending: true };
  return { ...next, judgement: { ...doc.judgement, refusals: [row, ...refusals.filter((one) => one.id !== row.id)] } };
}));

overlay("promises.add_evidence", at(own, (doc, payload, command) => {
  const judged = doc.judgement?.promises || {};
  const one = judged[payload.promise_id];
  const seen = payload.kind === "reply" ? { confirmed: true } : payload.kind === "funding" ? { funding_proven: true } : {};
  const next = one ? { ...doc, judgement: { ...doc.judgement, promises: { ...judged, [payload.promise_id]: { ...one, ...seen } } } } : doc;
  return withPhotos(next, "promise", payload.promise_id, payload.proof_sha256.map((sha256) => ({ sha256, slot: payload.kind })), command);
}));

overlay("plans.sign_plan", at(signed, (doc, { payload }) => {
  const instalments = payload.instalments.map((one) => ({ ...one, kept_minor: 0, state: "open" }));
  const { plan_id: id, number, total_minor, acknowledged_on: signed_on } = payload;
  const row = { id, number, total_minor, signed_on, instalments, state: "open", document_state: "sealing_pending", pending: true };
  return { ...doc, plans: [row, ...(doc.plans || []).filter((one) => one.id !== id)] };
}));

overlay("statements.sign_statement", at(signed, (doc, { payload }) => {
  const { statement_id: id, number, agreed_minor, balance_minor, as_of, debtor_id } = payload;
  return { ...doc, statements: [{ id, number, agreed_minor, balance_minor, as_of, debtor_id, pending: true }, ...(doc.statements || []).filter((one) => one.id !== id)] };
}));

overlay("receivables.register_receipt", at(own, (doc, payload, command) => {
  const { receipt_id: id, number, amount_minor, method } = payload;
  const next = told(doc, payload, command, `${t("Money registered")} · ${money(amount_minor, doc.currency)}`);
  return { ...next, receipts: [{ id, number, amount_minor, method, pending: true }, ...(doc.receipts || []).filter((one) => one.id !== id)] };
}));

overlay("disputes.open_dispute", at(own, (doc, payload) => {
  const { dispute_id: id, kind, amount_minor, words } = payload;
  return { ...doc, disputes: [{ id, kind, amount_minor, words, opened_at: today(), pending: true }, ...(doc.disputes || []).filter((one) => one.id !== id)] };
}));

overlay("collection.take_action", at(own, (doc, payload, command) =>
  told(doc, payload, command, [t("Way of asking"), ...Object.values(payload.fields).filter((value) => typeof value === "string").slice(0, 2)].join(" · "))));

const ended = (how) => at(own, (doc, { task_id }) => ({ ...doc, tasks: (doc.tasks || []).map((one) => (one.id === task_id ? { ...one, ended: how } : one)) }));
overlay("collection.finish_task", ended("done"));
overlay("collection.skip_task", ended("skipped"));

overlay("receivables.attach_paper", at(own, (doc, payload, command) => {
  const paper = { id: payload.paper_id, kind: payload.kind, name: "", sha256: payload.sha256, pending: true };
  if (!payload.invoice_id) return { ...doc, papers: [...(doc.papers || []), paper] };
  return { ...doc, invoices: (doc.invoices || []).map((one) => (one.id === payload.invoice_id ? { ...one, papers: [...(one.papers || []), paper] } : one)) };
}));
