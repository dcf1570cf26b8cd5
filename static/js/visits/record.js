// From the sheet to commands: the visit, and what came of it as records of their own. Pure, but for saving.
import { save } from "../kernel/outbox.js";
import { addDays, nowIso, today } from "../kernel/dates.js";
import { drafts } from "../kernel/drafts.js";
import { settled } from "../parts/draft.js";
import { photoBlobs, photoRows } from "../parts/photos.js";
import { dropPhotos, recallAll } from "../parts/kept.js";
import { noPromiseOf } from "../promises/none.js";
import { planIdOf } from "../promises/plan_link.js";
import { saveSighting } from "./signs.js";

const line = (text) => (text || "").replace(/\s+/g, " ").trim().slice(0, 120);

/** The visit as it is sent. What was not asked has its default. */
export function visitOf(customer, draft) {
  const step = draft.next || {};
  return {
    visit_id: draft.visit_id,
    customer_id: customer.id,
    purpose: draft.purpose,
    outcome: draft.outcome || "not_discussed",
    arrived_at: draft.arrived_at || null,
    left_at: draft.left_at || nowIso(),
    place: draft.place || null,
    place_note: draft.place ? "" : draft.place_note,
    persons: draft.persons.map((one) => ({ name: line(one.name), role: line(one.role), phone: line(one.phone), contact_id: one.contact_id || null })),
    said: draft.said || "",
    excuses: draft.excuses.map(({ id, code, words }) => ({ id, code, words: words || "" })),
    photos: photoRows(draft.photos),
    next_step: step.text || step.on ? { text: line(step.text), on: step.on || null } : null,
    absent_person: draft.outcome === "absent" ? line(draft.absent_person) : "",
    confirmation_text: draft.outcome === "oral_only" ? draft.confirmation_text || "" : "",
    papers: (draft.papers || []).map(({ kind, id, number }) => ({ kind, id, number: number || "" })),
  };
}

/** The promise heard, when there is enough of one: an amount. A day that was not named is a week from now. */
export function promiseOf(customer, value, { promise_id, visit_id = null, channel = "visit", confirmation_text = "", proofs = [], dueOn }) {
  return {
    promise_id,
    customer_id: customer.id,
    debtor_id: value.debtor_id || null,
    amount_minor: value.amount_minor,
    currency: customer.currency || "CNY",
    due_on: value.due_on || dueOn,
    promisor_name: line(value.promisor_name),
    promisor_role: line(value.promisor_role),
    words: value.words || "",
    pay_by: line(value.pay_by),
    channel,
    visit_id,
    confirmation_text,
    proof_sha256: proofs.map((one) => one.sha256),
    supersedes: value.supersedes || [],
    day_named: Boolean(value.due_on),
    witness_name: line(value.witness_name),
    decides: value.decides || "",
    funding: value.funding || "",
    funding_sha256: (value.funding_photos || []).map((one) => one.sha256),
    others_promised: value.others_promised || "",
    plan_id: planIdOf(customer, value, value.due_on || dueOn),
  };
}

export function disputeOf(customer, value, { dispute_id, visit_id = null, proofs = [] }) {
  return {
    dispute_id,
    customer_id: customer.id,
    invoice_id: value.invoice_id || null,
    kind: value.kind || "other",
    amount_minor: value.amount_minor || 0,
    currency: customer.currency || "CNY",
    words: value.words || "",
    visit_id,
    proof_sha256: proofs.map((one) => one.sha256),
  };
}

/** Somebody new whose number was noted: from now on a contact. */
function contactOf(customer, { name, role, phone, made }) {
  const payload = { contact_id: made.contact, customer_id: customer.id, name: line(name), role: line(role), phone: line(phone), email: "" };
  return { command_id: made.command, operation: "customers.add_contact", payload, entity_id: made.contact };
}

const spoken = (draft) => ["promised", "oral_only"].includes(draft.outcome);
const agreed = (draft) => spoken(draft) && draft.promise.amount_minor > 0;
/** A plan signed on this visit says day and sum better than any word of mouth. */
const planned = (draft) => (draft.papers || []).some((one) => one.kind === "plan");
const setOff = (draft) => draft.outcome === "set_off_asked";

/** Saves the visit and what came of it; the same ids again after a break, so nothing is saved twice. */
export async function saveVisit(customer, draft) {
  await settled(`visit/${customer.id}`);
  const funding = draft.promise.funding_photos || [];
  const [photos, proofs] = await Promise.all([recallAll(draft.photos), recallAll([...(draft.proofs || []), ...funding])]);
  const saved = await save({
    command_id: draft.commands.visit, operation: "visits.log_visit", payload: visitOf(customer, draft), entity_id: draft.visit_id,
    base_rev: customer.rev ?? null, blobs: photoBlobs(photos),
  });
  const about = { visit_id: draft.visit_id, proofs: draft.proofs || [] };
  if (agreed(draft)) {
    const confirmation_text = draft.confirmation_text || "";
    const payload = promiseOf(customer, draft.promise, { ...about, promise_id: draft.promise_id, confirmation_text, dueOn: draft.next.on || addDays(today(), 7) });
    await save({ command_id: draft.commands.promise, operation: "promises.make_promise", payload, entity_id: draft.promise_id, needs: [draft.visit_id], blobs: photoBlobs(proofs) });
  } else if (spoken(draft) && !planned(draft)) {
    // they spoke of paying and named no sum: an answer too, and never a blank
    const payload = noPromiseOf(customer, { ...draft.promise, reason: "evasive", ask_again_on: draft.next.on }, { no_promise_id: draft.promise_id, visit_id: draft.visit_id });
    await save({ command_id: draft.commands.promise, operation: "promises.note_no_promise", payload, entity_id: draft.promise_id, needs: [draft.visit_id] });
  }
  for (const person of draft.persons.filter((one) => one.made && one.phone)) await save(contactOf(customer, person));
  await saveSighting(customer, draft);
  if (setOff(draft)) {
    const payload = disputeOf(customer, draft.dispute, { dispute_id: draft.dispute_id, visit_id: draft.visit_id });
    await save({ command_id: draft.commands.dispute, operation: "disputes.open_dispute", payload, entity_id: draft.dispute_id, needs: [draft.visit_id] });
  }
  await drafts.remove(`visit/${customer.id}`);
  await dropPhotos([...draft.photos, ...(draft.proofs || []), ...funding, ...(draft.sign_photos || [])]);
  return saved;
}
