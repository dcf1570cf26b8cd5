// What is saved here and not yet answered, as the gate counts it: calls and visits made, stops recorded, people marked.
import { dateOf } from "../kernel/dates.js";
import { docs, overlay } from "../kernel/docs.js";

/** Results of a call that reached nobody. A method with other codes counts as a conversation: the careful side. */
const MISSED = ["no_answer", "wrong_number"];
const OUTCOMES = ["paid", "promised", "oral_only", "set_off_asked", "account_differs", "refused"];

const over = (change) => ({ kind: "customer", id: (payload) => payload.customer_id, apply: (doc, payload, command) => (doc.gate ? { ...doc, gate: { ...doc.gate, ...change(doc.gate, payload, command) } } : doc) });
/** `more`: ways by which this phone has pressed since the office worked out what plugins' rules say. */
const made = (gate, at, channel, effective, debtor_id) => ({
  made: [{ at, channel, effective, demand: effective, debtor_id: debtor_id || "" }, ...gate.made], more: effective ? [...(gate.more || []), channel] : gate.more,
});

/** What an action of a method is to the gate: a text handed on, a call, somebody gone there. Papers and mails count when they are sent, at the office. */
function reached(gate, form, payload, at) {
  if (form.fields.some((field) => field.choices?.some((one) => one.opens && payload.fields[field.name] === one.value))) return made(gate, at, "message", true, payload.debtor_id);
  if (form.fields.some((field) => field.opens === "tel")) return made(gate, at, "call", !Object.values(payload.fields).some((value) => MISSED.includes(value)), payload.debtor_id);
  return form.channel === "visit" && form.purpose === "demand" ? made(gate, at, "visit", true, payload.debtor_id) : {};
}

overlay("collection.take_action", over((gate, payload, command) => {
  const form = docs.all("form").value.find((one) => one.method === payload.method);
  if (!form) return {};
  const at = payload.occurred_at || command.made_at;
  const used = form.caps ? { used: { ...gate.used, [payload.method]: [...(gate.used?.[payload.method] || []), dateOf(at)] } } : {};
  return { ...reached(gate, form, payload, at), ...used };
}));

overlay("visits.log_visit", over((gate, payload, command) => (OUTCOMES.includes(payload.outcome) ? made(gate, command.made_at, "visit", true) : {})));

overlay("collection.note_contact", over((gate, payload, command) => made(gate, payload.occurred_at || command.made_at, payload.channel, payload.demand !== false, payload.debtor_id)));

overlay("collection.record_stop", over((gate, { stop_id: id, kind, words, who }, command) =>
  ({ stops: [...gate.stops.filter((one) => one.id !== id), { id, kind, words, who, at: command.made_at, by: "", pending: true }] })));

overlay("collection.set_standing", over((gate, { contact_id, standing }) => ({ people: { ...gate.people, [contact_id]: standing } })));
